import type pg from 'pg'
import { readInventory } from '../../schema/inventory.ts'
import { readModels } from '../models.ts'
import type { Database } from './figure.ts'

/** Reads what the invariants' queries are made from. `limits` has the highest id of the source by present table. */
export async function describeDatabase(
  client: pg.ClientBase,
  series: string,
  limits: ReadonlyMap<string, number>,
  options: { customModules?: readonly string[] | undefined; transient?: Iterable<string> | undefined },
): Promise<Database> {
  const inventory = await readInventory(client)
  const models = await readModels(client, series, inventory)
  const { rows } = await client.query<{
    model: string
    name: string
    reference: string
    manual: boolean
    translated: boolean
  }>(
    `SELECT model, name, CASE WHEN ttype = 'many2one' THEN coalesce(relation, '') ELSE '' END AS reference, coalesce(state = 'manual', false) AS manual, coalesce(translate::text NOT IN ('false', ''), false) AS translated
       FROM ir_model_fields WHERE state = 'manual' OR translate::text NOT IN ('false', '')`,
  )
  const transient = new Set(options.transient)
  if (inventory.has('ir_model', 'transient')) {
    const registered = await client.query<{ model: string }>('SELECT model FROM ir_model WHERE transient')
    for (const { model } of registered.rows) transient.add(model)
  }
  return {
    series: Number(series),
    inventory,
    models,
    transient,
    translated: new Set(
      rows.filter(({ translated }) => translated).map(({ model, name }) => `${model},${name}`),
    ),
    manual: rows
      .filter(({ manual }) => manual)
      .map(({ model, name, reference }) => ({ table: models.table(model) ?? '', column: name, reference }))
      .filter(({ table, column }) => inventory.has(table, column)),
    customModules: options.customModules ?? [],
    limit: (table) => limits.get(table) ?? null,
    old: (table, alias) => {
      const limit = limits.get(table)
      return limit === undefined ? 'true' : `${alias}.id <= ${limit}`
    },
  }
}
