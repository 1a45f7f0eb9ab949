import type { Catalogue } from '../catalogue/catalogue.ts'
import { predictModels } from '../catalogue/predict-models.ts'
import type { SelectionValues } from './input.ts'

/** The values that selection fields of these modules may take, as far as the catalogue knows them. */
export function* selectionsOf(catalogue: Catalogue, modules: readonly string[]): Generator<SelectionValues> {
  for (const [model, { fields }] of predictModels(catalogue, new Set(modules)))
    for (const { name, selection } of Object.values(fields))
      if (selection) yield { model, field: name, values: selection }
}
