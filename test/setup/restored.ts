import { execFile, spawn } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import { once } from 'node:events'
import { join } from 'node:path'
import { promisify } from 'node:util'
import type pg from 'pg'
import { findPrograms } from '../../src/postgres/programs.ts'
import { ident } from '../../src/postgres/sql.ts'
import { realDatabase, testServer } from './databases.ts'

const run = promisify(execFile)

/**
 * Restores one of the real databases with PostgreSQL's own programs into a database of its own: the whole shape, and the
 * rows of the tables that are named (of all tables for Odoo's backups, which are zips). Dropped when `work` is done.
 */
export async function withRestored<T>(
  file: string,
  tables: readonly string[],
  work: (client: pg.Client) => Promise<T>,
): Promise<T> {
  const server = testServer()
  const name = `restored_${randomBytes(6).toString('hex')}`
  const programs = findPrograms(process.env)
  const to = ['-h', server.admin.host, '-p', String(server.admin.port), '-U', server.admin.user, '-d', name]
  await server.withAdmin((client) =>
    client.query(
      `CREATE DATABASE ${ident(name)} TEMPLATE template0 ENCODING 'UTF8' LC_COLLATE 'C' LC_CTYPE 'C.UTF-8'`,
    ),
  )
  try {
    if (file.endsWith('.zip')) await restoreBackup(join(programs, 'psql'), to, realDatabase(file))
    else {
      const restore = (options: string[]) =>
        run(join(programs, 'pg_restore'), [...to, '-O', '-x', ...options, realDatabase(file)])
      await restore(['--schema-only'])
      await restore(['--data-only', '--disable-triggers', ...tables.flatMap((table) => ['-t', table])])
    }
    return await server.withAdmin(work, name)
  } finally {
    await server.withAdmin((client) => client.query(`DROP DATABASE ${ident(name)} WITH (FORCE)`))
  }
}

async function restoreBackup(psql: string, to: string[], path: string): Promise<void> {
  const unzip = spawn('unzip', ['-p', path, 'dump.sql'], { stdio: ['ignore', 'pipe', 'inherit'] })
  const restore = spawn(psql, ['-q', '-X', ...to], { stdio: [unzip.stdout, 'ignore', 'ignore'] })
  const [code] = (await once(restore, 'exit')) as [number]
  if (code !== 0) throw new Error(`psql ended with ${code}`)
}
