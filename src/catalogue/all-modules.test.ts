import { describe, expect, test } from 'vitest'
import type { UpliftError } from '../errors.ts'
import { installClosure, installOrder } from '../odoo/modules.ts'
import { allSeries } from '../odoo/series.ts'
import type { Catalogue } from './catalogue.ts'
import { loadCatalogue } from './load.ts'
import { predictModels } from './predict-models.ts'
import { predictSchema } from './predict-schema.ts'
import { predictXmlids } from './predict-xmlids.ts'

describe.each(allSeries.filter((series) => series !== '5.0'))('the built-in catalogue of %s', (series) => {
  test('predicts a shape that fits together for all modules and for smaller sets', async () => {
    const catalogue = await loadCatalogue(series)
    const all = Object.keys(catalogue.modules)
    expect(all.length).toBeGreaterThan(150)
    expect(contradictions(catalogue, new Set(all))).toEqual([])
    const order = installOrder(catalogue, all)
    for (const share of [0.02, 0.1, 0.3, 0.7]) {
      const wanted = order.filter((_, i) => (i * 7919) % 1000 < share * 1000)
      expect(contradictions(catalogue, installClosure(catalogue, wanted))).toEqual([])
    }
  })

  test('predicts fields that lead to models which are there, and xmlids of modules that are there', async () => {
    const catalogue = await loadCatalogue(series)
    const modules = new Set(catalogue.exactModules)
    const models = predictModels(catalogue, modules)
    const schema = predictSchema(catalogue, modules)
    for (const [name, { table, fields }] of models) {
      if (table) expect(schema.tables[table] ?? schema.views[table], `table of ${name}`).toBeDefined()
      for (const field of Object.values(fields))
        if (field.type === 'many2one' && field.stored && table && schema.tables[table]?.columns[field.name])
          expect(models.has(field.relation ?? ''), `${name}.${field.name} leads to ${field.relation}`).toBe(
            true,
          )
    }
    for (const id of predictXmlids(catalogue, new Set(['base'])).keys())
      expect(id).toMatch(/^base\.|\.module_meta_information$/)
  })
})

test('a series without a catalogue is said to have none', async () => {
  for (const series of ['5.0', '20.0', '../8.0'])
    await expect(loadCatalogue(series)).rejects.toMatchObject({
      code: 'CATALOGUE:MISSING',
    } satisfies Partial<UpliftError>)
})

/** What in the predicted shape leads to nothing. */
function contradictions(catalogue: Catalogue, modules: ReadonlySet<string>): string[] {
  const schema = predictSchema(catalogue, modules)
  const found: string[] = []
  for (const [name, table] of Object.entries(schema.tables)) {
    if (Object.keys(table.columns).length === 0) found.push(`${name} has no columns`)
    for (const parent of table.inherits)
      if (!schema.tables[parent]) found.push(`${name} inherits from ${parent}`)
    for (const [constraint, { kind, definition }] of Object.entries(table.constraints)) {
      const { columns, target, otherwise } = catalogue.tables[name]!.constraints[constraint]!
      const named = definition === otherwise?.definition ? otherwise.columns : columns
      for (const column of named)
        if (!table.columns[column]) found.push(`${name}: ${constraint} names ${column}`)
      if (kind === 'foreign' && !schema.tables[target ?? '']?.columns.id)
        found.push(`${name}: ${constraint} to ${target}`)
    }
    for (const [column, { default: value }] of Object.entries(table.columns)) {
      const sequence = /^nextval\('"?([^'"]+)"?'/.exec(value ?? '')?.[1]
      if (sequence && !schema.sequences[sequence]) found.push(`${name}.${column} counts with ${sequence}`)
    }
  }
  for (const [name, { ownedBy }] of Object.entries(schema.sequences)) {
    const [table = '', column = ''] = ownedBy?.split('.') ?? []
    if (ownedBy && !schema.tables[table]?.columns[column]) found.push(`${name} belongs to ${ownedBy}`)
  }
  return found
}
