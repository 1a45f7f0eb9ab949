import type { FileHandle } from 'node:fs/promises'

/** Bytes per read: large enough to hide the cost of a call, small enough that several streams stay small in memory. */
const READ_BYTES = 256 * 1024

/** Bytes in pieces from wherever they come; `seek` exists where any place can be reached at once. */
export interface ByteSource {
  /** The next piece, never empty; null at the end. */
  next(): Promise<Buffer | null>
  seek?(position: number): void
  close(): Promise<void>
}

/** A stretch of an open file. Several may read the same handle at once, as every read names its place. */
export function fileSource(handle: FileHandle, start = 0, end = Number.POSITIVE_INFINITY): ByteSource {
  let position = start
  return {
    async next() {
      const wanted = Math.min(READ_BYTES, end - position)
      if (wanted <= 0) return null
      const buffer = Buffer.allocUnsafeSlow(wanted)
      const { bytesRead } = await handle.read(buffer, 0, wanted, position)
      if (bytesRead === 0) return null
      position += bytesRead
      return buffer.subarray(0, bytesRead)
    },
    seek(to: number) {
      position = start + to
    },
    async close() {},
  }
}

/** Any stream of pieces as a source; closing it ends the stream and what feeds it. */
export function iterableSource(pieces: AsyncIterable<Buffer>): ByteSource {
  const iterator = pieces[Symbol.asyncIterator]()
  return {
    async next() {
      for (;;) {
        const step = await iterator.next()
        if (step.done) return null
        if (step.value.length > 0) return step.value
      }
    },
    async close() {
      await iterator.return?.()
    },
  }
}

/** The pieces of a source, which is closed at the end or when the consumer leaves. */
export async function* pieces(source: ByteSource): AsyncGenerator<Buffer, void> {
  try {
    for (;;) {
      const piece = await source.next()
      if (piece === null) return
      yield piece
    }
  } finally {
    await source.close()
  }
}
