import type { ByteReader } from '../bytes/reader.ts'
import { corrupt, hostile, truncated } from '../failures.ts'
import { safeName } from './names.ts'

export const TAR_BLOCK = 512

/** Names and extended headers beyond this are no honest ones. */
const MAX_EXTRA = 1024 * 1024

export interface TarHeader {
  name: string
  bytes: number
  isFile: boolean
}

/** Whether 512 bytes are the header of a tar: POSIX and GNU write "ustar", the oldest only the checksum. */
export function isTarHeader(block: Buffer): boolean {
  return block.length >= TAR_BLOCK && block[0] !== 0 && checksumHolds(block)
}

/** The next header of a tar with its long name taken in; null at the end. Links and devices are refused. */
export async function readTarHeader(reader: ByteReader): Promise<TarHeader | null> {
  let longName: string | null = null
  let longSize: number | null = null
  for (;;) {
    const block = await reader.bytes(TAR_BLOCK, 'the tar: its end is missing')
    if (block.every((byte) => byte === 0)) {
      if (longName !== null) throw corrupt('a long name of the tar belongs to no file')
      return null
    }
    if (!checksumHolds(block)) throw corrupt('a header of the tar has a wrong checksum')
    const type = String.fromCharCode(block[156]!)
    const bytes = number(block, 124, 12)
    switch (type) {
      case 'L':
        longName = text(await extra(reader, bytes), 0, bytes)
        continue
      case 'x': {
        const records = paxRecords(await extra(reader, bytes))
        longName = records.get('path') ?? longName
        if (records.has('size')) longSize = Number(records.get('size'))
        continue
      }
      case 'g':
      case 'K':
        await extra(reader, bytes)
        continue
      case '5':
        return { name: safeFolder(longName ?? headerName(block)), bytes: 0, isFile: false }
      case '0':
      case '\0':
      case '7': {
        const size = longSize ?? bytes
        if (!Number.isSafeInteger(size) || size < 0) throw corrupt('a file of the tar has an impossible size')
        return { name: safeName(longName ?? headerName(block)), bytes: size, isFile: true }
      }
      default:
        throw hostile('it holds a link or a device', { name: longName ?? headerName(block), type })
    }
  }
}

/** The folder "./" that tar writes for the place it was called in has no name of its own. */
function safeFolder(name: string): string {
  return /^(\.\/?)+$/.test(name) ? '.' : safeName(name)
}

async function extra(reader: ByteReader, bytes: number): Promise<Buffer> {
  if (bytes > MAX_EXTRA) throw corrupt('a header of the tar is longer than any honest one')
  const padded = await reader.bytes(Math.ceil(bytes / TAR_BLOCK) * TAR_BLOCK, 'a header of the tar')
  return padded.subarray(0, bytes)
}

function headerName(block: Buffer): string {
  const name = text(block, 0, 100)
  // GNU's own variant ("ustar" and a blank) keeps times where POSIX has the front of a long name.
  const prefix = block.toString('latin1', 257, 263) === 'ustar\0' ? text(block, 345, 155) : ''
  return prefix === '' ? name : `${prefix}/${name}`
}

function text(block: Buffer, at: number, length: number): string {
  const field = block.subarray(at, at + length)
  const end = field.indexOf(0)
  return field.toString('utf8', 0, end === -1 ? field.length : end)
}

/** Octal digits, or a binary number when the first bit is set (files of 8 GB and more). */
function number(block: Buffer, at: number, length: number): number {
  const field = block.subarray(at, at + length)
  if (field[0]! >= 0x80) {
    let value = BigInt(field[0]! & 0x7f)
    for (let i = 1; i < length; i++) value = value * 256n + BigInt(field[i]!)
    if (value > BigInt(Number.MAX_SAFE_INTEGER)) throw corrupt('a file of the tar has an impossible size')
    return Number(value)
  }
  const digits = field
    .toString('latin1')
    .replace(/[\0 ]+$/, '')
    .trimStart()
  if (!/^[0-7]*$/.test(digits)) throw corrupt('a header of the tar holds a number that is none')
  return digits === '' ? 0 : Number.parseInt(digits, 8)
}

/** The sum of all bytes, with the checksum's own eight taken as blanks; some old programs added signed bytes. */
function checksumHolds(block: Buffer): boolean {
  const digits = block
    .toString('latin1', 148, 156)
    .replace(/[\0 ]+$/, '')
    .trimStart()
  if (!/^[0-7]+$/.test(digits)) return false
  let unsigned = 0
  let signed = 0
  for (let i = 0; i < TAR_BLOCK; i++) {
    const byte = i >= 148 && i < 156 ? 0x20 : block[i]!
    unsigned += byte
    signed += byte < 0x80 ? byte : byte - 256
  }
  const expected = Number.parseInt(digits, 8)
  return expected === unsigned || expected === signed
}

/** Records "27 path=a/b\n" of an extended header. */
function paxRecords(bytes: Buffer): Map<string, string> {
  const records = new Map<string, string>()
  let at = 0
  while (at < bytes.length) {
    const blank = bytes.indexOf(0x20, at)
    const length = blank === -1 ? Number.NaN : Number(bytes.toString('latin1', at, blank))
    if (!Number.isInteger(length) || length <= blank - at || at + length > bytes.length)
      throw truncated('an extended header of the tar is not whole')
    const record = bytes.toString('utf8', blank + 1, at + length - 1)
    const equals = record.indexOf('=')
    if (equals > 0) records.set(record.slice(0, equals), record.slice(equals + 1))
    at += length
  }
  return records
}
