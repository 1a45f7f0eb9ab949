import type { Container, Member } from '../containers/container.ts'
import type { TocEntry } from '../dump.ts'
import { corrupt, truncated } from '../failures.ts'
import { decompress } from '../layers/decompress.ts'
import { ExpansionGuard, type ExpansionLimit } from '../layers/guard.ts'
import { type DataBlock, payload } from './blocks.ts'
import {
  candidates,
  type DataFile,
  holdsLargeObjects,
  largeObjectOid,
  listNames,
  parseLargeObjectList,
  withoutSuffix,
} from './data-files.ts'

/** An archive whose data are files of a container: a directory archive or a tar, whatever it is wrapped in. */
export interface MemberArchive {
  container: Container
  /** Folder of toc.dat in the container, "" or ending in "/". */
  prefix: string
  entries: readonly TocEntry[]
  limit: ExpansionLimit
}

/** The list of an entry's large objects stays below this: 30 bytes for each of a million. */
const MAX_LIST_BYTES = 64 * 1024 * 1024

/** The data of all entries in the order of the table of contents, each file found by its name. */
export async function* indexedBlocks(archive: MemberArchive): AsyncGenerator<DataBlock, void> {
  const guard = new ExpansionGuard(archive.container.fileBytes, archive.limit)
  const listed = new Set<string>()
  for (const entry of archive.entries) {
    if (!entry.hadDumper) continue
    const file = findFile(archive, holdsLargeObjects(entry) ? listNames(entry) : [dataFileName(entry)])
    if (!holdsLargeObjects(entry)) {
      const rows = payload(
        () => memberPieces(file, guard),
        async () => {},
      )
      yield { kind: 'rows', dumpId: entry.dumpId, payload: rows }
      await rows.leave()
      continue
    }
    for (const object of await readList(memberPieces(file, guard))) {
      listed.add(object.oid)
      const found = findFile(archive, [object.fileName])
      const bytes = payload(
        () => memberPieces(found, guard),
        async () => {},
      )
      yield { kind: 'largeObject', dumpId: entry.dumpId, oid: object.oid, payload: bytes }
      await bytes.leave()
    }
    yield { kind: 'end', dumpId: entry.dumpId }
  }
  for (const name of archive.container.index?.keys() ?? []) {
    const oid = name.startsWith(archive.prefix)
      ? largeObjectOid(withoutSuffix(name.slice(archive.prefix.length)).plain)
      : null
    if (oid !== null) refuseUnlisted(oid, listed)
  }
}

/** A list that was cut off at the end of a line looks whole; the files that it no longer names give it away. */
function refuseUnlisted(oid: string, listed: Set<string>): void {
  if (!listed.has(oid)) throw truncated(`no list names large object ${oid}`, { oid })
}

/** The rows of one entry, in any order and several at once. */
export function indexedRows(archive: MemberArchive, entry: TocEntry): AsyncGenerator<Buffer, void> {
  return memberPieces(
    findFile(archive, [dataFileName(entry)]),
    new ExpansionGuard(archive.container.fileBytes, archive.limit),
  )
}

/** The data in the order in which the files come by, for a container that is read in one pass. */
export async function* streamedBlocks(archive: MemberArchive): AsyncGenerator<DataBlock, void> {
  const guard = new ExpansionGuard(archive.container.fileBytes, archive.limit)
  const byFile = new Map(archive.entries.filter((entry) => entry.hadDumper).flatMap(withFileNames))
  const objects = archive.entries.find(holdsLargeObjects)
  const listed = new Set<string>()
  const seen = new Set<string>()
  const ended: number[] = []
  for await (const member of archive.container.members()) {
    if (!member.name.startsWith(archive.prefix)) continue
    const { plain, compression } = withoutSuffix(member.name.slice(archive.prefix.length))
    const found: FoundFile = { member, compression }
    const oid = largeObjectOid(plain)
    const entry = byFile.get(plain)
    if (oid !== null && objects !== undefined) {
      const bytes = payload(
        () => memberPieces(found, guard),
        async () => {},
      )
      seen.add(oid)
      yield { kind: 'largeObject', dumpId: objects.dumpId, oid, payload: bytes }
      await bytes.leave()
    } else if (entry !== undefined && holdsLargeObjects(entry)) {
      for (const object of await readList(memberPieces(found, guard))) listed.add(object.oid)
      ended.push(entry.dumpId)
    } else if (entry !== undefined) {
      const rows = payload(
        () => memberPieces(found, guard),
        async () => {},
      )
      yield { kind: 'rows', dumpId: entry.dumpId, payload: rows }
      await rows.leave()
    }
  }
  for (const oid of seen) refuseUnlisted(oid, listed)
  for (const oid of listed) if (!seen.has(oid)) throw truncated(`large object ${oid} is missing`, { oid })
  for (const dumpId of ended) yield { kind: 'end', dumpId }
}

function withFileNames(entry: TocEntry): [string, TocEntry][] {
  const names = holdsLargeObjects(entry) ? listNames(entry) : [dataFileName(entry)]
  return names.map((name) => [name, entry])
}

interface FoundFile {
  member: Member
  compression: DataFile['compression']
}

function dataFileName(entry: TocEntry): string {
  if (entry.fileName === null) throw corrupt(`the data of ${entry.tag} has no file`, { dumpId: entry.dumpId })
  return entry.fileName
}

function findFile(archive: MemberArchive, fileNames: string[]): FoundFile {
  for (const { name, compression } of fileNames.flatMap((fileName) => candidates(archive.prefix, fileName))) {
    const member = archive.container.index?.get(name)
    if (member !== undefined) return { member, compression }
  }
  throw truncated(`the file ${fileNames[0]} is missing`, { fileNames })
}

async function* memberPieces(found: FoundFile, guard: ExpansionGuard): AsyncGenerator<Buffer, void> {
  const pieces = found.member.pieces()
  try {
    yield* decompress(
      async () => {
        const step = await pieces.next()
        return step.done ? null : step.value
      },
      found.compression,
      guard,
    )
    // The container's own check of size and checksum stands behind the last piece.
    while (!(await pieces.next()).done);
  } finally {
    await pieces.return()
  }
}

async function readList(pieces: AsyncGenerator<Buffer, void>) {
  const held: Buffer[] = []
  let bytes = 0
  for await (const piece of pieces) {
    bytes += piece.length
    if (bytes > MAX_LIST_BYTES) throw corrupt('the list of large objects is longer than any honest one')
    held.push(piece)
  }
  return parseLargeObjectList(Buffer.concat(held).toString('latin1'))
}
