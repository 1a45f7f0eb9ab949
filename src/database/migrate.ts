import { createHash } from 'node:crypto'
import { readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import type pg from 'pg'
import { UpliftError } from '../errors.ts'

interface Migration {
  number: number
  name: string
  sql: string
  /** Of its text: a released migration that was changed is told. */
  sha256: string
}

/**
 * Brings the schema "service" up to date, each migration in a transaction of its own. Several processes may start at once.
 * @throws UpliftError DATABASE:NEWER when the database knows migrations that this version of the product does not
 */
export async function migrate(
  client: pg.ClientBase,
  folder = join(import.meta.dirname, 'migrations'),
): Promise<void> {
  const migrations = await readMigrations(folder)
  await client.query(`SELECT pg_advisory_lock(hashtext('uplift migrate'))`)
  try {
    await client.query(`
      CREATE SCHEMA IF NOT EXISTS service;
      CREATE TABLE IF NOT EXISTS service.migration (
        number integer PRIMARY KEY, name text NOT NULL, sha256 text NOT NULL, applied_at timestamptz NOT NULL DEFAULT now())`)
    const { rows } = await client.query<{ number: number; name: string; sha256: string }>(
      'SELECT number, name, sha256 FROM service.migration ORDER BY number',
    )
    for (const applied of rows) refuseStranger(applied, migrations)
    for (const migration of migrations.slice(rows.length)) await apply(client, migration)
  } finally {
    await client.query(`SELECT pg_advisory_unlock(hashtext('uplift migrate'))`).catch(() => {})
  }
}

function refuseStranger(
  applied: { number: number; name: string; sha256: string },
  migrations: readonly Migration[],
): void {
  const known = migrations.find(({ number }) => number === applied.number)
  if (known?.sha256 === applied.sha256) return
  throw new UpliftError(
    'DATABASE:NEWER',
    known
      ? `The service's database was made with another text of migration ${applied.name}: start the version of the product that made it.`
      : `The service's database has migration ${applied.name}, which this version does not know: start the newer version that made it.`,
    { detail: { migration: applied.name } },
  )
}

async function readMigrations(folder: string): Promise<Migration[]> {
  const names = (await readdir(folder)).filter((name) => /^\d{4}-.*\.sql$/.test(name)).sort()
  return Promise.all(
    names.map(async (name) => {
      const sql = await readFile(join(folder, name), 'utf8')
      return {
        number: Number(name.slice(0, 4)),
        name: name.slice(0, -'.sql'.length),
        sql,
        sha256: createHash('sha256').update(sql).digest('hex'),
      }
    }),
  )
}

async function apply(client: pg.ClientBase, { number, name, sql, sha256 }: Migration): Promise<void> {
  await client.query('BEGIN')
  try {
    await client.query(sql)
    await client.query('INSERT INTO service.migration (number, name, sha256) VALUES ($1, $2, $3)', [
      number,
      name,
      sha256,
    ])
    await client.query('COMMIT')
  } catch (thrown) {
    await client.query('ROLLBACK')
    throw thrown
  }
}
