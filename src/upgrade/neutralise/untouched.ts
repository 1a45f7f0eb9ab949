import type pg from 'pg'
import { ident, qualified } from '../../postgres/sql.ts'
import { type Inventory, readInventory } from '../../schema/inventory.ts'
import { note } from '../notes.ts'
import { sourceOf } from './legacy.ts'
import { looksSecret, whyHarmless } from './secrets.ts'
import { switches } from './switches/all.ts'

/**
 * Notes where modules of the customer's own keep what looks like a secret of another system: what to do with it is not
 * known here. Columns of Odoo's modules are all switched off or known to be harmless.
 */
export async function noteUntouched(client: pg.ClientBase, inventory: Inventory): Promise<void> {
  await noteSecrets(client, inventory, 'public')
  await noteSecrets(client, await readInventory(client, 'legacy'), 'legacy')
}

async function noteSecrets(
  client: pg.ClientBase,
  inventory: Inventory,
  schema: 'public' | 'legacy',
): Promise<void> {
  for (const table of inventory.tables()) {
    const source = schema === 'legacy' ? sourceOf(table) : table
    const columns = inventory
      .columns(table)
      .filter((column) => isOpen(inventory.typeOf(table, column), source, column))
    if (columns.length === 0) continue
    const { rows } = await client.query<Record<string, string>>(
      `SELECT ${columns.map((column, i) => `count(*) FILTER (WHERE ${ident(column)} <> '') AS "${i}"`).join(', ')} FROM ${qualified(schema, table)}`,
    )
    const held = columns.filter((_, i) => Number(rows[0]![String(i)]) > 0)
    if (held.length > 0)
      await note(
        client,
        'neutralise',
        'outside connection',
        `SELECT $1::text, 'left as it is: see whether a test can reach another system through it', jsonb_build_object('columns', $2::jsonb)`,
        [schema === 'legacy' ? `legacy.${table}` : table, JSON.stringify(held)],
      )
  }
}

function isOpen(type: string | undefined, table: string, column: string): boolean {
  return (
    /^(character varying|text)/.test(type ?? '') &&
    looksSecret(column) &&
    !isSwitched(table, column) &&
    whyHarmless(table, column) === null
  )
}

/** Whether the facts say what becomes of a column. */
export function isSwitched(table: string, column: string): boolean {
  return switches.some(
    (one) =>
      one.table === table &&
      (column in (one.set ?? {}) || one.empty?.includes(column) || (one.secrets && looksSecret(column))),
  )
}
