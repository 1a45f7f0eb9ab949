import { Compressor } from './compressor.ts'
import type { FileSink } from './sink.ts'

const LOCAL = 0x04034b50
const DESCRIPTOR = 0x08074b50
const CENTRAL = 0x02014b50
const END = 0x06054b50
const END_64 = 0x06064b50
const LOCATOR_64 = 0x07064b50
const DEFLATE = 8
/** Sizes follow the data; names are UTF-8. */
const FLAGS = 0x0008 | 0x0800
const VERSION_64 = 45
const FULL = 0xffffffff

interface Member {
  name: Buffer
  crc: number
  compressed: number
  bytes: number
  offset: number
}

/**
 * A zip archive in one pass, after APPNOTE.TXT 6.3: every member is deflated and carries its sizes behind it in the
 * 64-bit form, so that nothing has to be known before and nothing is changed afterwards.
 */
export class ZipFile {
  readonly #sink: FileSink
  readonly #level: number
  readonly #when: { date: number; time: number }
  readonly #members: Member[] = []

  constructor(sink: FileSink, level: number, when: Date) {
    this.#sink = sink
    this.#level = level
    this.#when = {
      date: (Math.max(0, when.getFullYear() - 1980) << 9) | ((when.getMonth() + 1) << 5) | when.getDate(),
      time: (when.getHours() << 11) | (when.getMinutes() << 5) | (when.getSeconds() >> 1),
    }
  }

  /** Adds a file whose bytes `fill` gives to its argument. */
  async add(
    name: string,
    fill: (put: (bytes: Buffer) => Promise<void> | undefined) => Promise<void>,
  ): Promise<void> {
    const offset = this.#sink.position
    const nameBytes = Buffer.from(name)
    await this.#sink.write(Buffer.concat([this.#localHead(nameBytes), nameBytes, zip64(0, 0)]))
    const start = this.#sink.position
    const compressor = new Compressor('raw', this.#level, (bytes) => this.#sink.write(bytes))
    await fill((bytes) => compressor.write(bytes))
    await compressor.end()
    const compressed = this.#sink.position - start
    const { crc, bytes } = compressor
    const descriptor = Buffer.alloc(24)
    descriptor.writeUInt32LE(DESCRIPTOR, 0)
    descriptor.writeUInt32LE(crc, 4)
    descriptor.writeBigUInt64LE(BigInt(compressed), 8)
    descriptor.writeBigUInt64LE(BigInt(bytes), 16)
    await this.#sink.write(descriptor)
    this.#members.push({ name: nameBytes, crc, compressed, bytes, offset })
  }

  /** Writes the directory at the end. */
  async end(): Promise<void> {
    const start = this.#sink.position
    for (const member of this.#members) await this.#sink.write(this.#centralHead(member))
    const size = this.#sink.position - start
    await this.#sink.write(this.#endOfDirectory(start, size))
  }

  #localHead(name: Buffer): Buffer {
    const head = Buffer.alloc(30)
    head.writeUInt32LE(LOCAL, 0)
    head.writeUInt16LE(VERSION_64, 4)
    head.writeUInt16LE(FLAGS, 6)
    head.writeUInt16LE(DEFLATE, 8)
    head.writeUInt16LE(this.#when.time, 10)
    head.writeUInt16LE(this.#when.date, 12)
    head.writeUInt32LE(FULL, 18)
    head.writeUInt32LE(FULL, 22)
    head.writeUInt16LE(name.length, 26)
    head.writeUInt16LE(20, 28)
    return head
  }

  #centralHead(member: Member): Buffer {
    const head = Buffer.alloc(46)
    head.writeUInt32LE(CENTRAL, 0)
    // Made on Unix, so that the rights below count.
    head.writeUInt16LE((3 << 8) | VERSION_64, 4)
    head.writeUInt16LE(VERSION_64, 6)
    head.writeUInt16LE(FLAGS, 8)
    head.writeUInt16LE(DEFLATE, 10)
    head.writeUInt16LE(this.#when.time, 12)
    head.writeUInt16LE(this.#when.date, 14)
    head.writeUInt32LE(member.crc, 16)
    head.writeUInt32LE(FULL, 20)
    head.writeUInt32LE(FULL, 24)
    head.writeUInt16LE(member.name.length, 28)
    head.writeUInt16LE(28, 30)
    head.writeUInt32LE(((0o100000 | 0o644) << 16) >>> 0, 38)
    head.writeUInt32LE(FULL, 42)
    const extra = Buffer.alloc(28)
    zip64(member.bytes, member.compressed).copy(extra)
    extra.writeUInt16LE(24, 2)
    extra.writeBigUInt64LE(BigInt(member.offset), 20)
    return Buffer.concat([head, member.name, extra])
  }

  #endOfDirectory(start: number, size: number): Buffer {
    const count = this.#members.length
    const large = count >= 0xffff || start + size >= FULL
    const end64 = Buffer.alloc(large ? 76 : 0)
    if (large) {
      end64.writeUInt32LE(END_64, 0)
      end64.writeBigUInt64LE(44n, 4)
      end64.writeUInt16LE((3 << 8) | VERSION_64, 12)
      end64.writeUInt16LE(VERSION_64, 14)
      end64.writeBigUInt64LE(BigInt(count), 24)
      end64.writeBigUInt64LE(BigInt(count), 32)
      end64.writeBigUInt64LE(BigInt(size), 40)
      end64.writeBigUInt64LE(BigInt(start), 48)
      end64.writeUInt32LE(LOCATOR_64, 56)
      end64.writeBigUInt64LE(BigInt(start + size), 64)
      end64.writeUInt32LE(1, 72)
    }
    const end = Buffer.alloc(22)
    end.writeUInt32LE(END, 0)
    end.writeUInt16LE(large ? 0xffff : count, 8)
    end.writeUInt16LE(large ? 0xffff : count, 10)
    end.writeUInt32LE(large ? FULL : size, 12)
    end.writeUInt32LE(large ? FULL : start, 16)
    return Buffer.concat([end64, end])
  }
}

/** The extra field with sizes of eight bytes. */
function zip64(bytes: number, compressed: number): Buffer {
  const extra = Buffer.alloc(20)
  extra.writeUInt16LE(1, 0)
  extra.writeUInt16LE(16, 2)
  extra.writeBigUInt64LE(BigInt(bytes), 4)
  extra.writeBigUInt64LE(BigInt(compressed), 12)
  return extra
}
