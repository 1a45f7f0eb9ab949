import { plainFileName } from '../containers/names.ts'
import type { TocEntry } from '../dump.ts'
import { corrupt } from '../failures.ts'
import type { Compression } from '../layers/decompress.ts'

/** How pg_dump marks compressed files of a directory archive. */
const SUFFIXES: readonly (readonly [string, Compression])[] = [
  ['', 'none'],
  ['.gz', 'gzip'],
  ['.lz4', 'lz4'],
  ['.zst', 'zstd'],
]

export interface DataFile {
  /** Path in the container. */
  name: string
  compression: Compression
}

/** Where the data of an entry may be, the plain file first. */
export function candidates(prefix: string, fileName: string): DataFile[] {
  const plain = plainFileName(fileName)
  return SUFFIXES.map(([suffix, compression]) => ({ name: prefix + plain + suffix, compression }))
}

/** The name that the table of contents has for a file of the archive, and how it is compressed. */
export function withoutSuffix(name: string): { plain: string; compression: Compression } {
  for (const [suffix, compression] of SUFFIXES.slice(1))
    if (name.endsWith(suffix)) return { plain: name.slice(0, -suffix.length), compression }
  return { plain: name, compression: 'none' }
}

/** "blob_16393.dat" → "16393". */
export function largeObjectOid(plain: string): string | null {
  return /^blob_(\d{1,10})\.dat$/.exec(plain)?.[1] ?? null
}

export function holdsLargeObjects(entry: TocEntry): boolean {
  return entry.description === 'BLOBS'
}

/**
 * Names that the list of an entry's large objects may have. A tar's table of contents names a file "6005.dat" that it
 * does not have; since PostgreSQL 17 there may be several lists.
 */
export function listNames(entry: TocEntry): string[] {
  const usual = [`blobs_${entry.dumpId}.toc`, 'blobs.toc']
  return entry.fileName === null ? usual : [entry.fileName, ...usual]
}

/** Lines "16393 blob_16393.dat" of the list of an entry's large objects. */
export function parseLargeObjectList(text: string): { oid: string; fileName: string }[] {
  return text
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => {
      const match = /^(\d{1,10}) (\S+)$/.exec(line)
      if (match === null)
        throw corrupt('the list of large objects holds a line that names none', { line: line.slice(0, 80) })
      return { oid: match[1]!, fileName: plainFileName(match[2]!) }
    })
}
