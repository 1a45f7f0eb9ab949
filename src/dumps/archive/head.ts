import type { ByteReader } from '../bytes/reader.ts'
import { corrupt, foreign, unsupported } from '../failures.ts'
import { decoder } from '../text.ts'
import { type FieldCursor, parse } from './fields.ts'

/**
 * The head of an archive, the same in a custom archive and in toc.dat of a tar or directory archive.
 * Layout after PostgreSQL's pg_backup_archiver.c and the version list of pg_backup_archiver.h:
 * 1.10 PostgreSQL 8.0–8.3 · 1.11 8.4 (section) · 1.12 9.0–10 (one entry per large object) · 1.13 10.3, 11 (search_path is
 * empty) · 1.14 12–15 (table access method) · 1.15 16 (compression algorithm) · 1.16 17, 18 (relkind).
 */
export interface ArchiveHead {
  /** 10 for version 1.10 … 16 for 1.16. */
  minor: number
  intSize: number
  offsetSize: number
  /** Format byte: 1 custom, 3 tar (and toc.dat of a directory), 5 directory. */
  formatCode: number
  compression: 'none' | 'gzip' | 'lz4' | 'zstd'
  createdAt: string | null
  databaseName: string | null
  serverVersion: string | null
  pgDumpVersion: string | null
}

export const ARCHIVE_MAGIC = 'PGDMP'

const ALGORITHMS = ['none', 'gzip', 'lz4', 'zstd'] as const
const WHAT = 'the head of the archive'

export async function readArchiveHead(reader: ByteReader): Promise<ArchiveHead> {
  const start = await reader.bytes(11, WHAT)
  if (start.toString('latin1', 0, 5) !== ARCHIVE_MAGIC)
    throw foreign('it does not begin like an archive of pg_dump')
  const major = start[5]!
  const minor = start[6]!
  const intSize = start[8]!
  const offsetSize = start[9]!
  const formatCode = start[10]!
  if (major !== 1 || minor < 10 || minor > 16)
    throw unsupported(
      `The archive has format version ${major}.${minor}; versions 1.10 to 1.16 (PostgreSQL 8.0 to 18) are read. Dump it again with a pg_dump of one of these.`,
      { version: `${major}.${minor}` },
    )
  if ((intSize !== 4 && intSize !== 8) || (offsetSize !== 4 && offsetSize !== 8))
    throw corrupt('the head of the archive names impossible sizes', { intSize, offsetSize })
  return parse(
    reader,
    WHAT,
    (fields) => ({
      minor,
      intSize,
      offsetSize,
      formatCode,
      compression: compression(fields, minor),
      createdAt: date(fields),
      databaseName: fields.string(),
      serverVersion: firstWord(fields.string()),
      pgDumpVersion: firstWord(fields.string()),
    }),
    { intSize, offsetSize, decode: decoder(null) },
  )
}

function compression(fields: FieldCursor, minor: number): ArchiveHead['compression'] {
  if (minor < 15) return fields.int() === 0 ? 'none' : 'gzip'
  const code = fields.byte()
  const algorithm = ALGORITHMS[code]
  if (algorithm === undefined) throw corrupt('the head of the archive names an unknown compression', { code })
  return algorithm
}

/** pg_dump writes the fields of a C `struct tm` in the local time of its machine, so the time carries no zone. */
function date(fields: FieldCursor): string | null {
  const second = fields.int()
  const minute = fields.int()
  const hour = fields.int()
  const day = fields.int()
  const month = fields.int()
  const year = fields.int()
  fields.int()
  const inRange = month >= 0 && month < 12 && day >= 1 && day <= 31 && year >= 70 && year < 1000
  const utc = Date.UTC(year + 1900, month, day, hour, minute, second)
  return inRange && !Number.isNaN(utc) ? new Date(utc).toISOString().slice(0, 19) : null
}

/** "15.18 (Debian 15.18-0+deb12u1)" → "15.18". */
function firstWord(text: string | null): string | null {
  return text === null || text === '' ? null : (text.split(' ')[0] ?? null)
}
