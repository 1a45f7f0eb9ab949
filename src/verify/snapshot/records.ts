import type pg from 'pg'
import { technicalTables } from '../../odoo/technical.ts'
import { ident, literal } from '../../postgres/sql.ts'
import type { Database } from './figure.ts'

/** Rows of one table. */
export interface RecordCount {
  /** Models that keep their rows there. */
  models: string[]
  rows: number
  /** 0 without rows. */
  maxId: number
  /** Rows with an id that the source could have given; the same as `rows` on the source. */
  old: number
  /** Of these, the ones that no module of Odoo brought; null where that is not counted. */
  own: number | null
  /** Rows that the transforms of the way turned into something else, and into what. */
  taken?: { rows: number; into: string }
  /** Rows that came from another table and were found to be ones that this table had already. */
  merged?: number
}

/** Tables of module data in which people make records of their own. */
const withOwnRecords = new Set([
  'ir_ui_view', 'ir_ui_menu', 'ir_act_window', 'ir_act_server', 'ir_act_client', 'ir_act_url', 'ir_act_report_xml',
  'ir_filters', 'ir_cron', 'ir_rule', 'ir_model_access', 'res_groups', 'ir_model', 'ir_model_fields',
]) // biome-ignore format: a list reads better in few lines

/** Modules that are no modules but the places where exports and imports put their names. */
const notModules = ['__export__', '__import__', '__custom__']

/** Counts the rows of every table of a model that is not transient, in one reading of each table. */
export async function countRecords(
  client: pg.ClientBase,
  database: Database,
  limits: ReadonlyMap<string, number>,
): Promise<Record<string, RecordCount>> {
  const models = new Map<string, string[]>()
  for (const [model, table] of database.models.entries())
    if (table && !database.transient.has(model))
      models.set(table, [...(models.get(table) ?? []), model].sort())
  const filled = await filledTables(client)
  const counts: Record<string, RecordCount> = {}
  for (const [table, names] of models)
    if (!filled.has(table))
      counts[table] = { models: names, rows: 0, maxId: 0, old: 0, own: ownCounted(table) ? 0 : null }
  const statements = [...models]
    .filter(([table]) => filled.has(table))
    .map(([table, names]) => countTable(table, names, database, limits))
  for (let start = 0; start < statements.length; start += 100) {
    const { rows } = await client.query<{
      table: string
      rows: string
      max_id: number
      old: string
      own: string | null
    }>(statements.slice(start, start + 100).join('\nUNION ALL\n'))
    for (const { table, rows: n, max_id, old, own } of rows)
      counts[table] = {
        models: models.get(table)!,
        rows: Number(n),
        maxId: max_id,
        old: Number(old),
        own: own === null ? null : Number(own),
      }
  }
  await addTransformed(client, counts)
  return counts
}

/** What the transforms told of in the working schema; a dump that is verified by itself does not have it. */
async function addTransformed(client: pg.ClientBase, counts: Record<string, RecordCount>): Promise<void> {
  const { rows } = await client.query<{ taken: boolean; moved: boolean }>(
    `SELECT to_regclass('uplift.taken') IS NOT NULL AS taken, to_regclass('uplift.moved') IS NOT NULL AS moved`,
  )
  if (rows[0]!.taken) {
    const taken = await client.query<{ table: string; rows: number; into: string }>(
      `SELECT tbl AS table, sum(rows)::int AS rows, string_agg(DISTINCT "into", ', ') AS into FROM uplift.taken GROUP BY tbl`,
    )
    for (const { table, rows: n, into } of taken.rows) {
      const count = counts[table]
      if (count) count.taken = { rows: n, into }
    }
  }
  if (rows[0]!.moved) {
    const merged = await client.query<{ table: string; rows: number }>(
      'SELECT to_table AS table, count(*)::int AS rows FROM uplift.moved WHERE merged GROUP BY to_table',
    )
    for (const { table, rows: n } of merged.rows) {
      const count = counts[table]
      if (count) count.merged = n
    }
  }
}

function ownCounted(table: string): boolean {
  return technicalTables.has(table) && withOwnRecords.has(table)
}

function countTable(
  table: string,
  models: readonly string[],
  { customModules, inventory }: Database,
  limits: ReadonlyMap<string, number>,
): string {
  const limit = limits.get(table)
  const old = limit === undefined ? 'true' : `t.id <= ${limit}`
  const modules = [...notModules, ...customModules].map(literal).join(', ')
  // The registry's own word for what a person made counts for models and fields: modules give them xmlids too.
  const brought =
    inventory.has(table, 'state') && /^ir_model(_fields)?$/.test(table)
      ? `t.state <> 'manual'`
      : `t.id IN (SELECT d.res_id FROM ir_model_data d WHERE d.model IN (${models.map(literal).join(', ')}) AND d.res_id IS NOT NULL AND d.module NOT IN (${modules}))`
  const own = ownCounted(table) ? `count(*) FILTER (WHERE ${old} AND NOT (${brought}))` : 'NULL::bigint'
  return `SELECT ${literal(table)} AS table, count(*) AS rows, coalesce(max(t.id), 0)::int AS max_id, count(*) FILTER (WHERE ${old}) AS old, ${own} AS own
            FROM ONLY ${ident(table)} t`
}

/** Tables that take any room at all: the empty ones need no reading. */
async function filledTables(client: pg.ClientBase): Promise<Set<string>> {
  const { rows } = await client.query<{ relname: string }>(
    `SELECT relname FROM pg_class WHERE relnamespace = 'public'::regnamespace AND relkind IN ('r', 'p') AND (relkind = 'p' OR pg_relation_size(oid) > 0)`,
  )
  return new Set(rows.map(({ relname }) => relname))
}
