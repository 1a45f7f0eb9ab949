import type pg from 'pg'
import { describe, expect, test } from 'vitest'
import { hasRealDatabases } from '../../test/setup/databases.ts'
import { withRestored } from '../../test/setup/restored.ts'
import { undecidedModels } from '../odoo/describing-xmlids.ts'
import { installClosure, missingModules } from '../odoo/modules.ts'
import { seriesNumber } from '../odoo/series.ts'
import { diffSchema } from '../schema/diff.ts'
import { extractSchema } from '../schema/extract.ts'
import { loadCatalogue } from './load.ts'
import { predictModels } from './predict-models.ts'
import { isRowSequence, predictSchema } from './predict-schema.ts'
import { predictXmlids } from './predict-xmlids.ts'

const fresh = [
  ...['6.0', '6.1', '7.0'].map((series) => ({ series, file: `openerp-${series}-fresh.dump` })),
  ...['8.0', '9.0', '10.0', '11.0', '12.0', '13.0', '14.0', '15.0', '16.0', '17.0', '18.0', '19.0'].map(
    (series) => ({
      series,
      file: `odoo-${series}-fresh.dump`,
    }),
  ),
]
const tables = ['ir_module_module', 'ir_model', 'ir_model_fields', 'ir_model_data']

describe.skipIf(!hasRealDatabases)(
  'the built-in catalogue predicts a fresh database',
  { timeout: 600_000 },
  () => {
    test.each(fresh)('of $series: shape, models, fields, xmlids', async ({ series, file }) => {
      const catalogue = await loadCatalogue(series)
      await withRestored(file, tables, async (client) => {
        const modules = await installedModules(client)
        expect(modules.size).toBeGreaterThan(20)
        expect([...installClosure(catalogue, modules)].sort()).toEqual([...modules].sort())
        expect(missingModules(catalogue, modules)).toEqual([])

        const found = await extractSchema(client)
        for (const name of Object.keys(found.sequences)) if (isRowSequence(name)) delete found.sequences[name]
        expect(diffSchema(predictSchema(catalogue, modules), found)).toEqual([])

        const models = predictModels(catalogue, modules)
        const rows = await client.query<{ model: string }>('SELECT model FROM ir_model')
        expect([...models.keys()].sort()).toEqual(rows.rows.map(({ model }) => model).sort())
        const fields = await client.query<{ field: string }>(
          `SELECT concat_ws(' ', model, name, ttype, nullif(relation, '')) AS field FROM ir_model_fields`,
        )
        const predicted = [...models].flatMap(([model, { fields }]) =>
          Object.values(fields).map(({ name, type, relation }) =>
            [model, name, type, ...(relation ? [relation] : [])].join(' '),
          ),
        )
        expect(predicted.sort()).toEqual(fields.rows.map(({ field }) => field).sort())

        const undecided = await client.query<{ model: string }>(
          'SELECT DISTINCT model FROM ir_model_data WHERE noupdate IS NULL',
        )
        expect(undecided.rows.map(({ model }) => model).sort()).toEqual(
          undecidedModels(seriesNumber(catalogue.series)).sort(),
        )

        const xmlids = await client.query<{ id: string; model: string; noupdate: boolean }>(
          `SELECT module || '.' || name AS id, model, coalesce(noupdate, false) AS noupdate FROM ir_model_data
          WHERE module IN (SELECT name FROM ir_module_module WHERE state = 'installed') OR model = 'ir.module.module'`,
        )
        const wanted = [...predictXmlids(catalogue, modules)].map(
          ([id, { model, noupdate }]) => `${id} ${model} ${noupdate}`,
        )
        expect(wanted.sort()).toEqual(
          xmlids.rows.map((row) => `${row.id} ${row.model} ${row.noupdate}`).sort(),
        )
      })
    })
  },
)

async function installedModules(client: pg.Client): Promise<Set<string>> {
  const { rows } = await client.query<{ name: string }>(
    `SELECT name FROM ir_module_module WHERE state = 'installed'`,
  )
  return new Set(rows.map(({ name }) => name))
}
