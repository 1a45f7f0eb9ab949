import { constants } from 'node:fs'
import { type FileHandle, mkdtemp, open, rm, stat } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { isSystemError, UpliftError } from '../errors.ts'
import { type DumpBody, openCustomArchive } from './archive/open-custom.ts'
import { openMemberArchive, readTocFile } from './archive/open-members.ts'
import { type ByteSource, fileSource, iterableSource, pieces } from './bytes/file.ts'
import { ByteReader } from './bytes/reader.ts'
import { withDump } from './choose.ts'
import type { Container } from './containers/container.ts'
import { openFolder } from './containers/folder.ts'
import { openTarFile, openTarStream } from './containers/tar.ts'
import { openZip } from './containers/zip.ts'
import { openZipStart } from './containers/zip-start.ts'
import { detect, HEAD_BYTES } from './detect.ts'
import type { Dump } from './dump.ts'
import { foreign, hostile } from './failures.ts'
import { filestoreFiles } from './filestore.ts'
import { decompress } from './layers/decompress.ts'
import { EXPANSION_LIMIT, ExpansionGuard, type ExpansionLimit } from './layers/guard.ts'
import { checkPlainText, readPlainHead } from './plain/head.ts'
import { splitSql } from './plain/items.ts'
import type { TextForm } from './text.ts'

export interface OpenOptions {
  /** How far the file may unpack; the default suits every honest dump. */
  limit?: ExpansionLimit
  /** Folder for a zip that lies inside another layer and has to be unpacked to be read; default: the system's. */
  scratch?: string
  /**
   * How the text of an archive becomes strings: decoded as its encoding says, or one character for each byte, for whoever
   * gives it back as it is. Default: decoded.
   */
  text?: TextForm
  /**
   * Bytes that a file will have which still grows: its head is read as far as it is there, whatever may be missing behind it.
   * A zip is then read without the directory at its end.
   */
  wholeBytes?: number
}

/** Layers of one file; each may unpack a thousandfold, and no honest dump has more. */
const MAX_LAYERS = 5

/** Where bytes are, at some layer of the file. */
interface Place {
  path: string
  layers: string[]
  /** The bytes from the start, as often as wanted. */
  open(): ByteSource
  /** The file itself, where the bytes lie in it as they are. */
  handle: FileHandle | null
  fileBytes: number
  options: { limit: ExpansionLimit; scratch: string; text: TextForm; wholeBytes: number | null }
  /** Called in turn when the dump is closed. */
  closers: (() => Promise<void>)[]
}

type Opened = DumpBody & Pick<Dump, 'filestore'>

/**
 * Opens a dump in any form: an archive or plain SQL, bare or in gzip, xz, bzip2, zstd, lz4, tar or zip, also one in
 * the other; or the folder of a directory archive or of an unpacked backup. Reads what the head says and no data.
 * @throws UpliftError DUMP:*; an UpliftError comes too from reading its items, when they turn out to be damaged
 */
export async function openDump(path: string, options: OpenOptions = {}): Promise<Dump> {
  const closers: (() => Promise<void>)[] = []
  const close = async () => {
    for (const closer of closers.splice(0).reverse()) await closer()
  }
  const settings = {
    limit: options.limit ?? EXPANSION_LIMIT,
    scratch: options.scratch ?? tmpdir(),
    text: options.text ?? 'decoded',
    wholeBytes: options.wholeBytes ?? null,
  }
  try {
    const opened = await openPath(path, settings, closers)
    return { ...opened, close }
  } catch (thrown) {
    await close()
    throw thrown
  }
}

async function openPath(path: string, options: Place['options'], closers: Place['closers']): Promise<Opened> {
  const facts = await stat(path).catch((cause: unknown) => {
    if (isSystemError(cause, 'ENOENT') || isSystemError(cause, 'ENOTDIR'))
      throw new UpliftError('DUMP:MISSING', `There is no file ${path}.`, { cause })
    throw cause
  })
  if (facts.isDirectory()) {
    const container = await openFolder(path)
    const place = {
      path,
      layers: [],
      open: noBytes,
      handle: null,
      fileBytes: container.fileBytes,
      options,
      closers,
    }
    return openContainer(place, container)
  }
  if (!facts.isFile()) throw foreign('it is a device and no file')
  if (facts.size === 0) throw new UpliftError('DUMP:EMPTY', `The file ${path} is empty: make the dump again.`)
  const handle = await open(path, constants.O_RDONLY | constants.O_NONBLOCK)
  closers.push(() => handle.close())
  return openPlace({
    path,
    layers: [],
    open: () => fileSource(handle),
    handle,
    fileBytes: options.wholeBytes ?? facts.size,
    options,
    closers,
  })
}

async function openPlace(place: Place): Promise<Opened> {
  const first = await readFirst(place)
  if (first.length === 0)
    throw new UpliftError('DUMP:EMPTY', 'The dump inside the file is empty: make it again.')
  const found = detect(first)
  const { limit, wholeBytes } = place.options
  const grows = wholeBytes !== null
  switch (found.kind) {
    case 'custom':
      return withoutFilestore(await openCustomArchive({ ...place, limit, text: place.options.text, grows }))
    case 'text':
      return withoutFilestore(openPlain(place, first))
    case 'compressed': {
      const open = () => {
        const inner = place.open()
        const guard = new ExpansionGuard(place.fileBytes, limit)
        return iterableSource(closing(decompress(inner.next, found.compression, guard), inner))
      }
      return openPlace({ ...place, layers: deeper(place, found.compression), open, handle: null })
    }
    case 'tar': {
      const container =
        place.handle !== null && !grows
          ? await openTarFile(place.handle, place.fileBytes)
          : openTarStream(place.open, place.fileBytes)
      return openContainer(place, container)
    }
    case 'zip': {
      if (grows) return openContainer(place, openZipStart(place.open, place.fileBytes, limit))
      const handle = place.handle ?? (await unpackToScratch(place))
      return openContainer(place, await openZip(handle, (await handle.stat()).size, limit))
    }
  }
}

async function readFirst(place: Place): Promise<Buffer> {
  const reader = new ByteReader(place.open())
  try {
    await reader.fill(HEAD_BYTES)
    return Buffer.from(reader.buffered.subarray(0, HEAD_BYTES))
  } finally {
    await reader.close()
  }
}

function openPlain(place: Place, first: Buffer): DumpBody {
  checkPlainText(first)
  const head = readPlainHead(first, place.layers)
  return {
    path: place.path,
    fileBytes: place.fileBytes,
    head,
    toc: null,
    items: (options = {}) =>
      splitSql(place.open(), {
        ...options,
        encoding: head.encoding,
        standardConformingStrings: head.standardConformingStrings,
        entry: null,
      }),
    openTableData: null,
    openText: () => pieces(place.open()),
  }
}

async function openContainer(place: Place, container: Container): Promise<Opened> {
  place.closers.push(() => container.close())
  const { path } = place
  const { limit } = place.options
  return withDump(container, async ({ kind, member, prefix, manifest, first }) => {
    const filestore = () => filestoreFiles(container, prefix)
    if (kind === 'archive') {
      const contents = await readTocFile(member, place.options.text, place.options.wholeBytes !== null)
      const isTar = container.word === 'tar' && prefix === '' && first
      const wrapped = isTar || (container.word === 'directory' && prefix === '')
      const layers = wrapped ? place.layers : deeper(place, container.word)
      const format = isTar ? 'tar' : 'directory'
      const body = openMemberArchive({ path, layers, container, prefix, contents, format, limit })
      return { ...body, head: { ...body.head, manifest }, filestore }
    }
    const inner = await openPlace({
      ...place,
      layers: deeper(place, container.word),
      open: () => iterableSource(memberBytes(container, member.name)),
      handle: null,
    })
    return { ...inner, head: { ...inner.head, manifest: manifest ?? inner.head.manifest }, filestore }
  })
}

/** The bytes of one file of a container; in a container of one pass, by a pass of its own. */
async function* memberBytes(container: Container, name: string): AsyncGenerator<Buffer, void> {
  const indexed = container.index?.get(name)
  if (indexed !== undefined) return yield* indexed.pieces()
  for await (const member of container.members())
    if (member.name === name) {
      yield* member.pieces()
      return
    }
}

/** A zip is read from its end, so one that is wrapped again has to lie on disk; it is removed when the dump is closed. */
async function unpackToScratch(place: Place): Promise<FileHandle> {
  const folder = await mkdtemp(join(place.options.scratch, 'uplift-zip-'))
  place.closers.push(() => rm(folder, { recursive: true, force: true }))
  const handle = await open(join(folder, 'inner.zip'), 'wx+', 0o600)
  place.closers.push(() => handle.close())
  const source = place.open()
  try {
    for (let piece = await source.next(); piece !== null; piece = await source.next())
      await handle.write(piece)
  } finally {
    await source.close()
  }
  return handle
}

function deeper(place: Place, word: string): string[] {
  if (place.layers.length >= MAX_LAYERS) throw hostile(`it is wrapped more than ${MAX_LAYERS} times`)
  return [...place.layers, word]
}

function withoutFilestore(body: DumpBody): Opened {
  return { ...body, async *filestore() {} }
}

async function* closing(
  pieces: AsyncGenerator<Buffer, void>,
  inner: ByteSource,
): AsyncGenerator<Buffer, void> {
  try {
    yield* pieces
  } finally {
    await inner.close()
  }
}

function noBytes(): ByteSource {
  throw new Error('a folder has no bytes of its own')
}
