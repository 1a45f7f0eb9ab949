import type { ByteReader } from '../bytes/reader.ts'
import { corrupt, truncated } from '../failures.ts'
import type { Decode } from '../text.ts'

/** No string of a table of contents is longer, so that a wrong length is an error and not gigabytes in memory. */
const MAX_STRING = 64 * 1024 * 1024

/** Thrown, and caught in `parse`, when the bytes at hand end within a field. */
const MORE = new Error('more bytes are needed')

/**
 * Parses a run of fields out of what has arrived, again from its start when more has to arrive first: a table of
 * contents has millions of fields, and waiting for each would cost more than all the rest.
 */
export async function parse<T>(
  reader: ByteReader,
  what: string,
  read: (fields: FieldCursor) => T,
  sizes: Sizes,
): Promise<T> {
  for (;;) {
    const bytes = reader.buffered
    const cursor = new FieldCursor(bytes, sizes, what)
    try {
      const value = read(cursor)
      reader.consume(cursor.at)
      return value
    } catch (thrown) {
      if (thrown !== MORE) throw thrown
    }
    const whole = await reader.fill(Math.max(bytes.length * 2, 1))
    if (!whole && reader.buffered.length === bytes.length)
      throw truncated(`it ends within ${what}`, { at: reader.position })
  }
}

export interface Sizes {
  intSize: number
  offsetSize: number
  decode: Decode
}

/** Integers, strings and offsets as the archiver writes them. */
export class FieldCursor {
  at = 0
  readonly #bytes: Buffer
  readonly #sizes: Sizes
  readonly #what: string

  constructor(bytes: Buffer, sizes: Sizes, what: string) {
    this.#bytes = bytes
    this.#sizes = sizes
    this.#what = what
  }

  byte(): number {
    return this.raw(1)[0]!
  }

  raw(count: number): Buffer {
    if (this.at + count > this.#bytes.length) throw MORE
    const bytes = this.#bytes.subarray(this.at, this.at + count)
    this.at += count
    return bytes
  }

  /** A sign byte, then the magnitude, lowest byte first. */
  int(): number {
    const { intSize } = this.#sizes
    if (this.at + 1 + intSize > this.#bytes.length) throw MORE
    const value = archiveInt(this.#bytes, this.at, intSize)
    this.at += 1 + intSize
    return value
  }

  /** Length and bytes; null is the length −1. */
  string(): string | null {
    const length = this.int()
    if (length < -1 || length > MAX_STRING)
      throw corrupt(`${this.#what} has an impossible length`, { length })
    if (length === -1) return null
    return length === 0 ? '' : this.#sizes.decode(this.raw(length))
  }

  /** How the place of data is known (see toc.ts), and the place. */
  offset(): { state: number; offset: bigint } {
    const state = this.byte()
    const bytes = this.raw(this.#sizes.offsetSize)
    return {
      state,
      offset: this.#sizes.offsetSize === 8 ? bytes.readBigUInt64LE(0) : BigInt(bytes.readUInt32LE(0)),
    }
  }
}

/** An integer of the archiver within `bytes`. */
export function archiveInt(bytes: Buffer, at: number, intSize: number): number {
  const sign = bytes[at]!
  const low = bytes.readUInt32LE(at + 1)
  const high = intSize === 8 ? bytes.readUInt32LE(at + 5) : 0
  if (sign > 1 || high > 0x1fffff) throw corrupt('an integer of the archive is out of range')
  const magnitude = high * 0x1_0000_0000 + low
  return sign === 1 ? -magnitude : magnitude
}
