import type pg from 'pg'
import { technicalTables } from '../odoo/technical.ts'
import { ident, identList, literal, qualified } from '../postgres/sql.ts'
import { parseForeignKey, parseKey } from '../schema/definitions.ts'
import type { Column, Schema, Table } from '../schema/schema.ts'
import { registered } from './plausible.ts'

export interface RowPlan {
  schema: Schema
  /** Values of selection columns, by "table.column". */
  selections: ReadonlyMap<string, readonly string[]>
  rows: number
  /** SQL over the row's number `i`, by "table.column". */
  values: Readonly<Record<string, string>>
  /** Tables that stay as they are. */
  leave: ReadonlySet<string>
}

/** Only so many languages, currencies and the like have made-up values. */
const SHORT = 5
const shortTables = new Set(['res_lang', 'res_currency', 'res_country', 'res_company', 'res_users'])

/**
 * Fills the tables that people fill, a required reference before what needs it, with one statement a table. A table
 * whose rows the made-up values cannot satisfy stays empty.
 */
export async function fillTables(client: pg.ClientBase, plan: RowPlan): Promise<void> {
  const references = new Map<string, string>()
  for (const [table, { constraints }] of Object.entries(plan.schema.tables))
    for (const { kind, definition } of Object.values(constraints)) {
      const key = kind === 'foreign' ? parseForeignKey(definition) : null
      if (key?.columns.length === 1) references.set(`${table}.${key.columns[0]}`, key.table)
    }
  const counts = await countsOf(client, plan)
  for (const table of inOrder(plan, references)) {
    const statement = insertion(plan, table, references, counts)
    if (statement === null) continue
    const { rowCount } = await client.query(statement.sql)
    counts.set(table, rowCount ?? 0)
  }
}

/** Rows of the tables that are filled already; their ids go from 1 on as well. */
async function countsOf(client: pg.ClientBase, { schema, leave }: RowPlan): Promise<Map<string, number>> {
  const counts = new Map<string, number>()
  for (const table of leave) {
    if (!schema.tables[table]?.columns.id) continue
    const { rows } = await client.query<{ n: number }>(
      `SELECT count(*)::int AS n FROM ${qualified('public', table)}`,
    )
    counts.set(table, rows[0]!.n)
  }
  return counts
}

function inOrder(plan: RowPlan, references: ReadonlyMap<string, string>): string[] {
  const order: string[] = []
  const seen = new Set<string>()
  const visit = (name: string): void => {
    if (seen.has(name)) return
    seen.add(name)
    const table = plan.schema.tables[name]
    if (!table) return
    for (const [column, { notNull }] of Object.entries(table.columns)) {
      const target = references.get(`${name}.${column}`)
      if (target && notNull && target !== name) visit(target)
    }
    order.push(name)
  }
  // What everything else may point to comes first, so that optional references find rows too.
  for (const name of [
    'res_currency',
    'res_country',
    'res_partner',
    'res_company',
    'res_users',
    'product_uom',
  ])
    visit(name)
  for (const name of Object.keys(plan.schema.tables)) visit(name)
  return order
}

function insertion(
  plan: RowPlan,
  name: string,
  references: ReadonlyMap<string, string>,
  counts: ReadonlyMap<string, number>,
): { sql: string } | null {
  const table = plan.schema.tables[name]!
  if (
    technicalTables.has(name) ||
    plan.leave.has(name) ||
    name.startsWith('wkf') ||
    table.inherits.length > 0
  )
    return null
  const unique = uniqueColumns(table)
  const columns = new Map<string, string>()
  for (const [column, shape] of Object.entries(table.columns)) {
    const value = columnValue(plan, name, column, shape, { references, counts, unique })
    if (value === null) {
      if (shape.notNull) return null
    } else columns.set(column, value)
  }
  const rows = shortTables.has(name)
    ? Math.min(SHORT, plan.rows)
    : plan.rows * (/_line$|^stock_move$/.test(name) ? 4 : 1)
  const select = `SELECT ${[...columns].map(([column, value]) => `${value} AS ${ident(column)}`).join(', ')} FROM generate_series(1, ${rows}) AS i`
  // Links have no id, and the same link twice is none.
  const distinct = columns.has('id') ? select : select.replace('SELECT', 'SELECT DISTINCT')
  const checks = Object.values(table.constraints).flatMap(({ kind, definition }) =>
    kind === 'check' ? [/^CHECK (\(.*\))/s.exec(definition)![1]!] : [],
  )
  const where =
    checks.length > 0 ? ` WHERE ${checks.map((check) => `coalesce(${check}, true)`).join(' AND ')}` : ''
  return {
    sql: `INSERT INTO ${qualified('public', name)} (${identList(columns.keys())}) SELECT * FROM (${distinct}) AS made${where}`,
  }
}

interface Known {
  references: ReadonlyMap<string, string>
  counts: ReadonlyMap<string, number>
  unique: ReadonlySet<string>
}

function columnValue(
  plan: RowPlan,
  table: string,
  column: string,
  shape: Column,
  { references, counts, unique }: Known,
): string | null {
  const key = `${table}.${column}`
  if (column === 'id') return shape.default?.startsWith('nextval(') ? shape.default : 'i'
  if (plan.values[key]) return `(${plan.values[key]})::${shape.type}`
  const target = references.get(key)
  if (target && registered[target] && !unique.has(column)) return registered[target]
  if (target) {
    const rows = counts.get(target) ?? 0
    if (target === table || rows === 0) return null
    // Ids of filled tables are 1 … rows; every row has its own where the reference is unique.
    return unique.has(column)
      ? `CASE WHEN i <= ${rows} THEN i END`
      : `1 + (i - 1) / ${table.endsWith('_line') ? 4 : 1} % ${rows}`
  }
  if (/_(u)?id$/.test(column) && shape.type === 'integer' && !shape.notNull) return null
  const selection = plan.selections.get(key)
  if (selection)
    return `(ARRAY[${selection.map(literal).join(', ')}])[1 + (i - 1) % ${selection.length}]::${shape.type}`
  return byType(column, shape)
}

function byType(column: string, { type }: Column): string | null {
  if (column === 'create_date' || column === 'write_date')
    return `timestamp '2013-03-01 08:00:00' + i * interval '1 hour'`
  const size = /^character varying\((\d+)\)$/.exec(type)?.[1]
  const label = `${literal(column.replaceAll('_', ' '))} || ' ' || i`
  if (size) return `right(${label}, ${size})`
  if (/^(character varying|text)/.test(type)) return label
  if (type === 'integer' || type === 'bigint') return 'i'
  if (/^(numeric|double precision|real)/.test(type)) return `(10 * i)::${type}`
  if (type === 'boolean') return 'i % 2 = 1'
  if (type === 'date') return `date '2013-03-01' + i`
  if (/^timestamp/.test(type)) return `timestamp '2013-03-01 09:00:00' + i * interval '1 day'`
  return null
}

function uniqueColumns(table: Table): Set<string> {
  const keys = Object.values(table.constraints).map(({ definition }) => parseKey(definition) ?? [])
  return new Set(keys.filter(({ length }) => length === 1).flat())
}
