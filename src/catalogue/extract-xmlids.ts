import { fieldXmlid, modelXmlid } from '../odoo/describing-xmlids.ts'
import type { CatalogueModel, CatalogueXmlid } from './catalogue.ts'
import type { Conditions } from './condition.ts'
import type { Installed } from './installed.ts'

/** Models whose rows describe the database itself. */
const describing = new Set([
  'ir.model',
  'ir.model.fields',
  'ir.model.fields.selection',
  'ir.model.constraint',
  'ir.model.relation',
  'ir.model.inherit',
])

/** For each describing model: row id → modules that have an xmlid of it. */
export type RowOwners = Map<string, Map<number, string[]>>

export function rowOwners(installed: Installed, own: ReadonlySet<string>): RowOwners {
  const found: RowOwners = new Map()
  for (const { model, id, module } of installed.xmlids) {
    if (!describing.has(model) || !own.has(module)) continue
    const rows = found.get(model) ?? new Map<number, string[]>()
    rows.set(id, [...(rows.get(id) ?? []), module])
    found.set(model, rows)
  }
  return found
}

/**
 * Records of modules. An xmlid of a model or field that has the usual name is left to `xmlids` of the model or field;
 * where it has another one (a number behind it because two would be the same) it is taken out there and stands here.
 */
export function extractXmlids(
  installed: Installed,
  models: Record<string, CatalogueModel>,
  own: ReadonlySet<string>,
  series: number,
  conditions: Conditions,
): Record<string, CatalogueXmlid> {
  const describe = describer(installed)
  const makers = makersOf(installed, conditions)
  const rows = new Map(installed.xmlids.map(({ module, name, id }) => [`${module}.${name}`, id]))
  const xmlids: Record<string, CatalogueXmlid> = {}
  for (const xmlid of installed.xmlids) {
    const { module, name, model, id, noupdate } = xmlid
    if (!describing.has(model)) {
      const maker = makers.get(xmlid)
      // Rows of ir_module_module are there for modules that are not installed too; 6.0 names them after those.
      const by = model === 'ir.module.module' && !own.has(module) ? [['base']] : maker && [[maker]]
      if (by || own.has(module)) xmlids[`${module}.${name}`] = { model, noupdate, ...(by ? { by } : {}) }
      continue
    }
    if (!own.has(module)) continue
    const of = describe(model, id)
    if (!of) {
      // Left behind by a row that is gone.
      xmlids[`${module}.${name}`] = { model, noupdate }
      continue
    }
    const [modelName = '', field = ''] = of
    const known = models[modelName]
    const named =
      model === 'ir.model' ? known : model === 'ir.model.fields' ? known?.fields[field] : undefined
    const usual =
      model === 'ir.model'
        ? modelXmlid(modelName)
        : fieldXmlid(modelName, known?.table ?? null, field, series)
    if (named && name === usual) continue
    if (named && rows.get(`${module}.${usual}`) !== id)
      named.xmlids = named.xmlids.filter((owner) => owner !== module)
    xmlids[`${module}.${name}`] = { model, noupdate, of }
  }
  return xmlids
}

/**
 * Modules that made records in the name of a module they depend on, such as base.group_hr_user of 8.0, which the module
 * hr makes: a record that stands between two of another module's, in the order in which they were made, is that one's.
 */
function makersOf(installed: Installed, conditions: Conditions): Map<Installed['xmlids'][number], string> {
  const { xmlids } = installed
  const makers = new Map<Installed['xmlids'][number], string>()
  for (let start = 0; start < xmlids.length; ) {
    const module = xmlids[start]!.module
    let end = start
    while (xmlids[end]?.module === module) end++
    const [before, after] = [xmlids[start - 1]?.module, xmlids[end]?.module]
    if (before && before === after && conditions.closures.get(before)?.has(module))
      for (const xmlid of xmlids.slice(start, end))
        if (xmlid.model !== 'ir.module.module') makers.set(xmlid, before)
    start = end
  }
  return makers
}

/** What the row of a describing model stands for, by its id; null for a row that is gone. */
function describer(installed: Installed): (model: string, id: number) => string[] | null {
  const byId = <T extends { id: number }>(rows: T[], of: (row: T) => string[]) =>
    new Map(rows.map((row) => [row.id, of(row)]))
  const fields = byId(installed.fields, ({ model, name }) => [model, name])
  const known: Record<string, Map<number, string[]>> = {
    'ir.model': byId(installed.models, ({ model }) => [model]),
    'ir.model.fields': fields,
    'ir.model.fields.selection': byId(installed.selections, ({ fieldId, value }) => [
      ...(fields.get(fieldId) ?? []),
      value,
    ]),
    'ir.model.constraint': byId(installed.constraints, ({ name }) => [name]),
    'ir.model.relation': byId(installed.relations, ({ name }) => [name]),
    'ir.model.inherit': byId(installed.parents, ({ model, parent }) => [model, parent]),
  }
  return (model, id) => known[model]?.get(id) ?? null
}
