import type pg from 'pg'
import type { PackFacts } from '../../packs/pack.ts'
import type { Inventory } from '../../schema/inventory.ts'
import { inRounds } from './pairs.ts'

/** Renames fields in the registry, with their xmlids, files, translations and default values, so that what refers to them stays. */
export async function renameFields(
  client: pg.ClientBase,
  fields: PackFacts['fields'],
  inventory: Inventory,
): Promise<void> {
  const names = ([model, old, now]: PackFacts['fields'][number]): [string, string] => [
    `${model}.${old}`,
    `${model}.${now}`,
  ]
  for (const round of inRounds(fields, names)) await renameRound(client, round, inventory)
}

async function renameRound(
  client: pg.ClientBase,
  fields: PackFacts['fields'],
  inventory: Inventory,
): Promise<void> {
  await client.query('CREATE TEMP TABLE IF NOT EXISTS renamed_field (model text, old text, new text)')
  await client.query('TRUNCATE renamed_field')
  await client.query(
    `INSERT INTO renamed_field SELECT e->>0, e->>1, e->>2 FROM json_array_elements($1::json) e`,
    [JSON.stringify(fields)],
  )
  await client.query(`
    UPDATE ir_model_data d
       SET name = regexp_replace(d.name, '(_+)' || r.old || '$', '\\1' || r.new)
      FROM renamed_field r JOIN ir_model_fields f ON f.model = r.model AND f.name = r.old
     WHERE d.model = 'ir.model.fields' AND d.res_id = f.id AND d.name ~ ('_' || r.old || '$')
       AND NOT EXISTS (SELECT FROM ir_model_fields t WHERE t.model = r.model AND t.name = r.new)
       AND NOT EXISTS (SELECT FROM ir_model_data t
                        WHERE t.module = d.module AND t.name = regexp_replace(d.name, '(_+)' || r.old || '$', '\\1' || r.new))`)
  await client.query(`
    UPDATE ir_model_fields f SET name = r.new
      FROM renamed_field r
     WHERE f.model = r.model AND f.name = r.old
       AND NOT EXISTS (SELECT FROM ir_model_fields t WHERE t.model = r.model AND t.name = r.new)`)
  if (inventory.has('ir_attachment', 'res_field'))
    await client.query(`
      UPDATE ir_attachment a SET res_field = r.new
        FROM renamed_field r WHERE a.res_model = r.model AND a.res_field = r.old`)
  if (inventory.hasTable('ir_translation'))
    await client.query(`
      UPDATE ir_translation t SET name = r.model || ',' || r.new
        FROM renamed_field r WHERE t.name = r.model || ',' || r.old AND t.type IN ('field', 'help', 'model', 'selection')`)
  if (inventory.hasTable('ir_values') && inventory.has('ir_values', 'key'))
    await client.query(`
      UPDATE ir_values v SET name = r.new
        FROM renamed_field r WHERE v.key = 'default' AND v.model = r.model AND v.name = r.old`)
}
