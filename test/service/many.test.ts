import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { inspect } from '../../src/inspect/inspect.ts'
import { makeSample } from '../../src/sample/make-sample.ts'
import { testServer } from '../setup/databases.ts'
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

const REQUESTS = 20
/** Rows of the samples: each dump is told from the others by them. */
const ROWS = [5, 7, 9, 11]

let folder: string
let service: Served
const dumps = new Map<number, Uint8Array<ArrayBuffer>>()

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'uplift-many-'))
  for (const rows of ROWS) {
    const out = join(folder, `${rows}.dump`)
    await makeSample({
      server: testServer(),
      series: '7.0',
      modules: ['base', 'mail'],
      rows,
      out,
      format: 'custom',
    })
    dumps.set(rows, new Uint8Array(await readFile(out)))
  }
  service = await served({ env: { UPLIFT_WORKERS: '1', UPLIFT_CONCURRENCY: '2' } })
})
afterAll(async () => {
  await service.stop()
  await removeData(service.dataFolder)
  await rm(folder, { recursive: true })
})

async function partnersOf(path: string): Promise<number> {
  const { tables } = await inspect(path)
  return tables.find(({ name, schema }) => schema === 'public' && name === 'res_partner')!.rows
}

test(`${REQUESTS} requests at once on one worker of two are all done, and none is another's`, async () => {
  const statuses: number[] = []
  const real = globalThis.fetch
  globalThis.fetch = async (...args) => {
    const answer = await real(...args)
    statuses.push(answer.status)
    return answer
  }
  try {
    const asked = await Promise.all(
      Array.from({ length: REQUESTS }, async (_, i) => {
        const rows = ROWS[i % ROWS.length]!
        const access: Access = await createRequest(service.url, `number-${i}.dump`)
        await uploadDump(service.url, access, dumps.get(rows)!)
        await call(service.url, 'process', { ...access })
        return { access, rows, filename: `number-${i}.dump` }
      }),
    )
    expect(new Set(asked.map(({ access }) => access.request)).size).toBe(REQUESTS)
    const partners = new Map<number, Set<number>>()
    await Promise.all(
      asked.map(async ({ access, rows, filename }) => {
        const request = await ended(() => service.url, access, 500_000)
        expect(request).toMatchObject({ id: access.request, state: 'done', filename })
        const path = join(folder, `upgraded-${access.request}.dump`)
        const answer = await fetch(request.upgraded_dump_url)
        await writeFile(path, new Uint8Array(await answer.arrayBuffer()))
        const counted = partners.get(rows) ?? new Set()
        partners.set(rows, counted.add(await partnersOf(path)))
      }),
    )
    // One number of partners for each sample, and four different ones in all.
    expect([...partners.values()].map(({ size }) => size)).toEqual(ROWS.map(() => 1))
    expect(new Set([...partners.values()].flatMap((all) => [...all])).size).toBe(ROWS.length)
    expect(new Set(statuses)).toEqual(new Set([200]))
  } finally {
    globalThis.fetch = real
  }
}, 600_000)

test('a request that is being worked on is cancelled at once, and leaves nothing behind', async () => {
  const access = await createRequest(service.url)
  await uploadDump(service.url, access, dumps.get(ROWS[0]!)!)
  await call(service.url, 'process', { ...access })
  for (let state = ''; state !== 'progress'; ) ({ state } = await call(service.url, 'status', { ...access }))
  const { status_url } = await call(service.url, 'status', { ...access })
  const answer = await fetch(String(status_url).replace(/status$/, 'cancel'), {
    method: 'POST',
    headers: { origin: service.url },
    redirect: 'manual',
  })
  expect(answer.status).toBeLessThan(400)
  expect(await ended(() => service.url, access, 60_000)).toMatchObject({
    state: 'cancelled',
    issue_stage: 'blocked',
  })
})
