import { mkdir, mkdtemp, rm, rmdir } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import type { Database } from '../../src/database/database.ts'
import type { FileRole, RequestState } from '../../src/requests/request.ts'
import { applyRetention, removeDropped, removeOrphans } from '../../src/storage/cleanup.ts'
import { DiskStorage } from '../../src/storage/disk.ts'
import type { Storage } from '../../src/storage/storage.ts'
import { serviceDatabase } from '../setup/service.ts'
import { inChunks, keysOf } from './content.ts'

const DAY_MS = 24 * 60 * 60 * 1000
const inDays = (days: number) => new Date(Date.now() + days * DAY_MS)

let folder: string
let storage: Storage
let database: Database
let closeDatabase: () => Promise<void>

beforeAll(async () => {
  const service = await serviceDatabase()
  database = service.database
  closeDatabase = service.remove
  await database.pool.query(`INSERT INTO service.contract (code) VALUES ('M1')`)
})

beforeEach(async () => {
  await database.pool.query('TRUNCATE service.request, service.dropped_file CASCADE')
  folder = await mkdtemp(join(tmpdir(), 'uplift-cleanup-'))
  storage = new DiskStorage(folder)
  return () => rm(folder, { recursive: true })
})

afterAll(() => closeDatabase())

async function addRequest(
  state: RequestState,
  madeDaysAgo: number,
  finishedDaysAgo?: number,
): Promise<string> {
  const { rows } = await database.pool.query<{ id: string }>(
    `INSERT INTO service.request (contract, key_hash, email, target, aim, filename, state, created_at, finished_at)
     VALUES ('M1', sha256('key'), 'a@example.com', '8.0', 'test', 'a.dump', $1, $2, $3) RETURNING id`,
    [state, inDays(-madeDaysAgo), finishedDaysAgo === undefined ? null : inDays(-finishedDaysAgo)],
  )
  return rows[0]!.id
}

async function addFile(request: string, role: FileRole, madeDaysAgo: number): Promise<string> {
  const key = `${request}/${role}/file`
  await storage.put(key, inChunks(Buffer.from('content')))
  await database.pool.query(
    `INSERT INTO service.file (request, role, key, name, content_type, bytes, created_at)
     VALUES ($1, $2, $3, 'a', 'application/octet-stream', 7, $4)`,
    [request, role, key, inDays(-madeDaysAgo)],
  )
  return key
}

const stored = () => keysOf(storage)

async function dropped(): Promise<string[]> {
  const { rows } = await database.pool.query<{ key: string }>(
    'SELECT key FROM service.dropped_file ORDER BY key',
  )
  return rows.map(({ key }) => key)
}

async function removedAt(request: string): Promise<Date | null> {
  const { rows } = await database.pool.query<{ at: Date | null }>(
    'SELECT removed_at AS at FROM service.request WHERE id = $1',
    [request],
  )
  return rows[0]!.at
}

test('the dumps of a request go when their time is over; notes, report and log stay', async () => {
  const request = await addRequest('done', 120, 91)
  const roles = ['original', 'upgraded', 'modules', 'notes', 'report', 'log'] as const
  for (const role of roles) await addFile(request, role, 91)
  const now = new Date()
  expect(await applyRetention(database, 92, now)).toBe(0)
  expect(await removedAt(request)).toBeNull()
  expect(await applyRetention(database, 90, now)).toBe(1)
  expect(await removedAt(request)).toEqual(now)
  expect(await dropped()).toEqual([
    `${request}/modules/file`,
    `${request}/original/file`,
    `${request}/upgraded/file`,
  ])
  const { rows } = await database.pool.query(
    'SELECT role FROM service.file WHERE request = $1 ORDER BY role',
    [request],
  )
  expect(rows).toEqual([{ role: 'log' }, { role: 'notes' }, { role: 'report' }])
  const kept = await database.pool.query('SELECT original_bytes::int AS bytes FROM service.request')
  expect(kept.rows).toEqual([{ bytes: 7 }])
  // Let go of, and still there: the storage is asked by the other step.
  expect(await stored()).toHaveLength(6)
  expect(await removeDropped(database, storage)).toBe(3)
  expect(await stored()).toEqual([`${request}/log/file`, `${request}/notes/file`, `${request}/report/file`])
  expect(await dropped()).toEqual([])
  expect(await applyRetention(database, 90, inDays(1))).toBe(0)
  expect(await removedAt(request)).toEqual(now)
})

test.each<[RequestState, number, number | undefined, number, boolean]>([
  ['pending', 400, undefined, 400, false],
  ['progress', 400, undefined, 400, false],
  ['draft', 400, undefined, 400, true],
  ['draft', 400, undefined, 2, false],
  ['failed', 400, 91, 400, true],
  ['failed', 400, 89, 400, false],
  ['cancelled', 91, undefined, 91, true],
  ['done', 400, 89, 400, false],
])(
  '%s, made %i and finished %s days ago, its dump of %i days ago: goes %s',
  async (state, made, finished, file, goes) => {
    const request = await addRequest(state, made, finished)
    await addFile(request, 'original', file)
    expect(await applyRetention(database, 90)).toBe(goes ? 1 : 0)
    expect(await dropped()).toHaveLength(goes ? 1 : 0)
    expect((await removedAt(request)) !== null).toBe(goes)
  },
)

test('a request without files was not robbed of any', async () => {
  const request = await addRequest('draft', 400)
  expect(await applyRetention(database, 90)).toBe(0)
  expect(await removedAt(request)).toBeNull()
})

test('a request that somebody changes at this moment waits for the next time', async () => {
  const request = await addRequest('draft', 400)
  await addFile(request, 'original', 400)
  await database.transaction(async (client) => {
    await client.query('SELECT FROM service.request WHERE id = $1 FOR UPDATE', [request])
    expect(await applyRetention(database, 90)).toBe(0)
  })
  expect(await applyRetention(database, 90)).toBe(1)
})

test('what cannot be deleted stays noted and does not keep the rest', async () => {
  const request = await addRequest('done', 1)
  for (let index = 0; index < 500; index++) {
    const key = `${request}/upgraded/${String(index).padStart(3, '0')}`
    if (index === 100) await mkdir(join(folder, key), { recursive: true })
    else await storage.put(key, inChunks(Buffer.from('x')))
    await database.pool.query('INSERT INTO service.dropped_file (key) VALUES ($1)', [key])
  }
  await expect(removeDropped(database, storage)).rejects.toThrow()
  expect(await stored()).toEqual([])
  expect(await dropped()).toEqual([`${request}/upgraded/100`])
  await rmdir(join(folder, request, 'upgraded/100'))
  expect(await removeDropped(database, storage)).toBe(1)
  expect(await dropped()).toEqual([])
})

test('a storage that does not work is left in peace after a few tries', async () => {
  for (let index = 0; index < 50; index++)
    await database.pool.query('INSERT INTO service.dropped_file (key) VALUES ($1)', [`1/original/${index}`])
  let tries = 0
  const broken = new DiskStorage(join(folder, 'storage'))
  broken.remove = async () => {
    tries++
    throw new Error('no')
  }
  await expect(removeDropped(database, broken)).rejects.toThrow('no')
  expect(tries).toBe(5)
  expect(await dropped()).toHaveLength(50)
})

test('files that no row names go once they are old, an hour after they were noticed', async () => {
  const request = await addRequest('done', 1)
  const named = await addFile(request, 'original', 1)
  const orphan = `${request}/upgraded/orphan`
  const others = ['999999/original/of-another-database', 'check/left', 'something-else']
  for (const key of [orphan, ...others]) await storage.put(key, inChunks(Buffer.from('x')))
  expect(await removeOrphans(database, storage, inDays(0.9))).toBe(0)
  expect(await removeOrphans(database, storage, inDays(1.1))).toBe(1)
  expect(await removeOrphans(database, storage, inDays(1.1))).toBe(0)
  expect(await dropped()).toEqual([orphan])
  expect(await removeDropped(database, storage, inDays(1.1))).toBe(0)
  expect(await removeDropped(database, storage, inDays(1.2))).toBe(1)
  expect(await stored()).toEqual([named, ...others].sort())
})

test('a file whose row comes after all is no orphan', async () => {
  const request = await addRequest('draft', 1)
  await storage.put(`${request}/original/file`, inChunks(Buffer.from('content')))
  expect(await removeOrphans(database, storage, inDays(1.1))).toBe(1)
  await storage.remove(`${request}/original/file`)
  const key = await addFile(request, 'original', 0)
  expect(await removeDropped(database, storage, inDays(2))).toBe(0)
  expect(await stored()).toEqual([key])
  expect(await dropped()).toEqual([])
})

test('many orphans', async () => {
  const request = await addRequest('done', 1)
  await Promise.all(
    Array.from({ length: 450 }, (_, index) =>
      storage.put(`${request}/upgraded/${index}`, inChunks(Buffer.from('x'))),
    ),
  )
  expect(await removeOrphans(database, storage, inDays(2))).toBe(450)
  expect(await removeDropped(database, storage, inDays(3))).toBe(450)
  expect(await stored()).toEqual([])
})
