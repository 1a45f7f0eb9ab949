import { createReadStream } from 'node:fs'
import { lstat, unlink } from 'node:fs/promises'
import type { Readable } from 'node:stream'
import { UpliftError } from '../../errors.ts'
import { isKey, keySegments } from '../key.ts'
import { checkStorage } from '../outcome.ts'
import type { ByteRange, Listed, PutOptions, Storage, Stored } from '../storage.ts'
import { Bucket, nameOf, type S3Settings, statusOf } from './bucket.ts'
import { withDownload } from './download.ts'
import { readObject } from './read.ts'
import { upload } from './upload.ts'

/** An upload that was begun so long ago belongs to a process that died; a terabyte at 3 MB a second takes four days. */
const LEFT_BEHIND_MS = 7 * 24 * 60 * 60 * 1000

/** Objects in a bucket of AWS or of another server that speaks S3. */
export class S3Storage implements Storage {
  readonly #bucket: Bucket

  constructor(settings: S3Settings) {
    this.#bucket = new Bucket(settings)
  }

  put(key: string, content: AsyncIterable<Uint8Array>, options: PutOptions = {}): Promise<Stored> {
    return upload(this.#bucket, key, content, options)
  }

  async putFile(
    key: string,
    path: string,
    { signal }: { signal?: AbortSignal; sha256?: string } = {},
  ): Promise<Stored> {
    keySegments(key)
    const facts = await lstat(path)
    if (!facts.isFile()) throw new UpliftError('INTERNAL', `${path} is no plain file.`)
    const content = createReadStream(path, { highWaterMark: 1024 * 1024 })
    try {
      const stored = await this.put(key, content, { bytes: facts.size, ...(signal ? { signal } : {}) })
      await unlink(path)
      return stored
    } finally {
      content.destroy()
    }
  }

  async size(key: string): Promise<number | null> {
    try {
      const { ContentLength } = await this.#bucket.call(
        (s3) => s3.headObject(this.#bucket.object(key)),
        [404],
      )
      return ContentLength ?? 0
    } catch (thrown) {
      if (statusOf(thrown) !== 404) throw thrown
      // The answer to a HEAD does not say whether it is the object or the bucket that is missing.
      await this.#bucket.call((s3) => s3.headBucket({ Bucket: this.#bucket.name }))
      return null
    }
  }

  read(key: string, range?: ByteRange): Promise<Readable> {
    return readObject(this.#bucket, key, range)
  }

  withLocal<T>(
    key: string,
    folder: string,
    work: (path: string) => Promise<T>,
    signal?: AbortSignal,
  ): Promise<T> {
    return withDownload(this, key, folder, work, signal)
  }

  async remove(key: string): Promise<void> {
    try {
      await this.#bucket.call((s3) => s3.deleteObject(this.#bucket.object(key)), [404])
    } catch (thrown) {
      // Most servers take what is not there for deleted; some say so.
      if (statusOf(thrown) !== 404) throw thrown
      if (nameOf(thrown) !== 'NoSuchKey') throw this.#bucket.failure(thrown)
    }
  }

  async *list(): AsyncGenerator<Listed> {
    const { name, prefix } = this.#bucket
    let token: string | undefined
    do {
      const page = await this.#bucket.call((s3) =>
        s3.listObjectsV2({
          Bucket: name,
          Prefix: prefix,
          ...(token === undefined ? {} : { ContinuationToken: token }),
        }),
      )
      for (const { Key, Size, LastModified } of page.Contents ?? []) {
        const key = Key?.slice(prefix.length)
        if (key !== undefined && isKey(key) && LastModified)
          yield { key, bytes: Size ?? 0, modifiedAt: LastModified }
      }
      token = page.IsTruncated ? page.NextContinuationToken : undefined
    } while (token !== undefined)
  }

  async removeUnfinished(now = new Date()): Promise<number> {
    const { name, prefix } = this.#bucket
    const before = now.getTime() - LEFT_BEHIND_MS
    let removed = 0
    let after: { KeyMarker?: string; UploadIdMarker?: string } | null = {}
    while (after) {
      const from: { KeyMarker?: string; UploadIdMarker?: string } = after
      const page = await this.#bucket.call((s3) =>
        s3.listMultipartUploads({ Bucket: name, Prefix: prefix, ...from }),
      )
      for (const { Key, UploadId, Initiated } of page.Uploads ?? []) {
        if (!Key || !UploadId || !Initiated || Initiated.getTime() > before) continue
        if (!isKey(Key.slice(prefix.length))) continue
        await this.#bucket.call((s3) => s3.abortMultipartUpload({ Bucket: name, Key, UploadId }), [404])
        removed++
      }
      after =
        page.IsTruncated && page.NextKeyMarker
          ? {
              KeyMarker: page.NextKeyMarker,
              ...(page.NextUploadIdMarker ? { UploadIdMarker: page.NextUploadIdMarker } : {}),
            }
          : null
    }
    return removed
  }

  check(): Promise<void> {
    return checkStorage(this, `bucket ${this.#bucket.name}`)
  }
}
