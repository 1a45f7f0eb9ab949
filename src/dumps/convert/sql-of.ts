import type { Dump, DumpItem } from '../dump.ts'
import { type OpenOptions, openDump } from '../open.ts'
import { archiveSql } from './archive-sql.ts'

/** Raised with every change of the text that archives give: who has the first part of one text must not get the rest of another. */
export const SQL_FORM = 1

export interface SqlOptions extends Omit<OpenOptions, 'text'> {
  signal?: AbortSignal
}

/**
 * Any dump as SQL text for psql: plain SQL as it is, out of its wrappings; an archive as `pg_restore --no-owner --no-acl`
 * writes it, in the encoding of its data, and nothing in it that psql could take for a command of its own. The same file
 * gives the same bytes every time. Memory stays flat; whoever leaves the loop ends the work.
 * @throws UpliftError DUMP:*, also in the middle of the stream where damage lies there
 */
export async function* sqlOf(path: string, options: SqlOptions = {}): AsyncGenerator<Buffer, void> {
  const { signal, ...opening } = options
  const dump = await openDump(path, { ...opening, text: 'bytes' })
  try {
    for await (const piece of textOf(dump, signal)) {
      signal?.throwIfAborted()
      yield piece
    }
  } finally {
    await dump.close()
  }
}

function textOf(dump: Dump, signal: AbortSignal | undefined): AsyncIterable<Buffer> {
  if (dump.openText !== null) return dump.openText()
  const items: AsyncGenerator<DumpItem> = dump.items(signal ? { signal } : {})
  return archiveSql(dump.head, dump.toc ?? [], items)
}
