import { describe, expect, test } from 'vitest'
import { packOf } from '../../test/setup/hop.ts'
import { models, registry } from '../../test/setup/registry.ts'
import { smallDatabase } from '../../test/setup/small.ts'
import type { Catalogue, CatalogueModule } from '../catalogue/catalogue.ts'
import type { PackFacts } from '../packs/pack.ts'
import { extractSchema } from '../schema/extract.ts'
import { makePlan, planHops, readSeries } from './make-plan.ts'
import { ownershipOf, readOwnNames } from './ownership.ts'

const withSmallDatabase = smallDatabase()

describe('the way from one version to another', () => {
  test('is made of the hops between them', async () => {
    expect(await planHops('7.0', '8.0')).toEqual([{ from: '7.0', to: '8.0' }])
    expect(await planHops('16.0', '17.0.1.3')).toEqual([{ from: '16.0', to: '17.0' }])
  })

  test.each([
    ['4.2', '8.0', 'VERSION:UNKNOWN'],
    ['8.0', 'nine', 'VERSION:UNKNOWN'],
    ['8.0', '8.0', 'VERSION:NOT_NEWER'],
    ['17.0', '16.0', 'VERSION:NOT_NEWER'],
    ['9.0', '10.0', 'VERSION:NOT_NEWER'],
  ])('from %s to %s ends with %s', async (from, to, code) => {
    const expected = from === '9.0' ? 'VERSION:UNSUPPORTED' : code
    await expect(planHops(from, to)).rejects.toMatchObject({ code: expected })
  })
})

describe('the version of a database', () => {
  test('is that of its module base', () =>
    withSmallDatabase(registry, async (client) => expect(await readSeries(client)).toBe('7.0')))

  test('has to be known', () =>
    withSmallDatabase(`${registry} UPDATE ir_module_module SET latest_version = 'saas~6'`, (client) =>
      expect(readSeries(client)).rejects.toMatchObject({ code: 'VERSION:UNKNOWN' }),
    ))

  test('is asked of Odoo databases only', () =>
    withSmallDatabase('CREATE TABLE a (id integer)', (client) =>
      expect(readSeries(client)).rejects.toMatchObject({ code: 'DUMP:NOT_ODOO' }),
    ))
})

function catalogue(
  series: string,
  modules: Record<string, string[]>,
  automatic: readonly string[] = [],
): Catalogue {
  const entries = Object.entries(modules).map(([name, depends]): [string, CatalogueModule] => [
    name,
    {
      ...{ depends, autoInstall: automatic.includes(name) ? depends : null, installable: true },
      ...{ version: `${series}.1.0`, category: null },
    },
  ])
  return {
    ...{
      series,
      exactModules: [],
      models: {},
      tables: {},
      sequences: {},
      views: {},
      extensions: {},
      xmlids: {},
    },
    modules: Object.fromEntries(entries),
  }
}

test("every module is followed to what it is in the target: renamed, merged, gone, new, or the customer's own", () =>
  withSmallDatabase(
    `${registry} INSERT INTO ir_module_module (name, state) VALUES ('old', 'installed'), ('part', 'to upgrade'), ('gone', 'installed'), ('own', 'installed'),
       ('adopted', 'installed'), ('community', 'installed'), ('not_there', 'uninstalled');
     CREATE TABLE res_lang (id serial, code varchar, active boolean); INSERT INTO res_lang (code, active) VALUES ('fr_FR', true), ('en_US', true), ('de_DE', false)`,
    async (client) => {
      const modules: PackFacts['modules'] = {
        ...{ renamed: { old: 'fresh' }, merged: { part: 'whole' }, removed: ['gone'] },
        mergedCommunity: { community: 'whole' },
      }
      const plan = await makePlan(client, {
        ...{ from: '7.0', to: '8.0', hops: [], aim: 'test', packs: [packOf({ modules })] },
        source: catalogue('7.0', {
          base: [],
          old: ['base'],
          part: ['base'],
          gone: ['base'],
          not_there: ['base'],
        }),
        target: catalogue(
          '8.0',
          {
            base: [],
            fresh: ['base', 'needed'],
            needed: ['base'],
            whole: ['base'],
            adopted: ['base'],
            not_there: ['base'],
            link: ['fresh', 'whole'],
          },
          ['link'],
        ),
      })
      expect(plan.sourceModules).toEqual(['adopted', 'base', 'community', 'gone', 'old', 'own', 'part'])
      expect(plan.targetModules).toEqual(['adopted', 'base', 'fresh', 'link', 'needed', 'whole'])
      expect(plan.customModules).toEqual(['own'])
      expect(plan.goneModules).toEqual(['gone', 'not_there', 'old', 'part'])
      expect(plan.languages).toEqual(['en_US', 'fr_FR'])
    },
  ))

test("what is the customer's own: manual fields and models, what his modules declare, tables that no version of Odoo has", () =>
  withSmallDatabase(
    `${registry} ${models('base', { 'res.partner': { name: 'char' } })}; ${models('own', { 'res.partner': { own: 'char', name: 'char' }, 'own.model': { name: 'char' } })};
     INSERT INTO ir_model (model, state) VALUES ('x_made', 'manual');
     INSERT INTO ir_model_fields (model, name, state) VALUES ('res.partner', 'x_name', 'manual'), ('res.partner', 'xname', 'base');
     CREATE TABLE res_partner (id integer); CREATE TABLE own_model (id integer); CREATE TABLE x_made (id integer); CREATE TABLE theirs (id integer); CREATE TABLE odoos (id integer)`,
    async (client) => {
      const found = await extractSchema(client)
      const source = catalogue('7.0', {})
      source.tables.res_partner = source.tables.odoos = {
        by: [[]],
        columns: {},
        inherits: {},
        constraints: {},
        indexes: {},
      }
      source.sequences.odoos_seq = { by: [[]], ownedBy: null }
      source.views.odoos_view = { by: [[]], definition: '', materialized: false, reads: {} }
      const target = { ...found, tables: { res_partner: found.tables.res_partner! } }
      const own = ownershipOf(
        await readOwnNames(client, { customModules: ['own'] }, source, found, target),
        source,
      )
      const tables = Object.keys(found.tables).filter((table) => own.ownsTable(table))
      expect(tables.filter((table) => !table.startsWith('ir_')).sort()).toEqual([
        'own_model',
        'theirs',
        'x_made',
      ])
      const columns = ['name', 'own', 'x_name', 'xname'].filter((column) =>
        own.ownsColumn('res_partner', column),
      )
      expect(columns).toEqual(['own', 'x_name'])
      expect([own.ownsView?.('odoos_view'), own.ownsView?.('theirs_view')]).toEqual([false, true])
      expect([own.ownsSequence?.('odoos_seq'), own.ownsSequence?.('theirs_seq')]).toEqual([false, true])
    },
  ))
