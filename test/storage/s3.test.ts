import { mkdir, mkdtemp, readdir, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { buffer } from 'node:stream/consumers'
import { setTimeout as pause } from 'node:timers/promises'
import { S3 } from '@aws-sdk/client-s3'
import { afterAll, describe, expect, test } from 'vitest'
import { openStorage } from '../../src/storage/open.ts'
import type { S3Settings } from '../../src/storage/s3/bucket.ts'
import { S3Storage } from '../../src/storage/s3/s3.ts'
import { type S3Server, startS3 } from '../setup/s3.ts'
import { contentOf, inChunks, keysOf, MB, sha256 } from './content.ts'
import { storageContract } from './contract.ts'
import { cuttingLine } from './cutting.ts'

const DAY_MS = 24 * 60 * 60 * 1000
const server = await startS3()

if (server) describe('S3', () => suite(server))
else test.skip('S3: there is no server to test on', () => {})

function suite({ settings, folder, start, kill, stop }: S3Server): void {
  const storage = openStorage({ storage: settings })
  const raw = new S3({
    endpoint: settings.endpoint!,
    region: settings.region,
    credentials: settings.credentials!,
    forcePathStyle: true,
  })
  const openUploads = async () => (await raw.listMultipartUploads({ Bucket: settings.bucket })).Uploads ?? []
  const other = (more: Partial<S3Settings>) => new S3Storage({ ...settings, ...more })

  afterAll(async () => {
    raw.destroy()
    await stop()
  })

  storageContract('S3', () => ({ storage, unfinished: async () => (await openUploads()).length }))

  test('objects lie below the prefix, and those beside it are not seen', async () => {
    const beside = other({ prefix: '/installation-11/' })
    const bare = other({ prefix: '' })
    await storage.put('1/a', inChunks(Buffer.from('x')))
    await beside.put('1/a', inChunks(Buffer.from('yy')))
    await raw.putObject({ Bucket: settings.bucket, Key: 'installation-1/no key.txt', Body: 'foreign' })
    expect(await keysOf(storage)).toEqual(['1/a'])
    expect(await keysOf(bare)).toEqual(['installation-1/1/a', 'installation-11/1/a'])
    expect([await storage.size('1/a'), await beside.size('1/a')]).toEqual([1, 2])
    await storage.remove('1/a')
    await beside.remove('1/a')
    await raw.deleteObject({ Bucket: settings.bucket, Key: 'installation-1/no key.txt' })
  })

  test('a listing of more than one page', async () => {
    const place = join(folder, 'installation-1/1/many')
    await mkdir(place, { recursive: true })
    for (let index = 0; index < 1040; index++) await writeFile(join(place, `${index}`), '')
    expect(new Set(await keysOf(storage)).size).toBe(1040)
    await rm(join(folder, 'installation-1/1'), { recursive: true })
    expect(await keysOf(storage)).toEqual([])
  })

  test.each<[string, Partial<S3Settings>, string]>([
    ['a bucket that is missing', { bucket: 'there-is-none' }, 'there is no such bucket'],
    [
      'an access key that is not known',
      { credentials: { accessKeyId: 'nobody', secretAccessKey: 'a secret of the tests' } },
      'keys are wrong',
    ],
    [
      'a secret that is wrong',
      { credentials: { accessKeyId: 'uplift-test', secretAccessKey: 'not-the-one' } },
      'keys are wrong',
    ],
    ['a server that is not there', { endpoint: 'http://127.0.0.1:9' }, 'does not answer'],
    ['a name that is not known', { endpoint: 'http://no-such-host.invalid' }, 'does not answer'],
  ])('%s', async (_, more, sentence) => {
    const wrong = other(more)
    const is = { code: 'STORAGE:UNREACHABLE' }
    await expect(wrong.check()).rejects.toMatchObject({ ...is, message: expect.stringContaining(sentence) })
    await expect(wrong.check()).rejects.not.toMatchObject({ message: expect.stringContaining('not-the-one') })
    await expect(wrong.size('1/a')).rejects.toMatchObject(is)
    await expect(wrong.read('1/a')).rejects.toMatchObject(is)
    // Some servers answer that nothing is there any more, which is true without a bucket too.
    if (!more.bucket) await expect(wrong.remove('1/a')).rejects.toMatchObject(is)
    await expect(wrong.put('1/a', inChunks(contentOf(20 * MB)))).rejects.toMatchObject(is)
    await expect(keysOf(wrong)).rejects.toMatchObject(is)
    await expect(wrong.withLocal('1/a', tmpdir(), async () => {})).rejects.toMatchObject(is)
  })

  test('the server dies in the middle of a put, and comes back', async () => {
    const key = '2/original/killed'
    const content = contentOf(40 * MB)
    async function* killing() {
      yield* inChunks(content.subarray(0, 24 * MB))
      await kill()
      yield* inChunks(content.subarray(24 * MB))
    }
    await expect(storage.put(key, killing())).rejects.toMatchObject({ code: 'STORAGE:UNREACHABLE' })
    await expect(storage.size(key)).rejects.toMatchObject({ code: 'STORAGE:UNREACHABLE' })
    await start()
    expect(await storage.size(key)).toBeNull()
    // Nobody could be told to abort it: that is for the clean-up, once it is old.
    expect(await openUploads()).toHaveLength(1)
    expect(await storage.removeUnfinished(new Date(Date.now() + 6 * DAY_MS))).toBe(0)
    expect(await storage.removeUnfinished(new Date(Date.now() + 8 * DAY_MS))).toBe(1)
    expect(await openUploads()).toHaveLength(0)
    expect((await storage.put(key, inChunks(content))).sha256).toBe(sha256(content))
    await storage.remove(key)
  })

  test('the server dies in the middle of a read, and comes back in time or not', async () => {
    const key = '2/original/read'
    const content = contentOf(60 * MB)
    await storage.put(key, inChunks(content))
    const read = async (atMiddle: () => Promise<void>) => {
      const chunks: Buffer[] = []
      let bytes = 0
      let met = false
      for await (const chunk of await storage.read(key)) {
        chunks.push(chunk)
        bytes += chunk.length
        if (bytes < 20 * MB || met) continue
        met = true
        await atMiddle()
      }
      return Buffer.concat(chunks)
    }
    let started: Promise<unknown> | undefined
    const again = await read(async () => {
      await kill()
      started = pause(1_500).then(start)
    })
    await started
    expect(sha256(again)).toBe(sha256(content))
    await expect(read(kill)).rejects.toMatchObject({ code: 'STORAGE:UNREACHABLE' })
    await start()
    expect(sha256(await buffer(await storage.read(key)))).toBe(sha256(content))
    await storage.remove(key)
  })

  describe('on a line that breaks', () => {
    test('a read goes on at the byte it reached, whole or in part', async () => {
      const line = await cuttingLine(settings.endpoint!)
      const broken = other({ endpoint: line.endpoint })
      const content = contentOf(5 * MB)
      await broken.put('3/a', inChunks(content))
      for (const afterBytes of [2_000_000, 1_000_000, 900, 1_000_001]) line.cutNext(/^GET /, afterBytes)
      expect((await buffer(await broken.read('3/a'))).equals(content)).toBe(true)
      expect(line.cuts()).toBe(4)
      line.cutNext(/^GET /, 500_000)
      const part = await buffer(await broken.read('3/a', { start: 100, end: 3_000_000 }))
      expect(part.equals(content.subarray(100, 3_000_001))).toBe(true)
      expect(line.cuts()).toBe(5)
      await broken.remove('3/a')
      await line.close()
    })

    test('a read of an object that was deleted in between is told as missing', async () => {
      const line = await cuttingLine(settings.endpoint!)
      const broken = other({ endpoint: line.endpoint })
      await broken.put('3/b', inChunks(contentOf(5 * MB)))
      line.cutNext(/^GET /, 1_000_000)
      const stream = await broken.read('3/b')
      await storage.remove('3/b')
      await expect(buffer(stream)).rejects.toMatchObject({ code: 'STORAGE:MISSING' })
      await line.close()
    })

    test.each([
      ['of a short put', 1000, /^PUT /],
      ['of a part', 20 * MB, /^PUT .*partNumber=2/],
      ['of the completion', 20 * MB, /^POST .*uploadId=/],
      ['of the beginning of an upload', 20 * MB, /^POST .*uploads/],
    ])('the answer %s is lost, and the object is there all the same', async (_, bytes, request) => {
      const line = await cuttingLine(settings.endpoint!)
      const broken = other({ endpoint: line.endpoint })
      const content = contentOf(bytes)
      line.cutNext(request, 0)
      expect((await broken.put('3/c', inChunks(content))).sha256).toBe(sha256(content))
      expect(line.cuts()).toBe(1)
      expect((await buffer(await storage.read('3/c'))).equals(content)).toBe(true)
      await storage.remove('3/c')
      await line.close()
    })

    test('a download to a local path that breaks for good leaves nothing', async () => {
      const line = await cuttingLine(settings.endpoint!)
      const broken = other({ endpoint: line.endpoint })
      const below = await mkdtemp(join(tmpdir(), 'uplift-download-'))
      await broken.put('3/d', inChunks(contentOf(64 * MB)))
      for (let count = 0; count < 200; count++) line.cutNext(/^GET /, 0)
      await expect(broken.withLocal('3/d', below, async () => {})).rejects.toMatchObject({
        code: 'STORAGE:UNREACHABLE',
      })
      expect(await readdir(below)).toEqual([])
      await storage.remove('3/d')
      await rm(below, { recursive: true })
      await line.close()
    })
  })
}
