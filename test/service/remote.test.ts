import { execFile, spawn } from 'node:child_process'
import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { createInterface } from 'node:readline'
import { promisify } from 'node:util'
import { Uplift } from 'uplift/sdk'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { makeSample, sampleModules } from '../../src/sample/make-sample.ts'
import { testServer } from '../setup/databases.ts'
import { fingerprint } from './fingerprint.ts'
import { removeData, type Served, served } from './served.ts'

const run = promisify(execFile)
const uplift = resolve(import.meta.dirname, '../../bin/uplift')
const started = new Date()

let folder: string
let dump: string
let service: Served

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'uplift-remote-'))
  dump = join(folder, 'sample.dump')
  await makeSample({
    server: testServer(),
    series: '7.0',
    modules: sampleModules,
    rows: 20,
    out: dump,
    format: 'custom',
  })
  service = await served()
})
afterAll(async () => {
  await service.stop()
  await removeData(service.dataFolder)
  await rm(folder, { recursive: true })
})

test('remote all, stopped while the platform works and called again, ends with the result of uplift upgrade', async () => {
  const out = join(folder, 'remote.dump')
  const args = [
    ...['--json', 'remote', 'all', dump, '--url', service.url, '--contract', 'M123456-abcdef'],
    ...['--email', 'john.doe@example.com', '--to', '8.0', '-o', out, '--report', join(folder, 'report.html')],
  ]
  const env = { ...process.env, UPLIFT_REMOTE_STATE: join(folder, 'requests.jsonl') }
  const first = spawn(uplift, args, { env, stdio: ['ignore', 'pipe', 'ignore'] })
  let said = ''
  createInterface(first.stdout).on('line', (line) => {
    said += `${line}\n`
    if (line.includes('"progress"')) first.kill('SIGTERM')
  })
  expect(await new Promise((done) => first.once('exit', (code) => done(code)))).toBe(143)
  expect(said).toContain('"progress"')
  const { stdout } = await run(uplift, args, { env })
  const events = stdout
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line) as Record<string, unknown>)
  expect(events.at(-1)).toMatchObject({ event: 'result' })
  const here = join(folder, 'here.dump')
  await run(uplift, ['upgrade', dump, '--to', '8.0', '-o', here, '--data', join(service.dataFolder, 'own')])
  expect(await fingerprint(out, started)).toEqual(await fingerprint(here, started))
  const report = await readFile(join(folder, 'report.html'), 'utf8')
  expect(report).toContain('pg_restore --jobs=4 --no-owner --dbname=NEW_DATABASE upgraded_')
  expect(report).not.toContain(service.dataFolder)
}, 300_000)

test('the client gives the typed answers of the document', async () => {
  const client = new Uplift({ url: service.url })
  await expect(
    client.create({
      ...{ contract: 'M123456-abcxyz', email: 'john.doe@example.com', target: '5.0', aim: 'test' },
      filename: 'db_name.dump',
    }),
  ).rejects.toMatchObject({
    failures: [
      {
        expected: ['6.0', '6.1', '7.0', '8.0'],
        message: 'Invalid value "5.0"',
        reason: 'TARGET:INVALID',
        value: '5.0',
      },
      {
        code: 'M123456-abcxyz',
        message: 'Can not find contract M123456-abcxyz',
        reason: 'CONTRACT:NOT_FOUND',
      },
    ],
  })
})
