import type { Decode } from '../dumps/text.ts'
import { ByteaSize } from './bytea-size.ts'
import { unescapeCopyField } from './copy-text.ts'
import { type FieldValue, MAX_TEXT_BYTES, type RowSink } from './fields.ts'

const TAB = 0x09
const NEWLINE = 0x0a

type Want =
  | { kind: 'skip' }
  | { kind: 'text'; name: string }
  | { kind: 'size'; name: string; size: ByteaSize }

/**
 * Gives chosen columns of COPY text to a sink, row by row. Text arrives in pieces that may cut a row anywhere; the
 * columns that nobody wants, and the content of those that are measured, are passed over without a copy.
 */
export class CopyRowReader {
  readonly #sink: RowSink
  readonly #decode: Decode
  readonly #wants: Want[]
  /** Behind this column nothing is wanted. */
  readonly #last: number
  #column = 0
  #held: Buffer[] = []
  #heldBytes = 0
  #texts = new Map<string, FieldValue>()
  #sizes = new Map<string, number | null>()

  constructor(columns: readonly string[], sink: RowSink, decode: Decode) {
    this.#sink = sink
    this.#decode = decode
    this.#wants = columns.map((name) => {
      if (sink.texts.includes(name)) return { kind: 'text', name }
      if (sink.sizes.includes(name)) return { kind: 'size', name, size: new ByteaSize() }
      return { kind: 'skip' }
    })
    this.#last = this.#wants.findLastIndex((want) => want.kind !== 'skip')
  }

  push(piece: Buffer): void {
    let at = 0
    let tab = -1
    let newline = -1
    while (at < piece.length) {
      if (newline < at) newline = indexOrEnd(piece, NEWLINE, at)
      if (this.#column > this.#last) tab = piece.length
      else if (tab < at) tab = indexOrEnd(piece, TAB, at)
      const end = Math.min(tab, newline)
      this.#take(piece.subarray(at, end))
      if (end === piece.length) return
      this.#endField()
      if (end === newline) this.#endRow()
      else this.#column++
      at = end + 1
      if (this.#column === 0) tab = -1
    }
  }

  #take(part: Buffer): void {
    const want = this.#wants[this.#column]
    if (part.length === 0 || want === undefined || want.kind === 'skip') return
    if (want.kind === 'size') {
      want.size.push(part)
      return
    }
    if (this.#heldBytes >= MAX_TEXT_BYTES) return
    this.#heldBytes += part.length
    this.#held.push(Buffer.from(part.subarray(0, MAX_TEXT_BYTES)))
  }

  #endField(): void {
    const want = this.#wants[this.#column]
    if (want === undefined || want.kind === 'skip') return
    if (want.kind === 'size') {
      this.#sizes.set(want.name, want.size.result())
      want.size.reset()
      return
    }
    const bytes = unescapeCopyField(this.#held.length === 1 ? this.#held[0]! : Buffer.concat(this.#held))
    this.#texts.set(want.name, bytes === null ? null : this.#decode(bytes))
    this.#held = []
    this.#heldBytes = 0
  }

  #endRow(): void {
    this.#column = 0
    this.#sink.row(
      (name) => this.#texts.get(name) ?? null,
      (name) => this.#sizes.get(name) ?? null,
    )
    this.#texts.clear()
    this.#sizes.clear()
  }
}

function indexOrEnd(bytes: Buffer, byte: number, from: number): number {
  const found = bytes.indexOf(byte, from)
  return found === -1 ? bytes.length : found
}
