import type { FileHandle } from 'node:fs/promises'
import { crc32 } from 'node:zlib'
import yauzl, { type Entry, type ZipFile } from 'yauzl'
import { UpliftError } from '../../errors.ts'
import { fileSource } from '../bytes/file.ts'
import { corrupt, foreign, hostile, truncated, unsupported } from '../failures.ts'
import { decompress } from '../layers/decompress.ts'
import { ExpansionGuard, type ExpansionLimit } from '../layers/guard.ts'
import { type Container, inFilestore, MAX_INDEXED, type Member } from './container.ts'
import { DuplicateNames, fingerprint, safeName } from './names.ts'
import { zipReader } from './zip-reader.ts'

const STORED = 0
const DEFLATED = 8
const MADE_BY_UNIX = 3
const FILE_TYPE = 0xf000
const REGULAR_FILE = 0x8000

/**
 * A zip on disk. Its central directory is judged whole before anything is read: encryption, links, names that lead
 * elsewhere or occur twice. The content of each file is checked against its size and CRC.
 */
export async function openZip(
  handle: FileHandle,
  fileBytes: number,
  limit: ExpansionLimit,
): Promise<Container> {
  const member = (zip: ZipFile, entry: Entry) => zipMember(zip, entry, handle, fileBytes, limit)
  const index = new Map<string, Member>()
  const names = new DuplicateNames()
  const zip = await openDirectory(handle, fileBytes)
  for await (const entry of entries(zip)) {
    const name = safeName(entry.fileName)
    names.add(name)
    if (inFilestore(name)) continue
    index.set(name, member(zip, entry))
    if (index.size > MAX_INDEXED) throw foreign('it holds too many files')
  }
  const suspects = names.suspects()
  if (suspects.size > 0) await refuseDuplicates(suspects, await openDirectory(handle, fileBytes))
  return {
    word: 'zip',
    index,
    fileBytes,
    async *members() {
      const again = await openDirectory(handle, fileBytes)
      for await (const entry of entries(again)) yield member(again, entry)
    },
    async close() {},
  }
}

async function openDirectory(handle: FileHandle, fileBytes: number): Promise<ZipFile> {
  try {
    return await yauzl.fromRandomAccessReaderPromise(zipReader(handle), fileBytes, { autoClose: false })
  } catch (thrown) {
    throw asDumpError(thrown)
  }
}

/** The files of a zip, folders left out. */
async function* entries(zip: ZipFile): AsyncGenerator<Entry, void> {
  try {
    for await (const entry of zip.eachEntry()) {
      if (entry.isEncrypted()) throw encrypted()
      refuseLinks(entry)
      if (!entry.fileName.endsWith('/')) yield entry
    }
  } catch (thrown) {
    throw asDumpError(thrown)
  }
}

function zipMember(
  zip: ZipFile,
  entry: Entry,
  handle: FileHandle,
  fileBytes: number,
  limit: ExpansionLimit,
): Member {
  const name = safeName(entry.fileName)
  return {
    name,
    bytes: entry.uncompressedSize,
    pieces: () => content(zip, entry, handle, new ExpansionGuard(fileBytes, limit)),
  }
}

async function* content(
  zip: ZipFile,
  entry: Entry,
  handle: FileHandle,
  guard: ExpansionGuard,
): AsyncGenerator<Buffer, void> {
  const name = entry.fileName
  if (entry.compressionMethod !== STORED && entry.compressionMethod !== DEFLATED)
    throw unsupported(
      `The zip packs ${name} in a way that is not read: zip it again with the usual "deflate".`,
      {
        method: entry.compressionMethod,
      },
    )
  const start = await dataStart(zip, entry)
  const source = fileSource(handle, start, start + entry.compressedSize)
  let crc = 0
  let bytes = 0
  for await (const piece of decompress(
    source.next,
    entry.compressionMethod === STORED ? 'none' : 'deflate',
    guard,
  )) {
    crc = crc32(piece, crc)
    bytes += piece.length
    if (bytes > entry.uncompressedSize) break
    yield piece
  }
  if (bytes !== entry.uncompressedSize) throw corrupt(`the size of ${name} in the zip is wrong`, { name })
  if (crc !== entry.crc32) throw corrupt(`the checksum of ${name} in the zip is wrong`, { name })
}

async function dataStart(zip: ZipFile, entry: Entry): Promise<number> {
  try {
    const { fileDataStart } = await zip.readLocalFileHeaderPromise(entry, { minimal: true })
    return fileDataStart
  } catch (thrown) {
    throw asDumpError(thrown)
  }
}

function refuseLinks(entry: Entry): void {
  if (entry.versionMadeBy >>> 8 !== MADE_BY_UNIX || entry.fileName.endsWith('/')) return
  const type = (entry.externalFileAttributes >>> 16) & FILE_TYPE
  if (type !== 0 && type !== REGULAR_FILE)
    throw hostile('it holds a link or a device', { name: entry.fileName })
}

async function refuseDuplicates(suspects: Set<number>, zip: ZipFile): Promise<void> {
  const seen = new Set<string>()
  for await (const entry of entries(zip)) {
    const name = safeName(entry.fileName)
    if (!suspects.has(fingerprint(name))) continue
    const folded = name.toLowerCase()
    if (seen.has(folded)) throw hostile('a file name occurs twice', { name })
    seen.add(folded)
  }
}

function encrypted(): UpliftError {
  return new UpliftError('DUMP:ENCRYPTED', 'The zip is encrypted: send it without a password.')
}

/** yauzl tells its errors apart by their text only. */
function asDumpError(thrown: unknown): unknown {
  if (thrown instanceof UpliftError || !(thrown instanceof Error)) return thrown
  if (/absolute path|invalid relative path|invalid characters/.test(thrown.message))
    return hostile('a file name leads outside', { reason: thrown.message })
  if (/encrypt/.test(thrown.message)) return encrypted()
  if (/multi-disk/.test(thrown.message))
    return unsupported('The zip is one part of several: join its parts before.', { reason: thrown.message })
  if (
    /End of central directory|unexpected EOF|overflows file bounds|Invalid comment length/i.test(
      thrown.message,
    )
  )
    return truncated('the directory at the end of the zip is missing or not whole', {}, thrown)
  if ('code' in thrown) return thrown
  return corrupt('the directory of the zip cannot be read', { reason: thrown.message }, thrown)
}
