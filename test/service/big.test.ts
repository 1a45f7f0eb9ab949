import { execFile } from 'node:child_process'
import { appendFile, mkdtemp, readFile, rm, stat, truncate } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { makeSample } from '../../src/sample/make-sample.ts'
import { testServer } from '../setup/databases.ts'
import { call, createRequest, removeData, type Served, served } from './served.ts'

const run = promisify(execFile)
const BYTES = 3 * 2 ** 30
const MOST = 300 * 2 ** 20

let folder: string
let dump: string
let service: Served

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'uplift-big-'))
  dump = join(folder, 'big.sql')
  await makeSample({
    server: testServer(),
    series: '7.0',
    modules: ['base'],
    rows: 5,
    out: dump,
    format: 'plain',
  })
  // A comment without an end: what counts here is that the bytes come.
  await appendFile(dump, '\n-- ')
  await truncate(dump, BYTES)
  // Without a worker, so that nothing but the uploads is measured.
  service = await served({ env: { UPLIFT_WORKERS: '0' } })
})
afterAll(async () => {
  await service.stop()
  await removeData(service.dataFolder)
  await rm(folder, { recursive: true })
})

/** The most memory that the server had so far, in bytes. */
async function peak(): Promise<number> {
  const status = await readFile(`/proc/${service.process.pid}/status`, 'utf8')
  return Number(/^VmHWM:\s+(\d+) kB$/m.exec(status)![1]) * 1024
}

// curl wants the whole file in its own memory for --data-binary and gives up beyond 2 GB; -T sends the same bytes.
const ways: [string, string[]][] = [
  ['with a length, as --data-binary sends them', ['-X', 'POST', '-T', 'FILE']],
  ['in chunks', ['-H', 'Transfer-Encoding: chunked', '-X', 'POST', '-T', 'FILE']],
]
test.each(ways)(
  'three gigabytes %s leave the server under 300 MB',
  async (_, way) => {
    const access = await createRequest(service.url, 'big.sql')
    const { stdout } = await run(
      'curl',
      [
        ...['-sS', '-H', 'Content-Type: application/octet-stream'],
        ...way.map((word) => word.replace('FILE', dump)),
        `${service.url}/database/v1/upload?request=${access.request}&key=${access.key}`,
      ],
      { maxBuffer: 2 ** 20 },
    )
    expect(JSON.parse(stdout)).toEqual({ failures: [] })
    expect((await stat(dump)).size).toBe(BYTES)
    expect(await call(service.url, 'status', { ...access })).toMatchObject({
      state: 'draft',
      filesize: '3.00 Gb',
      compressions: ['sql'],
    })
    expect(await peak()).toBeLessThan(MOST)
  },
  300_000,
)
