import type pg from 'pg'
import type { Catalogue } from '../catalogue/catalogue.ts'
import { UpliftError } from '../errors.ts'
import { installClosure } from '../odoo/modules.ts'
import { allSeries, compareSeries, seriesOf } from '../odoo/series.ts'
import { availableHops } from '../packs/load.ts'
import type { Pack } from '../packs/pack.ts'
import type { Plan } from './plan.ts'

/**
 * The consecutive hops from one series to another.
 * @throws UpliftError VERSION:UNKNOWN, VERSION:NOT_NEWER, VERSION:UNSUPPORTED with the hops that are missing
 */
export async function planHops(from: string, to: string): Promise<{ from: string; to: string }[]> {
  const [source, target] = [seriesOf(from), seriesOf(to)]
  if (!source)
    throw new UpliftError(
      'VERSION:UNKNOWN',
      `The database is of version ${from}, which is not a series of Odoo that is known.`,
    )
  if (!target)
    throw new UpliftError(
      'VERSION:UNKNOWN',
      `${to} is not a series of Odoo that is known: say one such as 8.0 or 17.0.`,
    )
  if (compareSeries(target, source) <= 0)
    throw new UpliftError(
      'VERSION:NOT_NEWER',
      `The database is of version ${source} already: the target has to be a newer one than that, ${target} is not.`,
      {
        detail: { source, target },
      },
    )
  const way = allSeries.slice(allSeries.indexOf(source), allSeries.indexOf(target) + 1)
  const hops = way.slice(1).map((series, i) => ({ from: way[i]!, to: series }))
  const available = await availableHops()
  const missing = hops.filter(
    (hop) => !available.some(({ from: a, to: b }) => a === hop.from && b === hop.to),
  )
  if (missing.length > 0)
    throw new UpliftError(
      'VERSION:UNSUPPORTED',
      `There is no pack yet for ${missing.map((hop) => `${hop.from} to ${hop.to}`).join(', ')}; what can be upgraded is ${available.map((hop) => `${hop.from} to ${hop.to}`).join(', ')}.`,
      { detail: { missing, available } },
    )
  return hops
}

/** The series of a loaded database. Throws DUMP:NOT_ODOO when it has no module list. */
export async function readSeries(client: pg.ClientBase): Promise<string> {
  const { rows } = await client
    .query<{ version: string | null }>(
      `SELECT latest_version AS version FROM public.ir_module_module WHERE name = 'base'`,
    )
    .catch((cause: unknown) => {
      throw new UpliftError(
        'DUMP:NOT_ODOO',
        'The dump has no table ir_module_module: send a dump of an Odoo or OpenERP database.',
        { cause },
      )
    })
  const version = rows[0]?.version ?? ''
  const series = seriesOf(version)
  if (!series)
    throw new UpliftError(
      'VERSION:UNKNOWN',
      `The database says it is of version "${version}", which is not a series of Odoo that is known.`,
    )
  return series
}

/** Whose each module is, and which ones the target has installed. */
export async function makePlan(
  client: pg.ClientBase,
  options: {
    from: string
    to: string
    hops: Plan['hops']
    packs: readonly Pack[]
    source: Catalogue
    target: Catalogue
    aim: Plan['aim']
    timezone?: string | null
  },
): Promise<Plan> {
  const { packs, source, target } = options
  const installed = await client.query<{ name: string }>(
    `SELECT name FROM public.ir_module_module WHERE state IN ('installed', 'to upgrade', 'to remove') ORDER BY name`,
  )
  const sourceModules = installed.rows.map(({ name }) => name)
  const renamed = (name: string) =>
    packs.reduce((current, { facts: { modules } }) => {
      const names: Record<string, string> = {
        ...modules.mergedCommunity,
        ...modules.renamedCommunity,
        ...modules.merged,
        ...modules.renamed,
      }
      return names[current] ?? current
    }, name)
  const isOdoos = (name: string) => source.modules[name] !== undefined
  const wanted = sourceModules.map(renamed)
  const targetModules = installClosure(
    target,
    wanted.filter((name) => target.modules[name] !== undefined),
  )
  const languages = await client.query<{ code: string }>(
    `SELECT l.code FROM public.res_lang l WHERE l.active ORDER BY (l.code = 'en_US') DESC, l.id`,
  )
  return {
    from: options.from,
    to: options.to,
    hops: options.hops,
    sourceModules,
    targetModules: [...targetModules].filter((name) => target.modules[name] !== undefined).sort(),
    customModules: sourceModules.filter((name) => !isOdoos(name) && !targetModules.has(renamed(name))).sort(),
    // Also those that were never installed: an xmlid that moved to one of them names nothing that the target has.
    goneModules: [
      ...new Set([
        ...Object.keys(source.modules),
        ...Object.keys(target.modules),
        ...wanted.filter((_, i) => isOdoos(sourceModules[i]!)),
      ]),
    ]
      .filter((name) => !targetModules.has(name))
      .sort(),
    languages: languages.rows.map(({ code }) => code),
    aim: options.aim,
    timezone: options.timezone ?? null,
  }
}
