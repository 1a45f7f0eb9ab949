import type { Catalogue } from '../catalogue/catalogue.ts'
import { predictModels } from '../catalogue/predict-models.ts'
import type { SelectionValues } from './input.ts'

/** The values that selection fields of these modules may take, as far as the catalogue knows them; a reference's are models. */
export function* selectionsOf(catalogue: Catalogue, modules: readonly string[]): Generator<SelectionValues> {
  for (const [model, { fields }] of predictModels(catalogue, new Set(modules)))
    for (const { name, type, selection } of Object.values(fields))
      if (type === 'selection' && selection) yield { model, field: name, values: selection }
}
