import type { TocEntry } from '../dump.ts'
import type { Source } from './source.ts'

/** What stands behind the rows of a table in every archive, as pg_dump writes it. */
export const END_OF_ROWS = Buffer.from('\\.\n\n\n')

export interface TableCounts {
  tables: number
  rows: number
}

/** The entries that have rows. */
export function dataEntries(entries: readonly TocEntry[]): TocEntry[] {
  return entries.filter((entry) => entry.description === 'TABLE DATA' && entry.hadDumper)
}

/** Tells how far the reading is: in bytes of the tables in the database, whose sum is known from the start. */
export class Progress {
  readonly total: number
  readonly #tell: (bytes: number, total: number) => void
  #done = 0

  constructor(source: Source, entries: readonly TocEntry[], tell: (bytes: number, total: number) => void) {
    this.total = entries.reduce((sum, entry) => sum + (source.sizes.get(entry.oid) ?? 0), 0)
    this.#tell = tell
  }

  /** Counts one table: what is read of it up to its size, the rest when it is through. */
  table(size: number): { read(bytes: number): void; end(): void } {
    let counted = 0
    const count = (bytes: number) => {
      const step = Math.min(bytes, size - counted)
      if (step <= 0) return
      counted += step
      this.#done += step
      this.#tell(this.#done, this.total)
    }
    return { read: count, end: () => count(size) }
  }
}
