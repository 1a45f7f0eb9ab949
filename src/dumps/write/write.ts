import { UpliftError } from '../../errors.ts'
import { findPrograms } from '../../postgres/programs.ts'
import { writeCustom } from './custom.ts'
import { Job } from './job.ts'
import type { WriteOptions, WrittenDump } from './options.ts'
import { intoPlace } from './partial.ts'
import { planDump } from './plan.ts'
import { Source } from './source.ts'
import { majorNumber } from './version.ts'

const WRITERS = { custom: writeCustom }

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
  const writer = WRITERS[format as 'custom']
  if (writer === undefined)
    throw new UpliftError('OUTPUT:UNSUPPORTED', `The format ${format} is not written yet.`)
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
      const { bytes, sha256 } = await writer(job, partial)
      await source.close()
      return {
        path,
        format,
        archiveVersion: plan.archiveVersion,
        bytes,
        sha256,
        tables: job.tables.length,
        rows: job.rows,
        files: 0,
        notes: plan.notes,
        restoreCommands: [
          'createdb -T template0 -E UTF8 NEW_DATABASE',
          `pg_restore --no-owner --exit-on-error -d NEW_DATABASE '${path}'`,
        ],
      }
    } catch (thrown) {
      source.destroy()
      throw thrown
    }
  })
}
