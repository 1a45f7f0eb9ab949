import { Readable } from 'node:stream'
import { setImmediate } from 'node:timers/promises'
import type { Dump, DumpItem, TableName, TocEntry } from '../dumps/dump.ts'
import { parseCopyStatement } from '../dumps/plain/copy-statement.ts'
import { UpliftError } from '../errors.ts'
import { qualified } from '../postgres/sql.ts'
import type { Connections } from './connections.ts'
import { Definitions } from './definitions.ts'
import { asUtf8 } from './encoding.ts'
import { InsertedRows } from './inserted.ts'
import { type EntryFacts, type Judge, shortened } from './judge/judge.ts'
import { TooDeep } from './judge/parse.ts'
import { Refusal, type Verdict } from './judge/verdict.ts'
import { loadLargeObject, WrittenLargeObjects } from './large-objects.ts'
import type { LoadOptions } from './load.ts'
import { hasOids, withoutOids } from './oids.ts'
import type { Deferred, LoadedTable, LoadReport, Skipped } from './report.ts'
import { RowLoader } from './rows.ts'

type CopyItem = Extract<DumpItem, { kind: 'copy' }>
type SequenceValue = Extract<Verdict, { act: 'sequenceValue' }>

/** How long statements are judged at a stretch while rows are loaded at the same time, in milliseconds. */
const STRETCH = 8

/** The only commands to psql that pg_dump writes: its guard against injection, and the database it is restored into. */
const GENUINE_META = /^\\(?:(?:restrict|unrestrict|connect)(?:\s|$)|set ON_ERROR_STOP on$)/

/** The way through one dump: each item is judged and brought to where it belongs. */
export class Walk {
  readonly #dump: Dump
  readonly #connections: Connections
  readonly #judge: Judge
  readonly #options: LoadOptions
  readonly #definitions: Definitions
  readonly #rows: RowLoader
  readonly #inserted: InsertedRows
  readonly #largeObjects: WrittenLargeObjects
  /** Ends all that is under way when one part fails. */
  readonly #failed = new AbortController()
  readonly #signal: AbortSignal
  readonly #tables = new Map<string, LoadedTable>()
  readonly #sequences = new Map<string, LoadReport['sequences'][number]>()
  readonly #values: SequenceValue[] = []
  readonly #skipped: Skipped[] = []
  /** By what they are and where, so that a view written twice counts as its last form says. */
  readonly #deferred = new Map<string, Deferred>()
  #views: TableName[] = []
  #bytes = 0
  #streamedLargeObjects = 0
  #tablesDone = 0
  readonly #tablesInAll: number | null

  constructor(dump: Dump, connections: Connections, judge: Judge, options: LoadOptions) {
    this.#dump = dump
    this.#connections = connections
    this.#judge = judge
    this.#tablesInAll = dump.toc?.filter(hasRows).length ?? null
    this.#options = options
    this.#signal = options.signal
      ? AbortSignal.any([options.signal, this.#failed.signal])
      : this.#failed.signal
    this.#definitions = new Definitions(connections, this.#skipped)
    this.#rows = new RowLoader(connections, this.#signal, (bytes) => {
      this.#bytes += bytes
      this.#progress()
    })
    this.#inserted = new InsertedRows((table, columns, rows) =>
      this.#loadRows(table, columns, Readable.from([rows]), 'UTF8'),
    )
    this.#largeObjects = new WrittenLargeObjects(connections)
  }

  async run(): Promise<Omit<LoadReport, 'seconds'>> {
    const { toc, openTableData } = this.#dump
    if (toc && openTableData && rowsByCopy(toc)) await this.#byTable(toc, openTableData)
    else await this.#onePass()
    await this.#definitions.flush()
    await this.#dropViewsMadeAsTables()
    await this.#setSequences()
    const done = this.#definitions.done
    return {
      tables: [...this.#tables.values()],
      sequences: [...this.#sequences.values()],
      skipped: this.#skipped,
      deferred: [...this.#deferred.values()],
      extensions: done.filter(({ kind }) => kind === 'extension').map(({ object }) => object.name),
      functions: done.filter(({ kind }) => kind === 'function').map(({ object }) => object),
      largeObjects: this.#streamedLargeObjects + this.#largeObjects.count,
      bytes: this.#bytes,
    }
  }

  /**
   * Definitions first, then the rows of several tables at a time, the largest first. What comes after the rows in an
   * archive is only put aside: it is judged while the server is busy with the rows.
   */
  async #byTable(toc: readonly TocEntry[], open: NonNullable<Dump['openTableData']>): Promise<void> {
    const later = (entry: TocEntry) => entry.section === 'post-data' || LATER.has(entry.description)
    for (const entry of toc)
      if (entry.definition && !later(entry)) await this.#statement(entry.definition, entry)
    await this.#definitions.flush()
    const waiting = bySize(toc.filter(hasRows))
    const reader = async () => {
      for (let entry = waiting.shift(); entry; entry = waiting.shift()) {
        this.#signal.throwIfAborted()
        await this.#openAndLoad(entry, open)
      }
    }
    await this.#together([
      ...Array.from({ length: this.#connections.size }, reader),
      this.#judgeLater(toc.filter(later)),
    ])
    if (toc.some((entry) => entry.hadDumper && /^BLOBS?$/.test(entry.description)))
      await this.#largeObjectsOnly()
  }

  async #openAndLoad(entry: TocEntry, open: NonNullable<Dump['openTableData']>): Promise<void> {
    const copy = parseCopyStatement(entry.copyStatement, entry.namespace)
    if (!copy) throw refused(`the rows of ${entry.tag} come by another statement than COPY … FROM stdin`)
    if (!this.#wanted(copy.table)) return
    const { table, columns } = copy
    const { copyStatement } = entry
    this.#check(table, copyStatement, copy.rest)
    await this.#copy({ kind: 'copy', table, columns, copyStatement, entry, data: await open(entry) })
  }

  async #judgeLater(entries: readonly TocEntry[]): Promise<void> {
    let started = performance.now()
    for (const entry of entries) {
      if (entry.definition) await this.#statement(entry.definition, entry)
      if (performance.now() - started < STRETCH) continue
      await setImmediate()
      this.#signal.throwIfAborted()
      started = performance.now()
    }
  }

  async #onePass(): Promise<void> {
    const items = this.#dump.items({
      wantData: (table) => this.#wanted(table),
      signal: this.#signal,
    })
    for await (const item of items) {
      this.#signal.throwIfAborted()
      switch (item.kind) {
        case 'statement':
          await this.#statement(item.sql, item.entry)
          break
        case 'meta':
          if (!GENUINE_META.test(item.command))
            throw refused(`line ${item.line} is a command to psql: ${shortened(item.command)}`)
          break
        case 'copy':
          await this.#definitions.flush()
          await this.#inserted.flush()
          this.#check(
            item.table,
            item.copyStatement,
            parseCopyStatement(item.copyStatement, item.table.schema)?.rest,
          )
          await this.#copy(item)
          break
        case 'largeObject':
          await loadLargeObject(this.#connections, item.oid, item.data)
          this.#streamedLargeObjects++
      }
    }
    await this.#inserted.flush()
  }

  async #largeObjectsOnly(): Promise<void> {
    for await (const item of this.#dump.items({ wantData: () => false, signal: this.#signal })) {
      if (item.kind !== 'largeObject') continue
      await loadLargeObject(this.#connections, item.oid, item.data)
      this.#streamedLargeObjects++
    }
  }

  #wanted(table: TableName): boolean {
    return this.#options.wantTable?.(table) ?? true
  }

  async #statement(sql: string, entry: EntryFacts | null): Promise<void> {
    for (const verdict of this.#judged(sql, entry)) {
      switch (verdict.act) {
        case 'run':
          if (verdict.kind === 'table')
            this.#tables.set(key(verdict.object), { ...verdict.object, rows: 0, bytes: 0 })
          if (verdict.kind === 'sequence') this.#noteSequence(verdict.object)
          if (verdict.sequence) this.#noteSequence(verdict.sequence)
          await this.#definitions.add(verdict)
          break
        case 'runText':
          await this.#definitions.addText(verdict)
          break
        case 'sequenceValue':
          this.#values.push(verdict)
          break
        case 'rows':
          await this.#definitions.flush()
          if (this.#wanted(verdict.table)) await this.#inserted.add(verdict)
          break
        case 'largeObject':
          await this.#largeObjects.write(verdict.oid, verdict.bytes)
          break
        case 'view':
          this.#views.push(verdict.table)
          break
        case 'defer':
          this.#defer(verdict.object)
          break
        case 'skip':
          this.#skipped.push(verdict.line)
      }
    }
  }

  #noteSequence(name: TableName): void {
    if (!this.#sequences.has(key(name)))
      this.#sequences.set(key(name), { ...name, value: null, called: false })
  }

  #judged(sql: string, entry: EntryFacts | null): Verdict[] {
    try {
      return this.#judge.judge(sql, entry)
    } catch (thrown) {
      if (thrown instanceof Refusal || thrown instanceof TooDeep) throw refused(thrown.message, thrown)
      throw thrown
    }
  }

  #defer(object: Deferred): void {
    const { kind, schema, table, name } = object
    const id = name === '' ? `${this.#deferred.size}` : JSON.stringify([kind, schema, table, name])
    this.#deferred.set(id, object)
  }

  #check(table: TableName, statement: string, rest: string | undefined): void {
    if (rest !== '') throw refused(`rows come by a COPY of no known form: ${shortened(statement)}`)
    if (!this.#tables.has(key(table))) throw this.#noPlace(table)
  }

  #noPlace(table: TableName): UpliftError {
    const why = this.#skipped.find(({ name, severity }) => name === key(table) && severity === 'severe')
    return refused(
      `it has rows for ${key(table)}, which ${why ? `is not made: ${why.reason}` : 'it does not make'}`,
    )
  }

  async #copy(item: CopyItem): Promise<void> {
    const { table, columns, copyStatement } = item
    let data: AsyncIterable<Buffer> = item.data
    if (hasOids(copyStatement)) {
      data = withoutOids(data)
      this.#skipped.push({
        what: 'OIDs',
        name: key(table),
        reason: 'PostgreSQL has no OIDs of rows since 12',
        severity: 'info',
      })
    }
    let encoding = this.#dump.head.encoding ?? 'SQL_ASCII'
    let converted = 0
    if (encoding.toUpperCase() === 'SQL_ASCII') {
      encoding = 'UTF8'
      data = asUtf8(data, () => converted++)
    }
    try {
      await this.#loadRows(table, columns, data, encoding)
    } finally {
      item.data.destroy()
    }
    if (converted > 0)
      this.#skipped.push({
        what: 'encoding',
        name: key(table),
        reason: `${converted} rows have values that are not UTF-8; these values were read as Windows-1252`,
        severity: 'warning',
      })
    this.#tablesDone++
    this.#progress()
  }

  async #loadRows(
    table: TableName,
    columns: string[] | null,
    data: AsyncIterable<Buffer>,
    encoding: string,
  ): Promise<void> {
    const loaded = this.#tables.get(key(table))
    if (!loaded) throw this.#noPlace(table)
    const { rows, bytes } = await this.#rows.load({ table, columns, encoding }, data)
    loaded.rows += rows
    loaded.bytes += bytes
  }

  async #dropViewsMadeAsTables(): Promise<void> {
    for (const view of this.#views) {
      const table = this.#tables.get(key(view))
      if (!table) continue
      if (table.rows > 0) throw refused(`the view ${key(view)} has rows`)
      await this.#connections.with((client) =>
        client.query(`DROP TABLE ${qualified(view.schema, view.name)}`),
      )
      this.#tables.delete(key(view))
    }
    this.#views = []
  }

  async #setSequences(): Promise<void> {
    const values = this.#values.filter(({ sequence }) => {
      if (this.#sequences.has(key(sequence))) return true
      this.#skipped.push({
        what: 'value of a sequence',
        name: key(sequence),
        reason: 'the dump does not make the sequence',
        severity: 'severe',
      })
      return false
    })
    if (values.length === 0) return
    await this.#connections.with((client) =>
      client.query(
        `SELECT pg_catalog.setval(name::pg_catalog.regclass, value, called)
           FROM unnest($1::text[], $2::int8[], $3::bool[]) AS given(name, value, called)`,
        [
          values.map(({ sequence }) => qualified(sequence.schema, sequence.name)),
          values.map(({ value }) => value),
          values.map(({ called }) => called),
        ],
      ),
    )
    for (const { sequence, value, called } of values)
      this.#sequences.set(key(sequence), { ...sequence, value, called })
  }

  /** Waits for all; when one fails the others are ended, and what failed first is thrown. */
  async #together(work: readonly Promise<void>[]): Promise<void> {
    let first: unknown
    await Promise.all(
      work.map((part) =>
        part.catch((thrown: unknown) => {
          first ??= thrown
          this.#failed.abort(thrown)
        }),
      ),
    )
    if (first !== undefined) throw first
  }

  #progress(): void {
    this.#options.onProgress?.({
      tables: this.#tablesDone,
      tablesInAll: this.#tablesInAll,
      bytes: this.#bytes,
    })
  }
}

/** Archives before 1.11 do not say in which section an entry stands. */
const LATER = new Set([
  'INDEX',
  'CONSTRAINT',
  'FK CONSTRAINT',
  'CHECK CONSTRAINT',
  'TRIGGER',
  'RULE',
  'COMMENT',
])

function key({ schema, name }: TableName): string {
  return `${schema}.${name}`
}

function refused(what: string, cause?: unknown): UpliftError {
  return new UpliftError(
    'LOAD:REFUSED',
    `The dump holds what no dump of pg_dump holds, so nothing of it is used: ${what}. Make it anew with pg_dump.`,
    { cause },
  )
}

function hasRows(entry: TocEntry): boolean {
  return entry.hadDumper && entry.description === 'TABLE DATA'
}

/** pg_dump --inserts leaves the COPY statement out: then the rows are statements, which come in one pass. */
function rowsByCopy(toc: readonly TocEntry[]): boolean {
  return toc.every((entry) => !hasRows(entry) || entry.copyStatement !== '')
}

/** Entries of a custom archive by the bytes of their data: the distance to the next one's. */
function bySize(entries: readonly TocEntry[]): TocEntry[] {
  const placed = entries
    .filter(({ dataOffset }) => dataOffset !== null)
    .sort((a, b) => Number(a.dataOffset! - b.dataOffset!))
  const size = new Map<TocEntry, number>()
  for (const [i, entry] of placed.entries()) {
    const next = placed[i + 1]
    size.set(entry, next ? Number(next.dataOffset! - entry.dataOffset!) : Number.POSITIVE_INFINITY)
  }
  return [...entries].sort((a, b) => (size.get(b) ?? 0) - (size.get(a) ?? 0))
}
