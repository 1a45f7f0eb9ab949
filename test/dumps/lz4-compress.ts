import { XxHash32 } from '../../src/dumps/layers/xxhash32.ts'

/**
 * A plain LZ4 compressor for tests: frames of linked or independent blocks with real matches, so that the product's
 * decompressor is tested without the lz4 program.
 */
export interface Lz4Options {
  linked?: boolean
  blockChecksums?: boolean
  contentChecksum?: boolean
  contentSize?: boolean
}

const BLOCK = 65_536

export function lz4Frame(data: Buffer, options: Lz4Options = {}): Buffer {
  const { linked = true, blockChecksums = false, contentChecksum = true, contentSize = false } = options
  const flags =
    0x40 |
    (linked ? 0 : 0x20) |
    (blockChecksums ? 0x10 : 0) |
    (contentSize ? 8 : 0) |
    (contentChecksum ? 4 : 0)
  const size = Buffer.alloc(contentSize ? 8 : 0)
  if (contentSize) size.writeBigUInt64LE(BigInt(data.length))
  const descriptor = Buffer.concat([Buffer.from([flags, 0x40]), size])
  const parts: Buffer[] = [
    Buffer.from('04224d18', 'hex'),
    descriptor,
    Buffer.from([(hash(descriptor) >>> 8) & 0xff]),
  ]
  for (let at = 0; at < data.length; at += BLOCK) {
    const end = Math.min(at + BLOCK, data.length)
    const packed = lz4Block(data, at, end, linked ? Math.max(0, at - BLOCK) : at)
    const stored = packed.length >= end - at
    const block = stored ? data.subarray(at, end) : packed
    parts.push(uint32(stored ? (block.length | 0x80000000) >>> 0 : block.length), block)
    if (blockChecksums) parts.push(uint32(hash(block)))
  }
  parts.push(uint32(0))
  if (contentChecksum) parts.push(uint32(hash(data)))
  return Buffer.concat(parts)
}

function lz4Block(data: Buffer, start: number, end: number, reach: number): Buffer {
  const out: number[] = []
  const seen = new Map<number, number>()
  for (let i = reach; i + 4 <= start; i++) seen.set(data.readUInt32LE(i), i)
  let literals = start
  let at = start
  // The last match begins 12 bytes before the end at the latest, and the last 5 bytes are literals.
  while (at + 12 < end) {
    const word = data.readUInt32LE(at)
    const match = seen.get(word)
    seen.set(word, at)
    if (match === undefined || at - match > 65_535) {
      at++
      continue
    }
    let length = 4
    while (at + length < end - 5 && data[match + length] === data[at + length]) length++
    sequence(out, data.subarray(literals, at), at - match, length)
    at += length
    literals = at
  }
  sequence(out, data.subarray(literals, end), 0, 0)
  return Buffer.from(out)
}

function sequence(out: number[], literals: Buffer, distance: number, length: number): void {
  const extra = distance === 0 ? 0 : length - 4
  out.push((Math.min(15, literals.length) << 4) | Math.min(15, extra))
  if (literals.length >= 15) lengthBytes(out, literals.length - 15)
  for (const byte of literals) out.push(byte)
  if (distance === 0) return
  out.push(distance & 255, distance >>> 8)
  if (extra >= 15) lengthBytes(out, extra - 15)
}

function lengthBytes(out: number[], length: number): void {
  let left = length
  for (; left >= 255; left -= 255) out.push(255)
  out.push(left)
}

function hash(bytes: Buffer): number {
  return new XxHash32().update(bytes).digest()
}

function uint32(value: number): Buffer {
  const bytes = Buffer.alloc(4)
  bytes.writeUInt32LE(value)
  return bytes
}
