import type { Readable } from 'node:stream'

/** What a storage says of a file that it took. */
export interface Stored {
  bytes: number
  /** SHA-256 in hex. */
  sha256: string
}

/** Bytes `start` to `end`, both included, as in HTTP's Range. */
export interface ByteRange {
  start: number
  end: number
}

export interface PutOptions {
  signal?: AbortSignal
  /** How many bytes are to come, where that is known. */
  bytes?: number
}

/** A file as a listing tells it. */
export interface Listed {
  key: string
  bytes: number
  /** When it came into the storage; with S3, when its upload began. */
  modifiedAt: Date
}

/**
 * Where the files of requests lie. A key is a path of plain segments, as "10001/original/3f2a.dump"; it appears with its
 * whole content or not at all, and is never written a second time.
 */
export interface Storage {
  /** Streams `content` to `key`. Memory stays flat. A source that breaks, or an aborted signal, leaves nothing under the key. */
  put(key: string, content: AsyncIterable<Uint8Array>, options?: PutOptions): Promise<Stored>
  /**
   * Takes over a local file, which is gone afterwards; on the same disk without copying it. When it fails the file stays
   * where it was. With its SHA-256, where that is known already, it is not read again.
   */
  putFile(key: string, path: string, options?: { signal?: AbortSignal; sha256?: string }): Promise<Stored>
  /** Size in bytes; null when there is no such file. */
  size(key: string): Promise<number | null>
  /**
   * The bytes of a file or of a part of it, which has to begin inside it. Whoever asks has to read the stream or destroy it.
   * @throws UpliftError STORAGE:MISSING
   */
  read(key: string, range?: ByteRange): Promise<Readable>
  /** Runs work on the file as a local path, which is only read; a remote file is brought below `folder` for that time. @throws UpliftError STORAGE:MISSING */
  withLocal<T>(
    key: string,
    folder: string,
    work: (path: string) => Promise<T>,
    signal?: AbortSignal,
  ): Promise<T>
  /** Deletes a file; one that is not there is no error. */
  remove(key: string): Promise<void>
  /** All files, in no certain order. */
  list(): AsyncIterable<Listed>
  /** Removes what processes that died have left half written, once it is old. Says how many there were. */
  removeUnfinished(now?: Date): Promise<number>
  /** Tries whether files can be written and read. @throws UpliftError STORAGE:UNREACHABLE */
  check(): Promise<void>
}
