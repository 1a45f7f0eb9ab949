import { constants } from 'node:fs'
import { type FileHandle, lstat, open, opendir, readdir } from 'node:fs/promises'
import { join } from 'node:path'
import { isSystemError } from '../../errors.ts'
import { fileSource } from '../bytes/file.ts'
import { foreign, hostile, truncated } from '../failures.ts'
import { type Container, inFilestore, MAX_INDEXED, type Member } from './container.ts'
import { safeName } from './names.ts'

/** A folder on disk: a directory archive, or an unpacked backup. Links in it are refused, never followed. */
export async function openFolder(path: string): Promise<Container> {
  const index = new Map<string, Member>()
  let fileBytes = 0
  for await (const member of walk(path, '', false)) {
    fileBytes += member.bytes
    index.set(member.name, member)
    if (index.size > MAX_INDEXED) throw foreign('it holds too many files')
  }
  return { word: 'directory', index, fileBytes, members: () => walk(path, '', true), async close() {} }
}

/** The files of a dump lie at the top or one folder below; those of a filestore some folders deeper. */
const MAX_DEPTH = 8

async function* walk(
  root: string,
  folder: string,
  filestore: boolean,
  depth = 0,
): AsyncGenerator<Member, void> {
  if (depth > MAX_DEPTH) throw foreign('its folders are nested too deeply')
  const inStore = inFilestore(`${folder}/`)
  if (inStore && !filestore) return
  // A folder of a filestore is read as it comes; elsewhere the order is that of the names.
  const entries = inStore
    ? await opendir(join(root, folder))
    : (await readdir(join(root, folder), { withFileTypes: true })).sort((a, b) => (a.name < b.name ? -1 : 1))
  for await (const entry of entries) {
    const name = safeName(folder === '' ? entry.name : `${folder}/${entry.name}`)
    if (entry.isDirectory()) yield* walk(root, name, filestore, depth + 1)
    else if (entry.isFile()) yield await fileMember(root, name)
    else throw hostile('it holds a link or a device', { name })
  }
}

async function fileMember(root: string, name: string): Promise<Member> {
  const { size } = await lstat(join(root, name))
  return {
    name,
    bytes: size,
    async *pieces() {
      const file = await openRegular(join(root, name), name)
      try {
        const source = fileSource(file)
        for (let piece = await source.next(); piece !== null; piece = await source.next()) yield piece
      } finally {
        await file.close()
      }
    },
  }
}

/** Opens a regular file and nothing else: no link, and no pipe that would wait for ever. */
export async function openRegular(path: string, name: string): Promise<FileHandle> {
  let handle: FileHandle
  try {
    handle = await open(path, constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK)
  } catch (cause) {
    if (isSystemError(cause, 'ELOOP')) throw hostile('it holds a link', { name })
    if (isSystemError(cause, 'ENOENT')) throw truncated(`the file ${name} is missing`, { name }, cause)
    throw cause
  }
  if (!(await handle.stat()).isFile()) {
    await handle.close()
    throw hostile('it holds a device', { name })
  }
  return handle
}
