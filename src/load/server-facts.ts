import type pg from 'pg'
import type { ServerFacts } from './judge/judge.ts'

/** What the judge has to know of the database that the dump is loaded into. */
export async function readServerFacts(client: pg.Client): Promise<ServerFacts> {
  const { rows } = await client.query<{ functions: string[]; extensions: string[]; schemas: string[] }>(
    `SELECT (SELECT array_agg(DISTINCT proname::text) FROM pg_catalog.pg_proc
              WHERE pronamespace = 'pg_catalog'::regnamespace) AS functions,
            ARRAY(SELECT name::text FROM pg_catalog.pg_available_extensions) AS extensions,
            ARRAY(SELECT nspname::text FROM pg_catalog.pg_namespace
                   WHERE nspname <> 'public' AND nspname !~ '^pg_' AND nspname <> 'information_schema') AS schemas`,
  )
  const facts = rows[0]!
  return { functions: facts.functions, extensions: facts.extensions, reservedSchemas: facts.schemas }
}
