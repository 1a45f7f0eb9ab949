import type pg from 'pg'
import { ident, qualified } from '../../postgres/sql.ts'
import { readInventory } from '../../schema/inventory.ts'
import { looksSecret, whyHarmless } from './secrets.ts'
import { switches } from './switches/all.ts'

/** A table of schema legacy whose secrets were emptied, with the columns and how many rows had one. */
export interface Emptied {
  table: string
  columns: string[]
  rows: number
}

/**
 * Empties what is emptied in a table also where the alignment set columns of it aside: the target has no place for them, and
 * the secrets in them are as good as before.
 */
export async function emptyLegacySecrets(client: pg.ClientBase): Promise<Emptied[]> {
  const inventory = await readInventory(client, 'legacy')
  const emptied: Emptied[] = []
  for (const table of inventory.tables()) {
    const columns = inventory
      .columns(table)
      .filter(
        (column) =>
          /^(character varying|text)/.test(inventory.typeOf(table, column) ?? '') &&
          isEmptied(sourceOf(table), column),
      )
    if (columns.length === 0) continue
    const { rowCount } = await client.query(
      `UPDATE ${qualified('legacy', table)} SET ${columns.map((column) => `${ident(column)} = ''`).join(', ')}
        WHERE ${columns.map((column) => `${ident(column)} <> ''`).join(' OR ')}`,
    )
    if (rowCount) emptied.push({ table: `legacy.${table}`, columns, rows: rowCount })
  }
  return emptied
}

/** "res_company__columns" has columns of res_company. */
export function sourceOf(table: string): string {
  return table.replace(/__.*$/, '')
}

function isEmptied(table: string, column: string): boolean {
  return switches.some(
    (one) =>
      one.table === table &&
      (one.empty?.includes(column) ||
        (one.secrets && looksSecret(column) && whyHarmless(table, column) === null)),
  )
}
