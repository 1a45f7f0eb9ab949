import { corrupt, hostile } from '../failures.ts'

const BACKSLASH = 0x5c
const NEWLINE = 0x0a
/** What COPY writes behind a backslash in its text form (PostgreSQL's manual, COPY, "Text Format"). */
const ESCAPES = new Set([...'bfnrtvN\\'].map((letter) => letter.charCodeAt(0)))

/**
 * Passes the rows of a COPY on as they are, once it is sure that psql reads them as the server wrote them: without zero
 * bytes, at which psql loses the lines, and with no other backslashes than COPY's own.
 */
export async function* checkedRows(
  pieces: AsyncIterable<Buffer>,
  table: string,
): AsyncGenerator<Buffer, void> {
  let escaped = false
  let last = NEWLINE
  for await (const piece of pieces) {
    if (piece.length === 0) continue
    if (piece.includes(0)) throw corrupt(`the rows of table ${table} hold a zero byte`, { table })
    let at: number = escaped ? -1 : piece.indexOf(BACKSLASH)
    while (escaped || at !== -1) {
      const following: number | undefined = piece[at + 1]
      escaped = following === undefined
      if (following === undefined) break
      if (!ESCAPES.has(following))
        throw hostile(`the rows of table ${table} hold a backslash that COPY never writes`, { table })
      at = piece.indexOf(BACKSLASH, at + 2)
    }
    last = piece[piece.length - 1]!
    yield piece
  }
  if (escaped || last !== NEWLINE) throw corrupt(`the last row of table ${table} has no end`, { table })
}
