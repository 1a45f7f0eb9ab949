import { technicalTables } from '../../../odoo/technical.ts'
import { ident, literal } from '../../../postgres/sql.ts'
import type { Database, Invariant, Measure } from '../figure.ts'

/** Translated values of the records that people made, by language and field. What modules bring comes with them. */
export const translations: Invariant = {
  id: 'translations',
  title: "Translations of the customer's own records",
  dimensions: [
    { name: 'field', kind: 'column' },
    { name: 'language', kind: 'text' },
  ],
  values: ['values'],
  // A record whose xmlid the target's modules gave up counts from then on.
  mayGrow: true,
  measures: (database) =>
    database.inventory.hasTable('ir_translation') ? fromTable(database) : fromColumns(database),
}

/** Until 15.0 translations are rows of a table of their own, named after the field: "product.template,name". */
function fromTable(database: Database): Measure[] {
  const { models, limit } = database
  const tables = models
    .entries()
    .flatMap(([model, table]) => (table && !technicalTables.has(table) ? [[model, table] as const] : []))
  const names = tables.map(
    ([model, table]) => `(${literal(model)}, ${literal(table)}, ${limit(table) ?? 'NULL'}::int)`,
  )
  if (names.length === 0) return []
  return [
    {
      scope: '',
      sql: `SELECT ARRAY[m.tbl || '.' || split_part(t.name, ',', 2), t.lang], ARRAY[count(*)]
              FROM ir_translation t JOIN (VALUES ${names.join(', ')}) AS m (model, tbl, highest) ON m.model = split_part(t.name, ',', 1)
             WHERE t.type = 'model' AND t.value <> '' AND t.lang <> 'en_US' AND t.res_id > 0 AND (m.highest IS NULL OR t.res_id <= m.highest)
               AND NOT EXISTS (SELECT FROM ir_model_data d WHERE d.model = m.model AND d.res_id = t.res_id AND ${brought(database)})
             GROUP BY 1`,
    },
  ]
}

/** From 16.0 on a translated field is a jsonb column with a value for each language. */
function fromColumns(database: Database): Measure[] {
  const { models, inventory, transient, old } = database
  return models.entries().flatMap(([model, table]) => {
    if (!table || technicalTables.has(table) || transient.has(model)) return []
    return inventory.columns(table).flatMap((column) => {
      if (inventory.typeOf(table, column) !== 'jsonb' || !database.translated.has(`${model},${column}`))
        return []
      const c = `t.${ident(column)}`
      return [
        {
          scope: `${table}.${column}`,
          sql: `SELECT ARRAY[${literal(`${table}.${column}`)}, v.key], ARRAY[count(*)]
                  FROM ${ident(table)} t, jsonb_each_text(CASE WHEN jsonb_typeof(${c}) = 'object' THEN ${c} END) v
                 WHERE v.key <> 'en_US' AND v.value <> '' AND ${old(table, 't')}
                   AND NOT EXISTS (SELECT FROM ir_model_data d WHERE d.model = ${literal(model)} AND d.res_id = t.id AND ${brought(database)})
                 GROUP BY 1`,
        },
      ]
    })
  })
}

function brought({ customModules }: Database): string {
  return `d.module NOT IN (${['__export__', '__import__', '__custom__', ...customModules].map(literal).join(', ')})`
}
