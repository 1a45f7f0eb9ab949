import { crc32, deflateRawSync } from 'node:zlib'

/** One file of a zip that no honest program makes. */
export interface RawEntry {
  name: string
  bytes: Buffer
  /** General purpose flags; bit 0 says encrypted. */
  flags?: number
  method?: number
  /** File type and rights of Unix, such as 0o120777 for a link. */
  mode?: number
  crc?: number
  size?: number
}

/** A zip written byte by byte, so that its names, flags, sizes and checksums can be anything. */
export function rawZip(entries: RawEntry[]): Buffer {
  const parts: Buffer[] = []
  const directory: Buffer[] = []
  let at = 0
  for (const entry of entries) {
    const { flags = 0, method = 8, mode = 0o100644 } = entry
    const name = Buffer.from(entry.name)
    const packed = method === 8 ? deflateRawSync(entry.bytes) : entry.bytes
    const crc = entry.crc ?? crc32(entry.bytes)
    const size = entry.size ?? entry.bytes.length
    const common = Buffer.alloc(26)
    common.writeUInt16LE(20, 0)
    common.writeUInt16LE(flags, 2)
    common.writeUInt16LE(method, 4)
    common.writeUInt32LE(crc, 10)
    common.writeUInt32LE(packed.length, 14)
    common.writeUInt32LE(size, 18)
    common.writeUInt16LE(name.length, 22)
    const local = Buffer.concat([Buffer.from('PK\x03\x04', 'latin1'), common, name, packed])
    const tail = Buffer.alloc(14)
    tail.writeUInt32LE((mode << 16) >>> 0, 6)
    tail.writeUInt32LE(at, 10)
    directory.push(Buffer.concat([Buffer.from('PK\x01\x02\x14\x03', 'latin1'), common, tail, name]))
    parts.push(local)
    at += local.length
  }
  const central = Buffer.concat(directory)
  const end = Buffer.alloc(22)
  end.write('PK\x05\x06', 0, 'latin1')
  end.writeUInt16LE(entries.length, 8)
  end.writeUInt16LE(entries.length, 10)
  end.writeUInt32LE(central.length, 12)
  end.writeUInt32LE(at, 16)
  return Buffer.concat([...parts, central, end])
}
