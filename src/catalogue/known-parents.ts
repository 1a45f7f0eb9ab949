import type { Conditions } from './condition.ts'
import { bringers, type KnownParents } from './declared.ts'
import type { SeriesFacts } from './facts.ts'
import type { Installed } from './installed.ts'

/**
 * Which modules made a model inherit from another, as far as a database tells: the module that has the xmlids of the
 * parent's fields on the model is the one; where there are none, what databases from 15.0 on record in
 * ir_model_inherit, which names modules that extend the parent too.
 */
export function knownParents(installed: Installed, facts: SeriesFacts, conditions: Conditions): KnownParents {
  const fieldOwners = modulesOf(installed, 'ir.model.fields')
  const fieldIds = new Map(installed.fields.map(({ id, model, name }) => [`${model} ${name}`, id]))
  const inheritOwners = modulesOf(installed, 'ir.model.inherit')
  const recorded = new Map(
    installed.parents.map(({ id, model, parent }) => [`${model} ${parent}`, inheritOwners.get(id) ?? []]),
  )
  const known = new Map<string, string[]>()
  for (const [name, model] of Object.entries(facts.models))
    for (const parentName of model.inherit) {
      const parent = facts.models[parentName]
      const able = parent && bringers(model, parent, conditions)
      if (!able || able.length < 2) continue
      const seen = Object.entries(parent.fields)
        .filter(([field, by]) => parent.defined_in in by && !(field in model.fields))
        .flatMap(([field]) => fieldOwners.get(fieldIds.get(`${name} ${field}`) ?? -1) ?? [])
      const named = recorded.get(`${name} ${parentName}`) ?? []
      for (const witnesses of [seen, named]) {
        const found = able.filter((module) => witnesses.includes(module))
        if (found.length === 0) continue
        known.set(`${name} ${parentName}`, found)
        break
      }
    }
  return known
}

/** Row id → modules that have an xmlid of it. */
function modulesOf(installed: Installed, model: string): Map<number, string[]> {
  const rows = Map.groupBy(
    installed.xmlids.filter((xmlid) => xmlid.model === model),
    ({ id }) => id,
  )
  return new Map([...rows].map(([id, xmlids]) => [id, xmlids.map(({ module }) => module)]))
}
