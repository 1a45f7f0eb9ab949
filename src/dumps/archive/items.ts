import type { Readable } from 'node:stream'
import type { DumpItem, TableName, TocEntry } from '../dump.ts'
import { corrupt, truncated } from '../failures.ts'
import { type CopyStatement, parseCopyStatement } from '../plain/copy-statement.ts'
import type { DataBlock, Payload } from './blocks.ts'
import { rowsOnly } from './rows.ts'

export interface ItemOptions {
  wantData?: (table: TableName) => boolean
  signal?: AbortSignal
}

/** Statements inside the data of an entry, as pg_dump --inserts writes them. */
export type SplitStatements = (data: Readable, entry: TocEntry) => AsyncGenerator<DumpItem>

/**
 * The items of an archive: its entries in the order of the table of contents, which is the order of a restore, with
 * the data blocks where their entries stand. A block that comes before its turn is given when it comes.
 */
export async function* archiveItems(
  entries: readonly TocEntry[],
  blocks: AsyncGenerator<DataBlock, void>,
  split: SplitStatements,
  options: ItemOptions,
): AsyncGenerator<DumpItem> {
  const byId = new Map(entries.map((entry) => [entry.dumpId, entry]))
  const done = new Set<number>()
  try {
    for (const entry of entries) {
      options.signal?.throwIfAborted()
      if (entry.definition !== '') yield { kind: 'statement', sql: entry.definition, entry, line: null }
      while (entry.hadDumper && !done.has(entry.dumpId)) {
        const step = await blocks.next()
        if (step.done)
          throw truncated(`the data of ${entry.description} ${entry.tag} is missing`, {
            dumpId: entry.dumpId,
          })
        yield* give(step.value)
      }
    }
    for await (const block of blocks) yield* give(block)
  } finally {
    await blocks.return()
  }

  async function* give(block: DataBlock): AsyncGenerator<DumpItem> {
    options.signal?.throwIfAborted()
    const entry = byId.get(block.dumpId)
    if (entry === undefined) throw corrupt('a data block belongs to no entry', { dumpId: block.dumpId })
    if (done.has(block.dumpId)) throw corrupt('an entry has its data twice', { dumpId: block.dumpId })
    if (block.kind === 'largeObject') {
      yield { kind: 'largeObject', oid: block.oid, data: block.payload.open() }
      return
    }
    done.add(block.dumpId)
    if (block.kind === 'rows') yield* rows(entry, block.payload)
  }

  async function* rows(entry: TocEntry, bytes: Payload): AsyncGenerator<DumpItem> {
    const copy = copyOf(entry)
    if (options.wantData?.(copy?.table ?? { schema: entry.namespace, name: entry.tag }) === false) return
    if (copy === null) yield* split(bytes.open(), entry)
    else {
      const data = bytes.open((pieces) => rowsOnly(pieces, entry.tag))
      yield { kind: 'copy', ...copy, copyStatement: entry.copyStatement, entry, data }
    }
  }
}

/**
 * What the COPY statement of an entry says; null when its data is no COPY text. It has to name the table that the
 * entry names, but for a partition whose rows are loaded through its root.
 */
function copyOf(entry: TocEntry): Pick<CopyStatement, 'table' | 'columns'> | null {
  if (entry.copyStatement.trim() === '') return null
  const copy = parseCopyStatement(entry.copyStatement, entry.namespace)
  if (copy === null || copy.rest !== '')
    throw corrupt(`the COPY statement of table ${entry.tag} cannot be read`, {
      statement: entry.copyStatement,
    })
  const { schema, name } = copy.table
  const throughRoot = entry.definition.startsWith('-- load via partition root ')
  if (!throughRoot && (schema !== entry.namespace || name !== entry.tag))
    throw corrupt(`the rows of table ${entry.tag} are those of another one`, {
      statement: entry.copyStatement,
    })
  return { table: copy.table, columns: copy.columns }
}
