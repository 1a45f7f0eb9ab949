/** An upload has at most so many parts, and all but the last have at least 5 MB. */
const MOST_PARTS = 10_000
const MB = 1024 * 1024
const SMALLEST = 8 * MB

/**
 * Bytes of part `index` (from 0) of an upload. With a known total all parts are of one size, which some servers insist on.
 * With an unknown one they grow: 2 GB in parts of 8 MB, then 23 GB in parts of 32 MB, then 1.1 TB in parts of 128 MB.
 */
export function partSize(index: number, total?: number): number {
  if (total !== undefined) return Math.max(SMALLEST, Math.ceil(total / MOST_PARTS / MB) * MB)
  if (index < 250) return SMALLEST
  return index < 1000 ? 32 * MB : 128 * MB
}

/**
 * Gathers chunks of any size into parts. A part's buffer is used again once it was given back with `release`: memory is
 * that of the parts at work.
 */
export class Parts {
  readonly #free: Buffer[] = []
  readonly #total: number | undefined

  constructor(total?: number) {
    this.#total = total
  }

  /** The parts, in order; the last may be of any length, and there is at least one. */
  async *of(chunks: AsyncIterable<Uint8Array>): AsyncGenerator<Buffer> {
    let index = 0
    let buffer = this.#take(index)
    let filled = 0
    for await (const chunk of chunks)
      for (let at = 0; at < chunk.length; ) {
        if (filled === buffer.length) {
          yield buffer
          buffer = this.#take(++index)
          filled = 0
        }
        const length = Math.min(chunk.length - at, buffer.length - filled)
        buffer.set(chunk.subarray(at, at + length), filled)
        filled += length
        at += length
      }
    yield buffer.subarray(0, filled)
  }

  release(content: Buffer): void {
    this.#free.push(content)
  }

  #take(index: number): Buffer {
    const size = partSize(index, this.#total)
    let free = this.#free.pop()
    while (free && free.length !== size) free = this.#free.pop()
    return free ?? Buffer.allocUnsafeSlow(size)
  }
}
