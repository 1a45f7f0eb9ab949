import type pg from 'pg'
import { ident, qualified } from '../../postgres/sql.ts'
import type { Schema } from '../../schema/schema.ts'

/**
 * The target's schema without the constraints, indexes and views that a former try put in place. Keys that it only
 * declared are taken back first, because nothing says that the rows keep them.
 */
export async function stillMissing(client: pg.ClientBase, schema: Schema): Promise<Schema> {
  await dropDeclared(client)
  const { rows } = await client.query<{
    kind: 'constraint' | 'index' | 'view'
    table: string
    name: string
  }>(`
    SELECT 'constraint' AS kind, c.relname AS "table", k.conname AS name
      FROM pg_constraint k JOIN pg_class c ON c.oid = k.conrelid WHERE c.relnamespace = 'public'::regnamespace
    UNION ALL
    SELECT 'index', c.relname, i.relname
      FROM pg_index x JOIN pg_class c ON c.oid = x.indrelid JOIN pg_class i ON i.oid = x.indexrelid
     WHERE c.relnamespace = 'public'::regnamespace
    UNION ALL
    SELECT 'view', relname, relname FROM pg_class WHERE relnamespace = 'public'::regnamespace AND relkind IN ('v', 'm')`)
  const there = new Set(rows.map(({ kind, table, name }) => `${kind} ${table} ${name}`))
  const without = <T>(kind: string, table: string, all: Record<string, T>): Record<string, T> =>
    Object.fromEntries(Object.entries(all).filter(([name]) => !there.has(`${kind} ${table} ${name}`)))
  return {
    ...schema,
    tables: Object.fromEntries(
      Object.entries(schema.tables).map(([table, shape]) => [
        table,
        {
          ...shape,
          constraints: without('constraint', table, shape.constraints),
          indexes: without('index', table, shape.indexes),
        },
      ]),
    ),
    views: Object.fromEntries(
      Object.entries(schema.views).filter(([name]) => !there.has(`view ${name} ${name}`)),
    ),
  }
}

async function dropDeclared(client: pg.ClientBase): Promise<void> {
  const { rows } = await client.query<{ table: string; name: string }>(`
    SELECT c.relname AS "table", k.conname AS name FROM pg_constraint k JOIN pg_class c ON c.oid = k.conrelid
     WHERE c.relnamespace = 'public'::regnamespace AND NOT k.convalidated`)
  if (rows.length > 0)
    await client.query(
      rows
        .map(({ table, name }) => `ALTER TABLE ${qualified('public', table)} DROP CONSTRAINT ${ident(name)}`)
        .join(';\n'),
    )
}
