import type { ByteReader } from '../bytes/reader.ts'
import { corrupt, truncated } from '../failures.ts'
import { decompress, type Pull } from '../layers/decompress.ts'
import type { ExpansionGuard } from '../layers/guard.ts'
import { type DataBlock, payload } from './blocks.ts'
import { ChunkedPayload } from './chunks.ts'
import { archiveInt } from './fields.ts'
import type { ArchiveHead } from './head.ts'

/** Kinds of blocks in a custom archive (pg_backup_custom.c). */
const BLOCK_DATA = 1
const BLOCK_LARGE_OBJECTS = 3

/** The data blocks of a custom archive from where the reader stands to the end of the file. */
export async function* customBlocks(
  reader: ByteReader,
  head: ArchiveHead,
  guard: ExpansionGuard,
): AsyncGenerator<DataBlock, void> {
  for (;;) {
    const header = await readBlockHeader(reader, head)
    if (header === null) return
    if (header.type === BLOCK_DATA) {
      const chunks = new ChunkedPayload(reader, head.intSize)
      const rows = payload(
        () => unpack(chunks.next, head, guard),
        () => chunks.skip(),
      )
      yield { kind: 'rows', dumpId: header.dumpId, payload: rows }
      await rows.leave()
    } else {
      yield* largeObjects(reader, head, header.dumpId, guard)
      yield { kind: 'end', dumpId: header.dumpId }
    }
  }
}

async function* largeObjects(
  reader: ByteReader,
  head: ArchiveHead,
  dumpId: number,
  guard: ExpansionGuard,
): AsyncGenerator<DataBlock, void> {
  for (;;) {
    const oid = archiveInt(await reader.bytes(1 + head.intSize, 'the large objects'), 0, head.intSize)
    if (oid === 0) return
    const chunks = new ChunkedPayload(reader, head.intSize)
    const bytes = payload(
      () => unpack(chunks.next, head, guard),
      () => chunks.skip(),
    )
    yield { kind: 'largeObject', dumpId, oid: String(oid >>> 0), payload: bytes }
    await bytes.leave()
  }
}

/** The rows of the one block at the reader's place; `dumpId` is what has to stand there. */
export async function* customRows(
  reader: ByteReader,
  head: ArchiveHead,
  dumpId: number,
  guard: ExpansionGuard,
): AsyncGenerator<Buffer, void> {
  const header = await readBlockHeader(reader, head)
  if (header === null) throw truncated('the rows of a table lie beyond its end', { dumpId })
  if (header.type !== BLOCK_DATA || header.dumpId !== dumpId)
    throw corrupt('the table of contents points to the wrong place', { dumpId, found: header.dumpId })
  const chunks = new ChunkedPayload(reader, head.intSize)
  yield* unpack(chunks.next, head, guard)
  await chunks.skip()
}

interface BlockHeader {
  type: number
  dumpId: number
}

export async function readBlockHeader(reader: ByteReader, head: ArchiveHead): Promise<BlockHeader | null> {
  if (await reader.atEnd()) return null
  const at = reader.position
  const bytes = await reader.bytes(2 + head.intSize, 'the head of a data block')
  const type = bytes[0]!
  const dumpId = archiveInt(bytes, 1, head.intSize)
  if (type !== BLOCK_DATA && type !== BLOCK_LARGE_OBJECTS)
    throw corrupt('a data block is of no known kind', { at, type })
  return { type, dumpId }
}

function unpack(pull: Pull, head: ArchiveHead, guard: ExpansionGuard): AsyncGenerator<Buffer, void> {
  // What other formats call gzip is a bare zlib stream here.
  return decompress(pull, head.compression === 'gzip' ? 'zlib' : head.compression, guard)
}
