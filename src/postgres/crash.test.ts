import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { startCluster } from './cluster.ts'

test('a cluster whose postmaster was killed in the middle of work starts again with what was committed', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'uplift-crash-'))
  const server = await startCluster(folder, process.env, 'service')
  await server.withAdmin((client) => client.query('CREATE TABLE kept AS SELECT 1 AS one'))
  const busy = await server.connectAdmin()
  const work = busy.query(
    'SELECT count(*) FROM generate_series(1, 100000) a, generate_series(1, 100000) b WHERE a # b = 7',
  )
  const failure = work.catch((error: unknown) => error)
  const pid = Number((await readFile(join(folder, 'data/postmaster.pid'), 'utf8')).split('\n')[0])
  process.kill(pid, 'SIGKILL')
  const again = await startCluster(folder, process.env, 'service')
  const { rows } = await again.withAdmin((client) => client.query('SELECT one FROM kept'))
  expect(rows).toEqual([{ one: 1 }])
  expect(await failure).toBeInstanceOf(Error)
  await busy.end().catch(() => {})
  await again.stop()
  await rm(folder, { recursive: true, force: true })
})

test.each([
  ['scratch', false],
  ['service', true],
] as const)(
  'a %s cluster that ran when the machine lost its power keeps its databases: %s',
  async (purpose, keeps) => {
    const folder = await mkdtemp(join(tmpdir(), 'uplift-crash-'))
    const server = await startCluster(folder, process.env, purpose)
    await server.withAdmin((client) => client.query('CREATE DATABASE kept'))
    process.kill(
      Number((await readFile(join(folder, 'data/postmaster.pid'), 'utf8')).split('\n')[0]),
      'SIGKILL',
    )
    await writeFile(join(folder, 'boot'), 'another start of the machine')
    const again = await startCluster(folder, process.env, purpose)
    const { rowCount } = await again.withAdmin((client) =>
      client.query(`SELECT FROM pg_database WHERE datname = 'kept'`),
    )
    expect(rowCount).toBe(keeps ? 1 : 0)
    await again.stop()
    await rm(folder, { recursive: true, force: true })
  },
)

test('several processes that find it down start it once', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'uplift-crash-'))
  const servers = await Promise.all([1, 2, 3].map(() => startCluster(folder, process.env, 'service')))
  const starts = await Promise.all(
    servers.map((server) =>
      server.withAdmin(
        async (client) => (await client.query('SELECT pg_postmaster_start_time()::text AS at')).rows[0].at,
      ),
    ),
  )
  expect(new Set(starts).size).toBe(1)
  for (const server of servers) await server.stop()
  await expect(servers[0]!.connectAdmin()).rejects.toMatchObject({ code: 'CLUSTER:UNREACHABLE' })
  await rm(folder, { recursive: true, force: true })
})
