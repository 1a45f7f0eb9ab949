import type pg from 'pg'
import type { Pack, PackFacts } from '../../src/packs/pack.ts'
import { runHop } from '../../src/upgrade/hops/hop.ts'
import { registry } from './registry.ts'
import { smallDatabase } from './small.ts'

/** A registry, and the working table that the load leaves for the hops. */
export const loaded = `${registry}
  CREATE TABLE uplift.relation (tbl text, col text, target text, PRIMARY KEY (tbl, col));`

/** A pack with these facts and nothing else. */
export function packOf(facts: Partial<PackFacts>, transforms: Pack['transforms'] = []): Pack {
  return {
    folder: '',
    transforms,
    facts: {
      ...{ from: '7.0', to: '8.0', tables: {}, columns: [], fields: [], values: [] },
      modules: { renamed: {}, merged: {}, removed: [] },
      models: { renamed: {}, merged: {} },
      xmlids: { renamed: {} },
      ...facts,
    },
  }
}

/** A database for the tests of one file, on which the facts of a pack run: what `sql` makes stands beside an empty registry. */
export function smallHop(): <T>(
  sql: string,
  facts: Partial<PackFacts>,
  work: (client: pg.Client) => Promise<T>,
) => Promise<T> {
  const withSmallDatabase = smallDatabase()
  return (sql, facts, work) =>
    withSmallDatabase(`${loaded}${sql}`, async (client) => {
      await runHop(client, packOf(facts), ['base'])
      return work(client)
    })
}

/** All xmlids with what they name, in the order in which they were made. */
export const allXmlids = `SELECT module || '.' || name, model, res_id FROM ir_model_data ORDER BY id`
