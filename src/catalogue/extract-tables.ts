import type { Table } from '../schema/schema.ts'
import type {
  Catalogue,
  CatalogueColumn,
  CatalogueConstraint,
  CatalogueModel,
  CatalogueTable,
} from './catalogue.ts'
import type { Condition, Conditions } from './condition.ts'
import type { Installed } from './installed.ts'
import { moduleOfIndex } from './made-in-code.ts'
import { isRowSequence } from './predict-schema.ts'

type Shape = Pick<Catalogue, 'tables' | 'sequences' | 'views' | 'extensions'>

/** What modules can be told of a table: by the models on it, else by the relation that it is, else it is the kernel's. */
interface Owner {
  by: Condition
  models: CatalogueModel[]
}

/** The exact shape of the database with the modules that bring each part of it. */
export function extractTables(
  installed: Installed,
  models: Record<string, CatalogueModel>,
  conditions: Conditions,
  own: ReadonlySet<string>,
): Shape {
  const { schema } = installed
  const modelsOf = Map.groupBy(
    Object.values(models).filter(({ table }) => table !== null),
    ({ table }) => table!,
  )
  const relationBy = relationConditions(installed, models, conditions)
  const constraintBy = recordedConditions(installed.constraints, conditions, own)
  const ownerOf = (name: string): Owner => {
    const on = modelsOf.get(name) ?? []
    const by = conditions.either([
      ...on.map((model) => model.by),
      ...(on.length > 0 ? [] : [relationBy.get(name) ?? []]),
    ])
    return { by: by.length > 0 ? by : byName(name, own), models: on }
  }
  const shape: Shape = { tables: {}, sequences: {}, views: {}, extensions: {} }
  for (const [name, table] of Object.entries(schema.tables)) {
    if (isOwn(name, modelsOf, installed, relationBy)) continue
    shape.tables[name] = extractTable(name, table, ownerOf(name), installed, conditions, constraintBy)
  }
  for (const [name, { ownedBy }] of Object.entries(schema.sequences)) {
    if (isRowSequence(name)) continue
    const [table = '', column = ''] = ownedBy?.split('.') ?? []
    const by = ownedBy === null ? byName(name, own) : shape.tables[table]?.columns[column]?.by
    if (by) shape.sequences[name] = { by, ownedBy }
  }
  for (const [name, view] of Object.entries(schema.views))
    shape.views[name] = { by: ownerOf(name).by, ...view, reads: installed.reads.get(name) ?? {} }
  for (const name of schema.extensions) shape.extensions[name] = [['base']]
  return shape
}

/** Tables of people's own models and of many2many fields that they made. */
function isOwn(
  name: string,
  modelsOf: Map<string, CatalogueModel[]>,
  installed: Installed,
  relationBy: Map<string, Condition>,
): boolean {
  if (modelsOf.has(name) || relationBy.has(name)) return false
  if (installed.fields.some((field) => field.manual && field.m2m?.[0] === name)) return true
  return name.startsWith('x_')
}

function extractTable(
  name: string,
  table: Table,
  owner: Owner,
  installed: Installed,
  conditions: Conditions,
  constraintBy: Map<string, Condition>,
): CatalogueTable {
  const manual = new Set(
    installed.fields.flatMap((field) => (field.manual && field.name.startsWith('x_') ? [field.name] : [])),
  )
  const columns: CatalogueTable['columns'] = {}
  for (const [column, { type, notNull, default: value, inherited }] of Object.entries(table.columns)) {
    if (manual.has(column)) continue
    const fields = owner.models.flatMap((model) => model.fields[column] ?? [])
    const by = fields.length > 0 ? conditions.either(fields.map((field) => field.by)) : owner.by
    columns[column] = {
      by,
      type,
      ...(notNull ? { notNull: by } : {}),
      ...(value === null ? {} : { default: value }),
      ...(inherited ? { inherited: true as const } : {}),
    }
  }
  const constraints: CatalogueTable['constraints'] = {}
  for (const [constraint, { kind, definition }] of Object.entries(table.constraints)) {
    const key = `${name}.${constraint}`
    const target = installed.targetOf.get(key)
    const recorded = kind === 'foreign' || kind === 'primary' ? undefined : constraintBy.get(constraint)
    constraints[constraint] = {
      by: recorded ?? owner.by,
      kind,
      definition,
      columns: installed.columnsOf.get(key) ?? [],
      ...(target === undefined ? {} : { target }),
    }
    const otherwise =
      recorded && kind === 'unique' && withoutLater(constraints[constraint], columns, conditions)
    if (otherwise) constraints[constraint].otherwise = otherwise
  }
  const indexes: CatalogueTable['indexes'] = {}
  for (const [index, { definition }] of Object.entries(table.indexes)) {
    const extension = /\bgin_trgm_ops\b/.test(definition) ? 'pg_trgm' : undefined
    indexes[index] = {
      by: constraintBy.get(index) ?? madeBy(index, owner.by, conditions),
      definition,
      columns: installed.columnsOf.get(`${name}.${index}`) ?? [],
      ...(extension ? { extension } : {}),
    }
    indexes[index].by = withColumns(indexes[index], columns, conditions)
  }
  return {
    by: owner.by,
    columns,
    inherits: Object.fromEntries(table.inherits.map((parent) => [parent, owner.by])),
    constraints,
    indexes,
  }
}

/** A constraint or index is there with all of its columns only. */
function withColumns(
  { by, columns }: Pick<CatalogueConstraint, 'by' | 'columns'>,
  of: Record<string, CatalogueColumn>,
  conditions: Conditions,
): Condition {
  return columns.reduce((all, column) => conditions.both(all, of[column]?.by ?? all), by)
}

function madeBy(index: string, by: Condition, conditions: Conditions): Condition {
  const module = moduleOfIndex(index)
  return module && conditions.closures.has(module) ? conditions.both(by, [[module]]) : by
}

/**
 * A unique key that one module declares and another declares again with a column of its own, such as res_users_login_key
 * with the website: without the other module it has the columns that are left.
 */
function withoutLater(
  { by, columns }: CatalogueConstraint,
  of: Record<string, CatalogueColumn>,
  conditions: Conditions,
): CatalogueConstraint['otherwise'] {
  const left = columns.filter((column) => conditions.implies(by, of[column]?.by ?? []))
  if (left.length === columns.length || left.length === 0) return undefined
  return { definition: `UNIQUE (${left.join(', ')})`, columns: left }
}

/** Many2many tables: by ir_model_relation and by the fields that name them. */
function relationConditions(
  installed: Installed,
  models: Record<string, CatalogueModel>,
  conditions: Conditions,
): Map<string, Condition> {
  const found = new Map<string, Condition[]>()
  const add = (name: string, by: Condition) => found.set(name, [...(found.get(name) ?? []), by])
  for (const { fields } of Object.values(models))
    for (const field of Object.values(fields)) if (field.m2m && field.stored) add(field.m2m[0], field.by)
  for (const { name, module } of installed.relations) if (!found.has(name)) add(name, [[module]])
  return new Map([...found].map(([name, by]) => [name, conditions.either(by)]))
}

function recordedConditions(
  recorded: Installed['constraints'],
  conditions: Conditions,
  own: ReadonlySet<string>,
): Map<string, Condition> {
  const modules = Map.groupBy(
    recorded.filter(({ module }) => own.has(module)),
    ({ name }) => name,
  )
  return new Map([...modules].map(([name, rows]) => [name, conditions.any(rows.map(({ module }) => module))]))
}

/** What no model and no record accounts for is named after its module, or is the kernel's. */
function byName(name: string, modules: ReadonlySet<string>): Condition {
  const module = [...modules]
    .filter((one) => one !== 'base' && (name === one || name.startsWith(`${one}_`)))
    .sort((a, b) => b.length - a.length)[0]
  return [[module ?? 'base']]
}
