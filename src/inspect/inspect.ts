import { countNewlines } from '../dumps/bytes/newlines.ts'
import type { Dump, DumpHead, DumpItem } from '../dumps/dump.ts'
import { type OpenOptions, openDump } from '../dumps/open.ts'
import { decoder } from '../dumps/text.ts'
import { builtInModules } from './built-in-modules.ts'
import { CopyRowReader } from './copy-rows.ts'
import { giveInsertRows, parseInsert, readInsertRows } from './insert-rows.ts'
import type { Inspection, TableFacts } from './inspection.ts'
import { type IsOdooModule, OdooTables } from './odoo-tables.ts'
import { PostgresqlGuess } from './postgresql-guess.ts'
import { createdColumns } from './sql-names.ts'

export interface InspectOptions extends OpenOptions {
  /** Tells Odoo's own modules from others; by the built-in catalogues when it is not given. */
  isOdooModule?: IsOdooModule
  signal?: AbortSignal
  /** Called with the bytes of rows read so far, about once for each table. */
  onProgress?: (bytes: number) => void
}

/**
 * Reads a dump once, from end to end, and tells what it is and holds. Nothing is restored; memory does not grow with
 * the file. A dump that can be inspected is whole: it was read up to its end.
 * @throws UpliftError DUMP:*
 */
export async function inspect(path: string, options: InspectOptions = {}): Promise<Inspection> {
  const dump = await openDump(path, options)
  try {
    return await inspectDump(dump, options)
  } finally {
    await dump.close()
  }
}

async function inspectDump(dump: Dump, options: InspectOptions): Promise<Inspection> {
  const inspector = new Inspector(dump, options)
  for await (const item of dump.items(options.signal === undefined ? {} : { signal: options.signal }))
    await inspector.take(item)
  const filestore = { files: 0, bytes: 0 }
  for await (const file of dump.filestore()) {
    filestore.files++
    filestore.bytes += file.bytes
  }
  return inspector.result(filestore)
}

class Inspector {
  readonly #dump: Dump
  readonly #options: InspectOptions
  readonly #tables = new Map<string, TableFacts>()
  /** By schema: a dump may hold other schemas with tables of the same names. */
  readonly #odoo = new Map<string, OdooTables>()
  readonly #columns = new Map<string, string[]>()
  readonly #guess = new PostgresqlGuess()
  readonly #decode: ReturnType<typeof decoder>
  #largeObjects = 0
  #largeObjectBytes = 0
  #bytes = 0

  constructor(dump: Dump, options: InspectOptions) {
    this.#dump = dump
    this.#options = options
    this.#decode = decoder(dump.head.encoding)
  }

  async take(item: DumpItem): Promise<void> {
    switch (item.kind) {
      case 'copy':
        await this.#copy(item)
        this.#options.onProgress?.(this.#bytes)
        return
      case 'statement':
        this.#statement(item)
        return
      case 'largeObject':
        this.#largeObjects++
        for await (const piece of item.data) this.#largeObjectBytes += (piece as Buffer).length
        return
      case 'meta':
        return
    }
  }

  async #copy(item: DumpItem & { kind: 'copy' }): Promise<void> {
    const { schema, name } = item.table
    const facts = this.#table(schema, name)
    const columns = item.columns ?? this.#columns.get(`${schema}.${name}`) ?? null
    const sink = columns === null ? undefined : this.#tablesOf(schema).sinks[name]
    const reader = sink === undefined ? null : new CopyRowReader(columns!, sink, this.#decode)
    for await (const data of item.data) {
      const piece = data as Buffer
      facts.bytes += piece.length
      facts.rows += countNewlines(piece)
      this.#bytes += piece.length
      reader?.push(piece)
    }
  }

  #statement(item: DumpItem & { kind: 'statement' }): void {
    const { sql } = item
    this.#guess.look(sql)
    const created = createdColumns(sql)
    if (created !== null) {
      const schema = created.schema ?? item.entry?.namespace ?? 'public'
      this.#columns.set(`${schema}.${created.name}`, created.columns)
      this.#table(schema, created.name)
      return
    }
    const insert = parseInsert(sql)
    if (insert === null) return
    const schema = insert.schema ?? item.entry?.namespace ?? 'public'
    const columns = insert.columns ?? this.#columns.get(`${schema}.${insert.table}`)
    const sink = columns === undefined ? undefined : this.#tablesOf(schema).sinks[insert.table]
    const facts = this.#table(schema, insert.table)
    facts.rows +=
      sink === undefined ? readInsertRows(sql, insert, null) : giveInsertRows(sql, insert, columns!, sink)
    facts.bytes += Buffer.byteLength(sql)
    this.#bytes += sql.length
  }

  #table(schema: string, name: string): TableFacts {
    const key = `${schema}.${name}`
    const known = this.#tables.get(key)
    if (known !== undefined) return known
    const facts: TableFacts = { schema, name, rows: 0, bytes: 0 }
    this.#tables.set(key, facts)
    return facts
  }

  #tablesOf(schema: string): OdooTables {
    const known = this.#odoo.get(schema)
    if (known !== undefined) return known
    const tables = new OdooTables()
    this.#odoo.set(schema, tables)
    return tables
  }

  /** The schema that Odoo's tables are in: public, or else the one that has them. */
  #odooSchema(): string | null {
    const has = (schema: string) => this.#tables.has(`${schema}.ir_module_module`)
    if (has('public')) return 'public'
    return [...this.#odoo.keys()].find(has) ?? null
  }

  async result(filestore: { files: number; bytes: number }): Promise<Inspection> {
    const { head } = this.#dump
    const schema = this.#odooSchema()
    const tables = [...this.#tables.values()].sort(byName)
    const isOdooModule = this.#options.isOdooModule ?? builtInModules()
    return {
      path: this.#dump.path,
      fileBytes: this.#dump.fileBytes,
      layers: head.layers,
      format: head.format,
      archiveVersion: head.archiveVersion,
      compression: head.compression,
      encoding: head.encoding,
      databaseName: head.databaseName,
      createdAt: head.createdAt,
      postgresql: {
        server: head.serverVersion,
        pgDump: head.pgDumpVersion,
        guess: head.serverVersion === null ? this.#guess.version : null,
      },
      odoo: schema === null ? null : await this.#tablesOf(schema).facts(filestore, isOdooModule),
      totals: {
        tables: tables.length,
        rows: tables.reduce((sum, table) => sum + table.rows, 0),
        bytes: tables.reduce((sum, table) => sum + table.bytes, 0),
        largeObjects: this.#largeObjects,
        largeObjectBytes: this.#largeObjectBytes,
      },
      tables,
    }
  }
}

function byName(a: TableFacts, b: TableFacts): number {
  if (a.schema !== b.schema) return a.schema < b.schema ? -1 : 1
  return a.name < b.name ? -1 : 1
}

/** What the head of a dump says, at once and without its rows. */
export async function inspectHead(path: string, options: OpenOptions = {}): Promise<DumpHead> {
  const dump = await openDump(path, options)
  await dump.close()
  return dump.head
}
