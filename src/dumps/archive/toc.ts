import type { ByteReader } from '../bytes/reader.ts'
import type { TocEntry } from '../dump.ts'
import { corrupt } from '../failures.ts'
import { decoder } from '../text.ts'
import { type ArchiveHead, FieldReader } from './head.ts'

export interface Toc {
  entries: TocEntry[]
  encoding: string | null
  standardConformingStrings: boolean
}

/** A table of contents beyond this is no honest one: 20 times that of the largest Odoo databases. */
const MAX_TOC_BYTES = 512 * 1024 * 1024
const MAX_ENTRIES = 5_000_000

const SECTIONS: Readonly<Record<number, TocEntry['section']>> = {
  1: 'none',
  2: 'pre-data',
  3: 'data',
  4: 'post-data',
}

/** How the custom format says where an entry's data is. */
const OFFSET_NOT_SET = 1
const OFFSET_SET = 2
const OFFSET_NO_DATA = 3

/**
 * Reads the table of contents that follows the head. `where` says what follows each entry: a data offset in a
 * custom archive, a file name in tar and directory archives.
 */
export async function readToc(
  reader: ByteReader,
  head: ArchiveHead,
  where: 'offset' | 'fileName',
): Promise<Toc> {
  const fields = new FieldReader(reader, head.intSize, decoder(null))
  const count = await fields.int('the table of contents')
  if (count < 0 || count > MAX_ENTRIES)
    throw corrupt('the table of contents has an impossible length', { count })
  const toc: Toc = { entries: [], encoding: null, standardConformingStrings: true }
  const seen = new Set<number>()
  for (let i = 0; i < count; i++) {
    const entry = await readEntry(reader, fields, head, where)
    if (seen.has(entry.dumpId))
      throw corrupt('the table of contents names an entry twice', { dumpId: entry.dumpId })
    seen.add(entry.dumpId)
    toc.entries.push(entry)
    if (reader.position > MAX_TOC_BYTES) throw corrupt('the table of contents is larger than any honest one')
    if (entry.description === 'ENCODING') {
      toc.encoding = /'([^']*)'/.exec(entry.definition)?.[1] ?? null
      fields.decode = decoder(toc.encoding)
    }
    if (entry.description === 'STDSTRINGS') toc.standardConformingStrings = !/'off'/.test(entry.definition)
  }
  return toc
}

async function readEntry(
  reader: ByteReader,
  fields: FieldReader,
  head: ArchiveHead,
  where: 'offset' | 'fileName',
): Promise<TocEntry> {
  const what = 'the table of contents'
  const text = async () => (await fields.string(what)) ?? ''
  const dumpId = await fields.int(what)
  if (dumpId <= 0) throw corrupt('the table of contents has an impossible entry', { dumpId })
  const hadDumper = (await fields.int(what)) !== 0
  const tableOid = await oid(fields)
  const ownOid = await oid(fields)
  const tag = await text()
  const description = await text()
  const section = head.minor >= 11 ? SECTIONS[await fields.int(what)] : sectionOf(description)
  if (section === undefined) throw corrupt('the table of contents names an unknown section', { dumpId })
  const definition = await text()
  const dropStatement = await text()
  const copyStatement = await text()
  const namespace = await text()
  const tablespace = await text()
  const tableAccessMethod = head.minor >= 14 ? await text() : ''
  const relkind = head.minor >= 16 ? relkindOf(await fields.int(what)) : null
  const owner = await text()
  const withOids = (await text()) === 'true'
  const dependencies = await readDependencies(fields)
  const dataOffset = where === 'offset' ? await readOffset(reader, head, hadDumper) : null
  const fileName = where === 'fileName' ? (await text()) || null : null
  return {
    dumpId,
    tableOid,
    oid: ownOid,
    tag,
    description,
    section,
    definition,
    dropStatement,
    copyStatement,
    namespace,
    tablespace,
    tableAccessMethod,
    owner,
    relkind,
    withOids,
    dependencies,
    hadDumper,
    dataOffset,
    fileName,
  }
}

async function oid(fields: FieldReader): Promise<string> {
  const text = (await fields.string('the table of contents')) ?? '0'
  if (!/^\d{1,10}$/.test(text)) throw corrupt('the table of contents has an OID that is no number')
  return text
}

function relkindOf(code: number): string | null {
  if (code === 0) return null
  if (code < 0x20 || code > 0x7e) throw corrupt('the table of contents has an impossible relkind', { code })
  return String.fromCharCode(code)
}

async function readDependencies(fields: FieldReader): Promise<number[]> {
  const dependencies: number[] = []
  for (;;) {
    const text = await fields.string('the table of contents')
    if (text === null) return dependencies
    if (!/^\d{1,10}$/.test(text)) throw corrupt('the table of contents has a dependency that is no number')
    dependencies.push(Number(text))
  }
}

async function readOffset(reader: ByteReader, head: ArchiveHead, hadDumper: boolean): Promise<bigint | null> {
  const bytes = await reader.bytes(1 + head.offsetSize, 'the table of contents')
  const state = bytes[0]!
  if (state < OFFSET_NOT_SET || state > OFFSET_NO_DATA)
    throw corrupt('the table of contents has an impossible data offset', { state })
  if (state !== OFFSET_SET || !hadDumper) return null
  return head.offsetSize === 8 ? bytes.readBigUInt64LE(1) : BigInt(bytes.readUInt32LE(1))
}

/** Archives before 1.11 do not say the section; this is how pg_restore reads them. */
function sectionOf(description: string): TocEntry['section'] {
  switch (description) {
    case 'COMMENT':
    case 'ACL':
    case 'ACL LANGUAGE':
      return 'none'
    case 'TABLE DATA':
    case 'BLOBS':
    case 'BLOB COMMENTS':
      return 'data'
    case 'CONSTRAINT':
    case 'CHECK CONSTRAINT':
    case 'FK CONSTRAINT':
    case 'INDEX':
    case 'RULE':
    case 'TRIGGER':
      return 'post-data'
    default:
      return 'pre-data'
  }
}
