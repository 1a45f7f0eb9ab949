import { iterableSource } from '../bytes/file.ts'
import { ByteReader } from '../bytes/reader.ts'
import { corrupt, unsupported } from '../failures.ts'
import type { Pull } from './decompress.ts'
import { unpackLz4Block } from './lz4-block.ts'
import { XxHash32 } from './xxhash32.ts'

export const LZ4_MAGIC = 0x184d2204
const SKIPPABLE = 0x184d2a50
const HISTORY = 64 * 1024
const BLOCK_SIZES: Readonly<Record<number, number>> = { 4: 65_536, 5: 262_144, 6: 1_048_576, 7: 4_194_304 }

interface Frame {
  independent: boolean
  blockChecksums: boolean
  contentSize: bigint | null
  contentChecksum: boolean
  blockSize: number
}

/**
 * Unpacks LZ4 frames (the public frame format), one block at a time. Written here because no package does this in
 * a stream without a native build or an install script; pg_dump writes such frames since version 16.
 */
export async function* unpackLz4(pull: Pull): AsyncGenerator<Buffer, void> {
  const reader = new ByteReader(iterableSource(pulled(pull)))
  while (!(await reader.atEnd())) {
    const magic = (await reader.bytes(4, 'an LZ4 frame')).readUInt32LE(0)
    if ((magic & 0xfffffff0) >>> 0 === SKIPPABLE) {
      await reader.skip((await reader.bytes(4, 'an LZ4 frame')).readUInt32LE(0), 'an LZ4 frame')
      continue
    }
    if (magic !== LZ4_MAGIC) throw corrupt('an LZ4 frame does not begin as one')
    yield* unpackFrame(reader, await readFrame(reader))
  }
}

async function* pulled(pull: Pull): AsyncGenerator<Buffer, void> {
  for (;;) {
    const piece = await pull()
    if (piece === null) return
    yield piece
  }
}

async function readFrame(reader: ByteReader): Promise<Frame> {
  const flags = await reader.bytes(2, 'the head of an LZ4 frame')
  const flag = flags[0]!
  const sizeCode = (flags[1]! >>> 4) & 7
  const blockSize = BLOCK_SIZES[sizeCode]
  if (flag >>> 6 !== 1 || (flag & 2) !== 0 || blockSize === undefined || (flags[1]! & 0x8f) !== 0)
    throw corrupt('the head of an LZ4 frame is of no known form')
  if ((flag & 1) !== 0) throw unsupported('The LZ4 frame needs a dictionary that the file does not hold.')
  const size = (flag & 8) !== 0 ? await reader.bytes(8, 'the head of an LZ4 frame') : Buffer.alloc(0)
  const checksum = await reader.byte('the head of an LZ4 frame')
  const expected = (new XxHash32().update(flags).update(size).digest() >>> 8) & 0xff
  if (checksum !== expected) throw corrupt('the head of an LZ4 frame has a wrong checksum')
  return {
    independent: (flag & 0x20) !== 0,
    blockChecksums: (flag & 0x10) !== 0,
    contentSize: size.length === 8 ? size.readBigUInt64LE(0) : null,
    contentChecksum: (flag & 4) !== 0,
    blockSize,
  }
}

async function* unpackFrame(reader: ByteReader, frame: Frame): AsyncGenerator<Buffer, void> {
  // The last 64 KB stay in front of each block: matches of the next block may reach into them.
  const out = Buffer.allocUnsafeSlow(HISTORY + frame.blockSize)
  const content = frame.contentChecksum ? new XxHash32() : null
  let history = 0
  let total = 0n
  for (;;) {
    const header = (await reader.bytes(4, 'an LZ4 block')).readUInt32LE(0)
    if (header === 0) break
    const stored = header >>> 31 === 1
    const length = header & 0x7fffffff
    if (length > frame.blockSize) throw corrupt('an LZ4 block is longer than its frame allows')
    const block = await reader.bytes(length, 'an LZ4 block')
    if (frame.blockChecksums) await check(reader, new XxHash32().update(block), 'an LZ4 block')
    if (stored) block.copy(out, history)
    const end = stored
      ? history + length
      : unpackLz4Block(block, out.subarray(0, history + frame.blockSize), history)
    const piece = Buffer.from(out.subarray(history, end))
    content?.update(piece)
    total += BigInt(piece.length)
    if (piece.length > 0) yield piece
    const keep = frame.independent ? 0 : Math.min(HISTORY, end)
    out.copyWithin(0, end - keep, end)
    history = keep
  }
  if (content !== null) await check(reader, content, 'an LZ4 frame')
  if (frame.contentSize !== null && frame.contentSize !== total)
    throw corrupt('an LZ4 frame has a wrong size')
}

async function check(reader: ByteReader, hash: XxHash32, what: string): Promise<void> {
  const expected = (await reader.bytes(4, what)).readUInt32LE(0)
  if (hash.digest() !== expected) throw corrupt(`${what} has a wrong checksum`)
}
