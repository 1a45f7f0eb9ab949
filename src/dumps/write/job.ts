import type { TocEntry } from '../dump.ts'
import type { TableSize } from './options.ts'
import type { Plan } from './plan.ts'
import type { HeadFields } from './serialize.ts'
import type { Source } from './source.ts'
import { dataEntries, Progress } from './tables.ts'

/** What a writer of any format works with. */
export class Job {
  readonly source: Source
  readonly plan: Plan
  /** zlib's level, 0 for none. */
  readonly level: number
  readonly tables: readonly TocEntry[]
  rows = 0
  /** What was read of each table so far. */
  readonly sizes: TableSize[] = []
  readonly #progress: Progress

  constructor(
    source: Source,
    plan: Plan,
    options: { level: number; onProgress: (bytes: number, total: number) => void },
  ) {
    this.source = source
    this.plan = plan
    this.level = options.level
    this.tables = dataEntries(plan.entries)
    this.#progress = new Progress(source, this.tables, options.onProgress)
  }

  /** Bytes of a table in the database. */
  sizeOf(entry: TocEntry): number {
    return this.source.sizes.get(entry.oid) ?? 0
  }

  /** Reads a table's rows, counting them. */
  async copy(
    entry: TocEntry,
    connection: number,
    take: (piece: Buffer) => Promise<void> | undefined,
  ): Promise<void> {
    const counter = this.#progress.table(this.sizeOf(entry))
    let bytes = 0
    const rows = await this.source.copy(entry, connection, (piece) => {
      counter.read(piece.length)
      bytes += piece.length
      return take(piece)
    })
    this.rows += rows
    this.sizes.push({ schema: entry.namespace, name: entry.tag, rows, bytes })
    counter.end()
  }

  /** The entry that stands for the data of all large objects; undefined when there are none. */
  get largeObjectData(): TocEntry | undefined {
    return this.plan.entries.find((entry) => entry.description === 'BLOBS')
  }

  headFields(): Omit<HeadFields, 'formatCode'> {
    const { plan, source } = this
    return {
      version: plan.archiveVersion,
      compression: this.level,
      createdAt: plan.createdAt,
      databaseName: plan.databaseName,
      serverVersion: source.toc.head.serverVersion ?? '',
      pgDumpVersion: source.toc.head.pgDumpVersion ?? '',
    }
  }
}
