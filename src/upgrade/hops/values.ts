import type pg from 'pg'
import type { PackFacts } from '../../packs/pack.ts'
import { ident, qualified } from '../../postgres/sql.ts'
import type { Inventory } from '../../schema/inventory.ts'

/** Selection values under their new names: all of a column at once, so that maps that swap values are safe. */
export async function mapValues(
  client: pg.ClientBase,
  maps: PackFacts['values'],
  inventory: Inventory,
): Promise<void> {
  for (const { table, column, values, keptAs } of maps) {
    if (!inventory.has(table, column)) continue
    const c = ident(column)
    if (keptAs)
      await client.query(`
        ALTER TABLE ${qualified('public', table)} ADD COLUMN ${ident(keptAs)} varchar;
        UPDATE ${qualified('public', table)} SET ${ident(keptAs)} = ${c} WHERE ${c} IS NOT NULL`)
    await client.query(
      `UPDATE ${qualified('public', table)} t SET ${c} = m.value FROM json_each_text($1::json) m WHERE t.${c} = m.key AND m.key <> m.value`,
      [JSON.stringify(values)],
    )
  }
}
