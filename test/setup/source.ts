import type pg from 'pg'
import { afterAll, beforeAll } from 'vitest'
import { loadCatalogue } from '../../src/catalogue/load.ts'
import { predictSchema } from '../../src/catalogue/predict-schema.ts'
import { installClosure, installOrder } from '../../src/odoo/modules.ts'
import { loadPack } from '../../src/packs/load.ts'
import type { Scratch } from '../../src/postgres/server.ts'
import { ident } from '../../src/postgres/sql.ts'
import { runHop } from '../../src/upgrade/hops/hop.ts'
import { prepareNotes } from '../../src/upgrade/notes.ts'
import { testServer } from './databases.ts'

export interface HalfHop {
  client: pg.Client
  /** Runs the transforms of these modules, in the order of their dependencies. */
  transform(...modules: string[]): Promise<void>
}

/**
 * Makes the empty tables of a version with these modules and what they depend on, and takes them through the facts of a hop,
 * with what `rows` puts in first: what the transforms of the pack find.
 */
export async function prepareHop(
  client: pg.Client,
  [from, to]: readonly [string, string],
  modules: readonly string[],
  rows = '',
): Promise<HalfHop> {
  const catalogue = await loadCatalogue(from)
  const closure = installClosure(catalogue, modules)
  const pack = await loadPack(from, to)
  const { tables } = predictSchema(catalogue, closure, [])
  await prepareNotes(client)
  await client.query(`
    CREATE TABLE uplift.relation (tbl text, col text, target text, PRIMARY KEY (tbl, col));
    ${Object.entries(tables)
      .map(
        ([name, { columns }]) =>
          `CREATE TABLE ${ident(name)} (${Object.entries(columns)
            .map(([column, { type }]) => `${ident(column)} ${column === 'id' ? 'serial PRIMARY KEY' : type}`)
            .join(', ')})`,
      )
      .join(';\n')};
    ${rows}`)
  await runHop(client, { ...pack, transforms: [] }, [])
  const order = installOrder(catalogue, closure)
  return {
    client,
    transform: async (...wanted) => {
      for (const name of order.filter((module) => wanted.includes(module)))
        for (const { module, sql } of pack.transforms) if (module === name) await client.query(sql)
    },
  }
}

/** A database of one test file that is half through a hop; what `work` does in it is undone afterwards. */
export function halfHop(
  hop: readonly [string, string],
  modules: readonly string[],
  rows = '',
): <T>(work: (half: HalfHop) => Promise<T>) => Promise<T> {
  let scratch: Scratch
  let half: HalfHop
  beforeAll(async () => {
    scratch = await testServer().createScratch()
    half = await prepareHop(await scratch.connect(), hop, modules, rows)
  })
  afterAll(async () => {
    await half?.client.end()
    await scratch?.drop()
  })
  return async (work) => {
    await half.client.query('BEGIN')
    try {
      return await work(half)
    } finally {
      await half.client.query('ROLLBACK')
    }
  }
}
