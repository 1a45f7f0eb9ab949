import type pg from 'pg'
import type { PackFacts } from '../../packs/pack.ts'
import { ident, qualified } from '../../postgres/sql.ts'
import type { Inventory } from '../../schema/inventory.ts'
import { inRounds } from './pairs.ts'

/** Renames tables, with the sequence of their ids. A table that stands in the way already is set aside in schema legacy. */
export async function renameTables(
  client: pg.ClientBase,
  tables: PackFacts['tables'],
  inventory: Inventory,
): Promise<void> {
  const statements: string[] = []
  const present = new Set(inventory.tables())
  for (const [from, to] of [...inRounds(Object.entries(tables), (names) => names)].flat()) {
    if (!present.delete(from)) continue
    if (present.has(to)) statements.push(`ALTER TABLE ${qualified('public', to)} SET SCHEMA legacy`)
    present.add(to)
    statements.push(`ALTER TABLE ${qualified('public', from)} RENAME TO ${ident(to)}`)
    statements.push(
      `ALTER SEQUENCE IF EXISTS ${qualified('public', `${from}_id_seq`)} RENAME TO ${ident(`${to}_id_seq`)}`,
    )
  }
  if (statements.length > 0) await client.query(statements.join(';\n'))
}

/**
 * Renames columns, in the order given. A column that stands in the way keeps its values under the name
 * "<column>__before", which the target does not have: alignment sets it aside in schema legacy.
 */
export async function renameColumns(
  client: pg.ClientBase,
  columns: PackFacts['columns'],
  inventory: Inventory,
): Promise<void> {
  const statements: string[] = []
  const present = new Set<string>()
  const key = (table: string, column: string) => `${table}.${column}`
  for (const [table] of columns)
    for (const column of inventory.columns(table)) present.add(key(table, column))
  for (const [table, from, to] of columns) {
    if (!present.has(key(table, from))) continue
    const rename = (old: string, name: string) => {
      statements.push(
        `ALTER TABLE ${qualified('public', table)} RENAME COLUMN ${ident(old)} TO ${ident(name)}`,
      )
      present.delete(key(table, old))
      present.add(key(table, name))
    }
    if (present.has(key(table, to))) rename(to, `${to}__before`)
    rename(from, to)
  }
  if (statements.length > 0) await client.query(statements.join(';\n'))
}
