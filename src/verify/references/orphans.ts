import type pg from 'pg'
import { ident, literal } from '../../postgres/sql.ts'
import type { Inventory } from '../../schema/inventory.ts'
import type { Models } from '../models.ts'
import { unprovenMany2ones } from './many2ones.ts'
import { pairSources } from './pairs.ts'

/** References of one column that lead to no row. */
export interface Orphans {
  /** Rows that hold such a reference. */
  rows: number
  /** What they name: "res.partner,12" for references with a model, the bare id for a many2one; the first KEYS of them. */
  keys: string[]
  /** Whether `keys` has all of them. */
  complete: boolean
}

export interface References {
  /** Column ("res_partner.parent_id") → what leads nowhere in it. Columns without a fault do not stand here. */
  orphans: Record<string, Orphans>
  /** References that a foreign key of the database proves, and those that were followed. */
  proven: number
  followed: number
}

const KEYS = 1000

/**
 * Follows every reference of a database that no foreign key proves: many2one columns without one, (model, id) pairs,
 * "model,id" texts. Each column is read once; pairs are gathered first, so that each table is joined once a model.
 *
 * @param proven columns ("res_partner.parent_id") that are known to be right, such as those with a foreign key in the
 *   database that a dump was made of; the foreign keys that the database itself has are added.
 */
export async function findOrphans(
  client: pg.ClientBase,
  inventory: Inventory,
  models: Models,
  proven: ReadonlySet<string> = new Set(),
): Promise<References> {
  const enforced = await enforcedForeignKeys(client)
  const all = new Set([...proven, ...enforced])
  const many2ones = await unprovenMany2ones(client, inventory, models, all)
  const pairs = await pairSources(client, inventory)
  await gatherPairs(client, pairs)
  const { rows: present } = await client.query<{ model: string }>('SELECT DISTINCT model FROM verify_pair')
  const statements = [
    ...many2ones.map(orphansOfColumn),
    ...present.flatMap(({ model }) => orphansOfModel(model, models)),
  ]
  const orphans: Record<string, Orphans> = {}
  for (let start = 0; start < statements.length; start += 100) {
    const { rows } = await client.query<{ source: string; rows: number; keys: string[]; total: number }>(
      `SELECT source, sum(n)::int AS rows, count(*)::int AS total, (array_agg(key ORDER BY key))[1:${KEYS}] AS keys
         FROM (${statements.slice(start, start + 100).join('\nUNION ALL\n')}) AS o (source, key, n) GROUP BY source`,
    )
    for (const { source, rows: n, keys, total } of rows) {
      const known = orphans[source]
      const together = [...(known?.keys ?? []), ...keys]
      orphans[source] = {
        rows: (known?.rows ?? 0) + n,
        keys: together.slice(0, KEYS),
        complete: (known?.complete ?? true) && total <= KEYS && together.length <= KEYS,
      }
    }
  }
  await client.query('DROP TABLE verify_pair')
  return { orphans, proven: all.size, followed: many2ones.length + pairs.length }
}

function orphansOfColumn({
  table,
  column,
  target,
  perCompany,
}: {
  table: string
  column: string
  target: string
  perCompany: boolean
}): string {
  const [t, c, x] = [ident(table), ident(column), ident(target)]
  // From 18.0 on a company-dependent many2one is one jsonb column, {"1": 12}.
  const value = perCompany ? 'v.value::bigint' : `t.${c}`
  const from = perCompany
    ? `${t} t, jsonb_each_text(t.${c}) v WHERE jsonb_typeof(t.${c}) = 'object' AND v.value ~ '^[0-9]{1,18}$'`
    : `ONLY ${t} t WHERE t.${c} IS NOT NULL`
  return `SELECT ${literal(`${table}.${column}`)} AS source, (${value})::text AS key, count(*) AS n
            FROM ${from} AND NOT EXISTS (SELECT FROM ${x} x WHERE x.id = ${value}) GROUP BY 2`
}

function orphansOfModel(model: string, models: Models): string[] {
  const table = models.table(model)
  const of = `SELECT p.source, p.model || ',' || p.id, p.n FROM verify_pair p WHERE p.model = ${literal(model)}`
  if (table) return [`${of} AND NOT EXISTS (SELECT FROM ${ident(table)} x WHERE x.id = p.id)`]
  // A model that the registry knows but that keeps no rows can be named by anything.
  return models.has(model) ? [] : [of]
}

async function gatherPairs(client: pg.ClientBase, sources: readonly string[]): Promise<void> {
  await client.query('DROP TABLE IF EXISTS verify_pair')
  await client.query('CREATE TEMP TABLE verify_pair (source text, model text, id bigint, n bigint)')
  if (sources.length > 0)
    await client.query(sources.map((source) => `INSERT INTO verify_pair ${source}`).join(';\n'))
  await client.query('CREATE INDEX ON verify_pair (model)')
  await client.query('ANALYZE verify_pair')
}

/** Columns with a foreign key that the database holds true itself: a second look by a scan would tell nothing new. */
async function enforcedForeignKeys(client: pg.ClientBase): Promise<string[]> {
  const { rows } = await client.query<{ name: string }>(`
    SELECT t.relname || '.' || a.attname AS name
      FROM pg_constraint k
      JOIN pg_class t ON t.oid = k.conrelid
      JOIN pg_attribute a ON a.attrelid = k.conrelid AND a.attnum = k.conkey[1]
     WHERE k.contype = 'f' AND k.convalidated AND cardinality(k.conkey) = 1 AND t.relnamespace = 'public'::regnamespace`)
  return rows.map(({ name }) => name)
}
