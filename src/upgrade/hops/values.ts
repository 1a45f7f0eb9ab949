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
    await mapNamedValues(client, { table, column, values }, inventory)
  }
}

/** The same values where people chose them for records to come: as defaults, and as what a server action writes. */
async function mapNamedValues(
  client: pg.ClientBase,
  { table, column, values }: Pick<PackFacts['values'][number], 'table' | 'column' | 'values'>,
  inventory: Inventory,
): Promise<void> {
  const parameters = [JSON.stringify(values), table, column]
  const map = '(SELECT key AS old, value AS new FROM json_each_text($1::json) WHERE key <> value) v'
  // A pickled text, of bytes or of characters.
  if (inventory.has('ir_values', 'key'))
    await client.query(
      `UPDATE ir_values d SET value = regexp_replace(d.value, '^(S''|V)[^''\\n]*', '\\1' || v.new)
         FROM ${map} WHERE d.key = 'default' AND replace(d.model, '.', '_') = $2 AND d.name = $3
          AND d.value ~ ('^(S''' || v.old || '''|V' || v.old || ')\\n(p\\d+\\n)?\\.')`,
      parameters,
    )
  if (inventory.has('ir_default', 'json_value'))
    await client.query(
      `UPDATE ir_default d SET json_value = to_json(v.new)::text
         FROM ${map}, ir_model_fields f WHERE f.id = d.field_id AND replace(f.model, '.', '_') = $2 AND f.name = $3 AND d.json_value = to_json(v.old)::text`,
      parameters,
    )
  const kind = ['type', 'evaluation_type'].find((name) => inventory.has('ir_server_object_lines', name))
  if (kind && inventory.has('ir_server_object_lines', 'col1'))
    await client.query(
      `UPDATE ir_server_object_lines l SET value = v.new
         FROM ${map}, ir_model_fields f WHERE f.id = l.col1 AND replace(f.model, '.', '_') = $2 AND f.name = $3 AND l.${kind} = 'value' AND l.value = v.old`,
      parameters,
    )
}
