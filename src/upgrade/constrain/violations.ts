import type pg from 'pg'
import { ident, qualified } from '../../postgres/sql.ts'
import { type ForeignKey, parseForeignKey, parseKey } from '../../schema/definitions.ts'

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

/**
 * Counts and names the rows that break a constraint, given as pg_get_constraintdef() writes it, as "NOT NULL (column)" or as
 * the statement that makes a unique index. What PostgreSQL cannot count either (types that do not compare) is told by
 * its message alone.
 */
export async function describeViolation(
  client: pg.ClientBase,
  table: string,
  constraint: string,
  definition: string,
  thrown: unknown,
): Promise<Violation> {
  const message = thrown instanceof Error ? thrown.message : String(thrown)
  const violation: Violation = { table, constraint, definition, message, rows: 0, ids: [] }
  const condition = brokenRows(table, definition)
  if (!condition) return violation
  const from = `FROM ${qualified('public', table)} t WHERE ${condition}`
  const counted = await client.query<{ n: number }>(`SELECT count(*)::int AS n ${from}`).catch(() => null)
  const named = await client
    .query<{ id: number }>(`SELECT t.id ${from} ORDER BY 1 LIMIT 10`)
    .catch(() => null)
  return {
    ...violation,
    rows: counted?.rows[0]?.n ?? 0,
    ids: named?.rows.map(({ id }) => id) ?? [],
  }
}

/** The rows that break a constraint, as a condition on `t`; null for the kinds that are only told by PostgreSQL's message. */
function brokenRows(table: string, definition: string): string | null {
  const required = /^NOT NULL \((.*)\)$/s.exec(definition)?.[1]
  if (required) return `t.${required} IS NULL`
  const foreign = parseForeignKey(definition)
  if (foreign) return withoutTarget(foreign)
  const check = /^CHECK (\(.*\))/s.exec(definition)
  if (check) return `NOT ${check[1]}`
  const key = parseKey(definition)?.map(ident)
  if (key) {
    const absent = definition.startsWith('PRIMARY') ? key.map((column) => ` OR t.${column} IS NULL`) : []
    return twice(table, key.join(', '), 'true') + absent.join('')
  }
  const index = /^CREATE UNIQUE INDEX .* USING \w+ \((.*?)\)(?: WHERE (\(.*\)))?$/s.exec(definition)
  return index ? `${index[2] ?? 'true'} AND ${twice(table, index[1]!, index[2] ?? 'true')}` : null
}

function withoutTarget({ columns, schema, table, targetColumns }: ForeignKey): string {
  const present = columns.map((column) => `t.${ident(column)} IS NOT NULL`)
  const same = columns.map((column, i) => `r.${ident(targetColumns[i] ?? 'id')} = t.${ident(column)}`)
  return `${present.join(' AND ')} AND NOT EXISTS (SELECT FROM ${qualified(schema ?? 'public', table)} r WHERE ${same.join(' AND ')})`
}

function twice(table: string, key: string, condition: string): string {
  return `(${key}) IN (SELECT ${key} FROM ${qualified('public', table)} WHERE ${condition} GROUP BY ${key} HAVING count(*) > 1)`
}
