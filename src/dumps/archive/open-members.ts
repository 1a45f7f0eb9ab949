import { iterableSource } from '../bytes/file.ts'
import { PulledReadable } from '../bytes/pulled.ts'
import { ByteReader } from '../bytes/reader.ts'
import type { Container, Member } from '../containers/container.ts'
import type { Dump, TocEntry } from '../dump.ts'
import { corrupt } from '../failures.ts'
import type { ExpansionLimit } from '../layers/guard.ts'
import { splitEntry } from '../plain/entry.ts'
import type { TextForm } from '../text.ts'
import { type ArchiveHead, readArchiveHead } from './head.ts'
import { archiveItems } from './items.ts'
import { indexedBlocks, indexedRows, type MemberArchive, streamedBlocks } from './member-blocks.ts'
import { type DumpBody, dumpHead } from './open-custom.ts'
import { rowsOnly } from './rows.ts'
import { readToc, type Toc } from './toc.ts'

const FORMAT_CUSTOM = 1

export interface MemberArchiveFile {
  path: string
  layers: string[]
  container: Container
  prefix: string
  /** What toc.dat says, read before. */
  contents: ArchiveContents
  format: 'tar' | 'directory'
  limit: ExpansionLimit
}

export interface ArchiveContents {
  head: ArchiveHead
  toc: Toc
}

/** Reads toc.dat of a tar or directory archive. */
export async function readTocFile(member: Member, text: TextForm, grows: boolean): Promise<ArchiveContents> {
  const reader = new ByteReader(iterableSource(member.pieces()))
  try {
    const head = await readArchiveHead(reader)
    if (head.formatCode === FORMAT_CUSTOM) throw corrupt('toc.dat is that of a custom archive')
    return { head, toc: await readToc(reader, head, 'fileName', text, grows) }
  } finally {
    await reader.close()
  }
}

export function openMemberArchive(file: MemberArchiveFile): DumpBody {
  const { head, toc } = file.contents
  const archive: MemberArchive = {
    container: file.container,
    prefix: file.prefix,
    entries: toc.entries,
    limit: file.limit,
  }
  const indexed = file.container.index !== null
  return {
    path: file.path,
    fileBytes: file.container.fileBytes,
    head: dumpHead(head, toc, file.format, [...file.layers, `pgdmp_${file.format}`, 'sql']),
    toc: toc.entries,
    ...(toc.whole ? {} : { tocCut: true }),
    items: (options = {}) =>
      archiveItems(
        toc.entries,
        indexed ? indexedBlocks(archive) : streamedBlocks(archive),
        splitEntry({ ...toc, encoding: toc.textEncoding }),
        options,
      ),
    openTableData: indexed ? tableOpener(archive) : null,
    openText: null,
  }
}

function tableOpener(archive: MemberArchive): NonNullable<Dump['openTableData']> {
  return async (entry: TocEntry) => {
    const rows = rowsOnly(indexedRows(archive, entry), entry.tag)
    return new PulledReadable(async () => {
      const step = await rows.next()
      return step.done ? null : step.value
    })
  }
}
