import { createHash, randomBytes } from 'node:crypto'
import { open, truncate, writeFile } from 'node:fs/promises'
import { expect, test } from 'vitest'
import { temporaryFolder } from '../../test/dumps/temporary.ts'
import { answer, breakOff } from '../../test/sdk/platform.ts'
import { platformSuite } from '../../test/sdk/platform-suite.ts'
import { RemoteFailures, RemoteUnreachable } from './index.ts'

const suite = platformSuite()
const folder = temporaryFolder()
const content = randomBytes(3_000_001)
const sha256 = createHash('sha256').update(content).digest('hex')

async function dump(): Promise<string> {
  await writeFile(folder.path('db.dump'), content)
  return folder.path('db.dump')
}

async function* inPieces(): AsyncIterable<Uint8Array> {
  for (let at = 0; at < content.length; at += 100_000) yield content.subarray(at, at + 100_000)
}

test('a file, a Blob and bytes as they come arrive whole', async () => {
  const access = await suite.made()
  const seen: number[] = []
  const uploaded = await suite.client.upload(access, await dump(), {
    onProgress: ({ done, total }) => {
      seen.push(done)
      expect(total).toBe(content.length)
    },
  })
  expect(uploaded).toEqual({ bytes: content.length, sha256 })
  expect(suite.platform.uploads.get(access.request)).toBe(sha256)
  expect(suite.platform.headers).toMatchObject({
    'content-length': String(content.length),
    expect: '100-continue',
  })
  expect(seen.at(-1)).toBe(content.length)
  expect(seen.length).toBeGreaterThan(5)

  for (const source of [new Blob([content]), inPieces()]) {
    suite.platform.uploads.clear()
    expect(await suite.client.upload(access, source)).toEqual({ bytes: content.length, sha256 })
    expect(suite.platform.uploads.get(access.request)).toBe(sha256)
  }
  expect(suite.platform.headers['transfer-encoding']).toBe('chunked')
})

test('an upload that breaks in its middle begins again from its start', async () => {
  const access = await suite.made()
  let taken = 0
  suite.platform.tricks.push({
    path: '/upload',
    play: (request, response) => {
      response.writeContinue()
      request.on('data', (chunk: Buffer) => {
        taken += chunk.length
        if (taken > 1_000_000) breakOff(request)
      })
    },
  })
  let backwards = 0
  let last = 0
  const uploaded = await suite.client.upload(access, await dump(), {
    onProgress: ({ done }) => {
      if (done < last) backwards++
      last = done
    },
  })
  expect(taken).toBeGreaterThan(1_000_000)
  expect(backwards).toBe(1)
  expect(uploaded.sha256).toBe(sha256)
  expect(suite.platform.uploads.get(access.request)).toBe(sha256)
})

test('bytes that can be read only once are not sent twice', async () => {
  const access = await suite.made()
  suite.platform.calls.length = 0
  suite.platform.tricks.push({
    path: '/upload',
    play: (request, response) => {
      response.writeContinue()
      request.once('data', () => breakOff(request))
    },
  })
  await expect(suite.client.upload(access, inPieces())).rejects.toThrow(RemoteUnreachable)
  expect(suite.platform.calls).toEqual(['upload'])
})

test('a refusal arrives before the dump is sent', async () => {
  const access = await suite.made()
  // Sparse: reading it would take long and be seen in the count.
  const large = folder.path('large.dump')
  await (await open(large, 'w')).close()
  await truncate(large, 20e9)
  for (const status of [200, 413])
    suite.platform.tricks.push({
      path: '/upload',
      play: (_, response) =>
        answer(response, { failures: [{ reason: 'DUMP:TOO_LARGE', message: 'At most 1 Gb' }] }, status),
    })
  for (const _ of [200, 413]) {
    const sent: number[] = []
    const call = suite.client.upload(access, large, { onProgress: ({ done }) => sent.push(done) })
    await expect(call).rejects.toThrow(RemoteFailures)
    expect(sent).toEqual([])
  }
})

test('a refusal in the middle of the dump ends the sending', async () => {
  const access = await suite.made()
  const large = folder.path('large.dump')
  await (await open(large, 'w')).close()
  await truncate(large, 20e9)
  suite.platform.tricks.push({
    path: '/upload',
    play: (request, response) => {
      response.writeContinue()
      let taken = 0
      request.on('data', (chunk: Buffer) => {
        taken += chunk.length
        if (taken > 2_000_000 && !response.headersSent)
          answer(response, { failures: [{ reason: 'DUMP:INVALID', message: 'No dump' }] })
      })
    },
  })
  let last = 0
  const call = suite.client.upload(access, large, {
    onProgress: ({ done }) => {
      last = done
    },
  })
  await expect(call).rejects.toThrow('DUMP:INVALID: No dump')
  expect(last).toBeLessThan(1e9)
})

test('a server that knows no "100 Continue" gets the dump all the same', async () => {
  const access = await suite.made()
  let bytes = 0
  suite.platform.tricks.push({
    path: '/upload',
    play: (request, response) => {
      request.on('data', (chunk: Buffer) => {
        bytes += chunk.length
      })
      request.on('end', () => answer(response, { failures: [] }))
    },
  })
  await suite.client.upload(access, await dump())
  expect(bytes).toBe(content.length)
})

test('an empty file is the server’s to refuse, a missing one the system’s', async () => {
  const access = await suite.made()
  await writeFile(folder.path('empty.dump'), '')
  await expect(suite.client.upload(access, folder.path('empty.dump'))).rejects.toThrow('DUMP:EMPTY')
  await expect(suite.client.upload(access, folder.path('no.dump'))).rejects.toMatchObject({ code: 'ENOENT' })
})

test('an upload is stopped by its signal', async () => {
  const access = await suite.made()
  const controller = new AbortController()
  const call = suite.client.upload(access, await dump(), {
    signal: controller.signal,
    onProgress: () => controller.abort(new Error('enough')),
  })
  await expect(call).rejects.toThrow('enough')
  expect(suite.platform.uploads.size).toBe(0)
})
