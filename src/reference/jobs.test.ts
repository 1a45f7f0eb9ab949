import { afterEach, beforeEach, expect, test } from 'vitest'
import { serviceDatabase } from '../../test/setup/service.ts'
import { ReferenceJobs } from './jobs.ts'

let service: Awaited<ReturnType<typeof serviceDatabase>>
beforeEach(async () => {
  service = await serviceDatabase()
})
afterEach(() => service.remove())

const server = (instance: string) =>
  new ReferenceJobs(service.database, { dataFolder: '/nowhere', postgresUrl: null, env: {}, instance })
const late = () =>
  service.database.pool.query(`UPDATE service.reference_job SET seen_at = now() - interval '21 seconds'`)

test('what one server reads another one tells too, and so does the same one started again', async () => {
  const id = await server('one').begin({ name: 'fresh\0.dump', bytes: 5e9 }, '8.0')
  for (const instance of ['one', 'two'])
    expect(await server(instance).list()).toMatchObject([
      {
        id,
        series: '8.0',
        name: 'fresh\ufffd.dump',
        bytes: 5e9,
        endedAt: null,
        done: null,
        modules: null,
        failure: null,
      },
    ])
})

test('one whose server went away has failed', async () => {
  await server('one').begin({ name: 'fresh.dump', bytes: 1 }, '8.0')
  await late()
  expect(await server('two').list()).toMatchObject([
    { endedAt: expect.any(Date), failure: { code: 'INTERRUPTED' } },
  ])
})

test('one whose server was only silent for long is told as it ended', async () => {
  const jobs = server('one')
  const id = await jobs.begin({ name: 'fresh.dump', bytes: 1 }, '8.0')
  await late()
  await server('two').list()
  const file = { path: '/nowhere/at/all.dump', name: 'fresh.dump' }
  const work = await jobs.run(id, file, '8.0', new AbortController().signal)
  expect(work.failure!.code).not.toBe('INTERRUPTED')
  const [told] = await server('two').list()
  expect(told).toMatchObject({ endedAt: expect.any(Date), failure: work.failure })
  expect(told!.failure!.message).not.toContain('/nowhere')
})

test('one that is stopped with its server has failed', async () => {
  const jobs = server('one')
  const id = await jobs.begin({ name: 'fresh.dump', bytes: 1 }, '8.0')
  const file = { path: '/nowhere/at/all.dump', name: 'fresh.dump' }
  await jobs.run(id, file, '8.0', AbortSignal.abort())
  expect(await jobs.list()).toMatchObject([{ endedAt: expect.any(Date), modules: null, failure: {} }])
})

test('the last twenty are told; none that is still read is forgotten', async () => {
  const jobs = server('one')
  const first = await jobs.begin({ name: 'first.dump', bytes: 1 }, '8.0')
  await service.database.pool.query(
    `INSERT INTO service.reference_job (instance, series, name, bytes, ended_at) SELECT 'one', '8.0', i::text, 1, now() FROM generate_series(1, 40) i`,
  )
  await jobs.begin({ name: 'last.dump', bytes: 1 }, '8.0')
  const { rows } = await service.database.pool.query<{ name: string }>(
    'SELECT name FROM service.reference_job ORDER BY id',
  )
  expect(rows.length).toBe(21)
  expect([rows[0]!.name, rows.at(-1)!.name]).toEqual(['first.dump', 'last.dump'])
  expect((await jobs.list()).slice(0, 3)).toMatchObject([
    { name: 'last.dump' },
    { id: first },
    { name: '40' },
  ])
})
