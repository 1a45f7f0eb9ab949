import type { QueryResult } from 'pg'
import { afterAll, beforeAll, expect, test, vi } from 'vitest'
import { draft, uploaded } from '../../test/setup/request-states.ts'
import { serviceDatabase } from '../../test/setup/service.ts'
import { filesOf, findRequest, loadRequest, stagesOf } from './find.ts'
import { createKey } from './key.ts'

let service: Awaited<ReturnType<typeof serviceDatabase>>
beforeAll(async () => {
  service = await serviceDatabase()
})
afterAll(() => service.remove())

test('a request is found by its id and its key, without the hash', async () => {
  const { request, key, id } = await draft(service.database)
  const found = await findRequest(service.database, id, key)
  expect(found).toEqual(request)
  expect(found).toEqual(await loadRequest(service.database.pool, id))
  expect(found).not.toHaveProperty('keyHash')
  expect(found).toMatchObject({ state: 'draft', issueStage: 'new', attempt: 0, compressions: null })
  expect(found!.createdAt).toBeInstanceOf(Date)
  expect([typeof found!.id, typeof found!.issue]).toEqual(['number', 'number'])
})

test('a wrong key, the key of another and a wrong id are not found', async () => {
  const [one, other] = [await draft(service.database), await draft(service.database)]
  for (const key of [other.key, createKey(), '', one.key.slice(1), '\0', "' OR true --"])
    expect(await findRequest(service.database, one.id, key)).toBeNull()
  expect(await findRequest(service.database, other.id + 1_000, one.key)).toBeNull()
})

test('for a wrong key, a wrong id and what is no id the same comes back from the database: one hash', async () => {
  const { id, key } = await draft(service.database)
  const { pool } = service.database
  const asked = vi.spyOn(pool, 'query')
  try {
    await findRequest(service.database, id, createKey())
    await findRequest(service.database, id + 1_000, key)
    await findRequest(service.database, Number.NaN, key)
    const answers = await Promise.all(asked.mock.results.map(({ value }) => value as Promise<QueryResult>))
    expect(new Set(asked.mock.calls.map(([sql]) => sql)).size).toBe(1)
    expect(answers.map(({ rows }) => rows)).toEqual(Array(3).fill([{ keyHash: expect.any(Buffer) }]))
    expect(answers.map(({ rows }) => rows[0].keyHash.length)).toEqual([32, 32, 32])
  } finally {
    asked.mockRestore()
  }
})

test.each([
  0,
  -1,
  2 ** 31,
  2 ** 53 - 1,
  2 ** 53,
  2 ** 60,
  2 ** 64,
  10_001.5,
  Number.NaN,
  Number.POSITIVE_INFINITY,
])('the id %d is none and breaks nothing', async (id) => {
  const { key } = await draft(service.database)
  expect(await findRequest(service.database, id, key)).toBeNull()
})

test("the number of another system's ticket is told, however large", async () => {
  const { id, key } = await draft(service.database)
  await service.database.pool.query('UPDATE service.ticket SET external = $2 WHERE request = $1', [
    id,
    2 ** 40,
  ])
  expect((await findRequest(service.database, id, key))?.issue).toBe(2 ** 40)
})

test('sizes of files and figures of stages are numbers', async () => {
  const { id } = await uploaded(service.database, {}, { bytes: 3_000_000_000 })
  const files = await filesOf(service.database, id)
  expect([...files.keys()]).toEqual(['original'])
  expect(files.get('original')).toMatchObject({ bytes: 3_000_000_000, sqlBytes: null, name: 'db_name.dump' })
  await service.database.pool.query(
    `INSERT INTO service.stage (request, name, place, done, total) VALUES ($1, 'loaded', 2, 5, 3000000000), ($1, 'received', 1, NULL, NULL)`,
    [id],
  )
  expect(await stagesOf(service.database, id)).toMatchObject([
    { name: 'received', done: null, total: null, state: 'waiting' },
    { name: 'loaded', done: 5, total: 3_000_000_000 },
  ])
})
