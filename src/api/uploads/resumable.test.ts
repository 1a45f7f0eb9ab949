import { createHash } from 'node:crypto'
import { once } from 'node:events'
import { readdir, readFile, utimes, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { buffer } from 'node:stream/consumers'
import pino from 'pino'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { eventually, plainDump, startApi, type TestApi } from '../../../test/setup/api.ts'
import { hasRealDatabases, realDatabase, testServer } from '../../../test/setup/databases.ts'
import { loadSettings } from '../../config/settings.ts'
import type { Failure } from '../../requests/request.ts'
import type { ApiDeps } from '../deps.ts'
import { Traffic } from '../traffic.ts'
import { ResumableUploads } from './resumable.ts'

const LIMIT = 16 * 1024 * 1024
let api: TestApi
beforeAll(async () => {
  api = await startApi({ UPLIFT_MAX_UPLOAD: String(LIMIT) })
})
afterAll(() => api.close())

/** A dump of exactly so many bytes. */
const dumpOf = (bytes: number) => plainDump(bytes).subarray(0, bytes)

const TUS = { 'tus-resumable': '1.0.0' }
const base64 = (text: string) => Buffer.from(text).toString('base64')
const folder = () => join(api.folder, 'uploads')

async function create(
  { id, key }: { id: number | string; key: string },
  bytes: number,
): Promise<{ status: number; location: string; failures: Failure[]; retryAfter: string | null }> {
  const answer = await fetch(`${api.url}/uploads`, {
    method: 'POST',
    headers: {
      ...TUS,
      'upload-length': String(bytes),
      'upload-metadata': `request ${base64(String(id))},key ${base64(key)}`,
    },
  })
  const text = await answer.text()
  return {
    status: answer.status,
    location: answer.headers.get('location') ?? '',
    failures: text.startsWith('{') ? (JSON.parse(text) as { failures: Failure[] }).failures : [],
    retryAfter: answer.headers.get('retry-after'),
  }
}

const patch = (location: string, offset: number, body: Buffer, signal?: AbortSignal) =>
  fetch(api.url + location, {
    method: 'PATCH',
    headers: { ...TUS, 'content-type': 'application/offset+octet-stream', 'upload-offset': String(offset) },
    body: Buffer.from(body),
    ...(signal ? { signal } : {}),
  })

async function offsetOf(location: string): Promise<number> {
  const answer = await fetch(api.url + location, { method: 'HEAD', headers: TUS })
  expect(answer.status).toBe(200)
  return Number(answer.headers.get('upload-offset'))
}

interface Told {
  state: string
  bytes?: number
  problem?: string
  contents?: {
    facts: Record<string, string | null>
    version: string | null
    targets: string[]
    timezone: boolean
  }
}

const tell = async (location: string) => (await (await fetch(api.url + location)).json()) as Told

/** The state after the check. */
const ended = (location: string) =>
  eventually(async () => {
    const told = await tell(location)
    expect(['done', 'failed']).toContain(told.state)
    return told
  }, 60_000)

async function stored(id: number): Promise<Buffer | null> {
  const { rows } = await api.database.pool.query<{ key: string; sha256: string }>(
    'SELECT key, sha256 FROM service.file WHERE request = $1',
    [id],
  )
  if (!rows[0]) return null
  const bytes = await buffer(await api.storage.read(rows[0].key))
  expect(createHash('sha256').update(bytes).digest('hex')).toBe(rows[0].sha256)
  return bytes
}

test('a file in two pieces becomes the dump of its request', async () => {
  const draft = await api.draft()
  const dump = dumpOf(100_000)
  const { status, location } = await create(draft, dump.length)
  expect(status).toBe(201)
  expect(location).toMatch(/^\/uploads\/[0-9a-f]{32}$/)
  expect((await patch(location, 0, dump.subarray(0, 40_000))).headers.get('upload-offset')).toBe('40000')
  expect(await tell(location)).toMatchObject({ state: 'open', bytes: 40_000, size: 100_000 })
  expect((await patch(location, 40_000, dump.subarray(40_000))).status).toBe(204)
  expect((await ended(location)).state).toBe('done')
  expect((await stored(draft.id))!.equals(dump)).toBe(true)
  expect(await readdir(folder())).toEqual([])
})

test('no key lies on the disk or in the log', async () => {
  const draft = await api.draft()
  const { location } = await create(draft, 1000)
  const id = location.split('/').at(-1)!
  expect(await readFile(join(folder(), `${id}.json`), 'utf8')).not.toContain(draft.key.slice(0, 20))
  expect(api.log()).not.toContain(draft.key.slice(0, 20))
  expect(api.log()).not.toContain(id)
})

test('after a broken connection it goes on where it stopped', async () => {
  const draft = await api.draft()
  const dump = dumpOf(4_000_000)
  const { location } = await create(draft, dump.length)
  const socket = api.socket()
  socket.on('error', () => {})
  socket.write(
    `PATCH ${location} HTTP/1.1\r\nHost: x\r\nTus-Resumable: 1.0.0\r\nUpload-Offset: 0\r\nContent-Type: application/offset+octet-stream\r\nContent-Length: ${dump.length}\r\n\r\n`,
  )
  socket.write(dump.subarray(0, 1_500_000))
  await eventually(async () => expect((await tell(location)).bytes).toBeGreaterThan(1_000_000))
  socket.destroy()
  await once(socket, 'close')
  const offset = await offsetOf(location)
  expect(offset).toBeGreaterThan(1_000_000)
  expect(offset).toBeLessThanOrEqual(1_500_000)
  // What does not fit to where it stopped is not written.
  expect((await patch(location, offset - 1, dump.subarray(offset - 1))).status).toBe(409)
  expect((await patch(location, offset, dump.subarray(offset))).status).toBe(204)
  expect((await ended(location)).state).toBe('done')
  expect((await stored(draft.id))!.equals(dump)).toBe(true)
})

test('two at once do not mix', async () => {
  const drafts = await Promise.all([api.draft(), api.draft()])
  const dumps = [dumpOf(900_000), dumpOf(900_000)]
  const locations = await Promise.all(
    drafts.map(async (draft, place) => (await create(draft, dumps[place]!.length)).location),
  )
  for (let at = 0; at < 900_000; at += 300_000)
    await Promise.all(
      locations.map((location, place) => patch(location, at, dumps[place]!.subarray(at, at + 300_000))),
    )
  for (const [place, location] of locations.entries()) {
    expect((await ended(location)).state).toBe('done')
    expect((await stored(drafts[place]!.id))!.equals(dumps[place]!)).toBe(true)
  }
})

test('a wrong id, a wrong key and the key of another request are refused alike', async () => {
  const [mine, other] = await Promise.all([api.draft(), api.draft()])
  const answers = await Promise.all([
    create({ id: 999_999, key: mine.key }, 100),
    create({ id: mine.id, key: 'AAAAAAAAAAAAAAAAAAAAAA==' }, 100),
    create({ id: mine.id, key: other.key }, 100),
    create({ id: 'x', key: other.key }, 100),
  ])
  for (const { status, location, failures } of answers) {
    expect({ status, location }).toEqual({ status: 404, location: '' })
    expect(failures).toMatchObject([{ reason: 'REQUEST:NOT_FOUND' }])
  }
  expect((await create({ id: '', key: '' }, 100)).failures.map(({ reason }) => reason)).toEqual([
    'REQUEST:MISSING',
    'KEY:MISSING',
  ])
})

test('a request that takes no dump any more', async () => {
  const draft = await api.draft()
  const { location } = await create(draft, 4096)
  await api.database.pool.query(`UPDATE service.request SET state = 'cancelled' WHERE id = $1`, [draft.id])
  expect(await create(draft, 100)).toMatchObject({ status: 409, failures: [{ reason: 'REQUEST:STATE' }] })
  await patch(location, 0, dumpOf(4096))
  expect(await ended(location)).toMatchObject({
    state: 'failed',
    problem: 'This request takes no file any more.',
  })
  expect(await stored(draft.id)).toBeNull()
})

test('too large for the installation, for the contract, or of no length', async () => {
  const draft = await api.draft()
  expect(await create(draft, LIMIT + 1)).toMatchObject({
    status: 413,
    failures: [{ reason: 'DUMP:TOO_LARGE' }],
  })
  await api.database.pool.query('UPDATE service.contract SET max_bytes = 5000')
  try {
    expect(await create(draft, 5001)).toMatchObject({
      status: 413,
      failures: [{ reason: 'DUMP:TOO_LARGE', expected: ['5000'] }],
    })
    const { location } = await create(draft, 5000)
    // More than was said is not taken.
    expect((await patch(location, 0, dumpOf(6000))).status).toBe(413)
  } finally {
    await api.database.pool.query('UPDATE service.contract SET max_bytes = NULL')
  }
  const headers = {
    ...TUS,
    'upload-defer-length': '1',
    'upload-metadata': `request ${base64(String(draft.id))},key ${base64(draft.key)}`,
  }
  expect((await fetch(`${api.url}/uploads`, { method: 'POST', headers })).status).toBe(400)
})

test('what is no dump is told, and taken away', async () => {
  const draft = await api.draft()
  const file = Buffer.alloc(5000, 'a')
  const { location } = await create(draft, file.length)
  await patch(location, 0, file)
  expect(await ended(location)).toMatchObject({
    state: 'failed',
    problem: expect.stringContaining('This file is no dump that can be read.'),
  })
  expect(await stored(draft.id)).toBeNull()
})

test('what there is not is gone, and content is never given back', async () => {
  const nothing = `/uploads/${'0'.repeat(32)}`
  expect((await fetch(api.url + nothing)).status).toBe(404)
  for (const path of [nothing, '/uploads/..%2f..%2fetc', '/uploads/x'])
    expect((await fetch(api.url + path, { method: 'HEAD', headers: TUS })).status).toBe(404)
  const draft = await api.draft()
  const { location } = await create(draft, 5000)
  await patch(location, 0, dumpOf(4000))
  expect((await fetch(api.url + location)).headers.get('content-type')).toMatch(/^application\/json/)
  expect((await fetch(`${api.url}${location}.json`, { method: 'HEAD', headers: TUS })).status).toBe(404)
  const other = await fetch(`${api.url}/uploads`, {
    method: 'OPTIONS',
    headers: { origin: 'https://example.org' },
  })
  expect(other.headers.get('access-control-allow-origin')).toBeNull()
  expect((await fetch(api.url + location, { method: 'DELETE', headers: TUS })).status).toBe(204)
  expect((await tell(location)).state).toBe('gone')
})

test('of many that one request begins the last are kept', async () => {
  const draft = await api.draft()
  const locations: string[] = []
  for (let count = 0; count < 5; count++) {
    const { location } = await create(draft, 5000)
    locations.push(location)
    const id = location.split('/').at(-1)!
    await utimes(join(folder(), id), new Date(), new Date(Date.now() - (10 - count) * 60_000))
  }
  const states = await Promise.all(locations.map(async (location) => (await tell(location)).state))
  expect(states).toEqual(['gone', 'gone', 'open', 'open', 'open'])
})

test('what nobody went on with is removed in time; what was whole when a server stopped is received', async () => {
  const other = await startApi({ UPLIFT_UPLOAD_HOURS: '2' })
  const before = api
  api = other
  try {
    const [old, fresh, whole] = await Promise.all([other.draft(), other.draft(), other.draft()])
    const dump = dumpOf(3000)
    const ids: string[] = []
    for (const draft of [old, fresh, whole])
      ids.push((await create(draft, dump.length)).location.split('/').at(-1)!)
    await utimes(join(folder(), ids[0]!), new Date(), new Date(Date.now() - 3 * 3_600_000))
    // As a process leaves it that was killed between the last byte and the check.
    await writeFile(join(folder(), ids[2]!), dump)
    const settings = await loadSettings({ UPLIFT_DATA: other.folder, UPLIFT_UPLOAD_HOURS: '2' })
    const uploads = new ResumableUploads(folder(), {
      deps: { ...depsOf(other), settings },
      traffic: new Traffic(),
      log: other.app.log,
      onUpload: () => {},
    })
    await uploads.open()
    await eventually(async () => expect((await uploads.state(ids[2]!))?.state).toBe('done'))
    uploads.close()
    expect((await stored(whole.id))!.equals(dump)).toBe(true)
    expect((await readdir(folder())).sort()).toEqual([ids[1], `${ids[1]}.json`])
  } finally {
    api = before
    await other.close()
  }
})

/** What the uploads work with, as the server that is looked at has it. */
function depsOf(served: TestApi): Omit<ApiDeps, 'settings'> {
  return {
    database: served.database,
    storage: served.storage,
    enqueue: async () => {},
    enqueueLook: async () => {},
    targets: ['8.0'],
    log: pino({ level: 'silent' }),
    baseUrl: () => served.url,
    scratchServer: async () => testServer(),
    ready: async () => {},
  }
}

test.skipIf(!hasRealDatabases)('the first megabytes of a real dump tell what it is', async () => {
  const draft = await api.draft()
  const dump = await readFile(realDatabase('openerp-7.0-demo.dump'))
  const { location } = await create(draft, dump.length)
  await patch(location, 0, dump.subarray(0, 1_500_000))
  const { contents } = await eventually(async () => {
    const told = await tell(location)
    expect(told.contents?.version).toBe('7.0')
    return told
  }, 60_000)
  expect(contents).toMatchObject({
    facts: {
      version: '7.0, by its tables',
      postgresql: '9.6',
      form: 'custom archive (pg_dump -Fc)',
      size: '8.7 MB',
      modules: expect.stringMatching(/^at least \d+, by their tables: account, /),
    },
    timezone: false,
  })
  await patch(location, 1_500_000, dump.subarray(1_500_000))
  expect((await ended(location)).state).toBe('done')
})

test('what is no dump is told while it is uploaded', async () => {
  const draft = await api.draft()
  const { location } = await create(draft, 5_000_000)
  await patch(location, 0, Buffer.alloc(1_000_000, 'a'))
  await eventually(async () =>
    expect((await tell(location)).problem).toContain('This file is no dump that can be read.'),
  )
})
