import { isUtf8 } from 'node:buffer'

const NEWLINE = 0x0a
const TAB = 0x09

/**
 * Rows of a database in SQL_ASCII, where PostgreSQL kept whatever bytes it was given, as UTF-8. The rule: a value that
 * is valid UTF-8 is UTF-8; any other value was written by a Windows client and is Windows-1252, a superset of what is
 * printable in LATIN1. `onConverted` hears of every row in which a value was of the second kind.
 */
export async function* asUtf8(data: AsyncIterable<Buffer>, onConverted: () => void): AsyncGenerator<Buffer> {
  let kept: Buffer[] = []
  for await (const chunk of data) {
    const end = chunk.lastIndexOf(NEWLINE) + 1
    if (end === 0) {
      kept.push(chunk)
      continue
    }
    const rows = Buffer.concat([...kept, chunk.subarray(0, end)])
    kept = [chunk.subarray(end)]
    yield isUtf8(rows) ? rows : convert(rows, onConverted)
  }
  const last = Buffer.concat(kept)
  if (last.length > 0) yield isUtf8(last) ? last : convert(last, onConverted)
}

function convert(rows: Buffer, onConverted: () => void): Buffer {
  return Buffer.concat(
    split(rows, NEWLINE).map((row) => {
      if (isUtf8(row)) return row
      onConverted()
      return Buffer.concat(split(row, TAB).map((value) => (isUtf8(value) ? value : fromWindows(value))))
    }),
  )
}

const windows = new TextDecoder('windows-1252')

function fromWindows(value: Buffer): Buffer {
  return Buffer.from(windows.decode(value))
}

/** Pieces that each end with the separator, the last one perhaps without. */
function split(bytes: Buffer, separator: number): Buffer[] {
  const pieces: Buffer[] = []
  for (let from = 0; from < bytes.length; ) {
    const at = bytes.indexOf(separator, from)
    const end = at < 0 ? bytes.length : at + 1
    pieces.push(bytes.subarray(from, end))
    from = end
  }
  return pieces
}
