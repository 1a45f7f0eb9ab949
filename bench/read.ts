/**
 * Speed and peak memory of reading a large dump, plain and as a compressed archive: the rows only, and the inspection.
 * MB are of the rows as COPY text. The dumps are made for the run, in the system's temporary folder.
 *
 *   bin/node bench/read.ts [megabytes]
 */
import { execFile } from 'node:child_process'
import { mkdtemp, open, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { gzipSync } from 'node:zlib'
import type { TocEntry } from '../src/dumps/dump.ts'
import { smallArchive } from '../test/dumps/small-archive.ts'
import { writeCustomArchive } from '../test/dumps/write-archive.ts'

const run = promisify(execFile)
const megabytes = Number(process.argv[2] ?? 512)
const TABLE_BYTES = 16 * 1024 * 1024

/** Rows as a table of accounting has them: numbers, short texts, nulls, times. */
function makeRows(): Buffer {
  const rows: string[] = []
  for (let i = 0, bytes = 0; bytes < TABLE_BYTES; i++) {
    const noise = (Math.imul(i, 2_654_435_761) >>> 0).toString(36)
    const row = `${i}\tINV/2026/${noise}\t\\N\t${(i * 7919) % 100_000}.${i % 100}\t2026-01-01 10:${i % 60}:00.${i % 997}\tf\tSale of ${noise} and ${i % 13} more\n`
    rows.push(row)
    bytes += row.length
  }
  return Buffer.from(rows.join(''))
}

const folder = await mkdtemp(join(tmpdir(), 'uplift-bench-'))
try {
  const rows = makeRows()
  const count = Math.max(1, Math.round((megabytes * 2 ** 20) / rows.length))
  const plain = join(folder, 'plain.sql')
  const file = await open(plain, 'w')
  await file.write('--\n-- PostgreSQL database dump\n--\n\n')
  for (let i = 0; i < count; i++) {
    await file.write(`COPY public.t${i} (id, name, ref, amount, at, done, label) FROM stdin;\n`)
    await file.write(rows)
    await file.write('\\.\n\n')
  }
  await file.write('--\n-- PostgreSQL database dump complete\n--\n')
  await file.close()
  const template = smallArchive().entries.find((entry) => entry.description === 'TABLE DATA')!
  const entries: TocEntry[] = Array.from({ length: count }, (_, i) => ({
    ...template,
    dumpId: i + 1,
    dependencies: [],
    tag: `t${i}`,
    copyStatement: `COPY public.t${i} (id, name, ref, amount, at, done, label) FROM stdin;\n`,
  }))
  const data = Buffer.concat([rows, Buffer.from('\\.\n\n\n')])
  const archive = join(folder, 'archive.dump')
  const content = { entries, rows: new Map(entries.map((entry) => [entry.dumpId, data])) }
  await writeFile(archive, writeCustomArchive(content, { minor: 14, compression: 'gzip' }))
  const packed = join(folder, 'plain.sql.gz')
  await run('sh', ['-c', 'gzip -c "$1" > "$2"', 'sh', plain, packed])

  console.log(
    `${Math.round((rows.length * count) / 1e6)} MB of rows, gzip 1:${(rows.length / gzipSync(rows).length).toFixed(1)}`,
  )
  for (const [name, path] of [
    ['plain SQL', plain],
    ['plain SQL in gzip', packed],
    ['custom archive, gzip', archive],
  ] as const)
    for (const how of ['items', 'inspect'] as const) {
      const { stdout } = await run(process.execPath, [join(import.meta.dirname, 'read-once.ts'), how, path])
      const result: { bytes: number; seconds: number; peak: number } = JSON.parse(stdout)
      const speed = Math.round(result.bytes / 1e6 / result.seconds)
      console.log(
        `${name.padEnd(22)} ${how.padEnd(8)} ${speed} MB/s, peak ${Math.round(result.peak / 1e6)} MB`,
      )
    }
} finally {
  await rm(folder, { recursive: true, force: true })
}
