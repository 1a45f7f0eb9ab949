import { createHash } from 'node:crypto'
import { existsSync } from 'node:fs'
import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { buffer } from 'node:stream/consumers'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { Storage } from '../../src/storage/storage.ts'
import { breaking, contentOf, endless, hanging, inChunks, keysOf, MB, peakDuring, sha256 } from './content.ts'

export interface Subject {
  storage: Storage
  /** Things that are half written. */
  unfinished(): Promise<number>
}

const FLAT = 120 * MB
const LONG = 20 * MB + 7

/** What every storage has to do. `subject` is called in the tests, once a suite has set it up. */
export function storageContract(name: string, subject: () => Subject): void {
  describe(`storage on ${name}`, () => {
    let folder: string
    const storage = () => subject().storage
    const keys = () => keysOf(storage())

    beforeAll(async () => {
      folder = await mkdtemp(join(tmpdir(), 'uplift-storage-contract-'))
    })

    afterAll(async () => {
      await rm(folder, { recursive: true, force: true })
    })

    test.each([
      ['nothing', 0, 1],
      ['one byte', 1, 1],
      ['chunks of odd length', 300_001, 777],
      ['exactly two parts', 16 * MB, 64 * 1024],
      ['chunks longer than a part', LONG, 9 * MB],
    ])('%s comes back as it went', async (_, bytes, chunk) => {
      const content = contentOf(bytes)
      const key = `10001/original/${bytes}.dump`
      expect(await storage().put(key, inChunks(content, chunk))).toEqual({ bytes, sha256: sha256(content) })
      expect(await storage().size(key)).toBe(bytes)
      expect((await buffer(await storage().read(key))).equals(content)).toBe(true)
      await storage().remove(key)
    })

    test('with a known length too, and with one that is wrong', async () => {
      const content = contentOf(LONG)
      for (const bytes of [LONG, 5, 100 * MB]) {
        const stored = await storage().put('10001/original/known', inChunks(content), { bytes })
        expect(stored).toEqual({ bytes: LONG, sha256: sha256(content) })
        await storage().remove('10001/original/known')
      }
    })

    test('200 MB go in and out in flat memory', async () => {
      const chunk = contentOf(64 * 1024)
      let written = ''
      const putting = await peakDuring(async () => {
        written = (await storage().put('10001/original/big', endless(200 * MB, chunk))).sha256
      })
      const hash = createHash('sha256')
      const reading = await peakDuring(async () => {
        for await (const part of await storage().read('10001/original/big')) hash.update(part)
      })
      expect(hash.digest('hex')).toBe(written)
      expect(putting).toBeLessThan(FLAT)
      expect(reading).toBeLessThan(FLAT)
      await storage().remove('10001/original/big')
    })

    test.each([
      '',
      '/a',
      'a/',
      'a//b',
      '.',
      '..',
      'a/../b',
      'a/./b',
      'a b',
      'a\\b',
      'a\0',
      'ä',
      'a~',
      '%2e%2e/a',
    ])('key %j is not plain', async (key) => {
      const path = join(folder, 'not-plain')
      await writeFile(path, 'x')
      const is = { code: 'INTERNAL', message: expect.stringContaining('is no key') }
      await expect((async () => storage().put(key, inChunks(Buffer.from('x'))))()).rejects.toMatchObject(is)
      await expect((async () => storage().putFile(key, path))()).rejects.toMatchObject(is)
      await expect((async () => storage().size(key))()).rejects.toMatchObject(is)
      await expect((async () => storage().read(key))()).rejects.toMatchObject(is)
      await expect((async () => storage().remove(key))()).rejects.toMatchObject(is)
      await expect((async () => storage().withLocal(key, folder, async () => {}))()).rejects.toMatchObject(is)
      expect(existsSync(path)).toBe(true)
    })

    test('a key is never written a second time', async () => {
      const key = '10002/original/once'
      const path = join(folder, 'second')
      await writeFile(path, 'second')
      await storage().put(key, inChunks(Buffer.from('first')))
      const is = { code: 'INTERNAL', message: expect.stringContaining('already') }
      await expect(storage().put(key, inChunks(Buffer.from('second')))).rejects.toMatchObject(is)
      await expect(storage().put(key, inChunks(contentOf(LONG)))).rejects.toMatchObject(is)
      await expect(storage().putFile(key, path)).rejects.toMatchObject(is)
      expect((await buffer(await storage().read(key))).toString()).toBe('first')
      expect(existsSync(path)).toBe(true)
      expect(await subject().unfinished()).toBe(0)
      await storage().remove(key)
    })

    test.each([1000, LONG])('of two puts of %d bytes at once, one comes whole', async (bytes) => {
      const key = '10003/original/contested'
      const contents = [contentOf(bytes, 1), contentOf(bytes, 2)]
      const outcomes = await Promise.allSettled(
        contents.map((content) => storage().put(key, inChunks(content))),
      )
      const winners = contents.filter((_, index) => outcomes[index]?.status === 'fulfilled')
      expect(winners).toHaveLength(1)
      expect((await buffer(await storage().read(key))).equals(winners[0]!)).toBe(true)
      expect(await subject().unfinished()).toBe(0)
      await storage().remove(key)
    })

    test.each([1000, LONG])('a source that breaks after %d bytes leaves nothing', async (bytes) => {
      const key = '10004/original/broken'
      await expect(storage().put(key, breaking(contentOf(bytes)))).rejects.toThrow('The client hung up.')
      expect(await storage().size(key)).toBeNull()
      expect(await subject().unfinished()).toBe(0)
    })

    test.each([1000, LONG])('a put aborted after %d bytes leaves nothing', async (bytes) => {
      const key = '10004/original/aborted'
      const control = new AbortController()
      const reason = new Error('asked for')
      const content = hanging(contentOf(bytes), () => control.abort(reason))
      await expect(storage().put(key, content, { signal: control.signal })).rejects.toBe(reason)
      await expect(storage().put(key, content, { signal: control.signal })).rejects.toBe(reason)
      expect(await storage().size(key)).toBeNull()
      expect(await subject().unfinished()).toBe(0)
    })

    test.each([100, LONG])('a file of %d bytes is taken over', async (bytes) => {
      const path = join(folder, 'taken')
      const content = contentOf(bytes)
      for (const known of [{}, { sha256: sha256(content) }]) {
        await writeFile(path, content)
        expect(await storage().putFile('10005/upgraded/file', path, known)).toEqual({
          bytes,
          sha256: sha256(content),
        })
        expect(existsSync(path)).toBe(false)
        expect((await buffer(await storage().read('10005/upgraded/file'))).equals(content)).toBe(true)
        await storage().remove('10005/upgraded/file')
      }
    })

    test('a file that is not taken over stays where it is', async () => {
      const path = join(folder, 'stays')
      await writeFile(path, contentOf(LONG))
      const control = new AbortController()
      const taking = storage().putFile('10005/upgraded/stays', path, { signal: control.signal })
      control.abort(new Error('asked for'))
      await expect(taking).rejects.toThrow('asked for')
      expect((await readFile(path)).length).toBe(LONG)
      expect(await storage().size('10005/upgraded/stays')).toBeNull()
      await expect(storage().putFile('10005/upgraded/folder', folder)).rejects.toMatchObject({
        code: 'INTERNAL',
      })
      expect(await subject().unfinished()).toBe(0)
    })

    test('parts of a file', async () => {
      const key = '10006/original/parts'
      const content = contentOf(100_000)
      await storage().put(key, inChunks(content))
      for (const [start, end] of [
        [0, 0],
        [0, 99_999],
        [1, 70_000],
        [99_999, 99_999],
        [50_000, 2 ** 40],
      ] as const) {
        const read = await buffer(await storage().read(key, { start, end }))
        expect(read.equals(content.subarray(start, end + 1))).toBe(true)
      }
      await expect(storage().read(key, { start: 100_000, end: 100_001 })).rejects.toMatchObject({
        code: 'INTERNAL',
      })
      await storage().remove(key)
    })

    test('a reader may go away at any time', async () => {
      const key = '10006/original/left'
      const content = contentOf(LONG)
      await storage().put(key, inChunks(content))
      // More than the connections of a pool: one that stayed taken would make the last ones wait for ever.
      for (let count = 0; count < 120; count++) {
        const stream = await storage().read(key)
        if (count % 2) await new Promise((resolve) => stream.once('data', resolve))
        stream.destroy()
      }
      expect((await buffer(await storage().read(key))).equals(content)).toBe(true)
      await storage().remove(key)
    })

    test.each([100, 70 * MB + 3])('%d bytes as a local path, for as long as it is needed', async (bytes) => {
      const key = '10007/original/local.dump'
      const below = join(folder, 'scratch/below')
      await storage().put(key, inChunks(contentOf(bytes)))
      const hash = await storage().withLocal(key, below, async (path) => sha256(await readFile(path)))
      expect(hash).toBe(sha256(contentOf(bytes)))
      const failing = storage().withLocal(key, below, async () => {
        throw new Error('The work failed.')
      })
      await expect(failing).rejects.toThrow('The work failed.')
      const aborted = AbortSignal.abort(new Error('asked for'))
      await expect(storage().withLocal(key, below, async () => {}, aborted)).rejects.toThrow('asked for')
      expect(existsSync(below) ? await readdir(below) : []).toEqual([])
      expect(await storage().size(key)).toBe(bytes)
      await storage().remove(key)
    })

    test('what is not there is told as missing', async () => {
      const is = { code: 'STORAGE:MISSING' }
      for (const key of ['10008/original/none', 'none', '10008/a/b/c/d/e']) {
        expect(await storage().size(key)).toBeNull()
        await expect(storage().read(key)).rejects.toMatchObject(is)
        await expect(storage().read(key, { start: 0, end: 1 })).rejects.toMatchObject(is)
        await expect(storage().withLocal(key, folder, async () => {})).rejects.toMatchObject(is)
        await storage().remove(key)
      }
    })

    test('a listing tells all that is there, and only what is removed goes', async () => {
      const before = Date.now() - 2000
      const expected = ['10009/a', '10009/b/c', '10009/b/d', '10010/e']
      for (const key of expected) await storage().put(key, inChunks(Buffer.from(key)))
      for await (const { key, bytes, modifiedAt } of storage().list()) {
        expect(bytes).toBe(key.length)
        expect(modifiedAt.getTime()).toBeGreaterThan(before)
        expect(modifiedAt.getTime()).toBeLessThan(Date.now() + 2000)
      }
      expect(await keys()).toEqual(expected)
      await storage().remove('10009/b/c')
      expect(await keys()).toEqual(['10009/a', '10009/b/d', '10010/e'])
      for (const key of await keys()) await storage().remove(key)
      expect(await keys()).toEqual([])
    })

    test('the check leaves nothing behind', async () => {
      await storage().check()
      expect(await keys()).toEqual([])
    })
  })
}
