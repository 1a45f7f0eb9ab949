import { modelNameColumns } from '../../../odoo/references.ts'
import { ident, literal } from '../../../postgres/sql.ts'
import type { Relation } from './relations.ts'

/**
 * How a value of a reference's row `r` reads in the customer's database: ids go through the id map, whatever they are
 * written as; everything else stays.
 */
export class Expressions {
  readonly #relations: Map<string, string>
  readonly #recordTexts: ReadonlySet<string>

  constructor(relations: readonly Relation[], recordTexts: readonly { table: string; column: string }[]) {
    this.#relations = new Map(relations.map(({ table, column, target }) => [`${table}.${column}`, target]))
    this.#recordTexts = new Set(recordTexts.map(({ table, column }) => `${table}.${column}`))
  }

  of(table: string, column: string, columns: ReadonlySet<string>): string {
    const r = `r.${ident(column)}`
    const target = this.#relations.get(`${table}.${column}`)
    if (target) return mapped(target, r)
    const model = modelNameColumns.find((entry) => entry.table === table && entry.id === column)?.model
    if (model && columns.has(model))
      return `coalesce((SELECT m.id FROM uplift.model_table mt JOIN uplift.id_map m ON m.tbl = mt.tbl AND m.ref_id = ${r} WHERE mt.model = r.${ident(model)}),
        CASE WHEN ${r} = 0 THEN 0 END)`
    if (this.#recordTexts.has(`${table}.${column}`)) return mappedText(r)
    return r
  }
}

function mapped(target: string, value: string): string {
  return `(SELECT m.id FROM uplift.id_map m WHERE m.tbl = ${literal(target)} AND m.ref_id = ${value})`
}

/** "model,id" with the id of the customer's database; NULL when the record does not come along. */
function mappedText(value: string): string {
  return `CASE WHEN ${value} ~ '^[a-z0-9_.]+,[0-9]{1,9}$' THEN (
      SELECT split_part(${value}, ',', 1) || ',' || m.id
        FROM uplift.model_table mt
        JOIN uplift.id_map m ON m.tbl = mt.tbl AND m.ref_id = split_part(${value}, ',', 2)::integer
       WHERE mt.model = split_part(${value}, ',', 1)) ELSE ${value} END`
}
