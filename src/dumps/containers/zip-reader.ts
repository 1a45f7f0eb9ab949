import type { FileHandle } from 'node:fs/promises'
import type { Readable } from 'node:stream'
import { RandomAccessReader } from 'yauzl'

/** yauzl asks for the directory in two small reads a file; reads of this size serve thousands of them. */
const WINDOW = 1024 * 1024

class WindowedReader extends RandomAccessReader {
  readonly #handle: FileHandle
  #window: Buffer = Buffer.alloc(0)
  #start = 0

  constructor(handle: FileHandle) {
    super()
    this.#handle = handle
  }

  /** File data is read elsewhere, straight from the file. */
  override _readStreamForRange(): Readable {
    throw new Error('file data is not read through the directory')
  }

  override read(
    buffer: Buffer,
    offset: number,
    length: number,
    position: number,
    callback: (error: Error | null) => void,
  ): void {
    this.#fill(position, length).then(
      () => {
        const from = position - this.#start
        if (from + length > this.#window.length) return callback(new Error('unexpected EOF'))
        this.#window.copy(buffer, offset, from, from + length)
        callback(null)
      },
      (thrown: unknown) => callback(thrown instanceof Error ? thrown : new Error(String(thrown))),
    )
  }

  async #fill(position: number, length: number): Promise<void> {
    if (position >= this.#start && position + length <= this.#start + this.#window.length) return
    const window = Buffer.allocUnsafeSlow(Math.max(WINDOW, length))
    let filled = 0
    while (filled < window.length) {
      const { bytesRead } = await this.#handle.read(window, filled, window.length - filled, position + filled)
      if (bytesRead === 0) break
      filled += bytesRead
    }
    this.#window = window.subarray(0, filled)
    this.#start = position
  }
}

export function zipReader(handle: FileHandle): RandomAccessReader {
  return new WindowedReader(handle)
}
