import type { Catalogue, CatalogueField, CatalogueModel } from './catalogue.ts'
import { holds } from './condition.ts'

/** A model as a row of ir_model would show it, with its fields. */
export interface PredictedModel {
  model: string
  table: string | null
  abstract: boolean
  transient: boolean
  inherits: Record<string, string>
  fields: Record<string, PredictedField>
  /** Installed modules that own an xmlid of its row in ir_model. */
  modules: string[]
}

/** A field as a row of ir_model_fields would show it. */
export interface PredictedField {
  name: string
  type: string
  relation: string | null
  inverse: string | null
  m2m: [table: string, column1: string, column2: string] | null
  required: boolean
  stored: boolean
  translated: boolean
  companyDependent: boolean
  /** Values that the installed modules bring; null for fields without any or with values made by code. */
  selection: string[] | null
  /** Installed modules that own an xmlid of its row in ir_model_fields. */
  modules: string[]
}

/** Models and fields of a fresh database with these modules installed, by technical name. */
export function predictModels(
  catalogue: Catalogue,
  modules: ReadonlySet<string>,
): Map<string, PredictedModel> {
  const predicted = new Map<string, PredictedModel>()
  for (const [name, model] of Object.entries(catalogue.models))
    if (holds(model.by, modules)) predicted.set(name, predictModel(name, model, modules))
  return predicted
}

function predictModel(name: string, model: CatalogueModel, modules: ReadonlySet<string>): PredictedModel {
  const fields: Record<string, PredictedField> = {}
  for (const [field, facts] of Object.entries(model.fields))
    if (holds(facts.by, modules)) fields[field] = predictField(field, facts, modules)
  return {
    model: name,
    table: model.table,
    abstract: model.abstract,
    transient: model.transient,
    inherits: Object.fromEntries(Object.entries(model.inherits).filter(([, field]) => field in fields)),
    fields,
    modules: model.xmlids.filter((module) => modules.has(module)),
  }
}

function predictField(name: string, field: CatalogueField, modules: ReadonlySet<string>): PredictedField {
  const { by: _by, xmlids, selection, predicted: _predicted, ...facts } = field
  return {
    name,
    ...facts,
    selection: selection && Object.keys(selection).filter((value) => holds(selection[value]!, modules)),
    modules: xmlids.filter((module) => modules.has(module)),
  }
}
