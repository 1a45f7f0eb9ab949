import type pg from 'pg'
import { ident } from '../../src/postgres/sql.ts'

/**
 * What a database holds, as data that two servers of any version give alike: rows and a hash of the content of each
 * table, constraints, indexes, sequences, views by name and columns.
 */
export interface Fingerprint {
  tables: Record<string, { rows: string; content: string }>
  constraints: string[]
  indexes: string[]
  sequences: Record<string, string>
  views: string[]
}

export async function fingerprint(client: pg.Client): Promise<Fingerprint> {
  // At 0 every version writes a float in the same way.
  await client.query('SET extra_float_digits = 0; SET search_path = pg_catalog')
  const tables: Fingerprint['tables'] = {}
  for (const { name } of await names(client, 'r')) {
    const { rows } = await client.query<{ rows: string; content: string }>(
      `SELECT count(*)::text AS rows,
              coalesce(sum(('x' || substr(md5(t::text), 1, 8))::bit(32)::int8), 0)::text AS content
         FROM ONLY public.${ident(name)} AS t`,
    )
    tables[name] = rows[0]!
  }
  const sequences: Fingerprint['sequences'] = {}
  for (const { name } of await names(client, 'S')) {
    const { rows } = await client.query<{ state: string }>(
      `SELECT last_value || ' ' || is_called AS state FROM public.${ident(name)}`,
    )
    sequences[name] = rows[0]!.state
  }
  const constraints = await client.query<{ line: string }>(
    `SELECT conrelid::regclass || ' ' || conname || ' ' || pg_get_constraintdef(oid) AS line
       FROM pg_constraint WHERE connamespace = 'public'::regnamespace AND contype <> 'n' ORDER BY 1`,
  )
  const indexes = await client.query<{ line: string }>(
    `SELECT pg_get_indexdef(indexrelid) AS line FROM pg_index i JOIN pg_class c ON c.oid = i.indexrelid
      WHERE c.relnamespace = 'public'::regnamespace ORDER BY 1`,
  )
  const views = await client.query<{ line: string }>(
    `SELECT c.relname || '(' || string_agg(a.attname, ', ' ORDER BY a.attnum) || ')' AS line
       FROM pg_class c JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum > 0
      WHERE c.relnamespace = 'public'::regnamespace AND c.relkind = 'v' GROUP BY c.relname ORDER BY 1`,
  )
  const lines = (result: { rows: { line: string }[] }) =>
    result.rows.map(({ line }) => normalised(line)).sort()
  return { tables, constraints: lines(constraints), indexes: lines(indexes), sequences, views: lines(views) }
}

async function names(client: pg.Client, kind: string): Promise<{ name: string }[]> {
  const { rows } = await client.query<{ name: string }>(
    `SELECT relname AS name FROM pg_class
      WHERE relnamespace = 'public'::regnamespace AND relkind = $1::"char" ORDER BY 1`,
    [kind],
  )
  return rows
}

/** Before 10 the definition of an index names the table without its schema and sets expressions in parentheses. */
function normalised(line: string): string {
  return line.replaceAll('public.', '').replaceAll(/[()]/g, '')
}
