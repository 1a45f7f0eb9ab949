import { randomUUID } from 'node:crypto'
import { constants, createReadStream, type Stats } from 'node:fs'
import { type FileHandle, link, lstat, mkdir, open, opendir, rm, rmdir, stat, unlink } from 'node:fs/promises'
import { dirname, join, resolve } from 'node:path'
import type { Readable } from 'node:stream'
import { isSystemError, UpliftError } from '../errors.ts'
import { isKey, keySegments } from './key.ts'
import { Metered } from './metered.ts'
import { alreadyThere, checkStorage, missing, partOf, unreachable } from './outcome.ts'
import type { ByteRange, Listed, PutOptions, Storage, Stored } from './storage.ts'

/** Files on their way in. No key can have this name. */
const INCOMING = '~incoming'
/** A file on its way in that was not written to for so long belongs to a process that died. */
const LEFT_BEHIND_MS = 24 * 60 * 60 * 1000
/** Times that folders are made again because somebody removed them, empty as they were, in between. */
const FOLDER_TRIES = 100
const CHUNK = 256 * 1024

/**
 * Files below a folder of the local disk, or of one that several machines share (hard links and fsync have to work there).
 * A file is written under a name of its own, flushed, and then linked to its key, which fails where there is one already.
 */
export class DiskStorage implements Storage {
  readonly #folder: string
  #prepared: Promise<void> | undefined

  constructor(folder: string) {
    this.#folder = resolve(folder)
  }

  async put(key: string, content: AsyncIterable<Uint8Array>, { signal }: PutOptions = {}): Promise<Stored> {
    keySegments(key)
    return this.#incoming(async (temporary) => {
      const metered = new Metered()
      const file = await open(temporary, 'wx', 0o600)
      try {
        await writeAll(file, metered.chunks(content, signal))
        await file.sync()
      } finally {
        await file.close()
      }
      signal?.throwIfAborted()
      await this.#publish(temporary, key)
      return metered.result()
    })
  }

  async putFile(
    key: string,
    path: string,
    { signal, sha256 }: { signal?: AbortSignal; sha256?: string } = {},
  ): Promise<Stored> {
    keySegments(key)
    signal?.throwIfAborted()
    if (!(await lstat(path)).isFile()) throw new UpliftError('INTERNAL', `${path} is no plain file.`)
    const stored = await this.#incoming(async (temporary) => {
      try {
        await link(path, temporary)
      } catch (thrown) {
        if (isSystemError(thrown, 'EXDEV')) return null
        throw thrown
      }
      const taken = await takeOver(temporary, sha256, signal)
      await this.#publish(temporary, key)
      return taken
    })
    const result =
      stored ??
      (await this.put(key, createReadStream(path, { highWaterMark: CHUNK }), signal ? { signal } : {}))
    await unlink(path)
    return result
  }

  async size(key: string): Promise<number | null> {
    return (await this.#stat(key))?.size ?? null
  }

  async read(key: string, range?: ByteRange): Promise<Readable> {
    let file: FileHandle
    try {
      file = await open(this.#path(key), constants.O_RDONLY | constants.O_NOFOLLOW)
    } catch (thrown) {
      throw isAbsent(thrown) ? missing(key, thrown) : this.#told(thrown)
    }
    try {
      const part = range ? partOf(key, range, (await file.stat()).size) : {}
      return file.createReadStream({ ...part, highWaterMark: CHUNK })
    } catch (thrown) {
      await file.close()
      throw thrown
    }
  }

  async withLocal<T>(
    key: string,
    _folder: string,
    work: (path: string) => Promise<T>,
    signal?: AbortSignal,
  ): Promise<T> {
    signal?.throwIfAborted()
    if (!(await this.#stat(key))) throw missing(key)
    return work(this.#path(key))
  }

  async remove(key: string): Promise<void> {
    const segments = keySegments(key)
    try {
      await unlink(this.#path(key))
    } catch (thrown) {
      if (!isAbsent(thrown)) throw thrown
    }
    // A put that finds its folder gone makes it again.
    for (let depth = segments.length - 1; depth > 0; depth--) {
      try {
        await rmdir(join(this.#folder, ...segments.slice(0, depth)))
      } catch (thrown) {
        if (isSystemError(thrown, 'ENOTEMPTY')) return
        if (!isAbsent(thrown)) throw thrown
      }
    }
  }

  async *list(): AsyncGenerator<Listed> {
    for await (const file of listFolder(this.#folder, '')) if (isKey(file.key)) yield file
  }

  removeUnfinished(now = new Date()): Promise<number> {
    return removeLeftBehind(join(this.#folder, INCOMING), now)
  }

  check(): Promise<void> {
    return checkStorage(this, `the folder ${this.#folder}`)
  }

  #path(key: string): string {
    return join(this.#folder, ...keySegments(key))
  }

  async #stat(key: string): Promise<Stats | null> {
    const facts = await statIfThere(this.#path(key))
    return facts?.isFile() ? facts : null
  }

  /** Runs work with the name of a file to come, of which nothing is left afterwards. */
  async #incoming<T>(work: (temporary: string) => Promise<T>): Promise<T> {
    const temporary = join(this.#folder, INCOMING, randomUUID())
    try {
      this.#prepared ??= prepare(join(this.#folder, INCOMING))
      await this.#prepared.catch((thrown: unknown) => {
        this.#prepared = undefined
        throw thrown
      })
      return await work(temporary)
    } catch (thrown) {
      throw this.#told(thrown)
    } finally {
      await rm(temporary, { force: true }).catch(() => {})
    }
  }

  /** What a failed call of the file system means. */
  #told(thrown: unknown): unknown {
    if (isSystemError(thrown, 'ENOSPC') || isSystemError(thrown, 'EDQUOT'))
      return new UpliftError(
        'DISK:FULL',
        `There is no room left for the storage in ${this.#folder}: free some and try again.`,
        { cause: thrown },
      )
    if (['EACCES', 'EPERM', 'EROFS', 'EIO', 'ESTALE', 'ENOTDIR'].some((code) => isSystemError(thrown, code)))
      return unreachable(`the folder ${this.#folder} cannot be written and read`, thrown)
    return thrown
  }

  /** Lets a flushed file appear under its key, for good. */
  async #publish(temporary: string, key: string): Promise<void> {
    const path = this.#path(key)
    await this.#linkBelow(temporary, path, key)
    try {
      for (let folder = dirname(path); folder.length >= this.#folder.length; folder = dirname(folder))
        await syncFolder(folder)
    } catch (thrown) {
      await rm(path, { force: true })
      throw thrown
    }
  }

  async #linkBelow(temporary: string, path: string, key: string): Promise<void> {
    for (let left = FOLDER_TRIES; ; left--) {
      try {
        await mkdir(dirname(path), { recursive: true, mode: 0o700 })
        return await link(temporary, path)
      } catch (thrown) {
        const inPlace = isSystemError(thrown, 'EEXIST')
        if (inPlace && (await statIfThere(path))) throw alreadyThere(key, thrown)
        // Node tells a folder that goes away while it makes those above as ENOTDIR, too.
        if (!(inPlace || isAbsent(thrown)) || left === 0) throw thrown
      }
    }
  }
}

async function prepare(incoming: string): Promise<void> {
  await mkdir(incoming, { recursive: true, mode: 0o700 })
  await removeLeftBehind(incoming, new Date())
}

async function removeLeftBehind(incoming: string, now: Date): Promise<number> {
  const before = now.getTime() - LEFT_BEHIND_MS
  let removed = 0
  for await (const { key, modifiedAt } of listFolder(incoming, ''))
    if (modifiedAt.getTime() < before) {
      await rm(join(incoming, key), { force: true })
      removed++
    }
  return removed
}

/** Flushes a file that is taken over; with its hash unknown, reads it through. */
async function takeOver(path: string, sha256: string | undefined, signal?: AbortSignal): Promise<Stored> {
  const file = await open(path, 'r+')
  try {
    await file.chmod(0o600)
    await file.sync()
    if (sha256 !== undefined) return { bytes: (await file.stat()).size, sha256 }
    const metered = new Metered()
    const content = file.createReadStream({ start: 0, autoClose: false, highWaterMark: CHUNK })
    for await (const _ of metered.chunks(content, signal));
    return metered.result()
  } finally {
    await file.close()
  }
}

async function writeAll(file: FileHandle, chunks: AsyncIterable<Uint8Array>): Promise<void> {
  for await (const chunk of chunks)
    for (let at = 0; at < chunk.length; ) at += (await file.write(chunk, at)).bytesWritten
}

async function syncFolder(path: string): Promise<void> {
  const folder = await open(path, constants.O_RDONLY | constants.O_DIRECTORY)
  try {
    await folder.sync()
  } finally {
    await folder.close()
  }
}

async function* listFolder(folder: string, prefix: string): AsyncGenerator<Listed> {
  let entries: Awaited<ReturnType<typeof opendir>>
  try {
    entries = await opendir(folder)
  } catch (thrown) {
    if (isAbsent(thrown)) return
    throw thrown
  }
  for await (const entry of entries) {
    const path = join(folder, entry.name)
    if (entry.isDirectory()) yield* listFolder(path, `${prefix}${entry.name}/`)
    else if (entry.isFile()) {
      const facts = await statIfThere(path)
      // The time of the node, which linking sets: a file that is taken over brings an older time of its content.
      if (facts) yield { key: prefix + entry.name, bytes: facts.size, modifiedAt: facts.ctime }
    }
  }
}

async function statIfThere(path: string): Promise<Stats | null> {
  try {
    return await stat(path)
  } catch (thrown) {
    if (isAbsent(thrown)) return null
    throw thrown
  }
}

function isAbsent(thrown: unknown): boolean {
  return isSystemError(thrown, 'ENOENT') || isSystemError(thrown, 'ENOTDIR')
}
