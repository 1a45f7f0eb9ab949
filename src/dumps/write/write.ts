import { UpliftError } from '../../errors.ts'
import { findPrograms } from '../../postgres/programs.ts'
import { writeCustom } from './custom.ts'
import { writeDirectory } from './directory.ts'
import { Job } from './job.ts'
import { writeOdooBackup } from './odoo-backup.ts'
import type { WriteOptions, Written, WrittenDump } from './options.ts'
import { intoPlace } from './partial.ts'
import { writePlain } from './plain.ts'
import { planDump } from './plan.ts'
import { restoreCommands } from './restore-commands.ts'
import { Source } from './source.ts'
import { writeTar } from './tar.ts'
import { majorNumber } from './version.ts'

/**
 * Writes a database as a dump that the wanted PostgreSQL restores: consistent (one snapshot over all connections),
 * without owners and rights, and under its name only when it is complete.
 *
 * Errors: OUTPUT:EXISTS (something is there already, or the place cannot be written to), OUTPUT:UNSUPPORTED (the
 * database holds what the wanted PostgreSQL has no form for; `detail.objects` names it), DISK:FULL.
 */
export async function writeDump(options: WriteOptions): Promise<WrittenDump> {
  const { connection, format } = options
  const target = majorNumber(options.postgresql)
  const level = options.compression ?? 6
  const signal = options.signal ?? new AbortController().signal
  if (options.filestore !== undefined && format !== 'zip')
    throw new UpliftError(
      'USAGE:INVALID',
      `Only a zip holds a filestore, a dump of format ${format} does not.`,
    )
  return intoPlace(options.out, { force: options.force ?? false, signal }, async (partial, path) => {
    const source = await Source.open({
      address: connection,
      programs: options.programs ?? findPrograms(),
      jobs: Math.max(1, options.jobs ?? 2),
      excludeSchemas: options.excludeSchemas ?? [],
      signal,
    })
    try {
      const databaseName = options.databaseName ?? connection.database
      const plan = await planDump(source, { target, databaseName, format })
      const job = new Job(source, plan, { level, onProgress: options.onProgress ?? (() => {}) })
      const { bytes, sha256, files } = await write(job, partial, options)
      await source.close()
      return {
        path,
        format,
        archiveVersion: format === 'plain' || format === 'zip' ? null : plan.archiveVersion,
        bytes,
        sha256,
        tables: job.tables.length,
        rows: job.rows,
        sizes: job.sizes,
        files,
        notes: plan.notes,
        restoreCommands: restoreCommands(format, path, source.toc.encoding ?? 'UTF8', files),
      }
    } catch (thrown) {
      source.destroy()
      throw thrown
    }
  })
}

function write(job: Job, path: string, options: WriteOptions): Promise<Written> {
  switch (options.format) {
    case 'custom':
      return writeCustom(job, path)
    case 'directory':
      return writeDirectory(job, path)
    case 'tar':
      return writeTar(job, path)
    case 'plain':
      return writePlain(job, path)
    case 'zip':
      return writeOdooBackup(job, path, [options.filestore ?? []].flat(), options.postgresql)
  }
}
