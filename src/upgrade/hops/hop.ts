import type pg from 'pg'
import { UpliftError } from '../../errors.ts'
import type { Pack } from '../../packs/pack.ts'
import { inTransaction } from '../../postgres/transaction.ts'
import { readInventory } from '../../schema/inventory.ts'
import type { Schema } from '../../schema/schema.ts'
import { note } from '../notes.ts'
import { renameFields } from './fields.ts'
import { fillColumns } from './fills.ts'
import { renameModels } from './models.ts'
import { renameModules } from './modules.ts'
import { moveRows } from './moves.ts'
import { renameColumns, renameTables } from './tables.ts'
import { liftTextLengths } from './text-lengths.ts'
import { mapValues } from './values.ts'
import { removeWorkflows } from './workflows.ts'
import { renameXmlids } from './xmlids.ts'

/**
 * One hop: first what its facts name (modules, tables, columns, moved rows, models, fields, xmlids, values), then the
 * SQL of the installed modules, in the order of their dependencies, then the columns that many models gain together. All
 * in one transaction.
 * @param target the schema that the last hop leads to, under whose lengths the transforms may write
 */
export async function runHop(
  client: pg.ClientBase,
  pack: Pack,
  moduleOrder: readonly string[],
  target: Pick<Schema, 'tables'> = { tables: {} },
): Promise<void> {
  const { facts } = pack
  await inTransaction(client, async () => {
    await renameModules(client, facts.modules)
    await renameTables(client, facts.tables, await readInventory(client))
    await followRenamedTables(client, facts.tables, facts.columns)
    await renameColumns(client, facts.columns, await readInventory(client))
    await liftTextLengths(client, target)
    const inventory = await readInventory(client)
    await moveRows(client, facts.moves ?? [], inventory)
    await renameModels(client, facts.models, await readInventory(client))
    await renameFields(client, facts.fields, inventory)
    await renameXmlids(client, facts.xmlids.renamed)
    await mapValues(client, facts.values, await readInventory(client))
    await removeWorkflows(client, facts.workflowsRemoved ?? [], inventory)
    await runTransforms(client, pack, moduleOrder)
    await fillColumns(client, facts.fills ?? [], moduleOrder, await readInventory(client))
    await listPending(client, pack, moduleOrder)
  })
}

/** What the pack is known to leave undone for these modules: a report that hid it would promise too much. */
async function listPending(
  client: pg.ClientBase,
  { facts }: Pack,
  modules: readonly string[],
): Promise<void> {
  await note(
    client,
    'hop',
    'missing transform',
    `SELECT p.module, p.what, jsonb_build_object('hop', $2::text) FROM json_to_recordset($1::json) AS p (module text, what text)`,
    [
      JSON.stringify((facts.pending ?? []).filter(({ module }) => modules.includes(module))),
      `${facts.from}-${facts.to}`,
    ],
  )
}

async function followRenamedTables(
  client: pg.ClientBase,
  tables: Record<string, string>,
  columns: readonly [string, string, string][],
): Promise<void> {
  await client.query(
    `UPDATE uplift.relation r SET tbl = coalesce($1::jsonb ->> r.tbl, r.tbl), target = coalesce($1::jsonb ->> r.target, r.target)
      WHERE $1::jsonb ? r.tbl OR $1::jsonb ? r.target`,
    [JSON.stringify(tables)],
  )
  await client.query(
    `UPDATE uplift.relation r SET col = c.entry ->> 2
       FROM jsonb_array_elements($1::jsonb) AS c (entry) WHERE r.tbl = c.entry ->> 0 AND r.col = c.entry ->> 1`,
    [JSON.stringify(columns)],
  )
}

async function runTransforms(
  client: pg.ClientBase,
  pack: Pack,
  moduleOrder: readonly string[],
): Promise<void> {
  const order = new Map(moduleOrder.map((name, place) => [name, place]))
  const wanted = pack.transforms
    .filter(({ module }) => order.has(module))
    .sort((a, b) => order.get(a.module)! - order.get(b.module)!)
  for (const { module, sql } of wanted) {
    try {
      await client.query(sql)
    } catch (cause) {
      throw new UpliftError(
        'INTERNAL',
        `The transform of module ${module} from ${pack.facts.from} to ${pack.facts.to} failed: report this with the log.`,
        {
          cause,
          detail: {
            module,
            hop: `${pack.facts.from}-${pack.facts.to}`,
            database: cause instanceof Error ? cause.message : String(cause),
          },
        },
      )
    }
  }
}
