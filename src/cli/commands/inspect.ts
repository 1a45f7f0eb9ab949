import { readCatalogueNow } from '../../catalogue/load.ts'
import { formatInspection } from '../../inspect/format.ts'
import { inspect } from '../../inspect/inspect.ts'
import { seriesOf } from '../../odoo/series.ts'
import type { Context } from '../context.ts'
import type { ExitCode } from '../exit.ts'

export async function inspectCommand(context: Context, file: string): Promise<ExitCode> {
  const inspection = await inspect(file, { signal: context.signal, isOdooModule: knownModules() })
  if (context.json) context.print(inspection)
  else context.say(formatInspection(inspection))
  return 0
}

/** The version of a dump is known only once it was read; then one catalogue is enough, and the dump is at its end. */
function knownModules(): (series: string, module: string) => boolean | null {
  const bySeries = new Map<string, ReadonlySet<string> | null>()
  return (series, module) => {
    if (!bySeries.has(series)) {
      const known = seriesOf(series)
      const catalogue = known ? readCatalogueNow(known) : null
      bySeries.set(series, catalogue && new Set(Object.keys(catalogue.modules)))
    }
    return bySeries.get(series)?.has(module) ?? null
  }
}
