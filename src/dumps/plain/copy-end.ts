import { corrupt } from '../failures.ts'

const NEWLINE = 0x0a
const RETURN = 0x0d
const BACKSLASH = 0x5c
const LINE_BEFORE_END = Buffer.from('\n\\.')
const START = Buffer.from('\n')

export interface CopyPiece {
  /** Whole or partial rows; null when the piece held none. */
  rows: Buffer | null
  /** What follows the line "\." once it was found. */
  rest: Buffer | null
}

/**
 * Finds the line "\." that ends COPY data, in pieces that may cut it anywhere. Rows cannot hold such a line, as the
 * text format writes a backslash as two. Nothing is looked at byte by byte.
 */
export class CopyEnd {
  /** Bytes kept back because they may begin the end; at the start, the line break that the statement ended with. */
  #held: Buffer = START
  #atStart = true

  push(piece: Buffer): CopyPiece {
    const bytes = this.#held.length === 0 ? piece : Buffer.concat([this.#held, piece])
    const first = this.#atStart ? 1 : 0
    const found = bytes.indexOf(LINE_BEFORE_END)
    if (found !== -1) {
      const after = lineEnd(bytes, found + 3)
      if (after !== null) return { rows: part(bytes, first, found + 1), rest: bytes.subarray(after) }
    }
    const keep = found === -1 ? bytes.length - heldLength(bytes) : found
    this.#held = bytes.subarray(keep)
    const rows = part(bytes, first, keep)
    if (keep > 0) this.#atStart = false
    return { rows, rest: null }
  }
}

function part(bytes: Buffer, from: number, to: number): Buffer | null {
  return to > from ? bytes.subarray(from, to) : null
}

/** The place after the line break that ends "\."; null when it has not arrived. */
function lineEnd(bytes: Buffer, at: number): number | null {
  if (at >= bytes.length) return null
  if (bytes[at] === NEWLINE) return at + 1
  if (bytes[at] === RETURN) {
    if (at + 1 >= bytes.length) return null
    if (bytes[at + 1] === NEWLINE) return at + 2
  }
  throw corrupt('a line of COPY data begins like its end but goes on')
}

function heldLength(bytes: Buffer): number {
  const last = bytes[bytes.length - 1]
  if (last === NEWLINE) return 1
  return last === BACKSLASH && bytes[bytes.length - 2] === NEWLINE ? 2 : 0
}
