import { afterEach, beforeEach, expect, test } from 'vitest'
import { serviceDatabase } from '../../test/setup/service.ts'
import { addContract } from '../requests/contracts.ts'
import { createRequest } from '../requests/create.ts'
import { loadRequest, stagesOf } from '../requests/find.ts'
import { queueRequest } from '../requests/queue.ts'
import { beginAttempt, noteBroken } from './attempt.ts'
import { fenced } from './fence.ts'
import { beginStage, finishStage } from './stage-rows.ts'

let service: Awaited<ReturnType<typeof serviceDatabase>>
let request: number
const query = (sql: string, values: unknown[] = []) => service.database.pool.query(sql, values)

beforeEach(async () => {
  service = await serviceDatabase()
  await addContract(service.database.pool, { code: 'c' })
  const wish = {
    contract: 'c',
    email: 'a@example.com',
    target: '8.0',
    aim: 'test',
    filename: 'x.dump',
  } as const
  request = (await createRequest(service.database, { ...wish, timezone: null })).request.id
  await query(
    `INSERT INTO service.file (request, role, key, name, content_type, bytes) VALUES ($1, 'original', 'k', 'x.dump', 'application/octet-stream', 5)`,
    [request],
  )
  await queueRequest(service.database, request, async () => {})
})
afterEach(() => service.remove())

const begin = () => beginAttempt(service.database, request)
const state = async () => (await loadRequest(service.database.pool, request))!.state

test('a try has the next number, and what former ones write is refused', async () => {
  expect(await begin()).toMatchObject({ request, number: 1, original: { key: 'k', bytes: 5 } })
  expect(await state()).toBe('progress')
  await beginStage(service.database.pool, request, 1, 'inspected')
  expect(await begin()).toMatchObject({ number: 2 })
  await beginStage(service.database.pool, request, 1, 'loaded')
  await finishStage(service.database.pool, request, 1, 'inspected', 1)
  expect((await stagesOf(service.database, request)).map(({ state: each }) => each)).not.toContain('done')
  expect((await stagesOf(service.database, request)).map(({ state: each }) => each)).not.toContain('running')
  await expect(fenced(service.database, request, 1, async () => 'written')).rejects.toMatchObject({
    code: 'INTERRUPTED',
  })
  expect(await fenced(service.database, request, 2, async () => 'written')).toBe('written')
})

test('tries that end without a word are given up after ten, but not within ten minutes', async () => {
  for (let i = 0; i < 15; i++) expect(await begin()).not.toBeNull()
  await query(`UPDATE service.request SET processed_at = now() - interval '11 minutes' WHERE id = $1`, [
    request,
  ])
  expect(await begin()).toBeNull()
  expect(await loadRequest(service.database.pool, request)).toMatchObject({
    state: 'failed',
    failure: { code: 'REQUEST:CRASHED' },
  })
})

test('tries that finish a stage, or say why they broke off, are not given up', async () => {
  await query(`UPDATE service.request SET processed_at = now() - interval '11 minutes' WHERE id = $1`, [
    request,
  ])
  for (let i = 0; i < 15; i++) {
    const { number } = (await begin())!
    if (i % 2) await noteBroken(service.database, request, 'x')
    else await finishStage(service.database.pool, request, number, 'inspected', 1)
  }
  expect(await state()).toBe('progress')
})

test('a request that was cancelled while it was tried is not tried again', async () => {
  await begin()
  await query('UPDATE service.request SET cancel_asked_at = now() WHERE id = $1', [request])
  expect(await begin()).toBeNull()
  expect(await state()).toBe('cancelled')
})
