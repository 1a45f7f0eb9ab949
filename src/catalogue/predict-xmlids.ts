import { fieldXmlid, modelXmlid, selectionXmlid } from '../odoo/describing-xmlids.ts'
import { seriesNumber } from '../odoo/series.ts'
import type { Catalogue, CatalogueXmlid } from './catalogue.ts'
import { holds } from './condition.ts'

/** A record that an installed module owns, by its xmlid. */
export interface PredictedXmlid {
  model: string
  noupdate: boolean
  /** What a record that describes the database stands for: [model], [model, field], [model, field, value], [constraint]. */
  of?: string[]
}

/** Xmlids, "module.name", of a fresh database with these modules installed. */
export function predictXmlids(
  catalogue: Catalogue,
  modules: ReadonlySet<string>,
): Map<string, PredictedXmlid> {
  const predicted = new Map<string, PredictedXmlid>()
  const series = seriesNumber(catalogue.series)
  const exact = new Set(catalogue.exactModules)
  const add = (owners: string[], name: string, model: string, of: string[]) => {
    for (const module of owners)
      if (modules.has(module)) predicted.set(`${module}.${name}`, { model, noupdate: false, of })
  }
  for (const [name, model] of Object.entries(catalogue.models)) {
    if (!holds(model.by, modules)) continue
    add(model.xmlids, modelXmlid(name), 'ir.model', [name])
    for (const [field, facts] of Object.entries(model.fields)) {
      if (!holds(facts.by, modules)) continue
      add(facts.xmlids, fieldXmlid(name, model.table, field, series), 'ir.model.fields', [name, field])
      if (series < 13) continue
      // Those of the exact modules stand among the xmlids.
      for (const [value, by] of Object.entries(facts.selection ?? {}))
        if (holds(by, modules))
          add(
            by.flat().filter((module) => !exact.has(module)),
            selectionXmlid(name, field, value),
            'ir.model.fields.selection',
            [name, field, value],
          )
    }
  }
  for (const [id, { predicted: _, by, ...xmlid }] of Object.entries(catalogue.xmlids))
    if (by ? holds(by, modules) : modules.has(id.slice(0, id.indexOf('.'))))
      if (isThere(catalogue, xmlid, modules)) predicted.set(id, xmlid)
  return predicted
}

/** Whether what the record stands for is there. */
function isThere(catalogue: Catalogue, { model, of }: CatalogueXmlid, modules: ReadonlySet<string>): boolean {
  const [name, part, value] = of ?? []
  const known = name === undefined ? undefined : catalogue.models[name]
  if (!known) return true
  if (!holds(known.by, modules) || part === undefined) return holds(known.by, modules)
  if (model === 'ir.model.inherit') return holds(known.parents[part] ?? [], modules)
  const field = known.fields[part]
  if (!field || !holds(field.by, modules)) return false
  const by = value === undefined ? undefined : field.selection?.[value]
  return by === undefined || holds(by, modules)
}
