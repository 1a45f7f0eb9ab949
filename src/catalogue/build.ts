import type pg from 'pg'
import { UpliftError } from '../errors.ts'
import { catalogueByRule } from './by-rule.ts'
import type { Catalogue } from './catalogue.ts'
import { completeCatalogue } from './complete.ts'
import { Conditions, closuresOf } from './condition.ts'
import { catalogueOf } from './extract.ts'
import { readFacts } from './facts.ts'
import { readInstalled } from './installed.ts'
import { knownParents } from './known-parents.ts'

/**
 * Makes the built-in catalogue of a series: exact for the modules of the fresh database that `client` is connected to,
 * by rule for all others of the folder of facts (see docs/catalogues.md).
 */
export async function buildCatalogue(
  client: pg.ClientBase,
  options: { facts: string; series: string; schema?: string },
): Promise<Catalogue> {
  const installed = await readInstalled(client, options.schema ?? 'public')
  const extracted = catalogueOf(installed)
  if (extracted.series !== options.series)
    throw new UpliftError(
      'REFERENCE:UNUSABLE',
      `The database is one of ${extracted.series}, not of ${options.series}: give the fresh database of that series.`,
    )
  const facts = await readFacts(options.facts, options.series)
  const conditions = new Conditions(closuresOf(facts.modules))
  const parents = knownParents(installed, facts, conditions)
  return completeCatalogue(catalogueByRule(facts, options.series, parents), extracted)
}
