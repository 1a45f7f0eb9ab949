import type { FileHandle } from 'node:fs/promises'
import { type ByteSource, fileSource } from '../bytes/file.ts'
import { PulledReadable } from '../bytes/pulled.ts'
import { ByteReader } from '../bytes/reader.ts'
import type { Dump, DumpHead, TocEntry } from '../dump.ts'
import { corrupt, truncated, unsupported } from '../failures.ts'
import { ExpansionGuard, type ExpansionLimit } from '../layers/guard.ts'
import { splitEntry } from '../plain/entry.ts'
import type { TextForm } from '../text.ts'
import { customBlocks, customRows } from './custom.ts'
import { type ArchiveHead, readArchiveHead } from './head.ts'
import { archiveItems } from './items.ts'
import { rowsOnly } from './rows.ts'
import { findBlocks } from './scan.ts'
import { readToc, type Toc } from './toc.ts'

const FORMAT_CUSTOM = 1

/** How a custom archive is reached. */
export interface CustomArchiveFile {
  path: string
  layers: string[]
  /** The archive from its first byte; several may be open at once. */
  open(): ByteSource
  /** The bare file, where the archive is one. */
  handle: FileHandle | null
  /** Size on disk of the file that holds it. */
  fileBytes: number
  limit: ExpansionLimit
  text: TextForm
  /** Whether the file still grows. */
  grows: boolean
}

export type DumpBody = Omit<Dump, 'close' | 'filestore'>

/** Reads head and table of contents; the data is read when it is asked for. */
export async function openCustomArchive(file: CustomArchiveFile): Promise<DumpBody> {
  const reader = new ByteReader(file.open())
  try {
    const head = await readArchiveHead(reader)
    if (head.formatCode !== FORMAT_CUSTOM)
      throw unsupported(
        'The file is the table of contents (toc.dat) of a tar or directory archive: send the whole archive, packed as tar or zip.',
      )
    const toc = await readToc(reader, head, 'offset', file.text, file.grows)
    const dataStart = reader.position
    if (file.handle !== null) checkOffsets(toc.entries, dataStart, file.fileBytes)
    return {
      path: file.path,
      fileBytes: file.fileBytes,
      head: dumpHead(head, toc, 'custom', [...file.layers, 'pgdmp_custom', 'sql']),
      toc: toc.entries,
      ...(toc.whole ? {} : { tocCut: true }),
      items: (options = {}) => items(file, head, toc, dataStart, options),
      openTableData:
        file.handle === null || !toc.whole ? null : tableOpener(file, file.handle, head, dataStart),
      openText: null,
    }
  } finally {
    await reader.close()
  }
}

async function* items(
  file: CustomArchiveFile,
  head: ArchiveHead,
  toc: Toc,
  dataStart: number,
  options: Parameters<Dump['items']>[0] & {},
) {
  const reader = new ByteReader(file.open())
  try {
    if (reader.seekable) reader.seek(dataStart)
    else await reader.skip(dataStart, 'the table of contents')
    const guard = new ExpansionGuard(file.fileBytes, file.limit)
    const split = splitEntry({ ...toc, encoding: toc.textEncoding })
    yield* archiveItems(toc.entries, customBlocks(reader, head, guard), split, options)
  } finally {
    await reader.close()
  }
}

function tableOpener(file: CustomArchiveFile, handle: FileHandle, head: ArchiveHead, dataStart: number) {
  let scanned: Promise<Map<number, number>> | null = null
  return async (entry: TocEntry) => {
    if (!entry.hadDumper) throw new TypeError(`${entry.description} ${entry.tag} has no data`)
    // An archive that was written to a pipe does not say where its blocks are: one pass over the file finds them.
    if (entry.dataOffset === null) scanned ??= findBlocks(fileSource(handle), head, dataStart)
    const offset = entry.dataOffset === null ? (await scanned)?.get(entry.dumpId) : Number(entry.dataOffset)
    if (offset === undefined) throw corrupt(`the data of ${entry.tag} is missing`, { dumpId: entry.dumpId })
    const reader = new ByteReader(fileSource(handle, offset))
    const guard = new ExpansionGuard(file.fileBytes, file.limit)
    const rows = rowsOnly(customRows(reader, head, entry.dumpId, guard), entry.tag)
    return new PulledReadable(async () => {
      const step = await rows.next()
      return step.done ? null : step.value
    })
  }
}

function checkOffsets(entries: readonly TocEntry[], dataStart: number, fileBytes: number): void {
  for (const entry of entries) {
    if (entry.dataOffset === null) continue
    if (entry.dataOffset < BigInt(dataStart))
      throw corrupt('the table of contents points to the wrong place', { dumpId: entry.dumpId })
    if (entry.dataOffset >= BigInt(fileBytes))
      throw truncated(`the data of ${entry.description} ${entry.tag} lies beyond its end`, {
        dumpId: entry.dumpId,
      })
  }
}

/** What an archive's head and table of contents say, in the words of every dump. */
export function dumpHead(
  head: ArchiveHead,
  toc: Toc,
  format: DumpHead['format'],
  layers: string[],
): DumpHead {
  return {
    layers,
    format,
    archiveVersion: `1.${head.minor}`,
    serverVersion: head.serverVersion,
    pgDumpVersion: head.pgDumpVersion,
    databaseName: head.databaseName,
    createdAt: head.createdAt,
    encoding: toc.encoding,
    standardConformingStrings: toc.standardConformingStrings,
    compression: head.compression,
    manifest: null,
  }
}
