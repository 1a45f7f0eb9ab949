import { spawn } from 'node:child_process'
import { createHash } from 'node:crypto'
import { createReadStream } from 'node:fs'
import { rename, rm, stat } from 'node:fs/promises'
import { join } from 'node:path'
import { UpliftError } from '../../errors.ts'
import { findPrograms } from '../../postgres/programs.ts'
import type { WriteOptions, WrittenDump } from './options.ts'

/** Writes the database as a dump that the wanted PostgreSQL restores. */
export async function writeDump(options: WriteOptions): Promise<WrittenDump> {
  if (options.format !== 'custom')
    throw new UpliftError('OUTPUT:UNSUPPORTED', `The format ${options.format} is not written yet.`)
  const { connection } = options
  const partial = `${options.out}.partial-${process.pid}`
  const program = join(options.programs ?? findPrograms(), 'pg_dump')
  const args = [
    '-Fc',
    '-O',
    '-x',
    '-h',
    connection.host,
    '-p',
    String(connection.port),
    '-U',
    connection.user,
    '-f',
    partial,
    connection.database,
  ]
  try {
    const child = spawn(program, args, {
      env: { PATH: process.env.PATH ?? '', LC_ALL: 'C.UTF-8', PGPASSWORD: connection.password ?? '' },
      stdio: ['ignore', 'ignore', 'pipe'],
      signal: options.signal,
    })
    let complaint = ''
    child.stderr.on('data', (text) => (complaint += text))
    const code = await new Promise<number | null>((done, fail) => child.on('close', done).on('error', fail))
    if (code !== 0) throw new UpliftError('INTERNAL', `pg_dump failed: ${complaint}`)
    const hash = createHash('sha256')
    for await (const piece of createReadStream(partial)) hash.update(piece)
    await rename(partial, options.out)
    const { size } = await stat(options.out)
    return {
      path: options.out,
      format: options.format,
      archiveVersion: '1.14',
      bytes: size,
      sha256: hash.digest('hex'),
      tables: 0,
      rows: 0,
      files: 0,
      notes: [],
      restoreCommands: [
        'createdb -T template0 -E UTF8 NEW_DATABASE',
        `pg_restore --no-owner --exit-on-error -d NEW_DATABASE '${options.out}'`,
      ],
    }
  } catch (thrown) {
    await rm(partial, { force: true })
    throw thrown
  }
}
