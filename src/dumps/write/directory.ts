import { mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { TocEntry } from '../dump.ts'
import { Compressor } from './compressor.ts'
import type { Job } from './job.ts'
import { readLargeObject } from './large-objects.ts'
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
    for (let entry = largestFirst[next++]; entry !== undefined && !failed; entry = largestFirst[next++]) {
      // Awaited first: several tables end at the same time, and each adds to what the others made of it.
      const written = await writeTable(job, entry, connection, folder)
      bytes += written
    }
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
  bytes += await writeLargeObjects(job, folder)

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
  return entry.description === 'BLOBS' ? LARGE_OBJECTS : `${entry.dumpId}.dat`
}

/** The file that names the files of all large objects. */
export const LARGE_OBJECTS = 'blobs.toc'

export function largeObjectName(oid: string): string {
  return `blob_${oid}.dat`
}

/** The content of blobs.toc. */
export function largeObjectList(oids: readonly string[]): Buffer {
  return Buffer.from(oids.map((oid) => `${oid} ${largeObjectName(oid)}\n`).join(''))
}

async function writeLargeObjects(job: Job, folder: string): Promise<number> {
  const oids = job.plan.largeObjects
  if (oids.length === 0) return 0
  let bytes = 0
  for (const oid of oids)
    bytes += await writeFileOf(job, join(folder, largeObjectName(oid)), async (put) => {
      for await (const piece of readLargeObject(job.source, oid)) await put(piece)
    })
  const list = largeObjectList(oids)
  await writeFile(join(folder, LARGE_OBJECTS), list, { mode: 0o600 })
  return bytes + list.length
}

function writeTable(job: Job, entry: TocEntry, connection: number, folder: string): Promise<number> {
  return writeFileOf(job, join(folder, plainName(entry)), async (put) => {
    await job.copy(entry, connection, put)
    await put(END_OF_ROWS)
  })
}

/** Writes one file, with .gz behind its name when it is compressed, and tells its size. */
async function writeFileOf(
  job: Job,
  path: string,
  fill: (put: (bytes: Buffer) => Promise<void> | undefined) => Promise<void>,
): Promise<number> {
  const sink = await FileSink.create(path + (job.level > 0 ? '.gz' : ''), { hashed: false })
  try {
    if (job.level === 0) await fill((bytes) => sink.write(bytes))
    else {
      const compressor = new Compressor('gzip', job.level, (bytes) => sink.write(bytes))
      await fill((bytes) => compressor.write(bytes))
      await compressor.end()
    }
    await sink.finish()
    return sink.position
  } catch (thrown) {
    await sink.abandon()
    throw thrown
  }
}
