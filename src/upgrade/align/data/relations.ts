import type pg from 'pg'
import { ident } from '../../../postgres/sql.ts'
import { parseForeignKey } from '../../../schema/definitions.ts'
import type { Schema } from '../../../schema/schema.ts'

/** A column that holds ids of another table's rows. */
export interface Relation {
  table: string
  column: string
  target: string
  onDelete: 'cascade' | 'set null' | 'restrict' | null
  required: boolean
}

/** All references of a schema: its foreign keys, and the many2one fields of the registry that have no foreign key. */
export function relationsOf(
  schema: Schema,
  many2ones: readonly { table: string; column: string; target: string }[],
): Relation[] {
  const relations = new Map<string, Relation>()
  for (const [table, { columns, constraints }] of Object.entries(schema.tables))
    for (const { kind, definition } of Object.values(constraints)) {
      const key = kind === 'foreign' ? parseForeignKey(definition) : null
      const [column, second] = key?.columns ?? []
      // A key of several columns does not hold an id.
      if (!key || column === undefined || second !== undefined || key.targetColumns[0] !== 'id') continue
      relations.set(`${table}.${column}`, {
        table,
        column,
        target: key.table,
        onDelete: key.onDelete === 'cascade' || key.onDelete === 'set null' ? key.onDelete : 'restrict',
        required: columns[column]?.notNull ?? false,
      })
    }
  for (const { table, column, target } of many2ones) {
    const there = schema.tables[table]?.columns[column]
    if (!there || !schema.tables[target] || relations.has(`${table}.${column}`)) continue
    if (there.type !== 'integer' && there.type !== 'bigint') continue
    relations.set(`${table}.${column}`, { table, column, target, onDelete: null, required: there.notNull })
  }
  return [...relations.values()]
}

/** Stored many2one fields of a registry, as tables and columns. `model_table` has to be there. */
export async function registryMany2ones(
  client: pg.ClientBase,
  schema: string,
): Promise<{ table: string; column: string; target: string }[]> {
  const { rows } = await client.query<{ table: string; column: string; target: string }>(`
    SELECT DISTINCT m.tbl AS table, f.name AS column, t.tbl AS target
      FROM ${ident(schema)}.ir_model_fields f
      JOIN uplift.model_table m ON m.model = f.model
      JOIN uplift.model_table t ON t.model = f.relation
     WHERE f.ttype = 'many2one'`)
  return rows
}
