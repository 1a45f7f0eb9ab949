import type { Transform } from 'node:stream'
import { createGunzip, createInflate, createInflateRaw } from 'node:zlib'
import { UpliftError } from '../../errors.ts'
import { through } from '../bytes/through.ts'
import { corrupt, truncated } from '../failures.ts'
import { unpackExternally } from './external.ts'
import type { ExpansionGuard } from './guard.ts'
import { unpackLz4 } from './lz4.ts'
import { unpackZstd } from './zstd.ts'

export type Compression = 'none' | 'gzip' | 'zlib' | 'deflate' | 'zstd' | 'lz4' | 'xz' | 'bzip2'
export type Pull = () => Promise<Buffer | null>

/** Output of one step: smaller pieces cost trips to a worker thread, larger ones memory in thousands of small tables. */
const CHUNK_BYTES = 64 * 1024

/** The unpacked pieces of one stream; DUMP:TRUNCATED, DUMP:CORRUPT or DUMP:BOMB when it cannot be read whole. */
export async function* decompress(
  pull: Pull,
  compression: Compression,
  guard: ExpansionGuard,
): AsyncGenerator<Buffer, void> {
  try {
    for await (const piece of unpack(pull, compression)) {
      guard.count(piece.length)
      yield piece
    }
  } catch (thrown) {
    throw asDumpError(thrown, compression)
  }
}

function unpack(pull: Pull, compression: Compression): AsyncGenerator<Buffer, void> {
  switch (compression) {
    case 'none':
      return asTheyAre(pull)
    case 'lz4':
      return unpackLz4(pull)
    case 'zstd':
      return unpackZstd(pull)
    case 'xz':
    case 'bzip2':
      return unpackExternally(pull, compression)
    default:
      return through(pull, decompressor(compression))
  }
}

async function* asTheyAre(pull: Pull): AsyncGenerator<Buffer, void> {
  for (;;) {
    const piece = await pull()
    if (piece === null) return
    yield piece
  }
}

function decompressor(compression: 'gzip' | 'zlib' | 'deflate'): Transform {
  switch (compression) {
    case 'gzip':
      return createGunzip({ chunkSize: CHUNK_BYTES })
    case 'zlib':
      return createInflate({ chunkSize: CHUNK_BYTES })
    case 'deflate':
      return createInflateRaw({ chunkSize: CHUNK_BYTES })
  }
}

function asDumpError(thrown: unknown, compression: Compression): unknown {
  if (thrown instanceof UpliftError) return thrown
  const code = thrown instanceof Error && 'code' in thrown ? String(thrown.code) : ''
  if (code === 'Z_BUF_ERROR') return truncated(`its ${compression} stream has no end`, {}, thrown)
  if (code.startsWith('Z_') || code.startsWith('ZSTD_') || code.startsWith('ERR_ZSTD'))
    return corrupt(`its ${compression} stream cannot be unpacked`, { code }, thrown)
  return thrown
}
