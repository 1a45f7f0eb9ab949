import type { TableName } from '../dumps/dump.ts'
import type { Verdict } from './judge/verdict.ts'

type Rows = Extract<Verdict, { act: 'rows' }>

/** Characters of rows that are gathered before they are loaded. */
const GATHER = 2 ** 20

type LoadRows = (table: TableName, columns: string[] | null, rows: Buffer) => Promise<void>

/** Rows that came as INSERT statements, gathered so that each COPY takes many of one table. */
export class InsertedRows {
  readonly #load: LoadRows
  #current: Rows | null = null
  #rows: string[] = []
  #size = 0

  constructor(load: LoadRows) {
    this.#load = load
  }

  async add(rows: Rows): Promise<void> {
    if (this.#current && !sameTarget(this.#current, rows)) await this.flush()
    this.#current = rows
    this.#rows.push(rows.rows)
    this.#size += rows.rows.length
    if (this.#size > GATHER) await this.flush()
  }

  async flush(): Promise<void> {
    if (!this.#current) return
    const { table, columns } = this.#current
    const rows = Buffer.from(this.#rows.join(''))
    this.#current = null
    this.#rows = []
    this.#size = 0
    await this.#load(table, columns, rows)
  }
}

function sameTarget(a: Rows, b: Rows): boolean {
  return (
    a.table.name === b.table.name &&
    a.table.schema === b.table.schema &&
    JSON.stringify(a.columns) === JSON.stringify(b.columns)
  )
}
