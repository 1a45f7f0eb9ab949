import type pg from 'pg'
import { ident, literal, qualified } from '../../../postgres/sql.ts'
import type { Inventory } from '../../../schema/inventory.ts'

/**
 * Columns that have to have a value and of which the reference knows nothing, in tables that get rows of it: fields of
 * modules that the reference lacks, and the customer's own. The rows come without these values, so the columns may be
 * empty until they are filled; uplift.lifted names them.
 */
export async function liftRequired(
  client: pg.ClientBase,
  reference: Inventory,
  tables: readonly string[],
): Promise<void> {
  const { rows } = await client.query<{ table: string; column: string }>(
    `SELECT c.relname AS "table", a.attname AS "column"
       FROM pg_attribute a JOIN pg_class c ON c.oid = a.attrelid AND c.relnamespace = 'public'::regnamespace
      WHERE c.relname = ANY($1::text[]) AND a.attnum > 0 AND NOT a.attisdropped AND a.attnotnull
        AND NOT a.atthasdef AND a.attidentity = '' AND a.attinhcount = 0 AND a.attname <> 'id'
      ORDER BY 1, 2`,
    [tables],
  )
  const unknown = rows.filter(({ table, column }) => !reference.has(table, column))
  await client.query('CREATE TABLE IF NOT EXISTS uplift.lifted (tbl text, col text, PRIMARY KEY (tbl, col))')
  if (unknown.length === 0) return
  await client.query(
    unknown
      .map(
        ({ table, column }) => `
      ALTER TABLE ${qualified('public', table)} ALTER COLUMN ${ident(column)} DROP NOT NULL;
      INSERT INTO uplift.lifted VALUES (${literal(table)}, ${literal(column)}) ON CONFLICT DO NOTHING`,
      )
      .join(';\n'),
  )
}
