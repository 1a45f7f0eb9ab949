import { describe, expect, it } from 'vitest'
import { loadCatalogue } from '../catalogue/load.ts'
import { tableOf } from '../odoo/tables.ts'
import { availableHops, loadPack } from './load.ts'

const hops = await availableHops()

describe.each(hops)('the pack $from → $to', async ({ from, to }) => {
  const { facts, transforms } = await loadPack(from, to)
  const [source, target] = [await loadCatalogue(from), await loadCatalogue(to)]
  const community = new Set([
    ...Object.values(facts.modules.renamedCommunity ?? {}),
    ...Object.values(facts.modules.mergedCommunity ?? {}),
  ])

  it('is of the hop that its folder names', () => {
    expect([facts.from, facts.to]).toEqual([from, to])
  })

  it('renames to modules that the target has', () => {
    const into = [...Object.values(facts.modules.renamed), ...Object.values(facts.modules.merged)]
    expect(into.filter((name) => !target.modules[name] && !community.has(name))).toEqual([])
  })

  it('says one thing of each module', () => {
    const { renamed, merged, removed } = facts.modules
    const names = [...Object.keys(renamed), ...Object.keys(merged), ...removed]
    expect(twice(names)).toEqual([])
  })

  it('renames to models that the target has', () => {
    const into = [...Object.values(facts.models.renamed), ...Object.values(facts.models.merged)]
    expect(into.filter((model) => !target.models[model])).toEqual([])
  })

  it('says one thing of each column and of each field', () => {
    expect(twice(facts.columns.map(([table, column]) => `${table}.${column}`))).toEqual([])
    expect(twice(facts.fields.map(([model, field]) => `${model}.${field}`))).toEqual([])
    expect(twice(facts.values.map(({ table, column }) => `${table}.${column}`))).toEqual([])
  })

  it('names tables as they are called after they were renamed', () => {
    const old = new Set(Object.keys(facts.tables))
    const named = [
      ...facts.columns.map(([table]) => table),
      ...facts.values.map(({ table }) => table),
      ...(facts.moves ?? []).map(({ toTable }) => toTable),
      ...(facts.required ?? []).map(({ table }) => table),
    ]
    expect(named.filter((table) => old.has(table) && !Object.values(facts.tables).includes(table))).toEqual(
      [],
    )
  })

  it('moves and splits rows between models that the two versions have', () => {
    for (const { fromModel, toModel, toTable } of facts.moves ?? []) {
      expect(source.models[fromModel], fromModel).toBeDefined()
      expect(target.models[toModel], toModel).toBeDefined()
      expect(toTable).toBe(tableOf(toModel))
    }
    for (const { model, toModel, table, to } of facts.splits ?? []) {
      expect(source.models[model], model).toBeDefined()
      expect(target.models[toModel], toModel).toBeDefined()
      expect([table, to]).toEqual([tableOf(model), tableOf(toModel)])
    }
  })

  it('fills columns of models that the target has', () => {
    for (const { column, models } of facts.fills ?? [])
      for (const [table, model] of Object.entries(models)) {
        expect(target.models[model]?.fields[column], `${model}.${column}`).toBeDefined()
        expect(table).toBe(tableOf(model))
      }
  })

  it('has transforms and lists of what is pending only for modules of the source', () => {
    expect(transforms.map(({ module }) => module).filter((name) => !source.modules[name])).toEqual([])
    expect((facts.pending ?? []).map(({ module }) => module).filter((name) => !source.modules[name])).toEqual(
      [],
    )
  })

  it('writes xmlids as module.name', () => {
    const xmlids = Object.entries(facts.xmlids.renamed).flat()
    expect(xmlids.filter((xmlid) => !/^\w+\.[^.\s][^\s]*$/.test(xmlid))).toEqual([])
  })
})

function twice(names: readonly string[]): string[] {
  return names.filter((name, i) => names.indexOf(name) !== i)
}
