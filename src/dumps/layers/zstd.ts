import { createZstdDecompress } from 'node:zlib'
import { iterableSource } from '../bytes/file.ts'
import { ByteReader } from '../bytes/reader.ts'
import { through } from '../bytes/through.ts'
import { corrupt } from '../failures.ts'
import type { Pull } from './decompress.ts'

export const ZSTD_MAGIC = 0xfd2fb528
const SKIPPABLE = 0x184d2a50
const CHUNK_BYTES = 256 * 1024
const CONTENT_SIZE_BYTES = [0, 2, 4, 8]
const DICTIONARY_BYTES = [0, 1, 2, 4]
/** Content of a block of one repeated byte. */
const REPEATED = 1

/**
 * Unpacks zstd frames one after another. Node's own stream stops after the first frame without a word when the
 * second comes in the same piece, and pzstd writes many: so the frames are told apart here (RFC 8878, section 3.1).
 */
export async function* unpackZstd(pull: Pull): AsyncGenerator<Buffer, void> {
  const reader = new ByteReader(iterableSource(pulled(pull)))
  while (!(await reader.atEnd())) {
    const magic = await reader.bytes(4, 'a zstd frame')
    if ((magic.readUInt32LE(0) & 0xfffffff0) >>> 0 === SKIPPABLE) {
      await reader.skip((await reader.bytes(4, 'a zstd frame')).readUInt32LE(0), 'a zstd frame')
      continue
    }
    if (magic.readUInt32LE(0) !== ZSTD_MAGIC) throw corrupt('a zstd frame does not begin as one')
    const frame = frameBytes(reader, magic)
    yield* through(
      async () => {
        const step = await frame.next()
        return step.done ? null : step.value
      },
      createZstdDecompress({ chunkSize: CHUNK_BYTES }),
    )
  }
}

async function* pulled(pull: Pull): AsyncGenerator<Buffer, void> {
  for (;;) {
    const piece = await pull()
    if (piece === null) return
    yield piece
  }
}

/** The bytes of one frame as they are, block by block. */
async function* frameBytes(reader: ByteReader, magic: Buffer): AsyncGenerator<Buffer, void> {
  const descriptor = await reader.bytes(1, 'a zstd frame')
  const flags = descriptor[0]!
  const single = (flags & 0x20) !== 0
  const sizeBytes = flags >>> 6 === 0 && single ? 1 : CONTENT_SIZE_BYTES[flags >>> 6]!
  const headLength = (single ? 0 : 1) + DICTIONARY_BYTES[flags & 3]! + sizeBytes
  yield Buffer.concat([magic, descriptor, await reader.bytes(headLength, 'a zstd frame')])
  for (let last = false; !last; ) {
    const header = await reader.bytes(3, 'a zstd frame')
    const value = header.readUIntLE(0, 3)
    last = (value & 1) === 1
    const length = ((value >>> 1) & 3) === REPEATED ? 1 : value >>> 3
    yield Buffer.concat([header, await reader.bytes(length, 'a zstd frame')])
  }
  if ((flags & 4) !== 0) yield await reader.bytes(4, 'a zstd frame')
}
