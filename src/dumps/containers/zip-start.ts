import type { ByteSource } from '../bytes/file.ts'
import { ByteReader } from '../bytes/reader.ts'
import { truncated, unsupported } from '../failures.ts'
import { decompress, type Pull } from '../layers/decompress.ts'
import { ExpansionGuard, type ExpansionLimit } from '../layers/guard.ts'
import type { Container, Member } from './container.ts'
import { safeName } from './names.ts'

const LOCAL_HEADER = 0x04034b50
const HEADER_BYTES = 30
const ENCRYPTED = 1
const SIZES_FOLLOW = 8
const STORED = 0
const DEFLATED = 8
/** In place of a size that stands in the extra field of the longer format. */
const LONG = 0xffffffff
const LONG_FIELD = 1

interface LocalHeader {
  name: string
  method: number
  /** Null when the sizes stand behind the content. */
  packed: number | null
  bytes: number
}

/**
 * A zip whose end is not there yet: its files one after the other by the headers that stand before each. Only for a look
 * at a file that still grows; nothing of it is held against the directory at its end.
 */
export function openZipStart(open: () => ByteSource, fileBytes: number, limit: ExpansionLimit): Container {
  return {
    word: 'zip',
    index: null,
    fileBytes,
    members: () => members(open, fileBytes, limit),
    async close() {},
  }
}

async function* members(
  open: () => ByteSource,
  fileBytes: number,
  limit: ExpansionLimit,
): AsyncGenerator<Member, void> {
  const reader = new ByteReader(open())
  try {
    for (;;) {
      const header = await readHeader(reader)
      if (header === null) return
      const { name, packed, bytes } = header
      let left = packed ?? Number.POSITIVE_INFINITY
      const pull: Pull = async () => {
        if (left <= 0) return null
        const piece = await reader.some(Math.min(left, 256 * 1024))
        if (piece !== null) left -= piece.length
        return piece === null ? null : Buffer.from(piece)
      }
      const guard = new ExpansionGuard(fileBytes, limit)
      const pieces = () => decompress(pull, header.method === STORED ? 'none' : 'deflate', guard)
      if (!name.endsWith('/')) yield { name, bytes, pieces }
      // Where a file of unknown length ends is known to whoever unpacked it, and he read too far.
      if (packed === null) throw truncated(`what follows ${name} is not known before the zip is whole`)
      await reader.skip(left, name)
    }
  } finally {
    await reader.close()
  }
}

/** Null at the directory that follows the last file. */
async function readHeader(reader: ByteReader): Promise<LocalHeader | null> {
  const head = Buffer.from(await reader.bytes(HEADER_BYTES, 'the header of a file'))
  if (head.readUInt32LE(0) !== LOCAL_HEADER) return null
  const flags = head.readUInt16LE(6)
  if ((flags & ENCRYPTED) !== 0) throw unsupported('The zip is encrypted: send it without a password.')
  const method = head.readUInt16LE(8)
  if (method !== STORED && method !== DEFLATED)
    throw unsupported(
      'The zip packs its files in a way that is not read: zip it again with the usual "deflate".',
    )
  const name = Buffer.from(await reader.bytes(head.readUInt16LE(26), 'the name of a file')).toString()
  const extra = Buffer.from(await reader.bytes(head.readUInt16LE(28), 'the header of a file'))
  const sizes = { packed: head.readUInt32LE(18), bytes: head.readUInt32LE(22) }
  const { packed, bytes } = withLongSizes(sizes, extra)
  return { name: safeName(name), method, packed: (flags & SIZES_FOLLOW) !== 0 ? null : packed, bytes }
}

function withLongSizes(
  sizes: { packed: number; bytes: number },
  extra: Buffer,
): { packed: number; bytes: number } {
  for (let at = 0; at + 4 <= extra.length; at += 4 + extra.readUInt16LE(at + 2)) {
    if (extra.readUInt16LE(at) !== LONG_FIELD || at + 20 > extra.length) continue
    return {
      bytes: sizes.bytes === LONG ? Number(extra.readBigUInt64LE(at + 4)) : sizes.bytes,
      packed: sizes.packed === LONG ? Number(extra.readBigUInt64LE(at + 12)) : sizes.packed,
    }
  }
  return sizes
}
