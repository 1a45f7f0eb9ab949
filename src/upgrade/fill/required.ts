import type pg from 'pg'
import type { RequiredValue } from '../../packs/pack.ts'
import { ident, qualified } from '../../postgres/sql.ts'
import { readInventory } from '../../schema/inventory.ts'
import { note } from '../notes.ts'

/** Gives rows the values that the newer version requires, where they have none, and notes how many rows got which. */
export async function fillRequired(client: pg.ClientBase, rules: readonly RequiredValue[]): Promise<void> {
  const inventory = await readInventory(client)
  for (const { table, column, value, because } of rules) {
    if (!inventory.has(table, column)) continue
    const { rowCount } = await client.query(
      `UPDATE ${qualified('public', table)} t SET ${ident(column)} = ${value} WHERE t.${ident(column)} IS NULL`,
    )
    if (rowCount)
      await note(
        client,
        'fill',
        'required value',
        `SELECT $1::text, 'filled', jsonb_build_object('rows', $2::int, 'because', $3::text)`,
        [`${table}.${column}`, rowCount, because],
      )
  }
}
