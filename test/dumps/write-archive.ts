import { deflateSync, gzipSync, zstdCompressSync } from 'node:zlib'
import type { TocEntry } from '../../src/dumps/dump.ts'
import { lz4Frame } from './lz4-compress.ts'

/**
 * Writes archives of any version as pg_dump of that time did, independent of the product's own writer: what the
 * machine's pg_dump does not write (1.10 to 1.13, 1.15, 1.16, lz4, zstd) is tested with these.
 */
export interface ArchiveContent {
  entries: readonly TocEntry[]
  /** COPY text by dump id, with its end. */
  rows: ReadonlyMap<number, Buffer>
  /** By dump id of the entry BLOBS. */
  largeObjects?: ReadonlyMap<number, readonly { oid: number; bytes: Buffer }[]>
}

export interface ArchiveForm {
  minor: number
  compression: 'none' | 'gzip' | 'lz4' | 'zstd'
  intSize?: 4 | 8
  offsetSize?: 4 | 8
  /** Whether the table of contents says where data is; it cannot when the archive was written to a pipe. */
  offsets?: boolean
}

const SECTIONS = { none: 1, 'pre-data': 2, data: 3, 'post-data': 4 } as const
const ALGORITHMS = ['none', 'gzip', 'lz4', 'zstd']
/** pg_dump writes its compressor's output in pieces of this size. */
const CHUNK = 4096

export function writeCustomArchive(content: ArchiveContent, form: ArchiveForm): Buffer {
  const blocks: Buffer[] = []
  const places = new Map<number, number>()
  let at = 0
  const put = (dumpId: number, block: Buffer) => {
    places.set(dumpId, at)
    blocks.push(block)
    at += block.length
  }
  for (const [dumpId, rows] of content.rows)
    put(dumpId, Buffer.concat([Buffer.from([1]), int(dumpId, form), chunks(rows, form)]))
  for (const [dumpId, objects] of content.largeObjects ?? [])
    put(
      dumpId,
      Buffer.concat([
        Buffer.from([3]),
        int(dumpId, form),
        ...objects.flatMap(({ oid, bytes }) => [int(oid, form), chunks(bytes, form)]),
        int(0, form),
      ]),
    )
  // The length of the table of contents does not depend on the offsets in it.
  const draft = tableOfContents(content, form, 1, () => 0)
  const toc = tableOfContents(content, form, 1, (dumpId) =>
    form.offsets === false ? null : draft.length + places.get(dumpId)!,
  )
  return Buffer.concat([toc, ...blocks])
}

/** The files of a directory archive (or of a tar, which has the same), by name. */
export function writeArchiveFiles(content: ArchiveContent, form: ArchiveForm): Map<string, Buffer> {
  const suffix = { none: '', gzip: '.gz', lz4: '.lz4', zstd: '.zst' }[form.compression]
  const files = new Map([['toc.dat', tableOfContents(content, form, 3, () => null)]])
  for (const [dumpId, rows] of content.rows) files.set(`${dumpId}.dat${suffix}`, packFile(rows, form))
  for (const objects of content.largeObjects?.values() ?? []) {
    files.set('blobs.toc', Buffer.from(objects.map(({ oid }) => `${oid} blob_${oid}.dat\n`).join('')))
    for (const { oid, bytes } of objects) files.set(`blob_${oid}.dat${suffix}`, packFile(bytes, form))
  }
  return files
}

function tableOfContents(
  content: ArchiveContent,
  form: ArchiveForm,
  formatCode: number,
  place: (dumpId: number) => number | null,
): Buffer {
  const { intSize = 4, offsetSize = 8, minor } = form
  const date = [5, 4, 3, 2, 0, 115, 0].map((value) => int(value, form))
  const hasData = (entry: TocEntry) =>
    content.rows.has(entry.dumpId) || content.largeObjects?.has(entry.dumpId)
  const extra = (entry: TocEntry) => {
    if (formatCode !== 1) {
      const name = entry.description === 'BLOBS' ? 'blobs.toc' : `${entry.dumpId}.dat`
      return string(hasData(entry) ? name : '', form)
    }
    const offset = Buffer.alloc(1 + offsetSize)
    const at = hasData(entry) ? place(entry.dumpId) : null
    offset[0] = !hasData(entry) ? 3 : at === null ? 1 : 2
    if (offsetSize === 8) offset.writeBigUInt64LE(BigInt(at ?? 0), 1)
    else offset.writeUInt32LE(at ?? 0, 1)
    return offset
  }
  return Buffer.concat([
    Buffer.from('PGDMP'),
    Buffer.from([1, minor, 0, intSize, offsetSize, formatCode]),
    minor >= 15
      ? Buffer.from([ALGORITHMS.indexOf(form.compression)])
      : int(form.compression === 'none' ? 0 : -1, form),
    ...date,
    string('customer', form),
    string('8.3.23', form),
    string('8.3.23 (of a test)', form),
    int(content.entries.length, form),
    ...content.entries.flatMap((entry) => [
      int(entry.dumpId, form),
      int(hasData(entry) ? 1 : 0, form),
      string(entry.tableOid, form),
      string(entry.oid, form),
      string(entry.tag, form),
      string(entry.description, form),
      ...(minor >= 11 ? [int(SECTIONS[entry.section], form)] : []),
      string(entry.definition, form),
      string(entry.dropStatement, form),
      string(entry.copyStatement || null, form),
      string(entry.namespace || null, form),
      string(entry.tablespace || null, form),
      ...(minor >= 14 ? [string(entry.tableAccessMethod || null, form)] : []),
      ...(minor >= 16 ? [int(entry.relkind?.charCodeAt(0) ?? 0, form)] : []),
      string(entry.owner, form),
      string(entry.withOids ? 'true' : 'false', form),
      ...entry.dependencies.map((dumpId) => string(String(dumpId), form)),
      string(null, form),
      extra(entry),
    ]),
  ])
}

function chunks(bytes: Buffer, form: ArchiveForm): Buffer {
  const packed = pack(bytes, form)
  const parts: Buffer[] = []
  for (let at = 0; at < packed.length; at += CHUNK) {
    const piece = packed.subarray(at, at + CHUNK)
    parts.push(int(piece.length, form), piece)
  }
  return Buffer.concat([...parts, int(0, form)])
}

function pack(bytes: Buffer, form: ArchiveForm): Buffer {
  return form.compression === 'gzip' ? deflateSync(bytes) : packFile(bytes, form)
}

function packFile(bytes: Buffer, form: ArchiveForm): Buffer {
  switch (form.compression) {
    case 'none':
      return bytes
    case 'gzip':
      return gzipSync(bytes)
    case 'lz4':
      return lz4Frame(bytes, { contentChecksum: false })
    case 'zstd':
      return zstdCompressSync(bytes)
  }
}

function int(value: number, { intSize = 4 }: ArchiveForm): Buffer {
  const bytes = Buffer.alloc(1 + intSize)
  bytes[0] = value < 0 ? 1 : 0
  bytes.writeUInt32LE(Math.abs(value), 1)
  return bytes
}

function string(text: string | null, form: ArchiveForm): Buffer {
  if (text === null) return int(-1, form)
  const bytes = Buffer.from(text)
  return Buffer.concat([int(bytes.length, form), bytes])
}
