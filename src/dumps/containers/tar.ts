import type { FileHandle } from 'node:fs/promises'
import { type ByteSource, fileSource } from '../bytes/file.ts'
import { ByteReader } from '../bytes/reader.ts'
import { foreign, hostile, truncated } from '../failures.ts'
import { type Container, inFilestore, MAX_INDEXED, type Member } from './container.ts'
import { DuplicateNames, fingerprint } from './names.ts'
import { readTarHeader, TAR_BLOCK, type TarHeader } from './tar-header.ts'

/** A tar on disk: its files are found once by their headers and can then be read in any order. */
export async function openTarFile(handle: FileHandle, fileBytes: number): Promise<Container> {
  const index = new Map<string, Member>()
  const names = new DuplicateNames()
  for await (const { header, at } of headers(handle)) {
    names.add(header.name)
    if (inFilestore(header.name)) continue
    index.set(header.name, fileMember(handle, header, at))
    if (index.size > MAX_INDEXED) throw foreign('it holds too many files')
  }
  await refuseDuplicates(names.suspects(), handle)
  return {
    word: 'tar',
    index,
    fileBytes,
    async *members() {
      for await (const { header, at } of headers(handle)) yield fileMember(handle, header, at)
    },
    async close() {},
  }
}

/** A tar that arrives as a stream: one pass, each file read before the next. */
export function openTarStream(open: () => ByteSource, fileBytes: number): Container {
  return { word: 'tar', index: null, fileBytes, members: () => streamMembers(open), async close() {} }
}

async function* streamMembers(open: () => ByteSource): AsyncGenerator<Member, void> {
  const reader = new ByteReader(open())
  try {
    for (;;) {
      const header = await readTarHeader(reader)
      if (header === null) return
      const body = new Body(reader, header)
      if (header.isFile) yield { name: header.name, bytes: header.bytes, pieces: () => body.pieces() }
      await body.leave()
    }
  } finally {
    await reader.close()
  }
}

async function* headers(handle: FileHandle): AsyncGenerator<{ header: TarHeader; at: number }, void> {
  const { size } = await handle.stat()
  const reader = new ByteReader(fileSource(handle))
  for (;;) {
    const header = await readTarHeader(reader)
    if (header === null) return
    const at = reader.position
    const next = at + Math.ceil(header.bytes / TAR_BLOCK) * TAR_BLOCK
    if (at + header.bytes > size)
      throw truncated(`it ends within the file ${header.name}`, { name: header.name })
    if (header.isFile) yield { header, at }
    reader.seek(next)
  }
}

function fileMember(handle: FileHandle, header: TarHeader, at: number): Member {
  return {
    name: header.name,
    bytes: header.bytes,
    async *pieces() {
      const source = fileSource(handle, at, at + header.bytes)
      let left = header.bytes
      for (;;) {
        const piece = await source.next()
        if (piece === null) break
        left -= piece.length
        yield piece
      }
      if (left > 0) throw truncated(`it ends within the file ${header.name}`, { name: header.name })
    },
  }
}

/** The content of one file of a stream. */
class Body {
  readonly #reader: ByteReader
  readonly #name: string
  #left: number
  readonly #padding: number

  constructor(reader: ByteReader, header: TarHeader) {
    this.#reader = reader
    this.#name = header.name
    this.#left = header.bytes
    this.#padding = Math.ceil(header.bytes / TAR_BLOCK) * TAR_BLOCK - header.bytes
  }

  async *pieces(): AsyncGenerator<Buffer, void> {
    while (this.#left > 0) {
      const piece = await this.#reader.some(this.#left)
      if (piece === null) throw truncated(`it ends within the file ${this.#name}`, { name: this.#name })
      this.#left -= piece.length
      yield piece
    }
  }

  async leave(): Promise<void> {
    await this.#reader.skip(this.#left + this.#padding, `the file ${this.#name}`)
    this.#left = 0
  }
}

async function refuseDuplicates(suspects: Set<number>, handle: FileHandle): Promise<void> {
  if (suspects.size === 0) return
  const seen = new Set<string>()
  for await (const { header } of headers(handle)) {
    if (!suspects.has(fingerprint(header.name))) continue
    const folded = header.name.toLowerCase()
    if (seen.has(folded)) throw hostile('a file name occurs twice', { name: header.name })
    seen.add(folded)
  }
}
