import { Readable } from 'node:stream'
import type { Dump, DumpItem, TableName, TocEntry } from '../dumps/dump.ts'
import { parseCopyStatement } from '../dumps/plain/copy-statement.ts'
import { UpliftError } from '../errors.ts'
import { qualified } from '../postgres/sql.ts'
import type { Connections } from './connections.ts'
import { Definitions } from './definitions.ts'
import { type EntryFacts, type Judge, shortened } from './judge/judge.ts'
import { TooDeep } from './judge/parse.ts'
import { Refusal, type Verdict } from './judge/verdict.ts'
import type { LoadOptions } from './load.ts'
import type { LoadedTable, LoadReport } from './report.ts'
import { RowLoader } from './rows.ts'

type CopyItem = Extract<DumpItem, { kind: 'copy' }>
type SequenceValue = Extract<Verdict, { act: 'sequenceValue' }>

/** The way through one dump: each item judged and brought to where it belongs. */
export class Walk {
  readonly #dump: Dump
  readonly #connections: Connections
  readonly #judge: Judge
  readonly #options: LoadOptions
  readonly #definitions: Definitions
  readonly #rows: RowLoader
  readonly #tables = new Map<string, LoadedTable>()
  readonly #sequences = new Map<string, LoadReport['sequences'][number]>()
  readonly #values: SequenceValue[] = []
  readonly #report: Omit<LoadReport, 'tables' | 'sequences' | 'seconds'> = {
    skipped: [],
    deferred: [],
    extensions: [],
    functions: [],
    largeObjects: 0,
    bytes: 0,
  }
  #tablesDone = 0

  constructor(dump: Dump, connections: Connections, judge: Judge, options: LoadOptions) {
    this.#dump = dump
    this.#connections = connections
    this.#judge = judge
    this.#options = options
    this.#definitions = new Definitions(connections, this.#report.skipped)
    this.#rows = new RowLoader(connections, (bytes) => {
      this.#report.bytes += bytes
      this.#progress()
    })
  }

  async run(): Promise<Omit<LoadReport, 'seconds'>> {
    if (this.#dump.toc && this.#dump.openTableData)
      await this.#byTable(this.#dump.toc, this.#dump.openTableData)
    else await this.#onePass()
    await this.#setSequences()
    for (const { kind, object } of this.#definitions.done) {
      if (kind === 'extension') this.#report.extensions.push(object.name)
      if (kind === 'function') this.#report.functions.push(object)
    }
    return { ...this.#report, tables: [...this.#tables.values()], sequences: [...this.#sequences.values()] }
  }

  /** All definitions first, then the rows of several tables at a time, the largest first. */
  async #byTable(toc: readonly TocEntry[], open: NonNullable<Dump['openTableData']>): Promise<void> {
    for (const entry of toc) if (entry.definition) await this.#statement(entry.definition, entry)
    await this.#definitions.flush()
    const waiting = bySize(toc.filter((entry) => entry.hadDumper && entry.description === 'TABLE DATA'))
    const reader = async () => {
      for (let entry = waiting.shift(); entry; entry = waiting.shift()) {
        this.#options.signal?.throwIfAborted()
        const copy = parseCopyStatement(entry.copyStatement, entry.namespace)
        if (!copy) throw refused(`the rows of ${entry.tag} come by another statement than COPY`)
        if (!this.#wanted(copy.table)) continue
        await this.#load({
          kind: 'copy',
          table: copy.table,
          columns: copy.columns,
          copyStatement: entry.copyStatement,
          entry,
          data: await open(entry),
        })
      }
    }
    await allOrFirstFailure(Array.from({ length: this.#connections.size }, reader))
  }

  async #onePass(): Promise<void> {
    const items = this.#dump.items({
      wantData: (table) => this.#wanted(table),
      ...(this.#options.signal ? { signal: this.#options.signal } : {}),
    })
    for await (const item of items) {
      this.#options.signal?.throwIfAborted()
      if (item.kind === 'statement') await this.#statement(item.sql, item.entry)
      else if (item.kind === 'copy') {
        await this.#definitions.flush()
        await this.#load(item)
      } else if (item.kind === 'largeObject') {
        item.data.destroy()
        this.#report.largeObjects++
      } else this.#meta(item.command, item.line)
    }
    await this.#definitions.flush()
  }

  #wanted(table: TableName): boolean {
    return this.#options.wantTable?.(table) ?? true
  }

  async #statement(sql: string, entry: EntryFacts | null): Promise<void> {
    for (const verdict of this.#judged(sql, entry)) {
      switch (verdict.act) {
        case 'run':
          await this.#definitions.add(verdict)
          if (verdict.kind === 'table')
            this.#tables.set(key(verdict.object), { ...verdict.object, rows: 0, bytes: 0 })
          if (verdict.kind === 'sequence' && !this.#sequences.has(key(verdict.object)))
            this.#sequences.set(key(verdict.object), { ...verdict.object, value: null, called: false })
          break
        case 'sequenceValue':
          this.#values.push(verdict)
          break
        case 'rows':
          await this.#definitions.flush()
          await this.#loadRows(
            verdict.table,
            verdict.columns,
            Readable.from([Buffer.from(verdict.rows)]),
            'UTF8',
          )
          break
        case 'defer':
          this.#report.deferred.push(verdict.object)
          break
        case 'skip':
          this.#report.skipped.push(verdict.line)
      }
    }
  }

  #judged(sql: string, entry: EntryFacts | null): Verdict[] {
    try {
      return this.#judge.judge(sql, entry)
    } catch (thrown) {
      if (thrown instanceof Refusal || thrown instanceof TooDeep) throw refused(thrown.message, thrown)
      throw thrown
    }
  }

  #meta(command: string, line: number): void {
    if (!/^\\(restrict|unrestrict|connect|c)\b/.test(command))
      throw refused(`line ${line} is a command to psql: ${shortened(command)}`)
  }

  async #load(item: CopyItem): Promise<void> {
    await this.#loadRows(item.table, item.columns, item.data, this.#dump.head.encoding ?? 'UTF8')
    this.#tablesDone++
    this.#progress()
  }

  async #loadRows(
    table: TableName,
    columns: string[] | null,
    data: Readable,
    encoding: string,
  ): Promise<void> {
    const loaded = this.#tables.get(key(table))
    if (!loaded) {
      data.destroy()
      throw refused(`it has rows for ${key(table)}, which it does not make`)
    }
    const { rows, bytes } = await this.#rows.load({ table, columns, encoding }, data)
    loaded.rows += rows
    loaded.bytes += bytes
  }

  async #setSequences(): Promise<void> {
    if (this.#values.length === 0) return
    await this.#connections.with(async (client) => {
      await client.query(
        `SELECT pg_catalog.setval(name::pg_catalog.regclass, value, called)
           FROM unnest($1::text[], $2::int8[], $3::bool[]) AS given(name, value, called)`,
        [
          this.#values.map(({ sequence }) => qualified(sequence.schema, sequence.name)),
          this.#values.map(({ value }) => value),
          this.#values.map(({ called }) => called),
        ],
      )
    })
    for (const { sequence, value, called } of this.#values)
      this.#sequences.set(key(sequence), { ...sequence, value, called })
  }

  #progress(): void {
    this.#options.onProgress?.({ tables: this.#tablesDone, bytes: this.#report.bytes })
  }
}

function key({ schema, name }: TableName): string {
  return `${schema}.${name}`
}

function refused(what: string, cause?: unknown): UpliftError {
  return new UpliftError(
    'LOAD:REFUSED',
    `The dump holds what a dump never needs, so nothing of it is loaded: ${what}.`,
    { cause },
  )
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

/** Waits for all, then throws what failed first. */
async function allOrFirstFailure(work: readonly Promise<void>[]): Promise<void> {
  const results = await Promise.allSettled(work)
  const failed = results.find((result) => result.status === 'rejected')
  if (failed) throw failed.reason
}
