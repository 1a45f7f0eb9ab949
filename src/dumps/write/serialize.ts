import type { TocEntry } from '../dump.ts'

/**
 * Writing of an archive's head and table of contents (PostgreSQL's pg_backup_archiver.c). The layout of 1.12 is read
 * by every pg_restore from 9.0 on, that of 1.14 (with the table access method) by every one from 12 on.
 */
export type ArchiveVersion = '1.12' | '1.14'

export const FORMAT_CODES = { custom: 1, tar: 3 } as const

const SECTIONS = { none: 1, 'pre-data': 2, data: 3, 'post-data': 4 } as const
const OFFSET_SET = 2
const OFFSET_NO_DATA = 3

export interface HeadFields {
  version: ArchiveVersion
  formatCode: number
  /** zlib's level, 0 for none. */
  compression: number
  createdAt: Date
  databaseName: string
  serverVersion: string
  pgDumpVersion: string
}

/** Sign byte and four bytes, lowest first. */
export function int(value: number): Buffer {
  const bytes = new Fields()
  bytes.int(value)
  return bytes.take()
}

/** Integers and strings as the archiver writes them, one behind the other. */
class Fields {
  #bytes = Buffer.allocUnsafe(4096)
  length = 0

  int(value: number): void {
    const bytes = this.#room(5)
    bytes[this.length] = value < 0 ? 1 : 0
    bytes.writeUInt32LE(Math.abs(value), this.length + 1)
    this.length += 5
  }

  /** Length and bytes; null is the length −1. */
  string(value: string | null): void {
    if (value === null) {
      this.int(-1)
      return
    }
    const size = Buffer.byteLength(value)
    this.int(size)
    this.#room(size).write(value, this.length, 'utf8')
    this.length += size
  }

  raw(values: readonly number[]): void {
    this.#room(values.length).set(values, this.length)
    this.length += values.length
  }

  take(): Buffer {
    return this.#bytes.subarray(0, this.length)
  }

  #room(size: number): Buffer {
    if (this.length + size > this.#bytes.length) {
      const larger = Buffer.allocUnsafe(Math.max(this.length + size, this.#bytes.length * 2))
      this.#bytes.copy(larger, 0, 0, this.length)
      this.#bytes = larger
    }
    return this.#bytes
  }
}

export function serializeHead(head: HeadFields): Buffer {
  const date = head.createdAt
  const fields = new Fields()
  fields.raw(Buffer.from('PGDMP', 'latin1').toJSON().data)
  fields.raw([1, Number(head.version.split('.')[1]), 0, 4, 8, head.formatCode])
  fields.int(head.compression)
  fields.int(date.getSeconds())
  fields.int(date.getMinutes())
  fields.int(date.getHours())
  fields.int(date.getDate())
  fields.int(date.getMonth())
  fields.int(date.getFullYear() - 1900)
  fields.int(0)
  fields.string(head.databaseName)
  fields.string(head.serverVersion)
  fields.string(head.pgDumpVersion)
  return fields.take()
}

/**
 * The table of contents. With `offset` there is room for a data offset behind each entry (custom archives), and
 * `offsetAt` tells where in the bytes that room is, by dump id; with `fileName` the entry's file name stands there.
 */
export function serializeToc(
  entries: readonly TocEntry[],
  version: ArchiveVersion,
  where: 'offset' | 'fileName',
): { bytes: Buffer; offsetAt: Map<number, number> } {
  const fields = new Fields()
  const offsetAt = new Map<number, number>()
  fields.int(entries.length)
  for (const entry of entries) {
    fields.int(entry.dumpId)
    fields.int(entry.hadDumper ? 1 : 0)
    fields.string(entry.tableOid)
    fields.string(entry.oid)
    fields.string(entry.tag)
    fields.string(entry.description)
    fields.int(SECTIONS[entry.section])
    fields.string(entry.definition)
    fields.string(entry.dropStatement)
    fields.string(entry.copyStatement)
    fields.string(entry.namespace || null)
    fields.string(hasStorage(entry) ? '' : null)
    if (version === '1.14') fields.string(entry.tableAccessMethod || null)
    fields.string('')
    fields.string('false')
    for (const id of entry.dependencies) fields.string(String(id))
    fields.string(null)
    if (where === 'fileName') fields.string(entry.fileName ?? '')
    else {
      if (entry.hadDumper) offsetAt.set(entry.dumpId, fields.length)
      fields.raw([OFFSET_NO_DATA, 0, 0, 0, 0, 0, 0, 0, 0])
    }
  }
  return { bytes: fields.take(), offsetAt }
}

/** Puts the place of an entry's data into the room that `serializeToc` left. */
export function setOffset(toc: Buffer, at: number, position: number): void {
  toc[at] = OFFSET_SET
  toc.writeBigUInt64LE(BigInt(position), at + 1)
}

/** For these pg_restore sets default_tablespace first: an empty one means the database's own. */
function hasStorage(entry: TocEntry): boolean {
  return /^(TABLE|INDEX|CONSTRAINT|MATERIALIZED VIEW)$/.test(entry.description)
}
