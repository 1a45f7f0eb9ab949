import type { Readable } from 'node:stream'
import type { DumpItem, TocEntry } from '../dump.ts'
import { unsupported } from '../failures.ts'

/** The statements that pg_dump --inserts keeps as the data of an entry. */
export function splitEntry(_toc: { encoding: string | null; standardConformingStrings: boolean }) {
  // biome-ignore lint/correctness/useYield: replaced with the lexer
  return async function* (_data: Readable, entry: TocEntry): AsyncGenerator<DumpItem> {
    throw unsupported(`The data of ${entry.tag} is not in COPY form.`)
  }
}
