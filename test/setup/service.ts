import { randomBytes } from 'node:crypto'
import { type Database, openDatabase } from '../../src/database/database.ts'
import { ident } from '../../src/postgres/sql.ts'
import { testServer } from './databases.ts'

/** A service database of its own on the run's server; close it with what is given back. */
export async function serviceDatabase(): Promise<{ database: Database; remove: () => Promise<void> }> {
  const name = `service_${randomBytes(6).toString('hex')}`
  const server = testServer()
  const database = await openDatabase(server, name)
  return {
    database,
    remove: async () => {
      await database.close()
      await server.withAdmin((client) => client.query(`DROP DATABASE IF EXISTS ${ident(name)} WITH (FORCE)`))
    },
  }
}
