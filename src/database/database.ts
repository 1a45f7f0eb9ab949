import pg from 'pg'
import { connect, type DatabaseAddress, type Server } from '../postgres/server.ts'
import { ident } from '../postgres/sql.ts'
import { migrate } from './migrate.ts'

/** Connections of one process to the service's tables. */
const CONNECTIONS = 10

/** Anything that takes a query: the pool, or the client of a transaction. */
export type Queryable = Pick<pg.ClientBase, 'query'>

/** The service's own database: contracts, requests, tickets and the queue. */
export class Database {
  readonly pool: pg.Pool
  /** For connections that a session of their own is needed for. */
  readonly address: DatabaseAddress

  constructor(pool: pg.Pool, address: DatabaseAddress) {
    this.pool = pool
    this.address = address
  }

  /** Runs work in one transaction. */
  async transaction<T>(work: (client: pg.PoolClient) => Promise<T>): Promise<T> {
    const client = await this.pool.connect()
    let broken: Error | undefined
    try {
      await client.query('BEGIN')
      const result = await work(client)
      await client.query('COMMIT')
      return result
    } catch (thrown) {
      await client.query('ROLLBACK').catch((error: Error) => {
        broken = error
      })
      throw thrown
    } finally {
      client.release(broken)
    }
  }

  close(): Promise<void> {
    return this.pool.end()
  }
}

/**
 * Opens the service's database on a server, makes it when it is missing, and brings its schema up to date.
 * @throws UpliftError DATABASE:NEWER, CLUSTER:UNREACHABLE
 */
export async function openDatabase(server: Server, name = 'uplift_service'): Promise<Database> {
  await server.withAdmin(async (client) => {
    // Two processes that start together must not both make it.
    await client.query(`SELECT pg_advisory_lock(hashtext('uplift make database'))`)
    const { rowCount } = await client.query('SELECT FROM pg_database WHERE datname = $1', [name])
    if (!rowCount)
      await client.query(
        `CREATE DATABASE ${ident(name)} TEMPLATE template0 ENCODING 'UTF8' LC_COLLATE 'C' LC_CTYPE 'C.UTF-8'`,
      )
  })
  const address = { ...server.admin, database: name }
  const client = await connect(address)
  try {
    await migrate(client)
  } finally {
    await client.end()
  }
  const pool = new pg.Pool({ ...address, application_name: 'uplift service', max: CONNECTIONS })
  // A server that goes away is told by the next query; without a listener it would end the process.
  pool.on('error', () => {})
  return new Database(pool, address)
}
