import type pg from 'pg'
import type { Inventory } from '../../schema/inventory.ts'
import type { Models } from '../models.ts'

export interface Many2one {
  table: string
  column: string
  /** Table of the rows that it names. */
  target: string
  /** A jsonb column with one id for each company. */
  perCompany: boolean
}

/** Stored many2one fields, as the registry has them, whose column has no foreign key. */
export async function unprovenMany2ones(
  client: pg.ClientBase,
  inventory: Inventory,
  models: Models,
  proven: ReadonlySet<string>,
): Promise<Many2one[]> {
  const { rows } = await client.query<{ model: string; column: string; relation: string }>(
    `SELECT DISTINCT model, name AS column, relation FROM ir_model_fields WHERE ttype = 'many2one' AND relation IS NOT NULL`,
  )
  const found = new Map<string, Many2one>()
  for (const { model, column, relation } of rows) {
    const [table, target] = [models.table(model), models.table(relation)]
    if (!table || !target || proven.has(`${table}.${column}`)) continue
    const type = inventory.typeOf(table, column)
    if (type === 'integer' || type === 'bigint' || type === 'jsonb')
      found.set(`${table}.${column}`, { table, column, target, perCompany: type === 'jsonb' })
  }
  return [...found.values()]
}
