import { ARCHIVE_MAGIC } from './archive/head.ts'
import { isTarHeader } from './containers/tar-header.ts'
import type { Compression } from './layers/decompress.ts'
import { LZ4_MAGIC } from './layers/lz4.ts'
import { ZSTD_MAGIC } from './layers/zstd.ts'

export type Kind =
  | { kind: 'compressed'; compression: Compression }
  | { kind: 'custom' | 'tar' | 'zip' | 'text' }

/** Bytes from the start of a file that tell what it is, and for text what its head says. */
export const HEAD_BYTES = 64 * 1024

const ZIP_FILE = 0x504b0304
const ZIP_EMPTY = 0x504b0506
const ZIP_SPANNED = 0x504b0708

/** What a file is by its first bytes; names and extensions are not trusted. */
export function detect(first: Buffer): Kind {
  if (first.length >= 6) {
    const word = first.readUInt32BE(0)
    if (word === ZIP_FILE || word === ZIP_EMPTY || word === ZIP_SPANNED) return { kind: 'zip' }
    if (first.readUInt16BE(0) === 0x1f8b) return { kind: 'compressed', compression: 'gzip' }
    if (first.readUInt32LE(0) === ZSTD_MAGIC) return { kind: 'compressed', compression: 'zstd' }
    if (first.readUInt32LE(0) === LZ4_MAGIC) return { kind: 'compressed', compression: 'lz4' }
    if (word === 0xfd377a58 && first.readUInt16BE(4) === 0x5a00)
      return { kind: 'compressed', compression: 'xz' }
    if (/^BZh[1-9]1A/.test(first.toString('latin1', 0, 6)))
      return { kind: 'compressed', compression: 'bzip2' }
  }
  if (first.toString('latin1', 0, 5) === ARCHIVE_MAGIC) return { kind: 'custom' }
  if (isTarHeader(first)) return { kind: 'tar' }
  return { kind: 'text' }
}
