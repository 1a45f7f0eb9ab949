import { Readable } from 'node:stream'
import { setTimeout as pause } from 'node:timers/promises'
import { UpliftError } from '../../errors.ts'
import { missing } from '../outcome.ts'
import type { ByteRange } from '../storage.ts'
import { type Bucket, nameOf, statusOf } from './bucket.ts'

/** Times in a row that a stream breaks or is not opened again, without a single byte, before it is given up: 26 s in all. */
const FRUITLESS = 8
const FIRST_PAUSE_MS = 100

interface Opened {
  body: Readable
  /** Bytes from the start of the body to the end that was asked for. */
  length: number
  etag: string | undefined
}

/**
 * The bytes of an object or of a part of it. A connection that breaks on the way is made again at the byte it reached.
 * @throws UpliftError STORAGE:MISSING, STORAGE:UNREACHABLE; also from the stream
 */
export async function readObject(bucket: Bucket, key: string, range?: ByteRange): Promise<Readable> {
  const start = range?.start ?? 0
  const { body: first, length, etag } = await openAt(bucket, key, range)
  const end = start + length
  let body: Readable | undefined = first
  const stop = new AbortController()

  async function* chunks(): AsyncGenerator<Uint8Array> {
    for (let position = start, fruitless = 0; position < end; ) {
      const before = position
      let cause: unknown
      try {
        body ??= (await openAt(bucket, key, { start: position, end: end - 1 }, etag)).body
        for await (const chunk of body) {
          position += chunk.length
          yield chunk
        }
      } catch (thrown) {
        const final = thrown instanceof UpliftError && thrown.code !== 'STORAGE:UNREACHABLE'
        if (final || stream.destroyed) throw thrown
        cause = thrown
      }
      if (position >= end) return
      body = undefined
      fruitless = position > before ? 0 : fruitless + 1
      if (fruitless === FRUITLESS) throw cause instanceof UpliftError ? cause : bucket.failure(cause)
      await pause(FIRST_PAUSE_MS * 2 ** fruitless, undefined, { signal: stop.signal })
    }
  }

  const stream = Readable.from(chunks(), { objectMode: false, highWaterMark: 256 * 1024 })
  // Also when it is destroyed before the first byte was asked for.
  stream.once('close', () => {
    stop.abort()
    body?.destroy()
  })
  return stream
}

async function openAt(
  bucket: Bucket,
  key: string,
  range: ByteRange | undefined,
  etag?: string,
): Promise<Opened> {
  try {
    const { Body, ContentLength, ContentRange, ETag } = await bucket.call(
      (s3) =>
        s3.getObject({
          ...bucket.object(key),
          ...(range ? { Range: `bytes=${range.start}-${range.end}` } : {}),
          ...(etag ? { IfMatch: etag } : {}),
        }),
      [404, 412, 416],
    )
    if (!(Body instanceof Readable) || ContentLength === undefined)
      throw bucket.failure(new Error('The answer has no body or no length.'))
    if (range && !ContentRange?.startsWith(`bytes ${range.start}-`)) {
      Body.destroy()
      throw bucket.failure(new Error('The answer is not the part that was asked for.'))
    }
    // Nobody listens between two readings; whoever reads on is told.
    Body.on('error', () => {})
    return { body: Body, length: ContentLength, etag: ETag }
  } catch (thrown) {
    if (nameOf(thrown) === 'NoSuchKey' || statusOf(thrown) === 412) throw missing(key, thrown)
    if (statusOf(thrown) === 416)
      throw new UpliftError('INTERNAL', `${key} has no byte ${range?.start}.`, { cause: thrown })
    throw statusOf(thrown) === 404 ? bucket.failure(thrown) : thrown
  }
}
