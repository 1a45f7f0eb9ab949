import { availableParallelism } from 'node:os'
import { promisify } from 'node:util'
import { constants, crc32, deflateRaw, deflateRawSync } from 'node:zlib'

const deflateBlock = promisify(deflateRaw) as (
  block: Buffer,
  options: { level: number; finishFlush: number; chunkSize: number; dictionary?: Buffer },
) => Promise<Buffer>

/** Uncompressed bytes a thread works on at once. */
const BLOCK = 512 * 1024
/** How far back deflate looks (RFC 1951). */
const WINDOW = 32 * 1024
/** An empty last block of fixed codes (RFC 1951): ends a stream that was flushed to a byte's edge. */
const LAST_BLOCK = Buffer.from([0x03, 0x00])

/** Up to here a block is compressed at once, on the thread that has it. */
const SMALL = 8 * 1024
const IN_FLIGHT = availableParallelism() + 1

export type Wrapping = 'zlib' | 'gzip' | 'raw'

/**
 * One deflate stream made by several threads: each block is compressed on its own with the 32 KiB before it as
 * dictionary and flushed to a whole byte, so that the blocks in a row are one valid stream and no larger by more
 * than a few bytes a block. zlib (RFC 1950) for custom archives, gzip (RFC 1952) for files, raw for zip.
 */
export class Compressor {
  readonly #wrapping: Wrapping
  readonly #level: number
  readonly #emit: (bytes: Buffer) => Promise<void>
  #held: Buffer[] = []
  #size = 0
  /** The end of the block before. */
  #window: Buffer | null = null
  #queue: Promise<void>
  #waiting = 0
  #wake: (() => void) | null = null
  #failed = false
  #adler = { a: 1, b: 0 }
  #crc = 0
  /** Uncompressed bytes so far. */
  bytes = 0

  constructor(wrapping: Wrapping, level: number, emit: (bytes: Buffer) => Promise<void>) {
    this.#wrapping = wrapping
    this.#level = level
    this.#emit = emit
    this.#queue = wrapping === 'raw' ? Promise.resolve() : emit(head(wrapping))
    this.#queue.catch(() => {})
  }

  /** CRC-32 of the uncompressed bytes; of gzip and raw streams only. */
  get crc(): number {
    return this.#crc
  }

  /** Takes the bytes, which must not change from then on; the promise, where there is one, holds the caller back. */
  write(piece: Buffer): Promise<void> | undefined {
    this.#held.push(piece)
    this.#size += piece.length
    if (this.#size >= BLOCK) this.#start()
    if (this.#failed) return this.#queue
    if (this.#waiting <= IN_FLIGHT) return undefined
    return new Promise<void>((wake) => {
      this.#wake = wake
    }).then(() => (this.#failed ? this.#queue : undefined))
  }

  async end(): Promise<void> {
    if (this.#size > 0) this.#start()
    await this.#queue
    await this.#emit(this.#tail())
  }

  #start(): void {
    const block = this.#held.length === 1 ? this.#held[0]! : Buffer.concat(this.#held, this.#size)
    this.#held = []
    this.#size = 0
    this.bytes += block.length
    if (this.#wrapping === 'zlib') adler32(block, this.#adler)
    else this.#crc = crc32(block, this.#crc)
    const dictionary = this.#window
    this.#window = Buffer.from(block.subarray(Math.max(0, block.length - WINDOW)))
    this.#waiting++
    const compressed = compress(block, this.#level, dictionary)
    compressed.catch(() => {})
    const before = this.#queue
    this.#queue = (async () => {
      try {
        await before
        await this.#emit(await compressed)
      } catch (thrown) {
        this.#failed = true
        throw thrown
      } finally {
        this.#waiting--
        this.#wake?.()
        this.#wake = null
      }
    })()
    this.#queue.catch(() => {})
  }

  #tail(): Buffer {
    if (this.#wrapping === 'raw') return LAST_BLOCK
    if (this.#wrapping === 'zlib') {
      const sum = Buffer.alloc(4)
      sum.writeUInt16BE(this.#adler.b, 0)
      sum.writeUInt16BE(this.#adler.a, 2)
      return Buffer.concat([LAST_BLOCK, sum])
    }
    const tail = Buffer.alloc(8)
    tail.writeUInt32LE(this.#crc, 0)
    tail.writeUInt32LE(this.bytes % 2 ** 32, 4)
    return Buffer.concat([LAST_BLOCK, tail])
  }
}

async function compress(block: Buffer, level: number, dictionary: Buffer | null): Promise<Buffer> {
  const options = { level, finishFlush: constants.Z_SYNC_FLUSH }
  // Most tables are small: there a window of their size is set up sooner than a thread wakes.
  if (block.length <= SMALL && dictionary === null)
    return deflateRawSync(block, { ...options, windowBits: 13, memLevel: 6, chunkSize: SMALL })
  const chunkSize = Math.min(192 * 1024, Math.max(4096, block.length >> 1))
  return deflateBlock(block, { ...options, chunkSize, ...(dictionary ? { dictionary } : {}) })
}

function head(wrapping: Wrapping): Buffer {
  return wrapping === 'zlib'
    ? Buffer.from([0x78, 0x9c])
    : Buffer.from([0x1f, 0x8b, 0x08, 0, 0, 0, 0, 0, 0, 0x03])
}

/** Adler-32 (RFC 1950). 5552 bytes can be summed before a sum could pass 32 bits. */
function adler32(bytes: Buffer, sum: { a: number; b: number }): void {
  let { a, b } = sum
  for (let at = 0; at < bytes.length; ) {
    const end = Math.min(at + 5552, bytes.length)
    for (; at < end - 3; at += 4) {
      a += bytes[at]!
      b += a
      a += bytes[at + 1]!
      b += a
      a += bytes[at + 2]!
      b += a
      a += bytes[at + 3]!
      b += a
    }
    for (; at < end; at++) {
      a += bytes[at]!
      b += a
    }
    a %= 65521
    b %= 65521
  }
  sum.a = a
  sum.b = b
}
