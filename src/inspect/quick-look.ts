import { open } from 'node:fs/promises'
import { HEAD_BYTES } from '../dumps/detect.ts'
import type { Dump, DumpHead, TocEntry } from '../dumps/dump.ts'
import { type OpenOptions, openDump } from '../dumps/open.ts'
import { parseCopyStatement } from '../dumps/plain/copy-statement.ts'
import { decoder } from '../dumps/text.ts'
import { CopyRowReader } from './copy-rows.ts'
import type { RowSink } from './fields.ts'
import { seriesOf } from './odoo-tables.ts'
import { PostgresqlGuess } from './postgresql-guess.ts'

/** What can be said of a dump at once. */
export interface QuickLook {
  head: DumpHead
  /** Major version of PostgreSQL, "9.4" or "15"; null when nothing tells. */
  postgresql: string | null
  /** "7.0"; null when it takes a pass over the dump to know. */
  databaseVersion: string | null
  databaseUuid: string | null
}

/** Time for what the head does not say. */
const LOOK_MS = 4_000
/** Bytes of one table that are read; Odoo's registry of modules has a few hundred thousand. */
const TABLE_BYTES = 32 * 1024 * 1024

/**
 * The head of a dump and, where its tables can be read one by one, the version and id that Odoo wrote into it. Takes no
 * longer than a few seconds beyond what the head takes.
 * @throws UpliftError DUMP:* when the head cannot be read; damage further on is not looked for
 */
export async function quickLook(
  path: string,
  { signal, ms = LOOK_MS, ...options }: OpenOptions & { signal?: AbortSignal; ms?: number } = {},
): Promise<QuickLook> {
  const dump = await openDump(path, options)
  const { head } = dump
  const look: QuickLook = {
    head,
    postgresql: majorOf(head.serverVersion) ?? majorOf(textOf(head.manifest?.pg_version)),
    databaseVersion: seriesOf(textOf(head.manifest?.major_version)),
    databaseUuid: null,
  }
  const time = AbortSignal.timeout(ms)
  const stop = signal ? AbortSignal.any([signal, time]) : time
  try {
    await before(stop, readFurther(dump, look, stop))
  } catch {
    // Whoever reads the whole dump tells what is wrong with it.
  } finally {
    await dump.close()
  }
  signal?.throwIfAborted()
  return look
}

/** The work, or the failure that its time is over; the work ends by itself when what it reads is closed. */
export function before(stop: AbortSignal, work: Promise<void>): Promise<void> {
  const { promise, reject } = Promise.withResolvers<void>()
  stop.addEventListener('abort', () => reject(stop.reason), { once: true })
  return Promise.race([work, promise])
}

async function readFurther(dump: Dump, look: QuickLook, stop: AbortSignal): Promise<void> {
  if (dump.toc === null || dump.openTableData === null) {
    look.postgresql ??= await guessPostgresql(dump)
    return
  }
  const modules = tableData(dump.toc, 'ir_module_module')
  if (modules === null) return
  await readRows(dump, modules, stop, {
    texts: ['name', 'latest_version'],
    sizes: [],
    row: (text) => {
      if (text('name') === 'base') look.databaseVersion = seriesOf(text('latest_version'))
      return look.databaseVersion !== null
    },
  })
  const parameters = tableData(dump.toc, 'ir_config_parameter', modules.namespace)
  if (parameters === null) return
  await readRows(dump, parameters, stop, {
    texts: ['key', 'value'],
    sizes: [],
    row: (text) => {
      if (text('key') === 'database.uuid') look.databaseUuid = text('value')
      return look.databaseUuid !== null
    },
  })
}

/** The entry with a table's rows: in schema public, or else in the first that has the table. */
export function tableData(toc: readonly TocEntry[], table: string, schema?: string): TocEntry | null {
  const entries = toc.filter(
    ({ description, tag, namespace }) =>
      description === 'TABLE DATA' && tag === table && (schema === undefined || namespace === schema),
  )
  return entries.find(({ namespace }) => namespace === 'public') ?? entries[0] ?? null
}

/** A sink that says when it has seen enough. */
type Seeker = Omit<RowSink, 'row'> & { row: (...row: Parameters<RowSink['row']>) => boolean }

async function readRows(dump: Dump, entry: TocEntry, stop: AbortSignal, seeker: Seeker): Promise<void> {
  const columns = parseCopyStatement(entry.copyStatement, entry.namespace)?.columns
  if (!columns || dump.openTableData === null) return
  let found = false
  const sink: RowSink = {
    ...seeker,
    row: (...row) => {
      if (!found) found = seeker.row(...row)
    },
  }
  const reader = new CopyRowReader(columns, sink, decoder(dump.head.encoding))
  const data = await dump.openTableData(entry)
  let bytes = 0
  // Leaving the loop destroys the stream.
  for await (const piece of data) {
    stop.throwIfAborted()
    reader.push(piece as Buffer)
    bytes += (piece as Buffer).length
    if (found || bytes > TABLE_BYTES) return
  }
}

/**
 * A plain dump that names no version says something by the settings at its head. Wrapped ones are left to whoever reads
 * the dump: text of strangers is not unpacked and split here.
 */
async function guessPostgresql(dump: Dump): Promise<string | null> {
  if (dump.head.layers.join() !== 'sql') return null
  const file = await open(dump.path)
  try {
    const { buffer, bytesRead } = await file.read(Buffer.alloc(HEAD_BYTES), 0, HEAD_BYTES, 0)
    const guess = new PostgresqlGuess()
    for (const line of buffer.toString('latin1', 0, bytesRead).split('\n'))
      if (line.startsWith('SET ')) guess.look(line)
    return guess.version
  } finally {
    await file.close()
  }
}

/** A value of Odoo's manifest.json. */
function textOf(value: unknown): string | null {
  return typeof value === 'string' ? value : null
}

/** "9.6.24" → "9.6", "15.18 (Debian 15.18-1)" → "15": until 9.6 the first two numbers name a major version. */
export function majorOf(version: string | null): string | null {
  const [, first, second] = /^(\d+)(?:\.(\d+))?/.exec(version ?? '') ?? []
  if (first === undefined) return null
  return Number(first) >= 10 || second === undefined ? first : `${first}.${second}`
}
