import type { ByteSource } from '../bytes/file.ts'
import { ByteReader } from '../bytes/reader.ts'
import { ChunkedPayload } from './chunks.ts'
import { readBlockHeader } from './custom.ts'
import { archiveInt } from './fields.ts'
import type { ArchiveHead } from './head.ts'

const BLOCK_DATA = 1

/** Offsets of all data blocks by dump id, found by walking from block to block without unpacking any. */
export async function findBlocks(
  source: ByteSource,
  head: ArchiveHead,
  dataStart: number,
): Promise<Map<number, number>> {
  const reader = new ByteReader(source)
  const offsets = new Map<number, number>()
  try {
    reader.seek(dataStart)
    for (;;) {
      const at = reader.position
      const header = await readBlockHeader(reader, head)
      if (header === null) return offsets
      offsets.set(header.dumpId, at)
      if (header.type === BLOCK_DATA) await new ChunkedPayload(reader, head.intSize).skip()
      else await skipLargeObjects(reader, head)
    }
  } finally {
    await reader.close()
  }
}

async function skipLargeObjects(reader: ByteReader, head: ArchiveHead): Promise<void> {
  for (;;) {
    const oid = archiveInt(await reader.bytes(1 + head.intSize, 'the large objects'), 0, head.intSize)
    if (oid === 0) return
    await new ChunkedPayload(reader, head.intSize).skip()
  }
}
