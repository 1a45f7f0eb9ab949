import type pg from 'pg'
import { readInventory } from '../../schema/inventory.ts'
import { readModels } from '../models.ts'
import { findOrphans, type References } from '../references/orphans.ts'
import type { Renames } from '../renames.ts'
import type { Database, Figure } from './figure.ts'
import { invariants } from './invariants.ts'
import { countRecords, type RecordCount } from './records.ts'

/** What must be equal before and after an upgrade, as plain data: it can be kept as JSON between the two. */
export interface Snapshot {
  series: string
  /** Rows by table. */
  records: Record<string, RecordCount>
  /** Figures by invariant. */
  figures: Record<string, Figure[]>
  references: References
}

export interface SnapshotOptions {
  /** Modules that are not Odoo's own: their records are the customer's. */
  customModules?: readonly string[]
  /** Models whose rows are thrown away by time; from 9.0 on the registry says which they are. */
  transient?: Iterable<string>
  /** Columns with a foreign key in the database that a dump was made of: "res_partner.parent_id". */
  foreignKeys?: Iterable<string>
  /** The source's snapshot, when this is the one of the result: rows with higher ids than the source's are then new. */
  before?: Snapshot
  renames?: Renames
}

/** Reads the figures of the database in schema `public`. Takes tables and columns as they are there, whatever the series. */
export async function takeSnapshot(
  client: pg.ClientBase,
  series: string,
  options: SnapshotOptions = {},
): Promise<Snapshot> {
  const inventory = await readInventory(client)
  const models = await readModels(client, series, inventory)
  const limits = highestIds(options)
  const database: Database = {
    series: Number(series),
    inventory,
    models,
    customModules: options.customModules ?? [],
    old: (table, alias) => {
      const limit = limits.get(table)
      return limit === undefined ? 'true' : `${alias}.id <= ${limit}`
    },
  }
  const records = await countRecords(client, database, limits, new Set(options.transient))
  const figures: Snapshot['figures'] = {}
  for (const invariant of invariants)
    figures[invariant.id] = await readFigures(client, invariant.queries(database))
  const references = await findOrphans(client, inventory, models, new Set(options.foreignKeys))
  return { series, records, figures, references }
}

async function readFigures(client: pg.ClientBase, queries: readonly string[]): Promise<Figure[]> {
  const figures: Figure[] = []
  for (let start = 0; start < queries.length; start += 80) {
    const { rows } = await client.query<Figure>(
      `SELECT key, value::text[] FROM (${queries.slice(start, start + 80).join('\nUNION ALL\n')}) AS figure (key, value)`,
    )
    for (const row of rows) figures.push(row)
  }
  return figures
}

/** The highest id of each table of the source, under the name that the table has now. */
function highestIds({ before, renames }: SnapshotOptions): Map<string, number> {
  const limits = new Map<string, number>()
  if (!before) return limits
  for (const [table, { maxId }] of Object.entries(before.records)) {
    if (renames?.moved(table)) continue
    limits.set(renames?.table(table) ?? table, maxId)
  }
  return limits
}
