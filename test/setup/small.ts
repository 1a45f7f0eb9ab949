import type pg from 'pg'
import { afterAll, beforeAll } from 'vitest'
import type { Scratch } from '../../src/postgres/server.ts'
import { ident } from '../../src/postgres/sql.ts'
import { prepareNotes } from '../../src/upgrade/notes.ts'
import { testServer } from './databases.ts'

type Work<T> = (client: pg.Client, others: readonly pg.Client[]) => Promise<T>

/**
 * A scratch database for the tests of one file. The function that is given empties it, makes the engine's working schemas
 * and what `sql` says in it, and lets `work` have it with two connections.
 */
export function smallDatabase(): <T>(sql: string, work: Work<T>) => Promise<T> {
  let scratch: Scratch
  let clients: [pg.Client, pg.Client]
  beforeAll(async () => {
    scratch = await testServer().createScratch()
    clients = [await scratch.connect(), await scratch.connect()]
  })
  afterAll(async () => {
    for (const client of clients) await client.end()
    await scratch.drop()
  })
  return async (sql, work) => {
    const [client, ...others] = clients
    await empty(client)
    await prepareNotes(client)
    await client.query(sql)
    return work(client, others)
  }
}

async function empty(client: pg.ClientBase): Promise<void> {
  await client.query('DISCARD ALL')
  const { rows } = await client.query<{ name: string }>(
    `SELECT nspname AS name FROM pg_namespace WHERE nspname !~ '^pg_' AND nspname <> 'information_schema'`,
  )
  for (const { name } of rows) await client.query(`DROP SCHEMA ${ident(name)} CASCADE`)
  await client.query('CREATE SCHEMA public')
}

/** The rows of a query as arrays of their values. */
export async function rowsOf(client: pg.ClientBase, query: string): Promise<unknown[][]> {
  return (await client.query<unknown[]>({ text: query, rowMode: 'array' })).rows
}

/** The first column of a query. */
export async function valuesOf(client: pg.ClientBase, query: string): Promise<unknown[]> {
  return (await rowsOf(client, query)).map(([value]) => value)
}
