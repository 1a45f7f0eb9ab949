import { type ChildProcess, spawn } from 'node:child_process'
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { startCluster } from '../../src/postgres/cluster.ts'
import type { Server } from '../../src/postgres/server.ts'
import { makeSample, sampleModules } from '../../src/sample/make-sample.ts'
import { testServer } from '../setup/databases.ts'
import { type S3Server, startS3 } from '../setup/s3.ts'
import { fingerprint } from './fingerprint.ts'
import {
  call,
  createRequest,
  ended,
  newDataFolder,
  removeData,
  type Served,
  served,
  uploadDump,
} from './served.ts'

const uplift = resolve(import.meta.dirname, '../../bin/uplift')
const started = new Date()

let folder: string
let clusterFolder: string
let server: Server
let s3: S3Server | null
let env: NodeJS.ProcessEnv
let service: Served
let dump: Uint8Array<ArrayBuffer>
const workers: { process: ChildProcess; folder: string; log: string[] }[] = []

beforeAll(async () => {
  s3 = await startS3()
  if (!s3) return
  folder = await mkdtemp(join(tmpdir(), 'uplift-machines-'))
  const out = join(folder, 'sample.dump')
  await makeSample({
    server: testServer(),
    series: '7.0',
    modules: sampleModules,
    rows: 20,
    out,
    format: 'custom',
  })
  dump = new Uint8Array(await readFile(out))
  clusterFolder = await newDataFolder()
  server = await startCluster(join(clusterFolder, 'postgres'))
  // What an operator gives: a role that may make databases and roles, and is no superuser.
  await server.withAdmin((client) => client.query('CREATE ROLE operator LOGIN CREATEDB CREATEROLE'))
  const { host, port } = server.admin
  env = {
    UPLIFT_PG_URL: `postgresql://operator@localhost:${port}/?host=${encodeURIComponent(host)}`,
    UPLIFT_STORAGE: 's3',
    UPLIFT_S3_BUCKET: s3.settings.bucket,
    UPLIFT_S3_ENDPOINT: s3.settings.endpoint,
    UPLIFT_S3_ACCESS_KEY: s3.settings.credentials!.accessKeyId,
    UPLIFT_S3_SECRET_KEY: s3.settings.credentials!.secretAccessKey,
    UPLIFT_WORKERS: '0',
    UPLIFT_CONCURRENCY: '1',
  }
  service = await served({ env })
})
afterAll(async () => {
  if (!s3) return
  for (const worker of workers) {
    worker.process.kill('SIGKILL')
    await removeData(worker.folder)
  }
  await service.stop()
  await server.stop()
  await s3.stop()
  for (const each of [service.dataFolder, clusterFolder]) await removeData(each)
  await rm(folder, { recursive: true })
})

/** A worker as on a machine of its own: nothing but the settings is shared with the server. */
async function startWorker() {
  const own = await newDataFolder()
  const child = spawn(uplift, ['worker', '--data', own], {
    env: { ...process.env, ...env },
    stdio: ['ignore', 'ignore', 'pipe'],
  })
  const log: string[] = []
  child.stderr.on('data', (data: Buffer) => log.push(String(data)))
  const worker = { process: child, folder: own, log }
  workers.push(worker)
  return worker
}

async function workingOn(): Promise<string | undefined> {
  const { rows } = await server.withAdmin(
    (client) =>
      client.query<{ name: string }>(
        `SELECT s.name FROM service.stage s JOIN service.request r ON r.id = s.request
          WHERE s.state = 'running' AND s.name NOT IN ('inspected', 'loaded', 'recorded')`,
      ),
    'uplift_service',
  )
  return rows[0]?.name
}

test('two workers that share PostgreSQL and S3 take over from each other', async () => {
  if (!s3) return
  const first = await startWorker()
  const asked = []
  for (let i = 0; i < 3; i++) {
    const access = await createRequest(service.url, `${i}.dump`)
    await uploadDump(service.url, access, dump)
    await call(service.url, 'process', { ...access })
    asked.push(access)
  }
  const deadline = Date.now() + 120_000
  while (!(await workingOn())) {
    if (Date.now() > deadline) throw new Error(`The worker does not get to its work: ${first.log.join('')}`)
    await new Promise((done) => setTimeout(done, 100))
  }
  first.process.kill('SIGKILL')
  const second = await startWorker()
  const results: Map<string, string>[] = []
  for (const access of asked) {
    const request = await ended(() => service.url, access, 200_000)
    expect(request.state === 'done' ? '' : `${request.customer_message} ${second.log.join('')}`).toBe('')
    const path = join(folder, `${access.request}.dump`)
    const answer = await fetch(request.upgraded_dump_url)
    expect(answer.status).toBe(200)
    await writeFile(path, new Uint8Array(await answer.arrayBuffer()))
    results.push(await fingerprint(path, started))
  }
  expect(results[1]).toEqual(results[0])
  expect(results[2]).toEqual(results[0])
  // The one that was killed in the middle was not begun anew.
  expect(second.log.join('')).toContain('going on')
  const original = await fetch(
    (await call(service.url, 'status', { ...asked[0]! })).original_dump_url as string,
  )
  expect(new Uint8Array(await original.arrayBuffer())).toEqual(dump)
}, 400_000)
