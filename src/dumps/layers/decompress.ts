import { createGunzip, createInflate, createZstdDecompress } from 'node:zlib'
import { UpliftError } from '../../errors.ts'
import { through } from '../bytes/through.ts'
import { corrupt, truncated } from '../failures.ts'
import type { ExpansionGuard } from './guard.ts'

export type Compression = 'gzip' | 'zlib' | 'zstd'
export type Pull = () => Promise<Buffer | null>

/** Output of one step: each costs a trip to a worker thread, so small pieces cost more time than the work itself. */
const CHUNK_BYTES = 256 * 1024

/** The decompressed pieces of one stream; DUMP:TRUNCATED, DUMP:CORRUPT or DUMP:BOMB when it cannot be read whole. */
export async function* decompress(
  pull: Pull,
  compression: Compression,
  guard: ExpansionGuard,
): AsyncGenerator<Buffer, void> {
  try {
    for await (const piece of through(pull, decompressor(compression))) {
      guard.count(piece.length)
      yield piece
    }
  } catch (thrown) {
    throw asDumpError(thrown, compression)
  }
}

function decompressor(compression: Compression) {
  switch (compression) {
    case 'gzip':
      return createGunzip({ chunkSize: CHUNK_BYTES })
    case 'zlib':
      return createInflate({ chunkSize: CHUNK_BYTES })
    case 'zstd':
      return createZstdDecompress({ chunkSize: CHUNK_BYTES })
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
