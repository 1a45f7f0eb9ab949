import type pg from 'pg'
import { fieldTextColumns, modelNameColumns, recordTextColumns } from '../../odoo/references.ts'
import { tableOf } from '../../odoo/tables.ts'
import type { PackFacts } from '../../packs/pack.ts'
import { ident, literal, qualified } from '../../postgres/sql.ts'
import type { Inventory } from '../../schema/inventory.ts'
import { setPairs } from './pairs.ts'

/** Everything that names a model follows it to its new name: registry, xmlids, translations, and references by name. */
export async function renameModels(
  client: pg.ClientBase,
  facts: PackFacts['models'],
  inventory: Inventory,
): Promise<void> {
  if (!(await setPairs(client, { ...facts.merged, ...facts.renamed }))) return
  await dropRegistryOfMergedModels(client, inventory)
  for (const { table, model } of modelNameColumns) {
    if (!isText(inventory, table, model)) continue
    await client.query(
      `UPDATE ${qualified('public', table)} t SET ${ident(model)} = r.new FROM renamed r WHERE t.${ident(model)} = r.old`,
    )
  }
  for (const { table, column } of await allRecordTexts(client, inventory)) {
    const c = `t.${ident(column)}`
    await client.query(`
      UPDATE ${qualified('public', table)} t SET ${ident(column)} = r.new || substr(${c}, strpos(${c}, ','))
        FROM renamed r WHERE split_part(${c}, ',', 1) = r.old AND strpos(${c}, ',') > 0`)
  }
  for (const { table, column } of fieldTextColumns) {
    if (!isText(inventory, table, column)) continue
    const c = `t.${ident(column)}`
    await client.query(`
      UPDATE ${qualified('public', table)} t SET ${ident(column)} = r.new || substr(${c}, strpos(${c}, ','))
        FROM renamed r WHERE split_part(${c}, ',', 1) = r.old AND strpos(${c}, ',') > 0`)
  }
  await renameRegistryXmlids(client)
}

/** Columns with "model,id", the known ones and those of fields of type reference. */
export async function allRecordTexts(
  client: pg.ClientBase,
  inventory: Inventory,
): Promise<{ table: string; column: string }[]> {
  const fields = await columnsOf(client, `ttype = 'reference'`)
  const all = new Map(
    [...recordTextColumns, ...fields].map((entry) => [`${entry.table}.${entry.column}`, entry]),
  )
  return [...all.values()].filter(({ table, column }) => isText(inventory, table, column))
}

/** Columns of the fields of the registry that meet a condition. */
async function columnsOf(
  client: pg.ClientBase,
  condition: string,
): Promise<{ table: string; column: string }[]> {
  const { rows } = await client.query<{ model: string; column: string }>(
    `SELECT DISTINCT model, name AS column FROM ir_model_fields WHERE ${condition}`,
  )
  return rows.map(({ model, column }) => ({ table: tableOf(model), column }))
}

function isText(inventory: Inventory, table: string, column: string): boolean {
  return /^(character varying|text)/.test(inventory.typeOf(table, column) ?? '')
}

/** Where the new name is in the registry already (a merge), the old model's own entries and their xmlids go. */
async function dropRegistryOfMergedModels(client: pg.ClientBase, inventory: Inventory): Promise<void> {
  await client.query(`
    CREATE TEMP TABLE gone_fields ON COMMIT DROP AS
    SELECT f.id FROM ir_model_fields f JOIN renamed r ON r.old = f.model
     WHERE EXISTS (SELECT FROM ir_model_fields t WHERE t.model = r.new AND t.name = f.name)`)
  if (inventory.hasTable('ir_property'))
    await client.query(`
      UPDATE ir_property p SET fields_id = t.id
        FROM ir_model_fields f JOIN renamed r ON r.old = f.model JOIN ir_model_fields t ON t.model = r.new AND t.name = f.name
       WHERE p.fields_id = f.id`)
  await client.query(
    `DELETE FROM ir_model_data d USING gone_fields g WHERE d.model = 'ir.model.fields' AND d.res_id = g.id`,
  )
  await client.query('DELETE FROM ir_model_fields f USING gone_fields g WHERE f.id = g.id')
  await client.query('DROP TABLE gone_fields')
  await client.query(`
    CREATE TEMP TABLE gone_models ON COMMIT DROP AS
    SELECT m.id, t.id AS into_id FROM ir_model m JOIN renamed r ON r.old = m.model JOIN ir_model t ON t.model = r.new`)
  for (const { table, column } of await columnsOf(client, `ttype = 'many2one' AND relation = 'ir.model'`)) {
    if (!inventory.has(table, column)) continue
    await client.query(
      `UPDATE ${qualified('public', table)} x SET ${ident(column)} = g.into_id FROM gone_models g WHERE x.${ident(column)} = g.id`,
    )
  }
  await client.query(
    `DELETE FROM ir_model_data d USING gone_models g WHERE d.model = 'ir.model' AND d.res_id = g.id`,
  )
  if (inventory.hasTable('ir_translation'))
    await client.query(
      `DELETE FROM ir_translation t USING gone_models g WHERE t.type = 'model' AND t.name IN ('ir.model,name', 'ir.model,info') AND t.res_id = g.id`,
    )
  await client.query('DELETE FROM ir_model m USING gone_models g WHERE m.id = g.id')
  await client.query('DROP TABLE gone_models')
}

/** model_<model> and field_<model>_<field> (field_<model>__<field> from 12.0 on) are named after the model. */
async function renameRegistryXmlids(client: pg.ClientBase): Promise<void> {
  const renamedXmlid = (model: string, from: string, to: string) => `
    UPDATE ir_model_data d SET name = ${to}
      FROM renamed r
     WHERE d.model = ${literal(model)} AND ${from}
       AND NOT EXISTS (SELECT FROM ir_model_data t WHERE t.module = d.module AND t.name = ${to})`
  await client.query(
    renamedXmlid(
      'ir.model',
      `d.name = 'model_' || replace(r.old, '.', '_')`,
      `'model_' || replace(r.new, '.', '_')`,
    ),
  )
  await client.query(
    renamedXmlid(
      'ir.model.fields',
      `starts_with(d.name, 'field_' || replace(r.old, '.', '_') || '_')
       AND EXISTS (SELECT FROM ir_model_fields f WHERE f.id = d.res_id AND f.model = r.new)`,
      `'field_' || replace(r.new, '.', '_') || substr(d.name, length('field_' || r.old) + 1)`,
    ),
  )
}
