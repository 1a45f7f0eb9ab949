import { afterEach, beforeEach, expect, test } from 'vitest'
import { requestIn } from '../../test/setup/request-states.ts'
import { serviceDatabase } from '../../test/setup/service.ts'
import { readHistory } from './history.ts'
import { takeSample } from './sampling.ts'

let service: Awaited<ReturnType<typeof serviceDatabase>>
beforeEach(async () => {
  service = await serviceDatabase()
  await service.database.pool.query(`INSERT INTO service.contract (code) VALUES ('M123456-abcdef')`)
})
afterEach(() => service.remove())

const run = async <Row extends object>(sql: string, values: unknown[] = []) =>
  (await service.database.pool.query<Row>(sql, values)).rows
/** Lets all that was written lie so long before now. */
const age = (interval: string) =>
  run(`
    WITH s AS (UPDATE service.stage SET finished_at = finished_at - interval '${interval}')
    UPDATE service.file SET created_at = created_at - interval '${interval}'`)
const samples = () =>
  run<{ minutes: number; uploads: number; bytes: number; queue: number }>(
    'SELECT minutes, uploads, uploaded_bytes::int AS bytes, queue FROM service.sample ORDER BY at',
  )
/** Puts the samples so far back that another one is taken now. */
const pass = (interval: string) =>
  run(`
    WITH kept AS (SELECT * FROM service.sample_stage), gone AS (DELETE FROM service.sample RETURNING *),
         s AS (INSERT INTO service.sample SELECT minutes, at - interval '${interval}', states, queue, uploads, uploaded_bytes, until - interval '${interval}'  FROM gone)
    INSERT INTO service.sample_stage SELECT minutes, at - interval '${interval}', stage, count, seconds FROM kept`)

async function stage(id: number, name: string, seconds: number): Promise<void> {
  await run(
    `INSERT INTO service.stage (request, name, place, state, finished_at, seconds) VALUES ($1, $2, 1, 'done', now(), $3)`,
    [id, name, seconds],
  )
}

test('a sample has what is there, and what has come since the one before, once', async () => {
  const { id } = await requestIn(service.database, 'pending')
  await requestIn(service.database, 'done')
  await stage(id, 'loaded', 7)
  await stage(id, 'aligned', 2)
  await age('10 seconds')
  await Promise.all([1, 2, 3].map(() => takeSample(service.database)))
  const [first, ...more] = await samples()
  expect(first).toEqual({ minutes: 1, uploads: 2, bytes: 1_869_804, queue: 1 })
  // Where a minute ended meanwhile, there is one of the next.
  expect(more.map(({ uploads }) => uploads)).toEqual(more.map(() => 0))
  expect(more.length).toBeLessThan(2)
  const [last] = (await readHistory(service.database.pool, 'hour')).filter(({ queue }) => queue !== null)
  expect(last).toMatchObject({
    states: { pending: 1, done: 1 },
    queue: 1,
    uploads: 2,
    uploadedBytes: 1_869_804,
    stages: { loaded: { count: 1, seconds: 7 }, aligned: { count: 1, seconds: 2 } },
  })
  await pass('2 minutes')
  await age('2 minutes')
  await takeSample(service.database)
  expect((await samples()).map(({ uploads }) => uploads)).toEqual([2, ...more.map(() => 0), 0])
})

test('what came so lately that others may not have written all of it is left to the next sample', async () => {
  await requestIn(service.database, 'pending')
  await takeSample(service.database)
  await pass('1 minute')
  await age('1 minute')
  await takeSample(service.database)
  expect((await samples()).map(({ uploads }) => uploads)).toEqual([0, 1])
})

test('after a day minutes become hours, and after thirty days nothing is left of them', async () => {
  await run(`
    INSERT INTO service.sample (minutes, at, states, queue, uploads, uploaded_bytes, until)
    SELECT 1, at, jsonb_build_object('done', extract(epoch FROM now() - at)::int / 60), extract(minute FROM at), 1, 10, at
      FROM generate_series(date_trunc('minute', now()) - interval '31 days', now(), interval '7 minutes') at;
    INSERT INTO service.sample_stage (minutes, at, stage, count, seconds) SELECT 1, at, 'loaded', 1, 2 FROM service.sample`)
  const [before] = await run<{ uploads: number; seconds: number }>(
    `SELECT sum(uploads)::int AS uploads, (SELECT sum(seconds) FROM service.sample_stage WHERE at >= now() - interval '29 days') AS seconds FROM service.sample WHERE at >= now() - interval '29 days'`,
  )
  await takeSample(service.database)
  const kept = await run<{ minutes: number; rows: number; oldest: number }>(
    'SELECT minutes, count(*)::int AS rows, extract(epoch FROM now() - min(at))::int / 3600 AS oldest FROM service.sample GROUP BY 1 ORDER BY 1',
  )
  expect(kept).toMatchObject([{ minutes: 1 }, { minutes: 60 }])
  expect(kept[0]!.oldest).toBeLessThan(26)
  expect(kept[0]!.rows).toBeLessThan(230)
  expect(kept[1]!.rows).toBeGreaterThan(29 * 24 - 30)
  expect(kept[1]!.rows).toBeLessThan(29 * 24 + 5)
  expect(kept[1]!.oldest).toBeLessThanOrEqual(30 * 24)
  const steps = await readHistory(service.database.pool, 'month')
  expect(steps).toHaveLength(90)
  const sum = steps.reduce((all, { uploads }) => all + uploads, 0)
  expect(Math.abs(sum - before!.uploads)).toBeLessThan(220)
  const seconds = steps.reduce((all, { stages }) => all + (stages.loaded?.seconds ?? 0), 0)
  expect(seconds).toBeCloseTo(2 * sum)
  // Of an hour the most that waited at a time, and the states at its end.
  expect(Math.max(...steps.map(({ queue }) => queue ?? 0))).toBeGreaterThan(50)
  await takeSample(service.database)
  expect(await run('SELECT count(*)::int AS rows FROM service.sample WHERE minutes = 60')).toEqual([
    { rows: kept[1]!.rows },
  ])
})

test('where nobody took a sample there is a gap', async () => {
  await takeSample(service.database)
  for (const [period, steps] of [
    ['hour', 60],
    ['day', 96],
    ['month', 90],
  ] as const) {
    const history = await readHistory(service.database.pool, period)
    expect(history).toHaveLength(steps)
    expect(history.filter(({ states }) => states !== null)).toHaveLength(1)
    expect(Date.now() - history.at(-1)!.at.getTime()).toBeLessThan(8 * 60 * 60_000)
  }
})
