import type pg from 'pg'
import { modelNameColumns, recordTextColumns } from '../../odoo/references.ts'
import { tableOf } from '../../odoo/tables.ts'
import { ident, literal } from '../../postgres/sql.ts'
import type { Inventory } from '../../schema/inventory.ts'

/**
 * Queries (source, model, id, n) for every column that names a record without being a foreign key, one a column:
 * integer columns with a model's name beside them, "model,id" texts, and the records of translations.
 */
export async function pairSources(client: pg.ClientBase, inventory: Inventory): Promise<string[]> {
  return [
    ...(await idsWithModel(client, inventory)),
    ...(await recordTexts(client, inventory)),
    ...translations(inventory),
  ]
}

async function idsWithModel(client: pg.ClientBase, inventory: Inventory): Promise<string[]> {
  const { rows } = await client.query<{ model: string; name: string }>(
    `SELECT DISTINCT model, name FROM ir_model_fields WHERE ttype = 'many2one_reference'`,
  )
  const pairs = new Map<string, { table: string; model: string; id: string }>()
  for (const { table, model, id } of modelNameColumns)
    if (id) pairs.set(`${table}.${id}`, { table, model, id })
  for (const { model, name } of rows) {
    const table = tableOf(model)
    // The registry does not say which field has the model's name; by convention it is named like the field of the id.
    const beside = [name.replace(/id$/, 'model'), 'res_model', 'model'].find((column) =>
      inventory.has(table, column),
    )
    if (beside && !pairs.has(`${table}.${name}`))
      pairs.set(`${table}.${name}`, { table, model: beside, id: name })
  }
  return [...pairs.values()].flatMap(({ table, model, id }) => {
    if (!isText(inventory, table, model) || !/^(integer|bigint)$/.test(inventory.typeOf(table, id) ?? ''))
      return []
    return [
      `SELECT ${literal(`${table}.${id}`)}, ${ident(model)}, ${ident(id)}, count(*) FROM ${ident(table)}
        WHERE ${ident(id)} > 0 AND ${ident(model)} <> '' GROUP BY 2, 3`,
    ]
  })
}

async function recordTexts(client: pg.ClientBase, inventory: Inventory): Promise<string[]> {
  const { rows } = await client.query<{ model: string; name: string }>(
    `SELECT DISTINCT model, name FROM ir_model_fields WHERE ttype = 'reference'`,
  )
  const texts = new Map(recordTextColumns.map((entry) => [`${entry.table}.${entry.column}`, entry]))
  for (const { model, name } of rows)
    texts.set(`${tableOf(model)}.${name}`, { table: tableOf(model), column: name })
  return [...texts.values()].flatMap(({ table, column }) => {
    if (!isText(inventory, table, column)) return []
    const c = ident(column)
    return [
      `SELECT ${literal(`${table}.${column}`)}, split_part(${c}, ',', 1), split_part(${c}, ',', 2)::bigint, count(*) FROM ONLY ${ident(table)}
        WHERE ${c} ~ '^[a-z_][a-z0-9_.]*,[1-9][0-9]{0,9}$' GROUP BY 2, 3`,
    ]
  })
}

/** Until 15.0 a translation of a record's field names the record by the field ("product.template,name") and an id. */
function translations(inventory: Inventory): string[] {
  if (!inventory.has('ir_translation', 'res_id')) return []
  return [
    `SELECT 'ir_translation.res_id', split_part(name, ',', 1), res_id, count(*) FROM ir_translation
      WHERE type IN ('model', 'model_terms') AND res_id > 0 GROUP BY 2, 3`,
  ]
}

function isText(inventory: Inventory, table: string, column: string): boolean {
  return /^(character varying|text)/.test(inventory.typeOf(table, column) ?? '')
}
