import type pg from 'pg'
import type { ColumnFill } from '../../packs/pack.ts'
import { ident, literal, qualified } from '../../postgres/sql.ts'
import type { Inventory } from '../../schema/inventory.ts'

/** One column that many models gain together, in those of their tables that there are. */
export async function fillColumns(
  client: pg.ClientBase,
  fills: readonly ColumnFill[],
  modules: readonly string[],
  inventory: Inventory,
): Promise<void> {
  for (const { module, column, type, models, from } of fills) {
    if (!modules.includes(module)) continue
    for (const [table, model] of Object.entries(models)) {
      if (!inventory.hasTable(table)) continue
      const into = qualified('public', table)
      await client.query(`
        ALTER TABLE ${into} ADD COLUMN IF NOT EXISTS ${ident(column)} ${type};
        UPDATE ${into} t SET ${ident(column)} = f.value
          FROM ${ident(from)} f WHERE f.model = ${literal(model)} AND f.res_id = t.id AND t.${ident(column)} IS NULL`)
    }
  }
}
