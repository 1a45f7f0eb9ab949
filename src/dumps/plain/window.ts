import type { ByteSource } from '../bytes/file.ts'

const NOTHING = Buffer.alloc(0)

/** The bytes of a source that are not yet consumed, contiguous, so that a statement can be cut out of them. */
export class Window {
  /** Valid between `start` and `end`. */
  bytes: Buffer = NOTHING
  start = 0
  end = 0
  readonly #source: ByteSource
  /** Whether `bytes` was made here and has room that nobody else sees. */
  #owned = false

  constructor(source: ByteSource) {
    this.#source = source
  }

  get length(): number {
    return this.end - this.start
  }

  /** Appends the next piece; false at the end of the source. Grows by doubling: a long statement costs no square. */
  async more(): Promise<boolean> {
    const piece = await this.#source.next()
    if (piece === null) return false
    this.#append(piece)
    return true
  }

  #append(piece: Buffer): void {
    const have = this.length
    if (have === 0) {
      this.bytes = piece
      this.start = 0
      this.end = piece.length
      this.#owned = false
      return
    }
    if (!this.#owned || this.bytes.length - this.end < piece.length) {
      const grown = Buffer.allocUnsafeSlow(Math.max(have * 2, have + piece.length))
      this.bytes.copy(grown, 0, this.start, this.end)
      this.bytes = grown
      this.start = 0
      this.end = have
      this.#owned = true
    }
    piece.copy(this.bytes, this.end)
    this.end += piece.length
  }

  /** Hands out everything that is held, or else the next piece; null at the end of the source. */
  async take(): Promise<Buffer | null> {
    if (this.length === 0) return this.#source.next()
    const held = this.bytes.subarray(this.start, this.end)
    this.bytes = NOTHING
    this.start = 0
    this.end = 0
    this.#owned = false
    return held
  }

  /** Gives back what `take` handed out and was not used; only right after `take`. */
  putBack(piece: Buffer): void {
    this.bytes = piece
    this.start = 0
    this.end = piece.length
    this.#owned = false
  }

  async close(): Promise<void> {
    await this.#source.close()
  }
}
