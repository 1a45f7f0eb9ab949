import type pg from 'pg'
import { connect, type DatabaseAddress } from '../../postgres/server.ts'
import { ident } from '../../postgres/sql.ts'
import type { TocEntry } from '../dump.ts'
import { copyOut } from './copy-out.ts'
import { type DatabaseToc, tocOfDatabase } from './toc-of-database.ts'

/** As pg_dump sets its session, so that values come out in the one form that every server reads back unchanged. */
const SESSION = [
  'SET datestyle = ISO',
  'SET intervalstyle = postgres',
  'SET extra_float_digits = 3',
  'SET bytea_output = hex',
  'SET synchronize_seqscans = off',
  'SET statement_timeout = 0',
  'SET lock_timeout = 0',
  'SET idle_in_transaction_session_timeout = 0',
  'SET row_security = off',
  "SELECT pg_catalog.set_config('search_path', '', false)",
].join(';')

/** The database as it is at one moment, over any number of connections. */
export class Source {
  readonly toc: DatabaseToc
  /** Bytes of each table in the database, by OID. */
  readonly sizes: ReadonlyMap<string, number>
  readonly #clients: pg.Client[]
  readonly #conditions: ReadonlyMap<string, string>

  constructor(
    toc: DatabaseToc,
    sizes: ReadonlyMap<string, number>,
    conditions: ReadonlyMap<string, string>,
    clients: pg.Client[],
  ) {
    this.toc = toc
    this.sizes = sizes
    this.#conditions = conditions
    this.#clients = clients
  }

  /** Opens `jobs` connections that see one exported snapshot, and reads the table of contents in it. */
  static async open(options: {
    address: DatabaseAddress
    programs: string
    jobs: number
    excludeSchemas: readonly string[]
    signal: AbortSignal
  }): Promise<Source> {
    const { address, jobs, signal } = options
    const clients: pg.Client[] = []
    const abort = () => destroyAll(clients)
    signal.addEventListener('abort', abort, { once: true })
    try {
      signal.throwIfAborted()
      const first = await open(address, clients)
      const { rows } = await first.query<{ id: string }>('SELECT pg_export_snapshot() AS id')
      const snapshot = rows[0]!.id
      const [toc, sizes, conditions] = await Promise.all([
        tocOfDatabase({ ...options, snapshot }),
        readSizes(first),
        readConditions(first),
        ...Array.from({ length: jobs - 1 }, () => open(address, clients, snapshot)),
      ])
      for (const client of clients) await setEncoding(client, toc.encoding)
      return new Source(toc, sizes, conditions, clients)
    } catch (thrown) {
      destroyAll(clients)
      throw thrown
    }
  }

  get connections(): number {
    return this.#clients.length
  }

  /** Reads the rows of a TABLE DATA entry in COPY text format over the connection of that number. */
  copy(
    entry: TocEntry,
    connection: number,
    take: (piece: Buffer) => Promise<void> | undefined,
  ): Promise<number> {
    return copyOut(this.#clients[connection]!, this.#copyStatement(entry), take)
  }

  async query<Row extends pg.QueryResultRow>(sql: string, values: unknown[] = []): Promise<Row[]> {
    return (await this.#clients[0]!.query<Row>(sql, values)).rows
  }

  async close(): Promise<void> {
    await Promise.all(this.#clients.map((client) => client.end().catch(() => {})))
  }

  destroy(): void {
    destroyAll(this.#clients)
  }

  /** `COPY t (a, b) FROM stdin;` of the entry, the other way round. */
  #copyStatement(entry: TocEntry): string {
    const condition = this.#conditions.get(entry.oid)
    const list = /\((.*)\) FROM stdin;\s*$/s.exec(entry.copyStatement)?.[1] ?? ''
    const table = `${ident(entry.namespace)}.${ident(entry.tag)}`
    if (condition !== undefined) return `COPY (SELECT ${list} FROM ${table} ${condition}) TO STDOUT`
    return `COPY ${table} ${list === '' ? '' : `(${list})`} TO STDOUT`
  }
}

async function open(address: DatabaseAddress, clients: pg.Client[], snapshot?: string): Promise<pg.Client> {
  const client = await connect(address)
  clients.push(client)
  await client.query(`BEGIN TRANSACTION ISOLATION LEVEL REPEATABLE READ READ ONLY`)
  if (snapshot !== undefined) await client.query(`SET TRANSACTION SNAPSHOT '${snapshot}'`)
  await client.query(SESSION)
  return client
}

/** Rows leave the server in the encoding that the table of contents names. */
async function setEncoding(client: pg.Client, encoding: string | null): Promise<void> {
  if (encoding !== null)
    await client.query('SELECT pg_catalog.set_config($1, $2, false)', ['client_encoding', encoding])
}

async function readSizes(client: pg.Client): Promise<Map<string, number>> {
  const { rows } = await client.query<{ oid: string; bytes: string }>(
    `SELECT c.oid::text, ((c.relpages + coalesce(t.relpages, 0))::bigint * current_setting('block_size')::int)::text AS bytes
       FROM pg_catalog.pg_class c LEFT JOIN pg_catalog.pg_class t ON t.oid = c.reltoastrelid
      WHERE c.relkind IN ('r', 'm')`,
  )
  return new Map(rows.map(({ oid, bytes }) => [oid, Number(bytes)]))
}

/** Which rows of an extension's configuration tables belong into a dump (pg_extension_config_dump). */
async function readConditions(client: pg.Client): Promise<Map<string, string>> {
  const { rows } = await client.query<{ oid: string; condition: string }>(
    `SELECT t.oid::text, e.extcondition[t.position] AS condition
       FROM pg_catalog.pg_extension e, unnest(e.extconfig) WITH ORDINALITY AS t(oid, position)
      WHERE e.extcondition[t.position] <> ''`,
  )
  return new Map(rows.map(({ oid, condition }) => [oid, condition]))
}

function destroyAll(clients: readonly pg.Client[]): void {
  for (const client of clients) client.connection.stream.destroy()
}
