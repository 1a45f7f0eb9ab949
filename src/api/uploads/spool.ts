import { createHash, randomUUID } from 'node:crypto'
import { mkdir, open, readdir, rm, stat, statfs } from 'node:fs/promises'
import { hostname } from 'node:os'
import { join } from 'node:path'
import { isSystemError } from '../../errors.ts'

/** A file that nobody wrote to for so long is in use by no upload, wherever its process runs. */
const LEFT_BEHIND_MS = 24 * 60 * 60 * 1000
/** Between the name of an instance and the rest of a file's name. */
const SEPARATOR = '~'

export interface Spooled {
  path: string
  bytes: number
  /** In hex. */
  sha256: string
}

/** The stream had more bytes than it may. */
export class TooManyBytes extends Error {}

/** Where uploads lie until they are known to be whole. Several servers may share the folder. */
export class Spool {
  readonly #folder: string
  readonly #instance: string

  /** @param instance as settings.instance: host, process and a random part */
  constructor(folder: string, instance: string) {
    this.#folder = folder
    this.#instance = instance
  }

  /** Makes the folder and removes what processes that are gone have left in it. */
  async open(): Promise<void> {
    await mkdir(this.#folder, { recursive: true, mode: 0o700 })
    for (const name of await readdir(this.#folder)) {
      const path = join(this.#folder, name)
      const [instance = ''] = name.split(SEPARATOR)
      if (instance !== this.#instance && (isGone(instance) || (await isOld(path))))
        await rm(path, { force: true })
    }
  }

  /** Bytes that the folder still has room for. */
  async room(): Promise<number> {
    const { bavail, bsize } = await statfs(this.#folder)
    return bavail * bsize
  }

  /**
   * Runs work on a stream that was written to a file, which is removed afterwards when it is still there. The stream is
   * read no faster than the disk takes it, and to its end or `limit`.
   * @throws TooManyBytes; what the stream or the disk throws
   */
  async with<T>(
    source: AsyncIterable<unknown>,
    options: { limit: number; signal: AbortSignal },
    work: (spooled: Spooled) => Promise<T>,
  ): Promise<T> {
    const path = join(this.#folder, `${this.#instance}${SEPARATOR}${randomUUID()}`)
    try {
      return await work({ path, ...(await write(path, source, options)) })
    } finally {
      await rm(path, { force: true })
    }
  }
}

async function write(
  path: string,
  source: AsyncIterable<unknown>,
  { limit, signal }: { limit: number; signal: AbortSignal },
): Promise<{ bytes: number; sha256: string }> {
  const hash = createHash('sha256')
  const file = await open(path, 'wx', 0o600)
  let bytes = 0
  try {
    for await (const piece of source) {
      signal.throwIfAborted()
      const chunk = piece as Buffer
      bytes += chunk.length
      if (bytes > limit) throw new TooManyBytes(`more than ${limit} bytes`)
      hash.update(chunk)
      for (let at = 0; at < chunk.length; ) at += (await file.write(chunk, at)).bytesWritten
    }
  } finally {
    await file.close()
  }
  return { bytes, sha256: hash.digest('hex') }
}

/** Whether an instance was a process of this machine that does not run any more. */
function isGone(instance: string): boolean {
  const [, host, process_] = /^(.*)-(\d+)-[0-9a-f]{8}$/.exec(instance) ?? []
  if (host !== hostname()) return false
  const id = Number(process_)
  if (id === process.pid) return true
  try {
    process.kill(id, 0)
    return false
  } catch (thrown) {
    return isSystemError(thrown, 'ESRCH')
  }
}

async function isOld(path: string): Promise<boolean> {
  try {
    return (await stat(path)).mtimeMs < Date.now() - LEFT_BEHIND_MS
  } catch (thrown) {
    if (isSystemError(thrown, 'ENOENT')) return false
    throw thrown
  }
}
