import type { ByteReader } from '../bytes/reader.ts'
import { corrupt, foreign, unsupported } from '../failures.ts'
import { type Decode, decoder } from '../text.ts'

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

/** No string of a table of contents is longer, so that a wrong length is an error and not gigabytes in memory. */
const MAX_STRING = 64 * 1024 * 1024

const ALGORITHMS = ['none', 'gzip', 'lz4', 'zstd'] as const

export async function readArchiveHead(reader: ByteReader): Promise<ArchiveHead> {
  const magic = await reader.bytes(5, 'the head of the archive')
  if (magic.toString('latin1') !== ARCHIVE_MAGIC)
    throw foreign('it does not begin like an archive of pg_dump')
  const version = await reader.bytes(3, 'the head of the archive')
  const major = version[0]!
  const minor = version[1]!
  if (major !== 1 || minor < 10 || minor > 16)
    throw unsupported(
      `The archive has format version ${major}.${minor}; versions 1.10 to 1.16 (PostgreSQL 8.0 to 18) are read. Dump it again with a pg_dump of one of these.`,
      { version: `${major}.${minor}` },
    )
  const intSize = await reader.byte('the head of the archive')
  const offsetSize = await reader.byte('the head of the archive')
  if ((intSize !== 4 && intSize !== 8) || (offsetSize !== 4 && offsetSize !== 8))
    throw corrupt('the head of the archive names impossible sizes', { intSize, offsetSize })
  const formatCode = await reader.byte('the head of the archive')
  const fields = new FieldReader(reader, intSize, decoder(null))
  const compression = await readCompression(fields, reader, minor)
  const createdAt = await readDate(fields)
  return {
    minor,
    intSize,
    offsetSize,
    formatCode,
    compression,
    createdAt,
    databaseName: await fields.string('the database name'),
    serverVersion: firstWord(await fields.string('the server version')),
    pgDumpVersion: firstWord(await fields.string('the pg_dump version')),
  }
}

async function readCompression(fields: FieldReader, reader: ByteReader, minor: number) {
  if (minor < 15) return (await fields.int('the compression')) === 0 ? 'none' : 'gzip'
  const code = await reader.byte('the compression')
  const algorithm = ALGORITHMS[code]
  if (algorithm === undefined) throw corrupt('the head of the archive names an unknown compression', { code })
  return algorithm
}

/** pg_dump writes the fields of a C `struct tm` in the local time of its machine, so the time carries no zone. */
async function readDate(fields: FieldReader): Promise<string | null> {
  const [second, minute, hour, day, month, year] = [
    await fields.int('the date'),
    await fields.int('the date'),
    await fields.int('the date'),
    await fields.int('the date'),
    await fields.int('the date'),
    await fields.int('the date'),
  ]
  await fields.int('the date')
  const utc = Date.UTC(year + 1900, month, day, hour, minute, second)
  const inRange = month >= 0 && month < 12 && day >= 1 && day <= 31 && year >= 70 && year < 1000
  return inRange && !Number.isNaN(utc) ? new Date(utc).toISOString().slice(0, 19) : null
}

/** "15.18 (Debian 15.18-0+deb12u1)" → "15.18". */
function firstWord(text: string | null): string | null {
  return text === null || text === '' ? null : (text.split(' ')[0] ?? null)
}

/** Integers, strings and offsets as the archiver writes them. */
export class FieldReader {
  decode: Decode
  readonly #reader: ByteReader
  readonly #intSize: number

  constructor(reader: ByteReader, intSize: number, decode: Decode) {
    this.#reader = reader
    this.#intSize = intSize
    this.decode = decode
  }

  /** A sign byte, then the magnitude, lowest byte first. */
  async int(what: string): Promise<number> {
    const bytes = await this.#reader.bytes(1 + this.#intSize, what)
    return archiveInt(bytes, 0, this.#intSize)
  }

  /** Length and bytes; null is the length −1. */
  async string(what: string): Promise<string | null> {
    const length = await this.int(what)
    if (length < -1 || length > MAX_STRING) throw corrupt(`${what} has an impossible length`, { length })
    if (length === -1) return null
    if (length === 0) return ''
    return this.decode(await this.#reader.bytes(length, what))
  }
}

/** An integer of the archiver within `bytes`. */
export function archiveInt(bytes: Buffer, at: number, intSize: number): number {
  const sign = bytes[at]!
  const low = bytes.readUInt32LE(at + 1)
  const high = intSize === 8 ? bytes.readUInt32LE(at + 5) : 0
  if (sign > 1 || high > 0x1fffff) throw corrupt('an integer of the archive is out of range')
  const magnitude = high * 0x1_0000_0000 + low
  return sign === 1 ? -magnitude : magnitude
}
