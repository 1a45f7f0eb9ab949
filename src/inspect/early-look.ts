import { stat } from 'node:fs/promises'
import { loadTableIndex } from '../catalogue/table-index.ts'
import type { Dump } from '../dumps/dump.ts'
import { openDump } from '../dumps/open.ts'
import { parseCopyStatement } from '../dumps/plain/copy-statement.ts'
import { decoder } from '../dumps/text.ts'
import { UpliftError } from '../errors.ts'
import { modulesByTables, seriesByTables } from './attribute.ts'
import { CopyRowReader } from './copy-rows.ts'
import type { RowSink } from './fields.ts'
import { seriesOf } from './odoo-tables.ts'
import { PostgresqlGuess } from './postgresql-guess.ts'
import { before, majorOf, tableData } from './quick-look.ts'
import { createdColumns } from './sql-names.ts'

/** What the beginning of a dump says while the rest is still on its way. */
export interface EarlyLook {
  /** Layers from the outside in. */
  layers: string[]
  postgresql: string | null
  /** "7.0"; null while nothing tells. */
  version: string | null
  /** "read" from what Odoo wrote into the database; "guessed" by the tables there are. */
  versionIs: 'read' | 'guessed' | null
  /** Installed modules: all of them when they were read, about them when they were guessed by tables. */
  modules: string[]
  modulesAre: 'read' | 'guessed' | null
}

/** Nothing can be said yet: the beginning of the beginning is not there. */
export const NOT_YET = 'not yet'

const LOOK_MS = 3_000
/** With so many bytes a dump is known for one. */
const SURE_BYTES = 128 * 1024
/** Rows of modules beyond this are none of Odoo's. */
const MODULES_BYTES = 16 * 1024 * 1024
const NOT_INSTALLED = new Set(['uninstalled', 'uninstallable'])

interface Seen {
  tables: Set<string>
  guess: PostgresqlGuess
  version: string | null
  modules: string[]
  /** Whether all rows of the modules were read. */
  whole: boolean
}

/**
 * Looks at a file that still grows. Takes no longer than some seconds; what cannot be read yet is left unsaid.
 * @param wholeBytes what the file will have
 * @throws UpliftError DUMP:* when more bytes would not make it a dump
 */
export async function earlyLook(
  path: string,
  { wholeBytes, signal, ms = LOOK_MS }: { wholeBytes: number; signal?: AbortSignal; ms?: number },
): Promise<EarlyLook | typeof NOT_YET> {
  const time = AbortSignal.timeout(ms)
  const stop = signal ? AbortSignal.any([signal, time]) : time
  const dump = await openStart(path, wholeBytes)
  if (dump === NOT_YET) return NOT_YET
  const seen: Seen = {
    tables: new Set(),
    guess: new PostgresqlGuess(),
    version: null,
    modules: [],
    whole: false,
  }
  try {
    await before(stop, readSeen(dump, seen, stop))
  } catch {
    // It ends in the middle of something: what was seen before counts.
  } finally {
    await dump.close()
  }
  signal?.throwIfAborted()
  return said(dump, seen)
}

async function openStart(path: string, wholeBytes: number): Promise<Dump | typeof NOT_YET> {
  try {
    return await openDump(path, { wholeBytes })
  } catch (thrown) {
    if (!(thrown instanceof UpliftError)) throw thrown
    if (thrown.code === 'DUMP:TRUNCATED' || thrown.code === 'DUMP:EMPTY') return NOT_YET
    // Of a few bytes nobody knows yet what they are.
    const { size } = await stat(path)
    if (thrown.code === 'DUMP:FOREIGN' && size < Math.min(wholeBytes, SURE_BYTES)) return NOT_YET
    throw thrown
  }
}

async function readSeen(dump: Dump, seen: Seen, stop: AbortSignal): Promise<void> {
  for (const { description, tag } of dump.toc ?? []) if (description === 'TABLE') seen.tables.add(tag)
  if (dump.tocCut) return
  if (dump.toc !== null && dump.openTableData !== null) {
    const entry = tableData(dump.toc, 'ir_module_module')
    const columns = entry && parseCopyStatement(entry.copyStatement, entry.namespace)?.columns
    if (!columns) return
    await readModules(dump, await dump.openTableData(entry), columns, seen, stop)
    return
  }
  const wanted = ({ name }: { name: string }) => name === 'ir_module_module'
  for await (const item of dump.items({ wantData: wanted, signal: stop })) {
    stop.throwIfAborted()
    if (item.kind === 'statement') {
      seen.guess.look(item.sql)
      const created = createdColumns(item.sql)
      if (created !== null) seen.tables.add(created.name)
    } else if (item.kind === 'copy' && item.columns !== null) {
      await readModules(dump, item.data, item.columns, seen, stop)
      return
    } else if (item.kind === 'copy' || item.kind === 'largeObject') item.data.destroy()
  }
}

async function readModules(
  dump: Dump,
  data: AsyncIterable<unknown>,
  columns: readonly string[],
  seen: Seen,
  stop: AbortSignal,
): Promise<void> {
  const sink: RowSink = {
    texts: ['name', 'state', 'latest_version'],
    sizes: [],
    row: (text) => {
      const name = text('name')
      if (name === null || NOT_INSTALLED.has(text('state') ?? 'uninstalled')) return
      seen.modules.push(name)
      if (name === 'base') seen.version = seriesOf(text('latest_version'))
    },
  }
  const reader = new CopyRowReader(columns, sink, decoder(dump.head.encoding))
  let bytes = 0
  for await (const piece of data) {
    stop.throwIfAborted()
    reader.push(piece as Buffer)
    bytes += (piece as Buffer).length
    if (bytes > MODULES_BYTES) return
  }
  seen.whole = true
}

async function said({ head }: Dump, seen: Seen): Promise<EarlyLook> {
  const index = await loadTableIndex()
  const read = seen.version ?? seriesOf(textOf(head.manifest?.major_version))
  const guessed = read === null ? seriesByTables(index, seen.tables) : null
  const version = read ?? guessed
  const all = seen.whole ? seen.modules.toSorted() : modulesOfManifest(head.manifest)
  return {
    layers: head.layers,
    postgresql:
      majorOf(head.serverVersion) ?? majorOf(textOf(head.manifest?.pg_version)) ?? seen.guess.version,
    version,
    versionIs: read !== null ? 'read' : guessed !== null ? 'guessed' : null,
    modules: all ?? (version === null ? [] : modulesByTables(index, version, seen.tables)),
    modulesAre: all !== null ? 'read' : version !== null && seen.tables.size > 0 ? 'guessed' : null,
  }
}

/** Odoo's own backup names its modules where the manifest comes first. */
function modulesOfManifest(manifest: Readonly<Record<string, unknown>> | null): string[] | null {
  const modules = manifest?.modules
  return typeof modules === 'object' && modules !== null ? Object.keys(modules).sort() : null
}

function textOf(value: unknown): string | null {
  return typeof value === 'string' ? value : null
}
