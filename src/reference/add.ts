import { createHash } from 'node:crypto'
import { createReadStream } from 'node:fs'
import { stat } from 'node:fs/promises'
import { pipeline } from 'node:stream/promises'
import type pg from 'pg'
import { extractCatalogue } from '../catalogue/extract.ts'
import { openDump } from '../dumps/open.ts'
import { UpliftError } from '../errors.ts'
import { type LoadOptions, loadDump } from '../load/load.ts'
import { buildingOrder, type Deferred, type LoadReport } from '../load/report.ts'
import { seriesOf } from '../odoo/series.ts'
import type { Scratch, Server } from '../postgres/server.ts'
import { ident, qualified } from '../postgres/sql.ts'
import { ReferenceStore, type StoredReference } from './store.ts'

export interface AddOptions {
  server: Server
  dataFolder: string
  series: string
  dump: string
  /** Told the bytes of rows that were loaded so far. */
  onProgress?: (bytes: number) => void
  signal?: AbortSignal
}

/**
 * Takes a dump of a fresh database as the reference of its version: loads it once, reads its catalogue, and keeps it as
 * a template database whose schema `ref` holds the rows. A dump that was added before is found again by its SHA-256.
 * @throws UpliftError REFERENCE:UNUSABLE when it is of another version or no Odoo database
 */
export async function addReference({
  server,
  dataFolder,
  series,
  dump: path,
  onProgress,
  signal,
}: AddOptions): Promise<StoredReference> {
  const store = new ReferenceStore(dataFolder)
  const sha256 = await fileHash(path)
  const database = `uplift_ref_${sha256.slice(0, 16)}_${await store.own()}`
  const found = async () => {
    const known = await store.find(series, sha256)
    return known && (await databaseExists(server, known.database)) ? known : undefined
  }
  const load = {
    onProgress: ({ bytes }: { bytes: number }) => onProgress?.(bytes),
    ...(signal ? { signal } : {}),
  }
  // Of two upgrades that bring the same new reference, one makes it and the other waits for it.
  return (
    (await found()) ??
    server.alone(
      `uplift reference ${database}`,
      async () => (await found()) ?? make(server, store, { series, sha256, database, path, load }),
    )
  )
}

interface Making {
  series: string
  sha256: string
  database: string
  path: string
  load: LoadOptions
}

async function make(server: Server, store: ReferenceStore, making: Making): Promise<StoredReference> {
  const { database } = making
  await server.withAdmin((client) =>
    client
      .query(`UPDATE pg_database SET datistemplate = false WHERE datname = $1`, [database])
      .catch(() => {}),
  )
  await server.dropScratch(database)
  const scratch = await server.createScratch({ name: database })
  try {
    const reference = await build(scratch, store, making)
    // The template itself belongs to the administrator: what passes to a request's role are the objects of its copy only.
    await server.withAdmin((client) =>
      client.query(
        `ALTER DATABASE ${ident(database)} OWNER TO CURRENT_USER; ALTER DATABASE ${ident(database)} IS_TEMPLATE true`,
      ),
    )
    return reference
  } catch (thrown) {
    await scratch.drop()
    throw thrown
  }
}

export async function removeReference(
  server: Server,
  dataFolder: string,
  reference: StoredReference,
): Promise<void> {
  await server.withAdmin(async (client) => {
    if (await databaseExists(server, reference.database))
      await client.query(`ALTER DATABASE ${ident(reference.database)} IS_TEMPLATE false`)
  })
  await server.dropScratch(reference.database)
  await new ReferenceStore(dataFolder).remove(reference)
}

export async function databaseExists(server: Server, name: string): Promise<boolean> {
  return server.withAdmin(
    async (client) =>
      (await client.query('SELECT FROM pg_database WHERE datname = $1', [name])).rowCount === 1,
  )
}

async function build(
  scratch: Scratch,
  store: ReferenceStore,
  { series, sha256, path, load }: Making,
): Promise<StoredReference> {
  const dump = await openDump(path)
  let report: LoadReport
  try {
    report = await loadDump(dump, scratch, load)
  } finally {
    await dump.close()
  }
  return scratch.with(async (client) => {
    const modules = await installedModules(client, series)
    const demonstration = await hasDemonstration(client)
    await applyDeferred(client, report.deferred)
    const catalogue = await extractCatalogue(client)
    await keepRowsOnly(client)
    const reference: StoredReference = {
      series,
      sha256,
      database: scratch.address.database,
      modules,
      addedAt: new Date().toISOString(),
      bytes: (await stat(path)).size,
      demonstration,
    }
    await store.save(reference, catalogue)
    return reference
  })
}

async function installedModules(client: pg.ClientBase, series: string): Promise<string[]> {
  const { rows } = await client
    .query<{ name: string; version: string | null }>(
      `SELECT name, latest_version AS version FROM ir_module_module WHERE state = 'installed' ORDER BY name`,
    )
    .catch((cause: unknown) => {
      throw new UpliftError(
        'REFERENCE:UNUSABLE',
        'The reference is not a dump of an Odoo database: send one of a fresh database of the target version.',
        { cause },
      )
    })
  const found = seriesOf(rows.find(({ name }) => name === 'base')?.version ?? '')
  if (found !== series)
    throw new UpliftError(
      'REFERENCE:UNUSABLE',
      `The reference is a database of version ${found ?? 'unknown'}, not of ${series}: give one of the target version.`,
      {
        detail: { found, series },
      },
    )
  return rows.map(({ name }) => name)
}

/** Whether a module was installed with its demonstration data. */
export async function hasDemonstration(client: pg.ClientBase): Promise<boolean> {
  const { rows } = await client.query<{ demo: boolean }>(
    `SELECT coalesce(bool_or((to_jsonb(m) ->> 'demo')::boolean), false) AS demo FROM ir_module_module m WHERE state = 'installed'`,
  )
  return rows[0]!.demo
}

/** Keys before foreign keys, views last; what the dump's own database had must fit its own rows. */
export async function applyDeferred(client: pg.ClientBase, deferred: readonly Deferred[]): Promise<void> {
  for (const kind of buildingOrder) {
    const statements = deferred
      .filter((entry) => entry.kind === kind && entry.sql !== null)
      .map((entry) => entry.sql!)
    for (let start = 0; start < statements.length; start += 100)
      await client.query(statements.slice(start, start + 100).join(';\n'))
  }
}

/** The rows are all that alignment reads: empty tables, views and every key but the primary ones only cost time to copy. */
async function keepRowsOnly(client: pg.ClientBase): Promise<void> {
  const { rows } = await client.query<{ statement: string }>(`
    SELECT CASE relkind WHEN 'm' THEN 'DROP MATERIALIZED VIEW IF EXISTS ' ELSE 'DROP VIEW IF EXISTS ' END || oid::regclass || ' CASCADE' AS statement
      FROM pg_class WHERE relnamespace = 'public'::regnamespace AND relkind IN ('v', 'm')
    UNION ALL
    SELECT 'ALTER TABLE ' || conrelid::regclass || ' DROP CONSTRAINT ' || quote_ident(conname)
      FROM pg_constraint WHERE connamespace = 'public'::regnamespace AND contype IN ('f', 'c', 'u') AND conislocal
    UNION ALL
    SELECT 'DROP INDEX ' || i.indexrelid::regclass
      FROM pg_index i JOIN pg_class c ON c.oid = i.indexrelid
     WHERE c.relnamespace = 'public'::regnamespace AND NOT EXISTS (SELECT FROM pg_constraint k WHERE k.conindid = i.indexrelid)`)
  for (let start = 0; start < rows.length; start += 100)
    await client.query(
      rows
        .slice(start, start + 100)
        .map(({ statement }) => statement)
        .join(';\n'),
    )
  const tables = await client.query<{ name: string }>(
    `SELECT c.relname AS name FROM pg_class c
      WHERE c.relnamespace = 'public'::regnamespace AND c.relkind = 'r' AND pg_relation_size(c.oid) = 0
        AND NOT EXISTS (SELECT FROM pg_inherits h WHERE h.inhparent = c.oid OR h.inhrelid = c.oid)`,
  )
  await client.query(
    tables.rows.map(({ name }) => `DROP TABLE IF EXISTS ${qualified('public', name)} CASCADE`).join(';\n'),
  )
  await client.query('ALTER SCHEMA public RENAME TO ref')
  await client.query('CREATE SCHEMA public')
  await client.query('ANALYZE')
}

async function fileHash(path: string): Promise<string> {
  const hash = createHash('sha256')
  await pipeline(createReadStream(path), hash).catch((cause: unknown) => {
    throw new UpliftError(
      'DUMP:MISSING',
      `There is no readable file ${path}: check the path of the reference.`,
      { cause },
    )
  })
  return hash.digest('hex')
}
