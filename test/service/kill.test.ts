import { createHash } from 'node:crypto'
import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { connect } from '../../src/postgres/server.ts'
import { makeSample, sampleModules } from '../../src/sample/make-sample.ts'
import { eventually } from '../setup/api.ts'
import { testServer } from '../setup/databases.ts'
import { fingerprint } from './fingerprint.ts'
import {
  type Access,
  call,
  createRequest,
  ended,
  removeData,
  type Served,
  served,
  uploadDump,
} from './served.ts'

/** Processes that are killed; UPLIFT_TEST_KILLS=50 for the long run. */
const KILLS = Number(process.env.UPLIFT_TEST_KILLS ?? 8)
/** Of the moments and of what is killed: a run that fails can be had again. */
const SEED = process.env.UPLIFT_TEST_SEED ?? String(Date.now())
/** Requests that are open at the same time. */
const OPEN = 3

let folder: string
let dump: Uint8Array<ArrayBuffer>
let service: Served
let port: number
const started = new Date()

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'uplift-kill-'))
  const sample = join(folder, 'sample.dump')
  await makeSample({
    server: testServer(),
    series: '7.0',
    modules: sampleModules,
    rows: 20,
    out: sample,
    format: 'custom',
  })
  dump = new Uint8Array(await readFile(sample))
  port = await freePort()
  service = await served({ port })
})
afterAll(async () => {
  await service.stop()
  await removeData(service.dataFolder)
  await rm(folder, { recursive: true })
})

/** Numbers from 0 to 1 that a seed settles. */
function random(seed: string): () => number {
  let count = 0
  return () => createHash('sha256').update(`${seed} ${count++}`).digest().readUInt32BE() / 2 ** 32
}

function freePort(): Promise<number> {
  return new Promise((done) => {
    const server = createServer().listen(0, '127.0.0.1', () => {
      const { port: free } = server.address() as { port: number }
      server.close(() => done(free))
    })
  })
}

async function workersOf(pid: number): Promise<number[]> {
  const found: number[] = []
  for (const name of await readdir('/proc')) {
    if (!/^\d+$/.test(name)) continue
    const stat = await readFile(`/proc/${name}/stat`, 'utf8').catch(() => '')
    const command = await readFile(`/proc/${name}/cmdline`, 'utf8').catch(() => '')
    if (Number(/\) \S (\d+)/.exec(stat)?.[1]) === pid && command.includes('worker')) found.push(Number(name))
  }
  return found
}

async function postmaster(cluster: 'postgres' | 'service'): Promise<number | undefined> {
  const file = join(service.dataFolder, cluster, 'data/postmaster.pid')
  const pid = Number((await readFile(file, 'utf8').catch(() => '')).split('\n')[0])
  return pid > 0 ? pid : undefined
}

const targets = ['worker', 'server', 'scratch PostgreSQL', 'service PostgreSQL'] as const

/** Kills one process and gives whether there was one. A server that was killed is started again, as its operator would. */
async function kill(target: (typeof targets)[number]): Promise<boolean> {
  const pid =
    target === 'worker'
      ? (await workersOf(service.process.pid!))[0]
      : target === 'server'
        ? service.process.pid
        : await postmaster(target === 'scratch PostgreSQL' ? 'postgres' : 'service')
  if (pid === undefined) return false
  try {
    process.kill(pid, 'SIGKILL')
  } catch {
    return false
  }
  if (target === 'server') service = await served({ dataFolder: service.dataFolder, port })
  return true
}

/** A request that is asked to be processed; a call that a kill broke is made again from the start. */
async function ask(): Promise<Access> {
  for (const deadline = Date.now() + 120_000; ; ) {
    try {
      const access = await createRequest(service.url)
      await uploadDump(service.url, access, dump)
      await call(service.url, 'process', { ...access })
      return access
    } catch (thrown) {
      if (Date.now() > deadline) throw thrown
      await new Promise((done) => setTimeout(done, 200))
    }
  }
}

async function resultOf(access: Access): Promise<Map<string, string>> {
  const { state, upgraded_dump_url, customer_message } = await ended(() => service.url, access, 600_000)
  // What the request says of it belongs to the failure's message.
  expect(state === 'done' ? state : customer_message).toBe('done')
  for (const deadline = Date.now() + 60_000; ; ) {
    try {
      const answer = await fetch(upgraded_dump_url)
      if (!answer.ok) throw new Error(`The download answers ${answer.status}.`)
      const path = join(folder, `${access.request}.dump`)
      await writeFile(path, new Uint8Array(await answer.arrayBuffer()))
      return await fingerprint(path, started)
    } catch (thrown) {
      if (Date.now() > deadline) throw thrown
      await new Promise((done) => setTimeout(done, 200))
    }
  }
}

/** What is known when a request did not end as it should. */
async function situation(): Promise<string> {
  const client = await connect({
    ...{ host: join(service.dataFolder, 'service/run'), port: 5432, user: 'postgres' },
    database: 'uplift_service',
  })
  try {
    const ask = async (sql: string) => JSON.stringify((await client.query(sql)).rows)
    return [
      await ask(
        `SELECT id, state, attempt, fruitless, failure ->> 'message' AS failure FROM service.request WHERE state <> 'done'`,
      ),
      await ask(
        `SELECT request, name, state, attempt, started_at FROM service.stage WHERE state IN ('running', 'failed')`,
      ),
      await ask(
        `SELECT name, state, singleton_key, retry_count, started_on FROM queue.job WHERE state < 'completed' AND name = 'upgrade'`,
      ),
      await ask(`SELECT locktype, classid, objid, pid FROM pg_locks WHERE locktype = 'advisory'`),
      ...service.log.filter((line) => !line.includes('"answered"')).slice(-40),
    ].join('\n')
  } finally {
    await client.end()
  }
}

test(
  `${KILLS} kills at random moments change no result (seed ${SEED})`,
  async () => {
    const untouched = await resultOf(await ask())
    const next = random(SEED)
    const counts = new Map<string, number>()
    const running = new Set<Promise<void>>()
    let finished = 0
    let failure: unknown
    let killing = true
    const feed = () => {
      while (running.size < OPEN && killing && failure === undefined) {
        const one: Promise<void> = ask()
          .then(async (access) => {
            expect(await resultOf(access)).toEqual(untouched)
            finished++
          })
          .catch((thrown: unknown) => {
            failure ??= thrown
          })
          .finally(() => running.delete(one))
        running.add(one)
      }
    }
    for (let kills = 0; kills < KILLS && failure === undefined; ) {
      feed()
      await new Promise((done) => setTimeout(done, 200 + next() * 5_000))
      const target = targets[Math.floor(next() * targets.length)]!
      if (!(await kill(target))) continue
      kills++
      counts.set(target, (counts.get(target) ?? 0) + 1)
    }
    killing = false
    await Promise.all(running)
    if (failure !== undefined) throw new Error(await situation(), { cause: failure })
    console.log(
      `${KILLS} kills (${[...counts].map(([target, count]) => `${target} ${count}`).join(', ')}), ${finished} requests ended as without them`,
    )
    expect(finished).toBeGreaterThanOrEqual(OPEN)
    const client = await connect({
      host: join(service.dataFolder, 'postgres/run'),
      port: 5432,
      user: 'postgres',
      database: 'postgres',
    })
    // A worker that was killed between the end of a request and its cleaning up leaves that to the next look for leftovers.
    await eventually(async () => {
      const { rows } = await client.query(
        `SELECT datname AS name FROM pg_database WHERE datname LIKE 'uplift\\_%' UNION SELECT rolname FROM pg_roles WHERE rolname LIKE 'uplift\\_%'`,
      )
      expect(rows).toEqual([])
    }, 150_000)
    await client.end()
  },
  Math.max(300_000, KILLS * 40_000),
)
