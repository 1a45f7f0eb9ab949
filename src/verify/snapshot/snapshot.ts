import type pg from 'pg'
import { findOrphans, type References } from '../references/orphans.ts'
import type { Renames } from '../renames.ts'
import { describeDatabase } from './database.ts'
import type { Database, Figure, Measure } from './figure.ts'
import { invariants } from './invariants/all.ts'
import { countRecords, type RecordCount } from './records.ts'

/** What must be equal before and after an upgrade, as plain data: it can be kept as JSON between the two. */
export interface Snapshot {
  series: string
  /** Modules whose records were taken for the customer's own. */
  customModules: string[]
  /** Whether the database was made harmless for tests: mail servers and the like are switched off. */
  neutralised: boolean
  /** Tables with records that the upgrade switched off, because they would fail; it tells each of them. */
  stopped: string[]
  /** Rows by table. */
  records: Record<string, RecordCount>
  /** Figures by invariant. */
  figures: Record<string, Figures>
  references: References
}

/** What one database says about an invariant. */
export interface Figures {
  /** The parts that were measured: see Measure.scope. */
  scopes: string[]
  figures: Figure[]
}

export interface SnapshotOptions {
  /** Modules that are not Odoo's own: their records are the customer's. */
  customModules?: readonly string[] | undefined
  /** Models whose rows are thrown away by time; from 9.0 on the registry says which they are. */
  transient?: Iterable<string> | undefined
  /** Columns with a foreign key in the database that a dump was made of: "res_partner.parent_id". */
  foreignKeys?: Iterable<string> | undefined
  /** The source's snapshot, when this is the one of the result: rows with higher ids than the source's are then new. */
  before?: Snapshot | undefined
  renames?: Renames | undefined
}

/** Reads the figures of the database in schema `public`. Takes tables and columns as they are there, whatever the series. */
export async function takeSnapshot(
  client: pg.ClientBase,
  series: string,
  options: SnapshotOptions = {},
): Promise<Snapshot> {
  const limits = highestIds(options)
  // What counts as the customer's own has to be the same on both sides.
  const customModules = options.before?.customModules ?? options.customModules ?? []
  const database = await describeDatabase(client, series, limits, { ...options, customModules })
  const records = await countRecords(client, database, limits)
  // On the source the highest ids are its own: what is said of records beyond them is said of none that there are.
  const measured = options.before
    ? database
    : { ...database, limit: (table: string) => records[table]?.maxId ?? null }
  const figures: Snapshot['figures'] = {}
  for (const invariant of invariants) {
    const measures = invariant.measures(measured)
    const scopes = [...new Set(measures.map(({ scope }) => scope))]
    figures[invariant.id] = { scopes, figures: await readFigures(client, measures) }
  }
  const references = await findOrphans(
    client,
    database.inventory,
    database.models,
    new Set(options.foreignKeys),
  )
  return {
    series,
    customModules: [...customModules],
    neutralised: await isNeutralised(client, database),
    stopped: await stoppedTables(client),
    records,
    figures,
    references,
  }
}

/** Within the upgrade, and in its result, which keeps the list in schema legacy. */
async function stoppedTables(client: pg.ClientBase): Promise<string[]> {
  const { rows: lists } = await client.query<{ list: string }>(
    `SELECT list FROM unnest(ARRAY['uplift.stopped', 'legacy.switched_off']) AS list
      WHERE (SELECT count(*) FROM pg_attribute WHERE attrelid = to_regclass(list) AND attname = 'tbl') = 1`,
  )
  const found = new Set<string>()
  for (const { list } of lists) {
    const { rows } = await client.query<{ tbl: string }>(`SELECT DISTINCT tbl::text FROM ${list}`)
    for (const { tbl } of rows) found.add(tbl)
  }
  return [...found].sort()
}

async function isNeutralised(client: pg.ClientBase, { inventory }: Database): Promise<boolean> {
  if (!inventory.has('ir_config_parameter', 'key')) return false
  const { rows } = await client.query<{ neutralised: boolean }>(
    `SELECT EXISTS (SELECT FROM ir_config_parameter WHERE key = 'database.is_neutralized' AND lower(value) IN ('true', '1')) AS neutralised`,
  )
  return rows[0]!.neutralised
}

async function readFigures(client: pg.ClientBase, measures: readonly Measure[]): Promise<Figure[]> {
  const figures: Figure[] = []
  for (let start = 0; start < measures.length; start += 80) {
    const queries = measures.slice(start, start + 80).map(({ sql }) => `(${sql})`)
    const { rows } = await client.query<Figure>(
      `SELECT key, value::text[] FROM (${queries.join('\nUNION ALL\n')}) AS figure (key, value)`,
    )
    for (const row of rows) figures.push(row)
  }
  return figures
}

/** The highest id of each table of the source, under the name that the table has now. */
function highestIds({ before, renames }: SnapshotOptions): Map<string, number> {
  const limits = new Map<string, number>()
  if (!before) return limits
  // A table that took another one's rows gave them higher ids.
  const takers = new Set<string>()
  for (const [table, { maxId }] of Object.entries(before.records)) {
    const now = renames?.table(table) ?? table
    if (renames?.moved(table)) takers.add(now)
    else limits.set(now, maxId)
  }
  for (const table of takers) limits.delete(table)
  return limits
}
