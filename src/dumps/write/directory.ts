import { mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { TocEntry } from '../dump.ts'
import { Compressor } from './compressor.ts'
import type { Job } from './job.ts'
import type { Written } from './options.ts'
import { FORMAT_CODES, serializeHead, serializeToc } from './serialize.ts'
import { FileSink } from './sink.ts'
import { END_OF_ROWS } from './tables.ts'

/**
 * PostgreSQL's directory format: toc.dat and a file for each table, compressed with gzip. The largest tables begin,
 * so that no connection has to wait for one of them at the end.
 */
export async function writeDirectory(job: Job, folder: string): Promise<Written> {
  await mkdir(folder, { mode: 0o700 })
  const largestFirst = job.tables.toSorted((a, b) => job.sizeOf(b) - job.sizeOf(a))
  let bytes = 0
  let next = 0
  let failed = false
  const work = async (connection: number) => {
    for (let entry = largestFirst[next++]; entry !== undefined && !failed; entry = largestFirst[next++])
      bytes += await writeTable(job, entry, connection, folder)
  }
  const outcomes = await Promise.allSettled(
    Array.from({ length: job.source.connections }, (_, connection) =>
      work(connection).catch((thrown) => {
        failed = true
        throw thrown
      }),
    ),
  )
  for (const outcome of outcomes) if (outcome.status === 'rejected') throw outcome.reason

  const entries = job.plan.entries.map((entry) => ({
    ...entry,
    fileName: entry.hadDumper ? plainName(entry) : null,
  }))
  const contents = Buffer.concat([
    // The format's readers expect the code of tar here (pg_backup_directory.c).
    serializeHead({ ...job.headFields(), formatCode: FORMAT_CODES.tar }),
    serializeToc(entries, job.plan.archiveVersion, 'fileName').bytes,
  ])
  await writeFile(join(folder, 'toc.dat'), contents, { mode: 0o600 })
  return { bytes: bytes + contents.length, sha256: null, files: 0 }
}

/** The name that the table of contents tells; compressed files have .gz behind it. */
export function plainName(entry: TocEntry): string {
  return `${entry.dumpId}.dat`
}

async function writeTable(job: Job, entry: TocEntry, connection: number, folder: string): Promise<number> {
  const path = join(folder, plainName(entry) + (job.level > 0 ? '.gz' : ''))
  const sink = await FileSink.create(path, { hashed: false })
  try {
    if (job.level === 0) {
      await job.copy(entry, connection, (piece) => sink.write(piece))
      await sink.write(END_OF_ROWS)
    } else {
      const compressor = new Compressor('gzip', job.level, (piece) => sink.write(piece))
      await job.copy(entry, connection, (piece) => compressor.write(piece))
      await compressor.write(END_OF_ROWS)
      await compressor.end()
    }
    await sink.finish()
    return sink.position
  } catch (thrown) {
    await sink.abandon()
    throw thrown
  }
}
