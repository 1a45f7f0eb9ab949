import { execFile } from 'node:child_process'
import { existsSync } from 'node:fs'
import { chmod, mkdir, mkdtemp, readdir, readFile, rm, stat, symlink, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { buffer } from 'node:stream/consumers'
import { promisify } from 'node:util'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { DiskStorage } from '../../src/storage/disk.ts'
import { contentOf, inChunks, MB, sha256 } from './content.ts'
import { storageContract } from './contract.ts'

const run = promisify(execFile)
const DAY_MS = 24 * 60 * 60 * 1000

let folder: string
let storage: DiskStorage

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'uplift-disk-'))
  storage = new DiskStorage(join(folder, 'storage'))
})

afterAll(async () => {
  await rm(folder, { recursive: true, force: true })
})

storageContract('disk', () => ({
  storage,
  unfinished: async () => (await readdir(join(folder, 'storage/~incoming'))).length,
}))

test('nobody else may look at the files', async () => {
  const path = join(folder, 'open-to-all')
  await writeFile(path, 'x', { mode: 0o666 })
  await chmod(path, 0o666)
  await storage.put('10001/a/b', inChunks(Buffer.from('x')))
  await storage.putFile('10001/a/c', path)
  const mode = async (name: string) => (await stat(join(folder, 'storage', name))).mode & 0o777
  for (const name of ['', '~incoming', '10001', '10001/a']) expect(await mode(name)).toBe(0o700)
  for (const name of ['10001/a/b', '10001/a/c']) expect(await mode(name)).toBe(0o600)
  await storage.remove('10001/a/b')
  await storage.remove('10001/a/c')
  expect(await readdir(join(folder, 'storage'))).toEqual(['~incoming'])
})

test('a put whose folder is removed under its hands makes it again', async () => {
  const content = Buffer.from('x')
  await Promise.all(
    Array.from({ length: 8 }, async (_, worker) => {
      for (let count = 0; count < 200; count++) {
        const key = `10002/shared/deep/${worker}`
        await storage.put(key, inChunks(content))
        expect(await storage.size(key)).toBe(1)
        await storage.remove(key)
      }
    }),
  )
  expect(existsSync(join(folder, 'storage/10002'))).toBe(false)
})

test('a link that lies below the folder leads nowhere', async () => {
  await writeFile(join(folder, 'secret'), 'secret')
  await mkdir(join(folder, 'storage/10003'), { recursive: true })
  await symlink(join(folder, 'secret'), join(folder, 'storage/10003/link'))
  await expect(storage.read('10003/link')).rejects.toThrow()
  await expect(storage.put('10003/link', inChunks(Buffer.from('x')))).rejects.toThrow('already')
  await expect(storage.putFile('10003/other', join(folder, 'storage/10003/link'))).rejects.toThrow(
    'no plain file',
  )
  expect(await readFile(join(folder, 'secret'), 'utf8')).toBe('secret')
  await storage.remove('10003/link')
})

test('what a process that died left on its way in goes once it is old', async () => {
  const left = join(folder, 'storage/~incoming/left')
  await writeFile(left, 'half')
  expect(await storage.removeUnfinished()).toBe(0)
  await new DiskStorage(join(folder, 'storage')).check()
  expect(existsSync(left)).toBe(true)
  expect(await storage.removeUnfinished(new Date(Date.now() + 0.9 * DAY_MS))).toBe(0)
  expect(await storage.removeUnfinished(new Date(Date.now() + 1.1 * DAY_MS))).toBe(1)
  expect(existsSync(left)).toBe(false)
})

test('a folder that cannot be made', async () => {
  await writeFile(join(folder, 'file'), '')
  await expect(new DiskStorage(join(folder, 'file/storage')).check()).rejects.toMatchObject({
    code: 'STORAGE:UNREACHABLE',
  })
})

/** A small file system of its own, which only root may mount. */
async function withSmallDisk(work: (path: string) => Promise<void>): Promise<void> {
  const place = await mkdtemp(join(tmpdir(), 'uplift-small-disk-'))
  await run('mount', ['-t', 'tmpfs', '-o', 'size=4m', 'none', place])
  try {
    await work(place)
  } finally {
    await run('umount', [place])
    await rm(place, { recursive: true })
  }
}

const mayMount = process.getuid?.() === 0 && process.platform === 'linux'

test.runIf(mayMount)('a full disk is told, leaves nothing, and is usable again', async () => {
  await withSmallDisk(async (place) => {
    const small = new DiskStorage(join(place, 'storage'))
    const path = join(folder, 'too-long')
    await writeFile(path, contentOf(5 * MB))
    await expect(small.put('1/a', inChunks(contentOf(5 * MB)))).rejects.toMatchObject({ code: 'DISK:FULL' })
    await expect(small.putFile('1/a', path)).rejects.toMatchObject({ code: 'DISK:FULL' })
    expect(existsSync(path)).toBe(true)
    expect(await readdir(join(place, 'storage/~incoming'))).toEqual([])
    expect((await small.put('1/a', inChunks(contentOf(3 * MB)))).bytes).toBe(3 * MB)
  })
})

test.runIf(mayMount)('a file from another device is copied', async () => {
  await withSmallDisk(async (place) => {
    const path = join(place, 'file')
    const content = contentOf(2 * MB)
    for (const known of [{}, { sha256: sha256(content) }]) {
      await writeFile(path, content)
      const stored = await storage.putFile('10004/copied', path, known)
      expect(stored).toEqual({ bytes: content.length, sha256: sha256(content) })
      expect(existsSync(path)).toBe(false)
      expect((await buffer(await storage.read('10004/copied'))).equals(content)).toBe(true)
      await storage.remove('10004/copied')
    }
  })
})
