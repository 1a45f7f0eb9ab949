import type pg from 'pg'
import type { Catalogue } from '../catalogue/catalogue.ts'
import { tableOf } from '../odoo/tables.ts'
import type { Schema } from '../schema/schema.ts'
import type { Ownership } from './align/schema-plan.ts'
import type { Plan } from './plan.ts'

/** What of a database is the customer's own, as plain data. */
export interface OwnNames {
  tables: string[]
  /** "res_partner.x_name". */
  columns: string[]
}

/**
 * What of a loaded database is the customer's own: manual fields and models, what his own modules declare, and tables
 * that no module of Odoo in his version has. Read from the registry after the hops, when renamed names are in place.
 */
export async function readOwnNames(
  client: pg.ClientBase,
  plan: Pick<Plan, 'customModules'>,
  source: Catalogue,
  found: Schema,
  target: Schema,
): Promise<OwnNames> {
  const declared = (model: string) => `
    LEFT JOIN (SELECT d.res_id, bool_and(d.module = ANY ($1)) AS custom FROM ir_model_data d WHERE d.model = '${model}' GROUP BY d.res_id) x`
  const { rows } = await client.query<{ model: string; field: string }>(
    `SELECT f.model, f.name AS field
       FROM ir_model_fields f ${declared('ir.model.fields')} ON x.res_id = f.id
      WHERE f.state = 'manual' OR f.name LIKE 'x\\_%' OR x.custom`,
    [plan.customModules],
  )
  const models = await client.query<{ model: string }>(
    `SELECT m.model
       FROM ir_model m ${declared('ir.model')} ON x.res_id = m.id
      WHERE m.state = 'manual' OR m.model LIKE 'x\\_%' OR x.custom`,
    [plan.customModules],
  )
  const columns = new Set(rows.map(({ model, field }) => `${tableOf(model)}.${field}`))
  const tables = new Set(models.rows.map(({ model }) => tableOf(model)))
  for (const name of Object.keys(found.tables))
    if (!source.tables[name] && !target.tables[name]) tables.add(name)
  return { tables: [...tables].filter((table) => !target.tables[table]), columns: [...columns] }
}

/** The same, as the engine asks for it. */
export function ownershipOf(names: OwnNames, source: Pick<Catalogue, 'sequences' | 'views'>): Ownership {
  const [tables, columns] = [new Set(names.tables), new Set(names.columns)]
  return {
    ownsSequence: (sequence) => !source.sequences[sequence],
    ownsView: (view) => !source.views[view],
    ownsTable: (table) => tables.has(table),
    ownsColumn: (table, column) => tables.has(table) || columns.has(`${table}.${column}`),
  }
}
