import { loadCatalogue } from '../../catalogue/load.ts'
import { UpliftError } from '../../errors.ts'
import { seriesOf } from '../../odoo/series.ts'
import { countInWords } from '../../words/quantities.ts'
import type { Context } from '../context.ts'
import type { ExitCode } from '../exit.ts'

export async function catalogueShowCommand(context: Context, name: string): Promise<ExitCode> {
  const { series, exactModules, modules, models, tables, sequences, views, xmlids } = await loadCatalogue(
    asSeries(name),
  )
  const counts = {
    modules: Object.keys(modules).length,
    exactModules: exactModules.length,
    models: Object.keys(models).length,
    fields: Object.values(models).reduce((sum, { fields }) => sum + Object.keys(fields).length, 0),
    tables: Object.keys(tables).length,
    columns: Object.values(tables).reduce((sum, { columns }) => sum + Object.keys(columns).length, 0),
    constraints: Object.values(tables).reduce(
      (sum, { constraints }) => sum + Object.keys(constraints).length,
      0,
    ),
    indexes: Object.values(tables).reduce((sum, { indexes }) => sum + Object.keys(indexes).length, 0),
    views: Object.keys(views).length,
    sequences: Object.keys(sequences).length,
    xmlids: Object.keys(xmlids).length,
  }
  if (context.json) context.print({ series, counts, modules: Object.keys(modules).sort(), exactModules })
  else {
    context.say(`Catalogue of ${series}`)
    for (const [what, count] of Object.entries(counts))
      if (what !== 'exactModules') context.say(`  ${what.padEnd(12)} ${countInWords(count).padStart(9)}`)
    context.say(
      `  Exact for ${counts.exactModules} modules, read from a fresh database; by rule for the others.`,
    )
  }
  return 0
}

/** @throws UpliftError VERSION:UNKNOWN */
export function asSeries(name: string): string {
  const series = seriesOf(name)
  if (!series)
    throw new UpliftError(
      'VERSION:UNKNOWN',
      `${name} is not a series of Odoo that is known: say one such as 8.0 or 17.0.`,
    )
  return series
}
