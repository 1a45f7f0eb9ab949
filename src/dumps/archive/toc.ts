import { UpliftError } from '../../errors.ts'
import type { ByteReader } from '../bytes/reader.ts'
import type { TocEntry } from '../dump.ts'
import { corrupt } from '../failures.ts'
import { decoder, type TextForm } from '../text.ts'
import { type FieldCursor, parse, type Sizes } from './fields.ts'
import type { ArchiveHead } from './head.ts'

export interface Toc {
  entries: TocEntry[]
  encoding: string | null
  /** What the text was read as: its encoding, or LATIN1 where each character is to stand for one byte. */
  textEncoding: string | null
  standardConformingStrings: boolean
  /** False when the archive ends within it, which only one that still grows may. */
  whole: boolean
}

/** A table of contents beyond this is no honest one: 20 times that of the largest Odoo databases. */
const MAX_TOC_BYTES = 512 * 1024 * 1024
const MAX_ENTRIES = 5_000_000
const WHAT = 'the table of contents'

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
 * @param grows the archive may end within it
 */
export async function readToc(
  reader: ByteReader,
  head: ArchiveHead,
  where: 'offset' | 'fileName',
  text: TextForm = 'decoded',
  grows = false,
): Promise<Toc> {
  const bytes = text === 'bytes' ? 'LATIN1' : null
  const sizes: Sizes = { ...head, decode: decoder(bytes) }
  const count = await parse(reader, WHAT, (fields) => fields.int(), sizes)
  if (count < 0 || count > MAX_ENTRIES)
    throw corrupt('the table of contents has an impossible length', { count })
  const toc: Toc = {
    entries: [],
    encoding: null,
    textEncoding: bytes,
    standardConformingStrings: true,
    whole: true,
  }
  const seen = new Set<number>()
  for (let i = 0; i < count; i++) {
    const entry = await parse(reader, WHAT, (fields) => readEntry(fields, head, where), sizes).catch(
      (thrown: unknown) => {
        if (grows && thrown instanceof UpliftError && thrown.code === 'DUMP:TRUNCATED') return null
        throw thrown
      },
    )
    if (entry === null) return { ...toc, whole: false }
    if (seen.has(entry.dumpId))
      throw corrupt('the table of contents names an entry twice', { dumpId: entry.dumpId })
    seen.add(entry.dumpId)
    toc.entries.push(entry)
    if (reader.position > MAX_TOC_BYTES) throw corrupt('the table of contents is larger than any honest one')
    if (entry.description === 'ENCODING') {
      toc.encoding = /'([^']*)'/.exec(entry.definition)?.[1] ?? null
      // Also where bytes are wanted: an encoding that cannot be split by bytes is refused here.
      const decode = decoder(toc.encoding)
      if (bytes === null) {
        toc.textEncoding = toc.encoding
        sizes.decode = decode
      }
    }
    if (entry.description === 'STDSTRINGS') toc.standardConformingStrings = !/'off'/.test(entry.definition)
  }
  return toc
}

function readEntry(fields: FieldCursor, head: ArchiveHead, where: 'offset' | 'fileName'): TocEntry {
  const text = () => fields.string() ?? ''
  const dumpId = fields.int()
  if (dumpId <= 0) throw corrupt('the table of contents has an impossible entry', { dumpId })
  const hadDumper = fields.int() !== 0
  const tableOid = oid(fields)
  const ownOid = oid(fields)
  const tag = text()
  const description = text()
  const section = head.minor >= 11 ? SECTIONS[fields.int()] : sectionOf(description)
  if (section === undefined) throw corrupt('the table of contents names an unknown section', { dumpId })
  return {
    dumpId,
    tableOid,
    oid: ownOid,
    tag,
    description,
    section,
    definition: text(),
    dropStatement: text(),
    copyStatement: text(),
    namespace: text(),
    tablespace: text(),
    tableAccessMethod: head.minor >= 14 ? text() : '',
    relkind: head.minor >= 16 ? relkindOf(fields.int()) : null,
    owner: text(),
    withOids: text() === 'true',
    dependencies: dependencies(fields),
    hadDumper,
    dataOffset: where === 'offset' ? dataOffset(fields, hadDumper) : null,
    fileName: where === 'fileName' ? text() || null : null,
  }
}

function oid(fields: FieldCursor): string {
  const text = fields.string() ?? '0'
  if (!/^\d{1,10}$/.test(text)) throw corrupt('the table of contents has an OID that is no number')
  return text
}

function relkindOf(code: number): string | null {
  if (code === 0) return null
  if (code < 0x20 || code > 0x7e) throw corrupt('the table of contents has an impossible relkind', { code })
  return String.fromCharCode(code)
}

function dependencies(fields: FieldCursor): number[] {
  const found: number[] = []
  for (;;) {
    const text = fields.string()
    if (text === null) return found
    if (!/^\d{1,10}$/.test(text)) throw corrupt('the table of contents has a dependency that is no number')
    found.push(Number(text))
  }
}

function dataOffset(fields: FieldCursor, hadDumper: boolean): bigint | null {
  const { state, offset } = fields.offset()
  if (state < OFFSET_NOT_SET || state > OFFSET_NO_DATA)
    throw corrupt('the table of contents has an impossible data offset', { state })
  return state === OFFSET_SET && hadDumper ? offset : null
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
