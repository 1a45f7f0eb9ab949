import { truncated } from '../failures.ts'
import type { ByteSource } from './file.ts'

const NOTHING = Buffer.alloc(0)

/**
 * Reads a source in fields instead of pieces. What is asked for is held in memory only once it has arrived, so a
 * length that a damaged file claims never causes an allocation of that size.
 */
export class ByteReader {
  readonly #source: ByteSource
  #buffer: Buffer = NOTHING
  #at = 0
  /** Position in the source of the end of #buffer. */
  #end = 0

  constructor(source: ByteSource) {
    this.#source = source
  }

  /** Bytes from the start of the source to the next unread one. */
  get position(): number {
    return this.#end - this.#buffer.length + this.#at
  }

  /** What has arrived and is not yet read; valid until the next call. */
  get buffered(): Buffer {
    return this.#at === 0 ? this.#buffer : this.#buffer.subarray(this.#at)
  }

  /** Marks the first `count` bytes of `buffered` as read. */
  consume(count: number): void {
    this.#at += count
  }

  /** Waits until `count` bytes are buffered; false when the source ends before. */
  async fill(count: number): Promise<boolean> {
    let have = this.#buffer.length - this.#at
    if (have >= count) return true
    const held: Buffer[] = have > 0 ? [this.buffered] : []
    while (have < count) {
      const piece = await this.#source.next()
      if (piece === null) break
      this.#end += piece.length
      have += piece.length
      held.push(piece)
    }
    this.#buffer = held.length === 1 ? held[0]! : Buffer.concat(held, have)
    this.#at = 0
    return have >= count
  }

  async atEnd(): Promise<boolean> {
    return !(await this.fill(1))
  }

  /** The next `count` bytes; DUMP:TRUNCATED with `what` when the source ends before. */
  async bytes(count: number, what: string): Promise<Buffer> {
    if (!(await this.fill(count))) throw truncated(`it ends within ${what}`, { at: this.position })
    const bytes = this.#buffer.subarray(this.#at, this.#at + count)
    this.#at += count
    return bytes
  }

  async byte(what: string): Promise<number> {
    if (this.#at >= this.#buffer.length && !(await this.fill(1)))
      throw truncated(`it ends within ${what}`, { at: this.position })
    return this.#buffer[this.#at++]!
  }

  /** Between 1 and `most` bytes, as they arrive; null at the end. */
  async some(most: number): Promise<Buffer | null> {
    if (!(await this.fill(1))) return null
    const bytes = this.#buffer.subarray(this.#at, this.#at + most)
    this.#at += bytes.length
    return bytes
  }

  async skip(count: number, what: string): Promise<void> {
    let left = count
    while (left > 0) {
      const bytes = await this.some(left)
      if (bytes === null) throw truncated(`it ends within ${what}`, { at: this.position })
      left -= bytes.length
    }
  }

  get seekable(): boolean {
    return this.#source.seek !== undefined
  }

  /** Moves to a place of a seekable source. */
  seek(position: number): void {
    const start = this.#end - this.#buffer.length
    if (position >= start && position <= this.#end) {
      this.#at = position - start
      return
    }
    if (this.#source.seek === undefined) throw new Error('seek on a source that is read in one pass')
    this.#source.seek(position)
    this.#buffer = NOTHING
    this.#at = 0
    this.#end = position
  }

  async close(): Promise<void> {
    this.#buffer = NOTHING
    this.#at = 0
    await this.#source.close()
  }
}
