const BACKSLASH = 0x5c
const LETTER_X = 0x78
const LETTER_N = 0x4e

/** Places within an escaped byte: COPY doubles the backslash that the value itself escapes with. */
type Place = 'plain' | 'first backslash' | 'second backslash' | 'third backslash' | 'digit' | 'last digit'

/**
 * Counts the bytes of a bytea value in COPY text that arrives in pieces: hex ("\\x6869", since PostgreSQL 9.0), whose
 * length says it, or escape ("a\\000\\\\"), whose escapes have to be counted.
 */
export class ByteaSize {
  #length = 0
  #start: number[] = []
  #place: Place = 'plain'
  #escaped = 0

  reset(): void {
    this.#length = 0
    this.#start = []
    this.#place = 'plain'
    this.#escaped = 0
  }

  push(bytes: Buffer): void {
    let at = 0
    for (; this.#start.length < 3 && at < bytes.length; at++) {
      this.#start.push(bytes[at]!)
      this.#step(bytes[at]!)
    }
    this.#length += bytes.length
    if (!this.#isHex()) for (; at < bytes.length; at++) this.#step(bytes[at]!)
  }

  /** Bytes of the value; null for SQL null. */
  result(): number | null {
    const [first, second] = this.#start
    if (this.#length === 2 && first === BACKSLASH && second === LETTER_N) return null
    return this.#isHex() ? (this.#length - 3) / 2 : this.#escaped
  }

  #isHex(): boolean {
    return this.#start[0] === BACKSLASH && this.#start[1] === BACKSLASH && this.#start[2] === LETTER_X
  }

  #step(byte: number): void {
    switch (this.#place) {
      case 'plain':
        if (byte === BACKSLASH) this.#place = 'first backslash'
        else this.#escaped++
        return
      case 'first backslash':
        if (byte === BACKSLASH) this.#place = 'second backslash'
        else this.#end()
        return
      case 'second backslash':
        this.#place = byte === BACKSLASH ? 'third backslash' : 'digit'
        return
      case 'digit':
        this.#place = 'last digit'
        return
      case 'third backslash':
      case 'last digit':
        this.#end()
    }
  }

  #end(): void {
    this.#escaped++
    this.#place = 'plain'
  }
}
