const SIGNATURE = Buffer.from('PGCOPY\n\xff\r\n\0', 'latin1')
/** Signature, flags, length of the extension. */
const HEAD = SIGNATURE.length + 8

/** Takes the fields of a row of (integer, bytea) as they stream by. */
export interface RowTaker {
  begin(id: number, bytes: number): Promise<void>
  piece(bytes: Buffer): Promise<void>
  end(): Promise<void>
}

/**
 * Reads `COPY (SELECT id, content …) TO STDOUT (FORMAT binary)` (PostgreSQL's manual, COPY, "Binary Format") piece by
 * piece: content of any size passes without being held. Rows of two fields, a four-byte integer and a bytea.
 */
export class BinaryRows {
  readonly #taker: RowTaker
  #held: Buffer = Buffer.alloc(0)
  #headRead = false
  #left = -1

  constructor(taker: RowTaker) {
    this.#taker = taker
  }

  async write(piece: Buffer): Promise<void> {
    let bytes = this.#held.length > 0 ? Buffer.concat([this.#held, piece]) : piece
    if (!this.#headRead) {
      if (bytes.length < HEAD) {
        this.#held = Buffer.from(bytes)
        return
      }
      if (!bytes.subarray(0, SIGNATURE.length).equals(SIGNATURE)) throw new Error('no binary COPY')
      bytes = bytes.subarray(HEAD + bytes.readUInt32BE(HEAD - 4))
      this.#headRead = true
    }
    while (bytes.length > 0) {
      if (this.#left < 0) {
        // Field count, length and value of the integer, length of the bytea; or the −1 that ends it all.
        if (bytes.length >= 2 && bytes.readInt16BE(0) === -1) bytes = bytes.subarray(2)
        else if (bytes.length < 14) break
        else {
          this.#left = Math.max(0, bytes.readInt32BE(10))
          await this.#taker.begin(bytes.readInt32BE(6), this.#left)
          bytes = bytes.subarray(14)
          if (this.#left === 0) await this.#end()
        }
      } else {
        const part = bytes.subarray(0, this.#left)
        this.#left -= part.length
        await this.#taker.piece(part)
        bytes = bytes.subarray(part.length)
        if (this.#left === 0) await this.#end()
      }
    }
    this.#held = Buffer.from(bytes)
  }

  async #end(): Promise<void> {
    this.#left = -1
    await this.#taker.end()
  }
}
