import { installOrder } from '../odoo/modules.ts'
import type {
  Catalogue,
  CatalogueField,
  CatalogueModel,
  CatalogueModule,
  CatalogueXmlid,
} from './catalogue.ts'
import { type Condition, Conditions, closuresOf } from './condition.ts'
import {
  type Declaration,
  type DeclaredModel,
  declareModels,
  effective,
  type KnownParents,
  relationNames,
} from './declared.ts'
import type { SeriesFacts } from './facts.ts'
import { tablesByRule } from './tables-by-rule.ts'

/**
 * The catalogue that follows from the sources' declarations alone, by the rules of the series: everything in it is
 * marked as predicted. It serves for modules that no database was at hand for, and tells which modules bring what.
 */
export function catalogueByRule(
  facts: SeriesFacts,
  series: string,
  knownParents: KnownParents = new Map(),
): Catalogue {
  const modules = Object.fromEntries(
    Object.entries(facts.modules).map(([name, module]) => [name, moduleByRule(module, series)]),
  )
  const conditions = new Conditions(closuresOf(modules))
  const order = installOrder({ modules }, Object.keys(modules))
  const declared = declareModels(facts, series, conditions, order, knownParents)
  const models = Object.fromEntries(
    [...declared].map(([name, model]) => [name, modelByRule(model, declared, conditions)]),
  )
  return {
    series,
    exactModules: [],
    modules,
    models,
    ...tablesByRule(declared, series, conditions),
    views: {},
    extensions: {},
    xmlids: Object.fromEntries(
      Object.entries(facts.xmlids).map(([id, [model, noupdate]]): [string, CatalogueXmlid] => [
        id,
        { model, noupdate: noupdate === 1, predicted: true },
      ]),
    ),
  }
}

function moduleByRule(module: SeriesFacts['modules'][string], series: string): CatalogueModule {
  const version = module.version ?? '1.0'
  const triggers = Array.isArray(module.auto_install) ? module.auto_install : module.depends
  return {
    depends: module.depends,
    // 6.0 knows no modules that install themselves: the mark there is of those that a new database starts with.
    autoInstall: module.auto_install && series !== '6.0' ? triggers : null,
    installable: module.installable,
    version: version.startsWith(`${series}.`) ? version : `${series}.${version}`,
    category: null,
  }
}

function modelByRule(
  model: DeclaredModel,
  all: Map<string, DeclaredModel>,
  conditions: Conditions,
): CatalogueModel {
  return {
    by: model.by,
    table: model.table,
    abstract: model.facts.abstract ?? false,
    transient: model.facts.transient ?? false,
    inherits: model.facts.inherits ?? {},
    parents: Object.fromEntries(model.parents),
    fields: Object.fromEntries(
      [...model.fields].map(([name, declarations]) => [
        name,
        fieldByRule(declarations, model, all, conditions),
      ]),
    ),
    xmlids: model.facts.modules,
    predicted: true,
  }
}

function fieldByRule(
  declarations: Declaration[],
  model: DeclaredModel,
  all: Map<string, DeclaredModel>,
  conditions: Conditions,
): CatalogueField {
  const facts = effective(declarations)
  return {
    by: conditions.either(declarations.map(({ by }) => by)),
    type: technicalType(facts.type),
    relation: facts.relation ?? null,
    inverse: facts.inverse ?? null,
    m2m: facts.type === 'many2many' && facts.stored !== false ? relationNames(facts, model, all) : null,
    required: facts.required ?? false,
    stored: facts.stored ?? true,
    translated: facts.translate ?? false,
    companyDependent: facts.company_dependent ?? false,
    selection: selectionValues(declarations, conditions),
    xmlids: [...new Set(declarations.filter(({ own }) => own).map(({ module }) => module))],
    predicted: true,
  }
}

/** Types as ir_model_fields writes them. */
function technicalType(type: string): string {
  const names: Record<string, string> = {
    image: 'binary',
    many2onereference: 'many2one_reference',
    propertiesdefinition: 'properties_definition',
    'char?': 'char',
    int: 'integer',
    dummy: 'char',
  }
  return names[type] ?? type
}

/** Values of a selection with what brings each; null when code makes them. */
function selectionValues(
  declarations: Declaration[],
  conditions: Conditions,
): Record<string, Condition> | null {
  const values = new Map<string, Condition[]>()
  for (const { facts, by } of declarations)
    for (const list of [facts.selection, facts.selection_add]) {
      if (typeof list === 'string') return null
      for (const value of list ?? []) values.set(value, [...(values.get(value) ?? []), by])
    }
  if (values.size === 0) return null
  return Object.fromEntries([...values].map(([value, by]) => [value, conditions.either(by)]))
}
