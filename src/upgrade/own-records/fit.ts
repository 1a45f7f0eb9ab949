import type pg from 'pg'
import type { PackFacts } from '../../packs/pack.ts'
import { ident } from '../../postgres/sql.ts'
import { type Inventory, readInventory } from '../../schema/inventory.ts'
import { loadSurroundings } from '../../verify/views/surroundings.ts'
import { note } from '../notes.ts'
import { fitDomains } from './domains.ts'
import { newNames } from './names.ts'
import { newValues } from './values.ts'
import { fitOwnViews } from './views.ts'

/**
 * What people made in the database and what names the program's fields: views, record rules, filters, actions. Runs when
 * the registry is the target's. What fits stays as it is, what only needs a new name gets it, and what would stop a
 * screen for everybody is made harmless and told.
 */
export async function fitOwnRecords(
  client: pg.ClientBase,
  { series, modules, packs }: { series: string; modules: readonly string[]; packs: readonly PackFacts[] },
): Promise<void> {
  const [inventory, names] = [await readInventory(client), newNames(packs)]
  const around = await loadSurroundings(client, { series }, inventory, 'public')
  await fitOwnViews(client, { series, inventory, around, names, modules })
  await fitDomains(client, {
    ...{ inventory, names, modules },
    ...{ fields: around.fields, values: newValues(packs) },
  })
  await tellOfGoneModels(client, inventory)
  await keepStopped(client)
}

/** Files and messages of records whose model has no successor: they stay, and nothing leads to them any more. */
async function tellOfGoneModels(client: pg.ClientBase, inventory: Inventory): Promise<void> {
  const kinds = [
    { kind: 'attachments', table: 'ir_attachment', model: 'res_model' },
    { kind: 'messages', table: 'mail_message', model: 'model' },
    { kind: 'followers', table: 'mail_followers', model: 'res_model' },
  ].filter(({ table, model }) => inventory.has(table, model))
  if (kinds.length === 0) return
  const counts = kinds.map(
    ({ kind, table, model }) =>
      `SELECT ${ident(model)}, '${kind}', count(*) FROM ${ident(table)} WHERE ${ident(model)} <> '' GROUP BY 1`,
  )
  await note(
    client,
    'own',
    'not adapted',
    `SELECT n.model, 'the model is gone: what hung on its records stays, but nothing leads there', json_object_agg(n.kind, n.rows)::jsonb
       FROM (${counts.join(' UNION ALL ')}) AS n (model, kind, rows)
      WHERE NOT EXISTS (SELECT FROM ir_model m WHERE m.model = n.model) GROUP BY n.model ORDER BY n.model`,
  )
}

/** The result itself says what was switched off, for whoever verifies it later. */
async function keepStopped(client: pg.ClientBase): Promise<void> {
  const { rows } = await client.query('SELECT FROM uplift.stopped LIMIT 1')
  if (rows.length > 0)
    await client.query(
      'CREATE TABLE legacy.switched_off AS SELECT DISTINCT tbl, id FROM uplift.stopped ORDER BY tbl, id',
    )
}
