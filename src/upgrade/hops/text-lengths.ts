import type pg from 'pg'
import type { Schema } from '../../schema/schema.ts'

/**
 * Texts that the target lets be longer get its length before the transforms, which write longer ones into them. No row is
 * read or written for it. Lengths that the target shortens wait for the alignment, which keeps what does not fit.
 */
export async function liftTextLengths(
  client: pg.ClientBase,
  { tables }: Pick<Schema, 'tables'>,
): Promise<void> {
  const wanted = Object.entries(tables).flatMap(([tbl, { columns }]) =>
    Object.entries(columns).flatMap(([col, { type }]) => {
      const [text, length] = /^(?:text|character varying(?:\((\d+)\))?)$/.exec(type) ?? []
      return text === undefined ? [] : [{ tbl, col, length: length === undefined ? null : Number(length) }]
    }),
  )
  const { rows } = await client.query<{ statement: string }>(
    `SELECT format('ALTER TABLE %s %s', c.oid::regclass,
                   string_agg(format('ALTER COLUMN %I TYPE varchar%s', a.attname, '(' || w.length || ')'), ', ' ORDER BY a.attnum)) AS statement
       FROM json_to_recordset($1::json) AS w (tbl text, col text, length integer)
       JOIN pg_class c ON c.relname = w.tbl AND c.relnamespace = 'public'::regnamespace AND c.relkind = 'r'
       JOIN pg_attribute a ON a.attrelid = c.oid AND a.attname = w.col AND NOT a.attisdropped AND a.attinhcount = 0
      WHERE a.atttypid = 'varchar'::regtype AND a.atttypmod > 0 AND coalesce(w.length > a.atttypmod - 4, true)
      GROUP BY c.oid, c.relname ORDER BY c.relname`,
    [JSON.stringify(wanted)],
  )
  if (rows.length > 0) await client.query(rows.map(({ statement }) => statement).join(';\n'))
}
