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
  /** Leaves the server; a cluster of our own that nobody else uses is stopped. */
  readonly stop: () => Promise<void>
  /** Starts a cluster of our own again when it went down; costs nothing while it runs. */
  readonly ensure: () => Promise<void>

  constructor(admin: ServerAddress, own: { stop?: () => Promise<void>; ensure?: () => Promise<void> } = {}) {
    this.admin = admin
    this.stop = own.stop ?? (async () => {})
    this.ensure = own.ensure ?? (async () => {})
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

  /** Runs `work` while no other process on this server does work of the same name. */
  async alone<T>(name: string, work: () => Promise<T>): Promise<T> {
    return this.withAdmin(async (client) => {
      await client.query('SELECT pg_advisory_lock(hashtext($1))', [name])
      return work()
    })
  }

  /**
   * Makes a scratch database, empty or as a copy of a template, and a role NOSUPERUSER that owns it and nothing else.
   * `ownTemplateObjects` names the role whose objects in the copied template pass to the new role.
   */
  async createScratch(
    options: { name?: string; template?: string; ownTemplateObjects?: string } = {},
  ): Promise<Scratch> {
    const name = options.name ?? `${SCRATCH}${randomBytes(6).toString('hex')}`
    const role = name
    const password = randomBytes(24).toString('base64url')
    await this.withAdmin(async (client) => {
      await client.query(
        `CREATE ROLE ${ident(role)} LOGIN NOSUPERUSER NOCREATEDB NOCREATEROLE NOREPLICATION PASSWORD ${literal(password)}`,
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
      if (options.ownTemplateObjects)
        await client.query(`REASSIGN OWNED BY ${ident(options.ownTemplateObjects)} TO ${ident(role)}`)
      // From PostgreSQL 15 on the owner of the database may do this himself; an administrator who is no superuser may not.
      if (!(await isSuperuser(client))) await client.query(`SET ROLE ${ident(role)}`)
      await client.query(`ALTER SCHEMA public OWNER TO ${ident(role)}`)
    }, name)
    return new Scratch(this, { ...this.admin, user: role, password, database: name })
  }

  /**
   * Takes a scratch database over under a new name, with whatever is in it. Whoever still works on it under the old name
   * loses his connections and finds it no more: that is what keeps two tries of the same work apart.
   */
  async adoptScratch(name: string, newName: string): Promise<Scratch> {
    const password = randomBytes(24).toString('base64url')
    const role = await this.withAdmin(async (client) => {
      await client.query(`ALTER DATABASE ${ident(name)} WITH ALLOW_CONNECTIONS false`)
      await terminate(client, name)
      await client.query(`ALTER DATABASE ${ident(name)} RENAME TO ${ident(newName)}`)
      await client.query(`ALTER DATABASE ${ident(newName)} WITH ALLOW_CONNECTIONS true`)
      const owner = await ownerOf(client, newName)
      await client.query(`ALTER ROLE ${ident(owner)} PASSWORD ${literal(password)}`)
      return owner
    })
    return new Scratch(this, { ...this.admin, user: role, password, database: newName })
  }

  /** Names of the scratch databases that begin with `prefix`, the last one first. */
  async scratchNames(prefix: string): Promise<string[]> {
    return this.withAdmin(async (client) => {
      const { rows } = await client.query<{ name: string }>(
        `SELECT datname AS name FROM pg_database WHERE starts_with(datname, $1) ORDER BY length(datname) DESC, datname DESC`,
        [prefix],
      )
      return rows.map(({ name }) => name)
    })
  }

  /** Names of the scratch databases and of their roles that begin with `prefix`: one can be left without the other. */
  async scratchTraces(prefix: string): Promise<string[]> {
    return this.withAdmin(async (client) => {
      const { rows } = await client.query<{ name: string }>(
        `SELECT datname AS name FROM pg_database WHERE starts_with(datname, $1)
          UNION SELECT rolname FROM pg_roles WHERE starts_with(rolname, $1)`,
        [prefix],
      )
      return rows.map(({ name }) => name)
    })
  }

  /** Drops all scratch databases and roles whose names begin with `prefix`. */
  async dropScratches(prefix: string): Promise<void> {
    // A role cannot go before the database that it owns, which may have another name.
    for (const name of await this.scratchNames(prefix)) await this.dropScratch(name)
    for (const name of await this.scratchTraces(prefix)) await this.dropScratch(name)
  }

  /** Drops a scratch database and its role; both may be gone already. */
  async dropScratch(name: string): Promise<void> {
    await this.withAdmin(async (client) => {
      const owner = await ownerOf(client, name)
      await client.query(`DROP DATABASE IF EXISTS ${ident(name)} WITH (FORCE)`)
      await client.query(`DROP ROLE IF EXISTS ${ident(name)}`)
      // A database that was taken over has the role that it was made with.
      if (owner.startsWith(SCRATCH)) await client.query(`DROP ROLE IF EXISTS ${ident(owner)}`)
    })
  }
}

/** How the names of scratch databases and their roles begin. */
const SCRATCH = 'uplift_'

/** Ends all work on a database and waits until it has ended. */
async function terminate(client: pg.Client, database: string): Promise<void> {
  const deadline = Date.now() + 60_000
  for (;;) {
    const { rowCount } = await client.query(
      'SELECT pg_terminate_backend(pid, 1000) FROM pg_stat_activity WHERE datname = $1 AND pid <> pg_backend_pid()',
      [database],
    )
    if (!rowCount || Date.now() > deadline) return
  }
}

async function ownerOf(client: pg.Client, database: string): Promise<string> {
  const { rows } = await client.query<{ owner: string }>(
    `SELECT pg_get_userbyid(datdba) AS owner FROM pg_database WHERE datname = $1`,
    [database],
  )
  return rows[0]?.owner ?? ''
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

  /** Ends whatever is being done in it; what was not committed is gone, the rest stays. */
  terminate(): Promise<void> {
    return this.server.withAdmin((client) => terminate(client, this.address.database))
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
