import { tableOf } from '../odoo/tables.ts'
import type { Condition, Conditions } from './condition.ts'
import type { FieldFacts, ModelFacts, SeriesFacts } from './facts.ts'

/** A model as the sources put it together, with what it takes over from the models that it inherits from. */
export interface DeclaredModel {
  by: Condition
  facts: ModelFacts
  table: string | null
  /** Condition under which it inherits from each parent. */
  parents: Map<string, Condition>
  fields: Map<string, Declaration[]>
}

/** One module's word on a field, its own or through a parent, in the order in which they are loaded. */
export interface Declaration {
  by: Condition
  module: string
  facts: FieldFacts
  /** Declared for this model itself, not for a parent. */
  own: boolean
  /** Nobody declares it: every model has it, or it is taken from a model that this one delegates to. Without a column of its own. */
  implied?: true
}

/** Which modules make a model inherit from a parent, where a database says so: "model parent" → modules. */
export type KnownParents = ReadonlyMap<string, readonly string[]>

/** Puts the models of a series together. */
export function declareModels(
  facts: SeriesFacts,
  series: string,
  conditions: Conditions,
  order: readonly string[],
  knownParents: KnownParents,
): Map<string, DeclaredModel> {
  const rank = new Map(order.map((module, i) => [module, i]))
  const models = new Map<string, DeclaredModel>()
  const open = new Set<string>()

  const declare = (name: string): DeclaredModel | undefined => {
    const known = models.get(name)
    const model = facts.models[name]
    if (known || !model || open.has(name)) return known
    open.add(name)
    const by = conditions.any(model.modules)
    const parents = new Map<string, Condition>()
    const fields = new Map<string, Declaration[]>(impliedFields(model, by, Number(series)))
    for (const target of Number(series) >= 8 ? Object.keys(model.inherits ?? {}) : [])
      for (const [field, declarations] of declare(target)?.fields ?? [])
        fields.set(field, [...(fields.get(field) ?? []), ...delegated(declarations, by, conditions)])
    for (const parentName of model.inherit) {
      const parent = parentName === name ? undefined : declare(parentName)
      if (!parent) continue
      const known = knownParents.get(`${name} ${parentName}`)
      const brought = conditions.both(
        conditions.any(known ?? firstOf(bringers(model, parent.facts, conditions), conditions, model)),
        parent.by,
      )
      parents.set(parentName, brought)
      for (const [field, declarations] of parent.fields) {
        const list = fields.get(field) ?? []
        for (const declaration of declarations)
          list.push({ ...declaration, by: conditions.both(brought, declaration.by), own: false })
        fields.set(field, list)
      }
    }
    for (const [field, declarations] of Object.entries(model.fields)) {
      const list = fields.get(field) ?? []
      const own = Object.entries(declarations).sort(([a], [b]) => (rank.get(a) ?? 0) - (rank.get(b) ?? 0))
      for (const [module, facts] of own)
        list.push({ by: conditions.both(by, [[module]]), module, facts, own: true })
      fields.set(field, list)
    }
    const declared: DeclaredModel = {
      by,
      facts: model,
      table: model.abstract ? null : (model.table ?? tableOf(name, series)),
      parents,
      fields,
    }
    models.set(name, declared)
    open.delete(name)
    return declared
  }
  for (const name of Object.keys(facts.models)) declare(name)
  return models
}

/**
 * The sources do not say which of a model's modules adds a parent, only that it depends on the parent's module. When the
 * model's own module does, it is that one.
 */
export function bringers(model: ModelFacts, parent: ModelFacts, conditions: Conditions): string[] {
  const able = model.modules.filter((module) => conditions.closures.get(module)?.has(parent.defined_in))
  return able.includes(model.defined_in) ? [model.defined_in] : able
}

/** Those that depend on no other of them. */
function firstOf(modules: string[], conditions: Conditions, model: ModelFacts): string[] {
  return modules.length > 0 ? conditions.any(modules).flat() : [model.defined_in]
}

/** Fields that every model has, from 8.0 on described like any other. */
function impliedFields(model: ModelFacts, by: Condition, series: number): [string, Declaration[]][] {
  if (series < 8) return []
  const implied = (name: string, facts: FieldFacts): [string, Declaration[]] => [
    name,
    [{ by, module: model.defined_in, facts, own: true, implied: true }],
  ]
  return [
    implied('id', { type: 'integer' }),
    implied('display_name', { type: 'char', stored: false }),
    ...(series < 17 ? [implied('__last_update', { type: 'datetime', stored: false })] : []),
    ...(model.abstract
      ? []
      : [
          implied('create_uid', { type: 'many2one', relation: 'res.users' }),
          implied('create_date', { type: 'datetime' }),
          implied('write_uid', { type: 'many2one', relation: 'res.users' }),
          implied('write_date', { type: 'datetime' }),
        ]),
  ]
}

/** Fields of a model that another delegates to, as they show there: read through the many2one. */
function delegated(declarations: Declaration[], by: Condition, conditions: Conditions): Declaration[] {
  return declarations.map((declaration) => ({
    ...declaration,
    by: conditions.both(by, declaration.by),
    facts: { ...declaration.facts, stored: false, required: false },
    own: false,
    implied: true,
  }))
}

/** What the declarations amount to together: each one's attributes over those before it; before the new API each replaces them. */
export function effective(all: readonly Declaration[]): FieldFacts {
  const spoken = all.filter(({ implied }) => !implied)
  const declarations = spoken.length > 0 ? spoken : all
  let facts: FieldFacts = { type: 'char' }
  for (const declaration of declarations)
    facts =
      declaration.facts.new_api && declaration !== declarations[0]
        ? { ...facts, ...declaration.facts }
        : declaration.facts
  return facts
}

/** Table and columns of a many2many; what the declaration leaves open is named after the two tables. */
export function relationNames(
  facts: FieldFacts,
  model: DeclaredModel,
  all: Map<string, DeclaredModel>,
): [string, string, string] | null {
  const target = facts.relation ? all.get(facts.relation)?.table : undefined
  const [table, column1, column2] = facts.m2m ?? [null, null, null]
  if (table && column1 && column2) return [table, column1, column2]
  if (!model.table || !target) return null
  return [
    table ?? `${[model.table, target].sort().join('_')}_rel`,
    column1 ?? `${model.table}_id`,
    column2 ?? `${target}_id`,
  ]
}
