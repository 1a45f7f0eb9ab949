import type { ByteReader } from '../bytes/reader.ts'
import { corrupt, truncated } from '../failures.ts'
import { archiveInt } from './fields.ts'

/** Pieces handed on are about this large: pg_dump's own are 4 KB, and each costs a trip through the decompressor. */
const GATHER_BYTES = 128 * 1024

/**
 * The payload of one data block of a custom archive: pieces with their length before them, ended by length 0.
 * Leaving it early and calling `next` again goes on in the same place.
 */
export class ChunkedPayload {
  readonly #reader: ByteReader
  readonly #intSize: number
  #left = 0
  #ended = false

  constructor(reader: ByteReader, intSize: number) {
    this.#reader = reader
    this.#intSize = intSize
  }

  next = async (): Promise<Buffer | null> => {
    if (this.#ended) return null
    if (!(await this.#reader.fill(1))) throw this.#cut()
    const gathered: Buffer[] = []
    let size = 0
    while (size < GATHER_BYTES) {
      if (this.#left === 0 && !(await this.#header(size === 0))) break
      const buffered = this.#reader.buffered
      if (buffered.length === 0) {
        if (size > 0) break
        if (!(await this.#reader.fill(1))) throw this.#cut()
        continue
      }
      const piece = buffered.length > this.#left ? buffered.subarray(0, this.#left) : buffered
      this.#reader.consume(piece.length)
      this.#left -= piece.length
      size += piece.length
      gathered.push(piece)
    }
    if (size === 0) return null
    return gathered.length === 1 ? gathered[0]! : Buffer.concat(gathered, size)
  }

  /** Reads past what is left of the block. */
  async skip(): Promise<void> {
    while (!this.#ended) {
      if (this.#left > 0) {
        const bytes = await this.#reader.some(this.#left)
        if (bytes === null) throw this.#cut()
        this.#left -= bytes.length
      } else await this.#header(true)
    }
  }

  /** Reads the next length; false at the end of the block, or when it has not arrived and `wait` is false. */
  async #header(wait: boolean): Promise<boolean> {
    const width = 1 + this.#intSize
    let buffered = this.#reader.buffered
    if (buffered.length < width) {
      if (!wait) return false
      if (!(await this.#reader.fill(width))) throw this.#cut()
      buffered = this.#reader.buffered
    }
    const length = archiveInt(buffered, 0, this.#intSize)
    if (length < 0) throw corrupt('a data block has a negative length', { at: this.#reader.position })
    this.#reader.consume(width)
    this.#left = length
    if (length === 0) this.#ended = true
    return length > 0
  }

  #cut() {
    return truncated('it ends within the rows of a table', { at: this.#reader.position })
  }
}
