import { createHash, randomBytes } from 'node:crypto'
import { readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { beforeEach, expect, test } from 'vitest'
import { temporaryFolder } from '../../test/dumps/temporary.ts'
import { platformSuite } from '../../test/sdk/platform-suite.ts'
import { DamagedDownload, FileExists, RemoteUnreachable, UnexpectedAnswer } from './index.ts'

const suite = platformSuite()
const folder = temporaryFolder()
const content = randomBytes(2_000_003)
const sha256 = createHash('sha256').update(content).digest('hex')
const out = () => folder.path('out.dump')

/** The next download ends after so many bytes. */
function breakAfter(bytes: number): void {
  suite.platform.tricks.push({
    path: '/upgraded/archive',
    play: (request, response) => suite.platform.send(request, response, bytes),
  })
}

async function wanted(): Promise<{ request: number; key: string; role: 'upgraded_dump' }> {
  return { ...(await suite.made('done')), role: 'upgraded_dump' }
}

beforeEach(async () => {
  suite.platform.result = content
  for (const name of await readdir(folder.path())) await rm(folder.path(name))
})

test('a file arrives whole, is checked, and leaves nothing beside it', async () => {
  const seen: number[] = []
  const done = await suite.client.download(await wanted(), out(), {
    onProgress: (progress) => {
      expect(progress.total).toBe(content.length)
      seen.push(progress.done)
    },
  })
  expect(done).toEqual({ bytes: content.length, sha256, checked: 'sha256' })
  expect((await readFile(out())).equals(content)).toBe(true)
  expect(seen.at(-1)).toBe(content.length)
  expect(await readdir(folder.path())).toEqual(['out.dump'])
})

test('the URL of the status serves as well', async () => {
  const { request, key } = await wanted()
  const status = await suite.client.status({ request, key })
  await suite.client.download(status.request.upgraded_dump_url, out())
  expect((await readFile(out())).equals(content)).toBe(true)
})

test('a download that breaks goes on where it stopped, more often than a plan has tries', async () => {
  for (let i = 0; i < 5; i++) breakAfter(300_000)
  const access = await wanted()
  const done = await suite.client.download(access, out())
  expect(done.sha256).toBe(sha256)
  expect(suite.platform.headers.range).toMatch(/^bytes=\d{6,7}-$/)
  expect(suite.platform.calls.filter((call) => call === 'archive')).toHaveLength(6)
  expect((await readFile(out())).equals(content)).toBe(true)
})

test('what an earlier process left is gone on with, and begins anew when the file changed', async () => {
  const access = await wanted()
  const stop = async (): Promise<void> => {
    const controller = new AbortController()
    breakAfter(500_000)
    const call = suite.client.download(access, out(), {
      signal: controller.signal,
      onProgress: ({ done }) => {
        if (done >= 500_000) controller.abort(new Error('enough'))
      },
    })
    await expect(call).rejects.toThrow('enough')
    expect((await readdir(folder.path())).sort()).toEqual(['out.dump.part', 'out.dump.part.etag'])
  }
  await stop()
  expect((await suite.client.download(access, out())).sha256).toBe(sha256)
  expect(suite.platform.headers.range).toMatch(/^bytes=\d{6,7}-$/)

  await rm(out())
  await stop()
  suite.platform.result = randomBytes(1_000_000)
  await suite.client.download(access, out())
  expect((await readFile(out())).equals(suite.platform.result)).toBe(true)

  await rm(out())
  suite.platform.result = content
  await stop()
  await suite.client.download(access, out(), { resume: false })
  expect(suite.platform.headers.range).toBeUndefined()
})

test('a part that is complete already is not fetched again', async () => {
  await writeFile(`${out()}.part`, content)
  await writeFile(`${out()}.part.etag`, suite.platform.etag)
  expect((await suite.client.download(await wanted(), out())).sha256).toBe(sha256)
  expect(suite.platform.headers.range).toBe(`bytes=${content.length}-`)
})

test('a part that is longer than the file or of unknown origin is not gone on with', async () => {
  await writeFile(`${out()}.part`, Buffer.concat([content, content]))
  await writeFile(`${out()}.part.etag`, suite.platform.etag)
  const access = await wanted()
  await suite.client.download(access, out())
  expect((await readFile(out())).equals(content)).toBe(true)
  await rm(out())
  await writeFile(`${out()}.part`, 'something')
  await suite.client.download(access, out())
  expect((await readFile(out())).equals(content)).toBe(true)
})

test('a part that was damaged on the disk is found out and fetched anew', async () => {
  await writeFile(`${out()}.part`, Buffer.alloc(500_000))
  await writeFile(`${out()}.part.etag`, suite.platform.etag)
  expect((await suite.client.download(await wanted(), out())).sha256).toBe(sha256)
  expect((await readFile(out())).equals(content)).toBe(true)
})

test('without an ETag a break begins anew; without a digest the size is checked', async () => {
  suite.platform.tells = { etag: false, digest: false }
  breakAfter(300_000)
  const done = await suite.client.download(await wanted(), out())
  expect(done).toEqual({ bytes: content.length, sha256, checked: 'size' })
  expect(suite.platform.headers.range).toBeUndefined()
  for (let i = 0; i < 3; i++) breakAfter(300_000)
  const access = await wanted()
  await expect(suite.client.download(access, folder.path('other'))).rejects.toThrow(RemoteUnreachable)
})

test('a file that is not what the server names is not kept', async () => {
  const access = await wanted()
  for (let i = 0; i < 3; i++)
    suite.platform.tricks.push({
      path: '/upgraded/archive',
      play: (_, response) =>
        response
          .writeHead(200, { etag: '"1"', 'repr-digest': `sha-256=:${Buffer.alloc(32).toString('base64')}:` })
          .end(content),
    })
  await expect(suite.client.download(access, out())).rejects.toThrow(DamagedDownload)
  expect(await readdir(folder.path())).toEqual([])
})

test('a file that exists is replaced only when that is asked for', async () => {
  const access = await wanted()
  await writeFile(out(), 'mine')
  await expect(suite.client.download(access, out())).rejects.toThrow(FileExists)
  expect(await readFile(out(), 'utf8')).toBe('mine')
  await suite.client.download(access, out(), { force: true })
  expect((await readFile(out())).equals(content)).toBe(true)
})

test('a file that is not there yet is said to be so, a busy server is asked again', async () => {
  const access = await wanted()
  suite.platform.requests.get(access.request)!.state = 'failed'
  await expect(suite.client.download(access, out())).rejects.toThrow(UnexpectedAnswer)
  suite.platform.requests.get(access.request)!.state = 'done'
  suite.platform.tricks.push({ path: '/archive', play: (_, response) => response.writeHead(503).end() })
  expect((await suite.client.download(access, out())).bytes).toBe(content.length)
})

test('an address that is no web address is not followed', async () => {
  await expect(suite.client.download('file:///etc/passwd', out())).rejects.toThrow(UnexpectedAnswer)
})
