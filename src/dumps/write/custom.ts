import { Compressor } from './compressor.ts'
import type { Job } from './job.ts'
import { readLargeObject } from './large-objects.ts'
import type { Written } from './options.ts'
import { inOrder } from './ordered.ts'
import { FORMAT_CODES, int, serializeHead, serializeToc, setOffset } from './serialize.ts'
import { FileSink } from './sink.ts'
import { END_OF_ROWS } from './tables.ts'

const BLOCK_OF_ROWS = 1
const BLOCK_OF_LARGE_OBJECTS = 3

/**
 * PostgreSQL's custom format: head, table of contents, then for each table its block, compressed with zlib in
 * chunks behind their lengths. The tables follow each other in the order of the contents, so that the file can be
 * restored from a pipe; where each begins is put into the table of contents at the end.
 */
export async function writeCustom(job: Job, path: string): Promise<Written> {
  const { plan, level } = job
  const sink = await FileSink.create(path, { hashed: true })
  try {
    const head = serializeHead({ ...job.headFields(), formatCode: FORMAT_CODES.custom })
    const toc = serializeToc(plan.entries, plan.archiveVersion, 'offset')
    await sink.write(head)
    await sink.write(toc.bytes)
    const turns = inOrder(job.tables, job.source.connections, async (entry, connection, put) => {
      if (level === 0) {
        await job.copy(entry, connection, (piece) => put(piece))
        return put(END_OF_ROWS)
      }
      const compressor = new Compressor('zlib', level, put)
      await job.copy(entry, connection, (piece) => compressor.write(piece))
      await compressor.write(END_OF_ROWS)
      await compressor.end()
    })
    for await (const { item: entry, pieces } of turns) {
      setOffset(toc.bytes, toc.offsetAt.get(entry.dumpId)!, sink.position)
      await sink.write(Buffer.concat([Buffer.from([BLOCK_OF_ROWS]), int(entry.dumpId)]))
      for await (const piece of pieces()) await writeChunk(sink, piece)
      await sink.write(int(0))
    }
    const data = job.largeObjectData
    if (data !== undefined) {
      setOffset(toc.bytes, toc.offsetAt.get(data.dumpId)!, sink.position)
      await writeLargeObjects(job, data.dumpId, sink)
    }
    await sink.patch(head.length, toc.bytes)
    return { bytes: sink.position, sha256: await sink.finish(), files: 0 }
  } catch (thrown) {
    await sink.abandon()
    throw thrown
  }
}

/** One block of all large objects: OID and chunks of each, a zero at the end. */
async function writeLargeObjects(job: Job, dumpId: number, sink: FileSink): Promise<void> {
  await sink.write(Buffer.concat([Buffer.from([BLOCK_OF_LARGE_OBJECTS]), int(dumpId)]))
  for (const oid of job.plan.largeObjects) {
    await sink.write(int(Number(oid)))
    const compressor =
      job.level > 0 ? new Compressor('zlib', job.level, (piece) => writeChunk(sink, piece)) : null
    for await (const piece of readLargeObject(job.source, oid))
      await (compressor === null ? writeChunk(sink, piece) : compressor.write(piece))
    await compressor?.end()
    await sink.write(int(0))
  }
  await sink.write(int(0))
}

async function writeChunk(sink: FileSink, piece: Buffer): Promise<void> {
  await sink.write(int(piece.length))
  await sink.write(piece)
}
