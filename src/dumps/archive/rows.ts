import { corrupt } from '../failures.ts'
import { CopyEnd } from '../plain/copy-end.ts'

/** Rows of an entry without the line "\." that pg_dump puts after them. */
export async function* rowsOnly(pieces: AsyncIterable<Buffer>, table: string): AsyncGenerator<Buffer, void> {
  const end = new CopyEnd()
  let ended = false
  for await (const piece of pieces) {
    if (ended) continue
    const { rows, rest } = end.push(piece)
    if (rows !== null) yield rows
    ended = rest !== null
  }
  if (!ended) throw corrupt(`the rows of table ${table} have no end`, { table })
}
