import { randomUUID } from 'node:crypto'
import type pg from 'pg'
import type { Catalogue } from '../catalogue/catalogue.ts'
import { loadCatalogue } from '../catalogue/load.ts'
import { predictModels } from '../catalogue/predict-models.ts'
import { predictSchema } from '../catalogue/predict-schema.ts'
import type { OutputFormat, WrittenDump } from '../dumps/write/options.ts'
import { writeDump } from '../dumps/write/write.ts'
import { installClosure } from '../odoo/modules.ts'
import type { Server } from '../postgres/server.ts'
import { completeReference, WITHOUT_BODY } from '../reference/complete.ts'
import type { Schema } from '../schema/schema.ts'
import { alignSchema } from '../upgrade/align/schema.ts'
import { constrain } from '../upgrade/constrain/constrain.ts'
import { fillTables, type RowPlan } from './fill.ts'
import { plausible } from './plausible.ts'

export interface SampleOptions {
  server: Server
  /** Series of the sample, "7.0". */
  series: string
  /** Modules that it has installed, with what they depend on. */
  modules: readonly string[]
  /** Rows in an ordinary table; documents and their lines have more. */
  rows: number
  out: string
  format: OutputFormat
  force?: boolean
  signal?: AbortSignal
}

/** Modules of a small trading company. */
export const sampleModules = [
  'sale_stock',
  'purchase',
  'account_voucher',
  'crm',
  'project',
  'hr',
  'mrp',
  'note',
] as const

/**
 * Makes a database of its own from the built-in catalogue: the exact shape of a fresh one with these modules, its
 * registry, and made-up business data in all tables that people fill. Views, menus and texts are not in a catalogue and
 * so not in the sample; it serves to show the way of an upgrade, and as ground for tests.
 */
export async function makeSample(options: SampleOptions): Promise<WrittenDump> {
  const catalogue = await loadCatalogue(options.series)
  const modules = installClosure(catalogue, options.modules)
  const schema = predictSchema(catalogue, modules, [])
  const scratch = await options.server.createScratch()
  try {
    await scratch.with(async (client) => {
      await client.query('CREATE SCHEMA legacy')
      const nothing = { ownsTable: () => false, ownsColumn: () => false }
      await alignSchema(client, schema, nothing, [])
      await fillRegistry(client, catalogue, [...modules])
      await fillTables(client, rowPlan(catalogue, modules, schema, options.rows))
      await nameRecords(client)
      const violations = await constrain([client], schema)
      if (violations.length > 0)
        throw new Error(
          `the sample breaks ${violations.map(({ table, constraint }) => `${table}: ${constraint}`).join(', ')}`,
        )
      await client.query('DROP SCHEMA legacy; DROP SCHEMA ref CASCADE')
    })
    const { out, format, force, signal } = options
    return await writeDump({
      connection: scratch.address,
      out,
      format,
      postgresql: '9.6',
      databaseName: 'sample',
      ...(force ? { force } : {}),
      ...(signal ? { signal } : {}),
    })
  } finally {
    await scratch.drop()
  }
}

/** The registry as the catalogue knows it: modules, models, fields, and their xmlids. */
async function fillRegistry(
  client: pg.ClientBase,
  catalogue: Catalogue,
  modules: readonly string[],
): Promise<void> {
  await completeReference(client, catalogue, modules)
  for (const table of ['ir_module_module', 'ir_model', 'ir_model_fields'])
    await client.query(`INSERT INTO public.${table} SELECT * FROM ref.${table}`)
  await client.query('INSERT INTO public.ir_model_data SELECT * FROM ref.ir_model_data WHERE res_id <> $1', [
    WITHOUT_BODY,
  ])
  // 7.0 and older keep the full version; a catalogue has it as the module declares it.
  await client.query(`UPDATE public.ir_module_module SET latest_version = $1 || '.1.3' WHERE name = 'base'`, [
    catalogue.series,
  ])
}

function rowPlan(catalogue: Catalogue, modules: ReadonlySet<string>, schema: Schema, rows: number): RowPlan {
  const selections = new Map<string, string[]>()
  const transient = new Set<string>()
  for (const { table, transient: short, fields } of predictModels(catalogue, modules).values()) {
    if (!table) continue
    if (short) transient.add(table)
    for (const { name, selection } of Object.values(fields))
      if (selection?.length) selections.set(`${table}.${name}`, selection)
  }
  const filled = ['ir_module_module', 'ir_model', 'ir_model_fields', 'ir_model_data']
  return { schema, selections, rows, values: plausible, leave: new Set([...transient, ...filled]) }
}

/** The records that every database has, under the xmlids that modules know them by. */
async function nameRecords(client: pg.ClientBase): Promise<void> {
  await client.query(`
    INSERT INTO public.ir_model_data (id, module, name, model, res_id, noupdate)
    SELECT (SELECT max(id) FROM public.ir_model_data) + row_number() OVER (), 'base', name, model, id, true
      FROM (VALUES ('main_company', 'res.company', 1), ('main_partner', 'res.partner', 1), ('user_root', 'res.users', 1), ('EUR', 'res.currency', 1))
           AS record (name, model, id)`)
  await client.query(
    `INSERT INTO public.ir_config_parameter (id, key, value)
     VALUES ((SELECT coalesce(max(id), 0) + 1 FROM public.ir_config_parameter), 'database.uuid', $1)`,
    [randomUUID()],
  )
}
