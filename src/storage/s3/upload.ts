import { randomUUID } from 'node:crypto'
import type { CompletedPart, S3 } from '@aws-sdk/client-s3'
import { Metered } from '../metered.ts'
import { alreadyThere } from '../outcome.ts'
import type { PutOptions, Stored } from '../storage.ts'
import { type Bucket, statusOf } from './bucket.ts'
import { Parts } from './parts.ts'

/** Bytes of parts on their way at the same time; one more is being filled, and one part is always allowed. */
const ON_THE_WAY = 32 * 1024 * 1024

/** "There is one already", in the words of several servers, and "I have seen this upload done before". */
const CONFLICT = [404, 409, 412]
const NOT_IMPLEMENTED = 501

/** One upload: how it is told from others when an answer was lost. */
interface Mark {
  upload: string
}

/**
 * Streams to an object that is not there yet: content of one part in one call, a longer one in several at the same time.
 * When it fails no object and no upload stays behind, as far as the server can be reached.
 */
export async function upload(
  bucket: Bucket,
  key: string,
  source: AsyncIterable<Uint8Array>,
  { signal, bytes }: PutOptions,
): Promise<Stored> {
  signal?.throwIfAborted()
  // Told before anything is sent; what comes in between is caught by the condition of the last call.
  if (await headMark(bucket, key)) throw alreadyThere(key)
  const metered = new Metered()
  const failed = new AbortController()
  const stop = signal ? AbortSignal.any([signal, failed.signal]) : failed.signal
  const parts = new Parts(bytes)
  const mark = { upload: randomUUID() }
  const multipart = new Multipart(bucket, key, mark, parts, failed, stop)
  try {
    let first: Buffer | undefined
    for await (const content of parts.of(metered.chunks(source, stop))) {
      if (first && !multipart.started) await multipart.send(first)
      if (first) await multipart.send(content)
      else first = content
    }
    stop.throwIfAborted()
    if (multipart.started) await multipart.complete()
    else await putWhole(bucket, key, first!, mark, stop)
  } catch (thrown) {
    await multipart.abort(thrown)
    throw stop.reason
  }
  return metered.result()
}

async function putWhole(
  bucket: Bucket,
  key: string,
  content: Buffer,
  mark: Mark,
  abortSignal: AbortSignal,
): Promise<void> {
  await unlessThere(bucket, key, mark, (s3, condition) =>
    s3.putObject(
      { ...bucket.object(key), Body: content, Metadata: { ...mark }, ...condition },
      { abortSignal },
    ),
  )
}

class Multipart {
  readonly #bucket: Bucket
  readonly #key: string
  readonly #mark: Mark
  readonly #parts: Parts
  readonly #failed: AbortController
  readonly #stop: AbortSignal
  readonly #sending = new Map<Promise<void>, number>()
  readonly #sent: CompletedPart[] = []
  #id: string | undefined

  constructor(
    bucket: Bucket,
    key: string,
    mark: Mark,
    parts: Parts,
    failed: AbortController,
    stop: AbortSignal,
  ) {
    this.#bucket = bucket
    this.#key = key
    this.#mark = mark
    this.#parts = parts
    this.#failed = failed
    this.#stop = stop
  }

  get started(): boolean {
    return this.#id !== undefined
  }

  /** Sets a part on its way, once there is room for it. */
  async send(content: Buffer): Promise<void> {
    this.#id ??= await this.#create()
    while (this.#sending.size > 0 && this.#bytesSending() + content.length > ON_THE_WAY)
      await Promise.race(this.#sending.keys())
    this.#stop.throwIfAborted()
    const number = this.#sent.length + 1
    const part: CompletedPart = { PartNumber: number }
    this.#sent.push(part)
    const sending = this.#sendPart(part, content)
      // Ends the reading of the source too, which may be waiting for its next bytes.
      .catch((thrown: unknown) => this.#failed.abort(thrown))
      .finally(() => this.#sending.delete(sending))
    this.#sending.set(sending, content.length)
  }

  async complete(): Promise<void> {
    await Promise.all(this.#sending.keys())
    this.#stop.throwIfAborted()
    await unlessThere(this.#bucket, this.#key, this.#mark, (s3, condition) =>
      s3.completeMultipartUpload(
        { ...this.#target(), MultipartUpload: { Parts: this.#sent }, ...condition },
        { abortSignal: this.#stop },
      ),
    )
  }

  /** Leaves nothing of the upload; a server that is gone keeps its parts until the clean-up finds them. */
  async abort(reason: unknown): Promise<void> {
    this.#failed.abort(reason)
    // A part that arrives after the upload was aborted would stay.
    await Promise.all(this.#sending.keys())
    if (!this.started) return
    await this.#bucket.call((s3) => s3.abortMultipartUpload(this.#target())).catch(() => {})
  }

  async #create(): Promise<string> {
    const { UploadId } = await this.#bucket.call((s3) =>
      s3.createMultipartUpload({ ...this.#bucket.object(this.#key), Metadata: { ...this.#mark } }),
    )
    if (!UploadId) throw this.#bucket.failure(new Error('It gave no number to an upload.'))
    return UploadId
  }

  async #sendPart(part: CompletedPart, content: Buffer): Promise<void> {
    const { ETag } = await this.#bucket.call((s3) =>
      s3.uploadPart(
        { ...this.#target(), PartNumber: part.PartNumber, Body: content },
        { abortSignal: this.#stop },
      ),
    )
    part.ETag = ETag
    this.#parts.release(content)
  }

  #target(): { Bucket: string; Key: string; UploadId: string } {
    return { ...this.#bucket.object(this.#key), UploadId: this.#id! }
  }

  #bytesSending(): number {
    return this.#sending.values().reduce((sum, bytes) => sum + bytes, 0)
  }
}

/**
 * Makes the call that lets an object appear, on the condition that there is none. A server that does not know the
 * condition is asked without it. A call that was repeated because its first answer was lost finds its own object.
 */
async function unlessThere(
  bucket: Bucket,
  key: string,
  mark: Mark,
  work: (s3: S3, condition: { IfNoneMatch?: '*' }) => Promise<unknown>,
): Promise<void> {
  try {
    await bucket.call((s3) => work(s3, { IfNoneMatch: '*' }), [...CONFLICT, NOT_IMPLEMENTED])
  } catch (thrown) {
    const status = statusOf(thrown)
    if (status === NOT_IMPLEMENTED) {
      if (await headMark(bucket, key)) throw alreadyThere(key, thrown)
      await bucket.call((s3) => work(s3, {}))
    } else if (status !== null && CONFLICT.includes(status)) {
      const there = await headMark(bucket, key)
      if (there?.upload === mark.upload) return
      throw there ? alreadyThere(key, thrown) : bucket.failure(thrown)
    } else throw thrown
  }
}

/** The mark of the object that is there; null when there is none. */
async function headMark(bucket: Bucket, key: string): Promise<Partial<Mark> | null> {
  try {
    const { Metadata } = await bucket.call((s3) => s3.headObject(bucket.object(key)), [404])
    return Metadata ?? {}
  } catch (thrown) {
    if (statusOf(thrown) === 404) return null
    throw thrown
  }
}
