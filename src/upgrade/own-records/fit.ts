import type pg from 'pg'
import type { PackFacts } from '../../packs/pack.ts'
import { readInventory } from '../../schema/inventory.ts'
import { loadSurroundings } from '../../verify/views/surroundings.ts'
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
  await keepStopped(client)
}

/** The result itself says what was switched off, for whoever verifies it later. */
async function keepStopped(client: pg.ClientBase): Promise<void> {
  const { rows } = await client.query('SELECT FROM uplift.stopped LIMIT 1')
  if (rows.length > 0)
    await client.query(
      'CREATE TABLE legacy.switched_off AS SELECT DISTINCT tbl, id FROM uplift.stopped ORDER BY tbl, id',
    )
}
