import type {
  Catalogue,
  CatalogueColumn,
  CatalogueConstraint,
  CatalogueField,
  CatalogueModel,
  CatalogueTable,
} from './catalogue.ts'
import { type Condition, Conditions, closuresOf, holds } from './condition.ts'
import { predictSchema } from './predict-schema.ts'

/**
 * One catalogue of two: what was extracted from a database is exact for the modules installed there, the built-in one
 * supplies the other modules. Which modules bring a thing is taken from the built-in one when it explains that the thing
 * is in the database, because the sources tell more than the order of installation left behind.
 */
export function completeCatalogue(builtIn: Catalogue, extracted: Catalogue): Catalogue {
  const modules = { ...builtIn.modules, ...mergeModules(builtIn, extracted) }
  const merge = new Merge(new Set(extracted.exactModules), new Conditions(closuresOf(modules)))
  return {
    series: extracted.series,
    exactModules: [...new Set([...extracted.exactModules, ...builtIn.exactModules])].sort(),
    modules,
    models: merge.all(builtIn.models, extracted.models, (a, b) => mergeModel(merge, a, b)),
    tables: merge.all(builtIn.tables, extracted.tables, (a, b) => mergeTable(merge, a, b)),
    sequences: merge.all(builtIn.sequences, extracted.sequences, (_, b) => b),
    views: mergeViews(merge, builtIn, extracted),
    extensions: { ...builtIn.extensions, ...extracted.extensions },
    xmlids: mergeXmlids(builtIn, extracted),
  }
}

class Merge {
  readonly exact: ReadonlySet<string>
  readonly conditions: Conditions

  constructor(exact: ReadonlySet<string>, conditions: Conditions) {
    this.exact = exact
    this.conditions = conditions
  }

  /** What the built-in one says about things beyond the database's modules. */
  beyond(by: Condition): Condition {
    return by.filter((all) => !all.every((module) => this.exact.has(module)))
  }

  /** Condition of a thing that the database has. */
  condition(builtIn: Condition, extracted: Condition): Condition {
    return holds(builtIn, this.exact) ? builtIn : this.conditions.either([extracted, this.beyond(builtIn)])
  }

  all<T extends { by: Condition }>(
    builtIn: Record<string, T>,
    extracted: Record<string, T>,
    both: (builtIn: T, extracted: T) => T,
  ): Record<string, T> {
    const merged: Record<string, T> = {}
    for (const [name, thing] of Object.entries(extracted)) {
      const known = builtIn[name]
      merged[name] = known ? { ...both(known, thing), by: this.condition(known.by, thing.by) } : thing
    }
    for (const [name, thing] of Object.entries(builtIn)) {
      const by = this.beyond(thing.by)
      if (!(name in extracted) && by.length > 0) merged[name] = { ...thing, by }
    }
    return merged
  }
}

function mergeModules(builtIn: Catalogue, extracted: Catalogue): Catalogue['modules'] {
  return Object.fromEntries(
    Object.entries(extracted.modules).map(([name, module]) => {
      const known = builtIn.modules[name]
      const version =
        module.version === extracted.series ? (known?.version ?? module.version) : module.version
      return [name, { ...module, version, category: module.category ?? known?.category ?? null }]
    }),
  )
}

function mergeModel(merge: Merge, builtIn: CatalogueModel, extracted: CatalogueModel): CatalogueModel {
  return {
    ...extracted,
    abstract: extracted.abstract && (extracted.table === null || builtIn.abstract),
    transient: extracted.transient || builtIn.transient,
    inherits: { ...builtIn.inherits, ...extracted.inherits },
    parents: mergeConditions(merge, builtIn.parents, extracted.parents),
    fields: merge.all(builtIn.fields, extracted.fields, (a, b) => mergeField(merge, a, b)),
    xmlids: union(extracted.xmlids, beyond(merge, builtIn.xmlids)),
  }
}

function mergeField(merge: Merge, builtIn: CatalogueField, extracted: CatalogueField): CatalogueField {
  return {
    ...extracted,
    m2m: extracted.m2m ?? builtIn.m2m,
    companyDependent: extracted.companyDependent || builtIn.companyDependent,
    selection: mergeSelection(merge, builtIn.selection, extracted.selection),
    xmlids: union(extracted.xmlids, beyond(merge, builtIn.xmlids)),
  }
}

function mergeSelection(
  merge: Merge,
  builtIn: CatalogueField['selection'],
  extracted: CatalogueField['selection'],
): CatalogueField['selection'] {
  return builtIn && extracted ? mergeConditions(merge, builtIn, extracted) : (extracted ?? builtIn)
}

function mergeConditions(
  merge: Merge,
  builtIn: Record<string, Condition>,
  extracted: Record<string, Condition>,
): Record<string, Condition> {
  const merged: Record<string, Condition> = {}
  for (const [name, by] of Object.entries(extracted))
    merged[name] = builtIn[name] ? merge.condition(builtIn[name], by) : by
  for (const [name, by] of Object.entries(builtIn)) {
    const beyond = merge.beyond(by)
    if (!(name in extracted) && beyond.length > 0) merged[name] = beyond
  }
  return merged
}

function mergeTable(merge: Merge, builtIn: CatalogueTable, extracted: CatalogueTable): CatalogueTable {
  const { predicted: _, ...exact } = extracted
  return {
    ...exact,
    columns: merge.all(builtIn.columns, extracted.columns, (a, b) => mergeColumn(merge, a, b)),
    constraints: merge.all(builtIn.constraints, extracted.constraints, mergeConstraint),
    indexes: merge.all(builtIn.indexes, extracted.indexes, (_, b) => b),
  }
}

/** A database without the module that declares a unique key again shows its first form only. */
function mergeConstraint(builtIn: CatalogueConstraint, extracted: CatalogueConstraint): CatalogueConstraint {
  return builtIn.otherwise?.definition === extracted.definition ? builtIn : extracted
}

/** Views that the database has not, though their module is there, wait for other modules: they stay. */
function mergeViews(merge: Merge, builtIn: Catalogue, extracted: Catalogue): Catalogue['views'] {
  const there = predictSchema(builtIn, merge.exact).views
  const waiting = Object.entries(builtIn.views).filter(
    ([name]) => there[name] === undefined && extracted.views[name] === undefined,
  )
  return { ...merge.all(builtIn.views, extracted.views, (_, b) => b), ...Object.fromEntries(waiting) }
}

function mergeColumn(merge: Merge, builtIn: CatalogueColumn, extracted: CatalogueColumn): CatalogueColumn {
  const there = builtIn.otherTypes?.find(({ by }) => holds(by, merge.exact))?.type ?? builtIn.type
  const otherTypes =
    there === extracted.type
      ? builtIn.otherTypes
      : builtIn.otherTypes?.filter(({ by }) => merge.beyond(by).length > 0)
  const { notNull, otherTypes: _, ...exact } = extracted
  const required = notNullCondition(merge, builtIn, extracted)
  return {
    ...exact,
    type: there === extracted.type ? builtIn.type : extracted.type,
    ...(otherTypes && otherTypes.length > 0 ? { otherTypes } : {}),
    ...(required.length > 0 ? { notNull: required } : {}),
  }
}

/** NOT NULL by the modules that require the field when they account for it; where they do not, always with the column. */
function notNullCondition(merge: Merge, builtIn: CatalogueColumn, extracted: CatalogueColumn): Condition {
  const known = builtIn.notNull ?? []
  if (!extracted.notNull) return merge.beyond(known)
  if (holds(known, merge.exact)) return known
  return merge.conditions.either([merge.condition(builtIn.by, extracted.by), merge.beyond(known)])
}

function mergeXmlids(builtIn: Catalogue, extracted: Catalogue): Catalogue['xmlids'] {
  const exact = new Set(extracted.exactModules)
  return {
    ...extracted.xmlids,
    ...Object.fromEntries(
      Object.entries(builtIn.xmlids).filter(
        ([id]) => !(id in extracted.xmlids) && !exact.has(id.slice(0, id.indexOf('.'))),
      ),
    ),
  }
}

function beyond(merge: Merge, modules: string[]): string[] {
  return modules.filter((module) => !merge.exact.has(module))
}

function union(a: string[], b: string[]): string[] {
  return [...new Set([...a, ...b])].sort()
}
