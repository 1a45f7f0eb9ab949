import { afterAll, beforeAll, expect, test } from 'vitest'
import { draft, requestIn, uploaded } from '../../test/setup/request-states.ts'
import { serviceDatabase } from '../../test/setup/service.ts'
import { addContract } from './contracts.ts'
import { loadRequest } from './find.ts'
import { cancelRequest, queueRequest } from './queue.ts'
import { requestStates } from './request.ts'

let service: Awaited<ReturnType<typeof serviceDatabase>>
beforeAll(async () => {
  service = await serviceDatabase()
})
afterAll(() => service.remove())

const load = async (id: number) => (await loadRequest(service.database.pool, id))!
const nothing = async () => {}

/** Jobs that were written in transactions that were committed. */
async function queue(id: number) {
  await service.database.pool.query('CREATE TABLE IF NOT EXISTS public.job (request bigint)')
  const queued = await queueRequest(service.database, id, async (client, request) => {
    await client.query('INSERT INTO public.job VALUES ($1)', [request])
  })
  const { rowCount } = await service.database.pool.query('SELECT FROM public.job WHERE request = $1', [id])
  return { queued, jobs: rowCount }
}

test('a draft with its dump is queued, with an estimate and one job', async () => {
  const { id } = await uploaded(service.database)
  expect(await queue(id)).toEqual({ queued: { ok: true }, jobs: 1 })
  const request = await load(id)
  expect(request).toMatchObject({ state: 'pending', queuedAt: expect.any(Date) })
  expect(request.estimatedSeconds).toBeGreaterThan(0)
})

test('without a dump nothing is queued', async () => {
  const { id } = await draft(service.database)
  expect(await queue(id)).toEqual({ queued: { ok: false, problem: 'dump', state: 'draft' }, jobs: 0 })
  expect(await load(id)).toMatchObject({ state: 'draft', estimatedSeconds: null })
})

test.each(requestStates.filter((state) => state !== 'draft'))(
  'in state %s nothing is queued',
  async (state) => {
    const { id } = await requestIn(service.database, state)
    expect(await queue(id)).toEqual({ queued: { ok: false, problem: 'state', state }, jobs: 0 })
  },
)

test('a job that cannot be written leaves a draft', async () => {
  const { id } = await uploaded(service.database)
  await expect(
    queueRequest(service.database, id, () => Promise.reject(new Error('no queue'))),
  ).rejects.toThrow('no queue')
  expect(await load(id)).toMatchObject({ state: 'draft', estimatedSeconds: null, queuedAt: null })
})

test('one request asked for many times at once is queued once', async () => {
  const { id } = await uploaded(service.database)
  const all = await Promise.all(Array.from({ length: 8 }, () => queueRequest(service.database, id, nothing)))
  expect(all.filter(({ ok }) => ok)).toHaveLength(1)
  expect(all.filter(({ ok }) => !ok)).toEqual(
    Array(7).fill({ ok: false, problem: 'state', state: 'pending' }),
  )
})

test('of two requests at once exactly one has the only place of its contract', async () => {
  for (let run = 0; run < 20; run++) {
    const contract = `ONE-${run}`
    await addContract(service.database.pool, { code: contract, maxInProgress: 1 })
    const requests = [
      await uploaded(service.database, { contract }),
      await uploaded(service.database, { contract }),
    ]
    const queued = await Promise.all(requests.map(({ id }) => queueRequest(service.database, id, nothing)))
    expect(queued.filter(({ ok }) => ok)).toHaveLength(1)
    expect(queued.filter(({ ok }) => !ok)).toEqual([{ ok: false, problem: 'limit', state: 'draft' }])
  }
})

test('a place of the contract is free again when a request ends, and others do not take it', async () => {
  const contract = 'TWO'
  await addContract(service.database.pool, { code: contract, maxInProgress: 2 })
  for (const state of ['draft', 'done', 'failed', 'cancelled'] as const)
    await requestIn(service.database, state, { contract })
  await requestIn(service.database, 'progress')
  const waiting = await requestIn(service.database, 'pending', { contract })
  await requestIn(service.database, 'progress', { contract })
  const { id } = await uploaded(service.database, { contract })
  expect((await queue(id)).queued).toMatchObject({ problem: 'limit' })
  await cancelRequest(service.database, waiting.id)
  expect((await queue(id)).queued).toEqual({ ok: true })
})

test('while one is queued others of the contract are created', async () => {
  const { id } = await uploaded(service.database)
  const queued = await queueRequest(service.database, id, async () => void (await draft(service.database)))
  expect(queued).toEqual({ ok: true })
})

test('an estimate goes by the runs of the same way, else by all with the hops that it takes', async () => {
  const { pool } = service.database
  await pool.query(
    `INSERT INTO service.measure (request, source, target, hops, bytes, seconds) VALUES
       (1, '7.0', '8.0', 1, 1000000, 500), (2, '16.0', '17.0', 1, 1000000, 50)`,
  )
  const estimated = async (databaseVersion: string | null, target: string) => {
    const { id } = await uploaded(service.database, { target }, { bytes: 1_000_000, databaseVersion })
    await queueRequest(service.database, id, nothing)
    return (await load(id)).estimatedSeconds
  }
  expect(await estimated('7.0', '8.0')).toBe(500)
  expect(await estimated('16.0', '17.0')).toBe(50)
  expect(await estimated('6.1', '8.0')).toBe(2 * 275)
  expect(await estimated('nonsense', '8.0')).toBe(275)
  expect(await estimated(null, '8.0')).toBe(275)
  await pool.query('DELETE FROM service.measure')
})

test('runs of the same way count, however many others there were since', async () => {
  const { pool } = service.database
  await pool.query(
    `INSERT INTO service.measure (request, source, target, hops, bytes, seconds, at)
     SELECT 1, '7.0', '8.0', 1, 1000000, 500, now() - interval '1 year'
     UNION ALL SELECT n, '16.0', '17.0', 1, 1000000, 50, now() FROM generate_series(2, 500) n`,
  )
  const { id } = await uploaded(service.database, {}, { bytes: 1_000_000, databaseVersion: '7.0' })
  await queueRequest(service.database, id, nothing)
  expect((await load(id)).estimatedSeconds).toBe(500)
  await pool.query('DELETE FROM service.measure')
})

test('a dump far beyond all that was measured is queued', async () => {
  const { pool } = service.database
  await pool.query(
    `INSERT INTO service.measure (request, source, target, hops, bytes, seconds) VALUES (1, '7.0', '8.0', 1, 1000, 1200)`,
  )
  const { id } = await uploaded(service.database, {}, { bytes: 2 ** 40, databaseVersion: '7.0' })
  expect(await queue(id)).toEqual({ queued: { ok: true }, jobs: 1 })
  await pool.query('DELETE FROM service.measure')
})

test.each([
  ['draft', 'cancelled'],
  ['pending', 'cancelled'],
  ['progress', 'progress'],
  ['done', 'done'],
  ['failed', 'failed'],
  ['cancelled', 'cancelled'],
] as const)('one that is %s and told to be cancelled is %s', async (from, to) => {
  const { id } = await requestIn(service.database, from)
  const before = await load(id)
  expect(await cancelRequest(service.database, id)).toBe(to)
  const after = await load(id)
  if (from === 'draft' || from === 'pending')
    expect(after).toMatchObject({ state: 'cancelled', issueStage: 'blocked', finishedAt: expect.any(Date) })
  else if (from === 'progress') {
    expect(after).toEqual({ ...before, cancelAskedAt: expect.any(Date) })
    // The first time counts.
    await cancelRequest(service.database, id)
    expect(await load(id)).toEqual(after)
  } else expect(after).toEqual(before)
})
