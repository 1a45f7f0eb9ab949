import { technicalTables } from '../../../odoo/technical.ts'
import { ident, literal } from '../../../postgres/sql.ts'
import { bookKeeping } from '../book-keeping.ts'
import type { Database, Invariant, Measure } from '../figure.ts'

/** How many documents are in which state, with the sum of their amounts, for every model that has a state. */
export const documents: Invariant = {
  id: 'documents',
  title: 'Documents per state',
  dimensions: [
    { name: 'table', kind: 'table' },
    { name: 'state', kind: 'state', of: 0 },
  ],
  values: ['documents', 'amount'],
  measures: (database) =>
    tablesWith(database, 'state', 'character varying').map((table) => {
      const amount = database.inventory.has(table, 'amount_total')
        ? `round(coalesce(sum(t.amount_total::numeric), 0), 4)`
        : '0'
      return measure(table, `coalesce(t.state, '')`, `ARRAY[count(*), ${amount}]`, database)
    }),
}

/** How many records are active and how many are archived, for every model that can archive. */
export const active: Invariant = {
  id: 'active',
  title: 'Active and archived records',
  dimensions: [
    { name: 'table', kind: 'table' },
    { name: 'records', kind: 'text' },
  ],
  values: ['records'],
  measures: (database) =>
    tablesWith(database, 'active', 'boolean').map((table) =>
      measure(table, `CASE WHEN t.active THEN 'active' ELSE 'archived' END`, 'ARRAY[count(*)]', database),
    ),
}

function measure(table: string, part: string, values: string, { old }: Database): Measure {
  return {
    scope: table,
    sql: `SELECT ARRAY[${literal(table)}, ${part}], ${values} FROM ONLY ${ident(table)} t WHERE ${old(table, 't')} GROUP BY 1`,
  }
}

/** Tables of business models with a column. */
function tablesWith({ models, inventory, transient }: Database, column: string, type: string): string[] {
  const tables = models.entries().flatMap(([model, table]) => (table && !transient.has(model) ? [table] : []))
  return [...new Set(tables)].filter(
    (table) =>
      inventory.typeOf(table, column)?.startsWith(type) &&
      !technicalTables.has(table) &&
      !bookKeeping.has(table),
  )
}
