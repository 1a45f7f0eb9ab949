import { headline } from '../plain/headline.ts'
import { openingSettings } from '../plain/opening.ts'
import type { Job } from './job.ts'
import { readLargeObject } from './large-objects.ts'
import type { Written } from './options.ts'
import { inOrder } from './ordered.ts'
import { FileSink } from './sink.ts'
import { END_OF_ROWS } from './tables.ts'

/** Entries that every dump begins with; their say stands in the opening lines. */
const OPENING = new Set(['ENCODING', 'STDSTRINGS', 'SEARCHPATH', 'DATABASE'])

/** Bytes of a large object in one statement. */
const LINE = 16 * 1024

/** SQL for psql: everything in the order of the table of contents, rows behind COPY. */
export async function writePlain(job: Job, path: string): Promise<Written> {
  const sink = await FileSink.create(path, { hashed: true })
  try {
    await writeSql(job, (bytes) => sink.write(bytes))
    return { bytes: sink.position, sha256: await sink.finish(), files: 0 }
  } catch (thrown) {
    await sink.abandon()
    throw thrown
  }
}

/** Gives the whole SQL text to `put`, piece by piece. */
export async function writeSql(job: Job, put: (bytes: Buffer) => Promise<void> | undefined): Promise<void> {
  const turns = inOrder(job.tables, job.source.connections, async (entry, connection, putAhead) => {
    await job.copy(entry, connection, putAhead)
    await putAhead(END_OF_ROWS)
  })
  try {
    await put(Buffer.from(opening(job)))
    let text = ''
    const flush = async (least: number) => {
      if (text.length < least) return
      await put(Buffer.from(text))
      text = ''
    }
    let method = 'heap'
    for (const entry of job.plan.entries) {
      if (OPENING.has(entry.description)) continue
      if (entry.tableAccessMethod !== '' && entry.tableAccessMethod !== method && job.plan.target >= 12) {
        method = entry.tableAccessMethod
        text += `SET default_table_access_method = ${method};\n\n`
      }
      if (entry.description === 'BLOBS') {
        await flush(0)
        await writeLargeObjects(job, put)
      } else if (entry.description !== 'TABLE DATA') {
        if (entry.definition !== '') text += `${headline(entry)}${entry.definition.trimEnd()}\n\n\n`
        await flush(65_536)
      } else if (entry.hadDumper) {
        text += `${headline(entry)}${entry.copyStatement}`
        await flush(0)
        const turn = await turns.next()
        if (turn.done || turn.value.item !== entry) throw new Error('rows came out of turn')
        for await (const piece of turn.value.pieces()) await put(piece)
      }
    }
    await turns.next()
    text += '--\n-- PostgreSQL database dump complete\n--\n\n'
    await flush(0)
  } finally {
    await turns.return(undefined)
  }
}

async function writeLargeObjects(job: Job, put: (bytes: Buffer) => Promise<void> | undefined): Promise<void> {
  await put(Buffer.from('BEGIN;\n\n'))
  for (const oid of job.plan.largeObjects) {
    // 131072 is INV_WRITE of libpq/libpq-fs.h; the first descriptor of a transaction is 0.
    await put(Buffer.from(`SELECT pg_catalog.lo_open('${oid}', 131072);\n`))
    for await (const piece of readLargeObject(job.source, oid))
      for (let at = 0; at < piece.length; at += LINE) {
        const hex = piece.subarray(at, at + LINE).toString('hex')
        await put(Buffer.from(`SELECT pg_catalog.lowrite(0, '\\x${hex}');\n`))
      }
    await put(Buffer.from('SELECT pg_catalog.lo_close(0);\n\n'))
  }
  await put(Buffer.from('COMMIT;\n\n\n'))
}

function opening(job: Job): string {
  const { serverVersion, pgDumpVersion } = job.source.toc.head
  const settings = openingSettings({
    target: job.plan.target,
    encoding: job.source.toc.encoding ?? 'UTF8',
    standardConformingStrings: true,
    qualified: true,
  })
  return [
    '--\n-- PostgreSQL database dump\n--\n',
    `-- Dumped from database version ${serverVersion}`,
    `-- Dumped by pg_dump version ${pgDumpVersion}\n`,
    `${settings}\n\n`,
  ].join('\n')
}
