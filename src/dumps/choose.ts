import type { Container, Member } from './containers/container.ts'
import { inFilestore } from './containers/container.ts'
import { corrupt, foreign, truncated, unsupported } from './failures.ts'

/** Which of a container's files is the dump. */
export interface Choice {
  kind: 'archive' | 'file'
  /** toc.dat of an archive, or the dump itself. */
  member: Member
  /** Folder of the dump, "" or ending in "/". */
  prefix: string
  manifest: Readonly<Record<string, unknown>> | null
  /** Whether toc.dat is the first file, as in a tar that pg_dump wrote. */
  first: boolean
}

const MAX_MANIFEST_BYTES = 16 * 1024 * 1024

/** Files that stand beside a dump and are none. */
function isBeside(name: string): boolean {
  const base = baseName(name)
  return (
    base.startsWith('.') ||
    name.startsWith('__MACOSX/') ||
    /\.(txt|md|json|log|html?|pdf|png|sha256|md5)$/i.test(base)
  )
}

/** A file by whose name a directory archive is known before its toc.dat comes by. */
function isArchiveData(name: string): boolean {
  return /^(\d+\.dat|blob_\d+\.dat|blobs(_\d+)?\.toc)(\.gz|\.lz4|\.zst)?$/.test(baseName(name))
}

/** Finds the dump in a container; `use` is called while its file can be read. */
export async function withDump<T>(container: Container, use: (choice: Choice) => Promise<T>): Promise<T> {
  if (container.index !== null) {
    const chosen = chooseByName([...container.index.keys()])
    const prefix = folderOf(chosen.name)
    return use({
      kind: chosen.kind,
      member: container.index.get(chosen.name)!,
      prefix,
      manifest: await readManifest(container.index.get(`${prefix}manifest.json`)),
      first: container.index.keys().next().value === chosen.name,
    })
  }
  let manifest: Choice['manifest'] = null
  let first = true
  let archiveData = false
  for await (const member of container.members()) {
    const { name } = member
    if (baseName(name) === 'manifest.json') manifest = await readManifest(member)
    const kind = baseName(name) === 'toc.dat' ? 'archive' : 'file'
    if (kind === 'archive' || !(inFilestore(name) || isBeside(name) || isArchiveData(name)))
      // Awaited here: leaving the loop ends the pass that the member is read from.
      return await use({ kind, member, prefix: folderOf(name), manifest, first })
    if (isArchiveData(name)) archiveData = true
    first = false
  }
  if (archiveData) throw withoutContents()
  throw foreign('there is no dump among its files')
}

function chooseByName(names: string[]): { kind: Choice['kind']; name: string } {
  const tocs = names.filter((name) => baseName(name) === 'toc.dat')
  if (tocs.length > 1) throw several(tocs)
  if (tocs.length === 1) return { kind: 'archive', name: tocs[0]! }
  if (names.some(isArchiveData)) throw withoutContents()
  const files = names.filter((name) => !isBeside(name))
  for (const preferred of [
    files.filter((name) => baseName(name) === 'dump.sql'),
    files.filter((name) => /\.(sql|dump|backup|pgdump|bak|gz|xz|bz2|zst|lz4|tar|zip)$/i.test(name)),
    files,
  ]) {
    if (preferred.length === 1) return { kind: 'file', name: preferred[0]! }
    if (preferred.length > 1) throw several(preferred)
  }
  throw foreign('there is no dump among its files', { files: names.slice(0, 20) })
}

function withoutContents() {
  return truncated('toc.dat is missing, the table of contents of the archive')
}

function several(names: string[]) {
  return unsupported('The file holds several dumps: send each on its own.', { files: names.slice(0, 20) })
}

function baseName(name: string): string {
  return name.slice(name.lastIndexOf('/') + 1)
}

function folderOf(name: string): string {
  return name.slice(0, name.lastIndexOf('/') + 1)
}

async function readManifest(member: Member | undefined): Promise<Choice['manifest']> {
  if (member === undefined) return null
  const held: Buffer[] = []
  let bytes = 0
  for await (const piece of member.pieces()) {
    bytes += piece.length
    if (bytes > MAX_MANIFEST_BYTES) throw corrupt('manifest.json is longer than any honest one')
    held.push(piece)
  }
  try {
    const parsed: unknown = JSON.parse(Buffer.concat(held).toString('utf8'))
    if (typeof parsed === 'object' && parsed !== null && !Array.isArray(parsed)) return { ...parsed }
  } catch (cause) {
    throw corrupt('manifest.json cannot be read', {}, cause)
  }
  throw corrupt('manifest.json cannot be read')
}
