import { LARGE_OBJECTS, largeObjectList, largeObjectName, plainName } from './directory.ts'
import type { Job } from './job.ts'
import { readLargeObject } from './large-objects.ts'
import type { Written } from './options.ts'
import { inOrder } from './ordered.ts'
import { FORMAT_CODES, serializeHead, serializeToc } from './serialize.ts'
import { FileSink } from './sink.ts'
import { END_OF_ROWS } from './tables.ts'

const BLOCK = 512
/** Eleven octal digits; larger sizes are written in base 256, which pg_restore knows since 9.3. */
const MAX_OCTAL = 0o77777777777

/**
 * PostgreSQL's tar format: toc.dat first, then the rows of each table, uncompressed.
 */
export async function writeTar(job: Job, path: string): Promise<Written> {
  const { plan } = job
  const sink = await FileSink.create(path, { hashed: true })
  try {
    const entries = plan.entries.map((entry) => ({
      ...entry,
      fileName: entry.hadDumper ? plainName(entry) : null,
    }))
    const contents = Buffer.concat([
      serializeHead({ ...job.headFields(), compression: 0, formatCode: FORMAT_CODES.tar }),
      serializeToc(entries, plan.archiveVersion, 'fileName').bytes,
    ])
    await sink.write(memberHead('toc.dat', contents.length, plan.createdAt))
    await sink.write(contents)
    await sink.write(padding(contents.length))
    const turns = inOrder(job.tables, job.source.connections, async (entry, connection, put) => {
      await job.copy(entry, connection, put)
      await put(END_OF_ROWS)
    })
    for await (const { item: entry, pieces } of turns)
      await member(sink, plainName(entry), plan.createdAt, pieces())
    // pg_restore reads large objects one behind the other until it comes to their list.
    for (const oid of job.plan.largeObjects)
      await member(sink, largeObjectName(oid), plan.createdAt, readLargeObject(job.source, oid))
    if (job.largeObjectData !== undefined)
      await member(sink, LARGE_OBJECTS, plan.createdAt, [largeObjectList(plan.largeObjects)])
    await sink.write(Buffer.alloc(2 * BLOCK))
    return { bytes: sink.position, sha256: await sink.finish(), files: 0 }
  } catch (thrown) {
    await sink.abandon()
    throw thrown
  }
}

/** A file whose size shows when its last piece has come: its head is written over afterwards. */
async function member(
  sink: FileSink,
  name: string,
  changed: Date,
  pieces: AsyncIterable<Buffer> | Iterable<Buffer>,
): Promise<void> {
  const head = sink.position
  await sink.write(Buffer.alloc(BLOCK))
  for await (const piece of pieces) await sink.write(piece)
  const size = sink.position - head - BLOCK
  await sink.write(padding(size))
  await sink.patch(head, memberHead(name, size, changed))
}

function padding(size: number): Buffer {
  return Buffer.alloc((BLOCK - (size % BLOCK)) % BLOCK)
}

/** The head of a file in a tar archive (POSIX ustar). */
function memberHead(name: string, size: number, changed: Date): Buffer {
  const head = Buffer.alloc(BLOCK)
  head.write(name, 0, 'latin1')
  head.write('0000600\0', 100, 'latin1')
  head.write('0000000\0', 108, 'latin1')
  head.write('0000000\0', 116, 'latin1')
  if (size <= MAX_OCTAL) head.write(`${size.toString(8).padStart(11, '0')} `, 124, 'latin1')
  else {
    head[124] = 0x80
    head.writeBigUInt64BE(BigInt(size), 128)
  }
  const seconds = Math.floor(changed.getTime() / 1000)
  head.write(`${seconds.toString(8).padStart(11, '0')} `, 136, 'latin1')
  head.write('        ', 148, 'latin1')
  head.write('0', 156, 'latin1')
  head.write('ustar\x0000', 257, 'latin1')
  let sum = 0
  for (const byte of head) sum += byte
  head.write(`${sum.toString(8).padStart(6, '0')}\0 `, 148, 'latin1')
  return head
}
