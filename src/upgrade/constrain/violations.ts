import type pg from 'pg'
import { qualified } from '../../postgres/sql.ts'

/** A constraint of the target that rows of the upgraded database break. */
export interface Violation {
  table: string
  constraint: string
  definition: string
  /** PostgreSQL's sentence about the first row. */
  message: string
  /** How many rows break it, and the ids of the first of them. */
  rows: number
  ids: number[]
}

/** Counts and names the rows that break a constraint. */
export async function describeViolation(
  client: pg.ClientBase,
  table: string,
  constraint: string,
  definition: string,
  message: string,
): Promise<Violation> {
  const condition = brokenRows(table, definition)
  const violation: Violation = { table, constraint, definition, message, rows: 0, ids: [] }
  if (!condition) return violation
  const { rows } = await client.query<{ n: number }>(
    `SELECT count(*)::int AS n FROM ${qualified('public', table)} t WHERE ${condition}`,
  )
  violation.rows = rows[0]!.n
  const id = await client
    .query<{ id: number }>(
      `SELECT t.id FROM ${qualified('public', table)} t WHERE ${condition} ORDER BY 1 LIMIT 10`,
    )
    .catch(() => null)
  violation.ids = id?.rows.map((row) => row.id) ?? []
  return violation
}

/** The rows that break a constraint, as a condition on `t`; null for the kinds that are only told by PostgreSQL's message. */
function brokenRows(table: string, definition: string): string | null {
  const required = /SET NOT NULL/.exec(definition)
    ? /ALTER COLUMN ("(?:[^"]|"")+"|\w+) SET NOT NULL/.exec(definition)?.[1]
    : null
  if (required) return `t.${required} IS NULL`
  const foreign = /^FOREIGN KEY \((\S+)\) REFERENCES ([^(]+)\((\S+?)\)/.exec(definition)
  if (foreign) {
    const [, column, target, key] = foreign as unknown as [string, string, string, string]
    return `t.${column} IS NOT NULL AND NOT EXISTS (SELECT FROM public.${target} r WHERE r.${key} = t.${column})`
  }
  const check = /^CHECK (\(.*\))/.exec(definition)
  if (check) return `NOT ${check[1]}`
  const unique = /^(?:UNIQUE|PRIMARY KEY) \((.+)\)/.exec(definition)
  if (unique)
    return `(${unique[1]}) IN (SELECT ${unique[1]} FROM ${qualified('public', table)} GROUP BY ${unique[1]} HAVING count(*) > 1)`
  return null
}
