import { execFile, spawn } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import { createWriteStream } from 'node:fs'
import { rm } from 'node:fs/promises'
import { join } from 'node:path'
import { pipeline } from 'node:stream/promises'
import { promisify } from 'node:util'
import type pg from 'pg'
import type { OutputFormat } from '../../src/dumps/write/options.ts'
import { findPrograms } from '../../src/postgres/programs.ts'
import { Server, type ServerAddress } from '../../src/postgres/server.ts'
import { ident } from '../../src/postgres/sql.ts'

const run = promisify(execFile)

/** Restores a dump with PostgreSQL's own programs, without a single error, and lets `work` look at the result. */
export async function restoreInto<T>(
  address: ServerAddress,
  format: OutputFormat,
  path: string,
  work: (client: pg.Client) => Promise<T>,
): Promise<T> {
  const server = new Server(address)
  const name = `again_${randomBytes(6).toString('hex')}`
  await server.withAdmin((client) =>
    client.query(`CREATE DATABASE ${ident(name)} TEMPLATE template0 ENCODING 'UTF8'`),
  )
  try {
    const to = ['-h', address.host, '-p', String(address.port), '-U', address.user, '-d', name]
    const programs = findPrograms()
    const psql = (file: string) =>
      run(join(programs, 'psql'), ['-X', '-q', '-v', 'ON_ERROR_STOP=1', '-f', file, ...to])
    if (format === 'plain') await psql(path)
    else if (format === 'zip') {
      const sql = `${path}.sql`
      await pipeline(spawn('unzip', ['-p', path, 'dump.sql']).stdout, createWriteStream(sql))
      await psql(sql)
      await rm(sql)
    } else await run(join(programs, 'pg_restore'), ['--exit-on-error', '-O', ...to, path])
    return await server.withAdmin(work, name)
  } finally {
    await server.withAdmin(async (client) => {
      await client.query('SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = $1', [name])
      await client.query(`DROP DATABASE ${ident(name)}`)
    })
  }
}
