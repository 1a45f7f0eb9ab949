import { randomBytes } from 'node:crypto'
import pg from 'pg'
import { UpliftError } from '../errors.ts'
import { ident, literal } from './sql.ts'

/** How to reach a server; `host` is a folder of Unix sockets or a host name. */
export interface ServerAddress {
  host: string
  port: number
  user: string
  password?: string
}

/** An address with the database to connect to. */
export interface DatabaseAddress extends ServerAddress {
  database: string
}

/**
 * A PostgreSQL server that scratch databases are made on: the product's own cluster or the operator's.
 * Administrative work (CREATE DATABASE, CREATE ROLE) goes through the administrator's address, everything that
 * touches a customer's data through a role that owns one scratch database and nothing else.
 */
export class Server {
  readonly admin: ServerAddress
  readonly stop: () => Promise<void>

  constructor(admin: ServerAddress, stop: () => Promise<void> = async () => {}) {
    this.admin = admin
    this.stop = stop
  }

  /** Connects as the administrator. */
  connectAdmin(database = 'postgres'): Promise<pg.Client> {
    return connect({ ...this.admin, database })
  }

  async withAdmin<T>(work: (client: pg.Client) => Promise<T>, database = 'postgres'): Promise<T> {
    const client = await this.connectAdmin(database)
    try {
      return await work(client)
    } finally {
      await client.end()
    }
  }

  /**
   * Makes a scratch database, empty or as a copy of a template, and a role NOSUPERUSER that owns it and nothing else.
   * `ownTemplateObjects` names the role whose objects in the copied template pass to the new role.
   */
  async createScratch(
    options: { name?: string; template?: string; ownTemplateObjects?: string } = {},
  ): Promise<Scratch> {
    const name = options.name ?? `uplift_${randomBytes(6).toString('hex')}`
    const role = name
    const password = randomBytes(24).toString('base64url')
    await this.withAdmin(async (client) => {
      await client.query(
        `CREATE ROLE ${ident(role)} LOGIN NOSUPERUSER NOCREATEDB NOCREATEROLE NOREPLICATION NOINHERIT PASSWORD ${literal(password)}`,
      )
      if (!(await isSuperuser(client))) await client.query(`GRANT ${ident(role)} TO CURRENT_USER`)
      const from = options.template ?? 'template0'
      const strategy = options.template && client15(client) ? ' STRATEGY FILE_COPY' : ''
      const locale = options.template ? '' : ` ENCODING 'UTF8' LC_COLLATE 'C' LC_CTYPE 'C.UTF-8'`
      await client.query(
        `CREATE DATABASE ${ident(name)} OWNER ${ident(role)} TEMPLATE ${ident(from)}${strategy}${locale}`,
      )
      await client.query(`REVOKE ALL ON DATABASE ${ident(name)} FROM PUBLIC`)
    })
    await this.withAdmin(async (client) => {
      await client.query(`ALTER SCHEMA public OWNER TO ${ident(role)}`)
      if (options.ownTemplateObjects)
        await client.query(`REASSIGN OWNED BY ${ident(options.ownTemplateObjects)} TO ${ident(role)}`)
    }, name)
    return new Scratch(this, { ...this.admin, user: role, password, database: name })
  }

  /** Drops a scratch database and its role; both may be gone already. */
  async dropScratch(name: string): Promise<void> {
    await this.withAdmin(async (client) => {
      await client.query(`DROP DATABASE IF EXISTS ${ident(name)} WITH (FORCE)`)
      await client.query(`DROP ROLE IF EXISTS ${ident(name)}`)
    })
  }
}

/** A request's own database with the role that owns it. */
export class Scratch {
  readonly server: Server
  readonly address: DatabaseAddress

  constructor(server: Server, address: DatabaseAddress) {
    this.server = server
    this.address = address
  }

  connect(): Promise<pg.Client> {
    return connect(this.address)
  }

  /** Runs `work` on a connection of its own. */
  async with<T>(work: (client: pg.Client) => Promise<T>): Promise<T> {
    const client = await this.connect()
    try {
      return await work(client)
    } finally {
      await client.end()
    }
  }

  drop(): Promise<void> {
    return this.server.dropScratch(this.address.database)
  }
}

export async function connect(address: DatabaseAddress): Promise<pg.Client> {
  const client = new pg.Client({ ...address, application_name: 'uplift' })
  // A server that goes away is told by the query that was under way; without a listener it would end the process.
  client.on('error', () => {})
  try {
    await client.connect()
  } catch (cause) {
    throw new UpliftError(
      'CLUSTER:UNREACHABLE',
      `The PostgreSQL server at ${address.host}:${address.port} does not answer: check that it runs and takes connections.`,
      { cause },
    )
  }
  return client
}

async function isSuperuser(client: pg.Client): Promise<boolean> {
  const { rows } = await client.query<{ super: boolean }>(
    'SELECT rolsuper AS super FROM pg_roles WHERE rolname = current_user',
  )
  return rows[0]?.super ?? false
}

/** CREATE DATABASE … STRATEGY came with PostgreSQL 15; before, a file copy is the only way. */
function client15(client: pg.Client): boolean {
  return 'serverVersion' in client ? Number(client.serverVersion) >= 150_000 : true
}
