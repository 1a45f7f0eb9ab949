import { createReadStream } from 'node:fs'
import { readdir, stat } from 'node:fs/promises'
import { join } from 'node:path'
import type { FilestoreFile } from '../dumps/dump.ts'
import { openDump } from '../dumps/open.ts'
import { moveAttachments } from '../dumps/write/attachments/move.ts'
import type { DatabaseAddress } from '../postgres/server.ts'

export interface FilestoreOptions {
  /** The dump that was upgraded; a backup zip carries its filestore along. */
  source: string
  /** The source's filestore, where the dump does not carry it: a folder with ab/abcdef…. */
  folder?: string
  /** Takes the attachments that leave the database; they stay there, for a further try needs them. */
  attachments: string
  /** The upgraded database and its series. */
  address: DatabaseAddress
  series: string
  signal?: AbortSignal
}

/**
 * Gives `work` all files that belong to the upgraded database: those that came with the dump, those of the folder, and
 * the attachments that were kept in the database and that its version keeps in files. The same content has the same
 * name, so a name comes once.
 */
export async function withFilestore<T>(
  options: FilestoreOptions,
  work: (files: AsyncIterable<FilestoreFile>) => Promise<T>,
): Promise<T> {
  const dump = await openDump(options.source)
  try {
    await moveAttachments({
      address: options.address,
      folder: options.attachments,
      version: options.series,
      // From 14.0 on the column holds the content itself.
      content: Number(options.series) >= 14 ? 'raw' : 'base64',
      ...(options.signal ? { signal: options.signal } : {}),
    })
    const folders = [options.attachments, ...(options.folder ? [options.folder] : [])]
    return await work(once(concat([dump.filestore(), ...folders.map(filesOf)])))
  } finally {
    await dump.close()
  }
}

async function* concat(sources: readonly AsyncIterable<FilestoreFile>[]): AsyncGenerator<FilestoreFile> {
  for (const source of sources) yield* source
}

async function* once(files: AsyncIterable<FilestoreFile>): AsyncGenerator<FilestoreFile> {
  const seen = new Set<string>()
  for await (const file of files) {
    if (seen.has(file.name)) continue
    seen.add(file.name)
    yield file
  }
}

/** Files two levels down, as Odoo lays a filestore out; other things in the folder are not part of it. */
async function* filesOf(folder: string): AsyncGenerator<FilestoreFile> {
  for (const first of await readdir(folder, { withFileTypes: true })) {
    if (!first.isDirectory() || !/^[0-9a-f]{2}$/.test(first.name)) continue
    for (const file of await readdir(join(folder, first.name), { withFileTypes: true })) {
      if (!file.isFile() || !/^[0-9a-f]{40}$/.test(file.name)) continue
      const path = join(folder, first.name, file.name)
      yield {
        name: `${first.name}/${file.name}`,
        bytes: (await stat(path)).size,
        open: async () => createReadStream(path),
      }
    }
  }
}
