import { createHash, type Hash } from 'node:crypto'
import { createReadStream } from 'node:fs'
import { type FileHandle, mkdir, open, rename, rm, stat } from 'node:fs/promises'
import { join } from 'node:path'
import { isSystemError, UpliftError } from '../../../errors.ts'

/** What a file of the filestore is known by. */
export interface StoredFile {
  /** "ab/abcdef…": the first two digits of the content's SHA-1, then all forty (ir_attachment.store_fname). */
  name: string
  sha1: string
  bytes: number
}

/** A file on its way into the filestore: its name shows only when all of it has come. */
export class IncomingFile {
  readonly #folder: string
  readonly #path: string
  readonly #file: FileHandle
  readonly #hash: Hash = createHash('sha1')
  #bytes = 0

  private constructor(folder: string, path: string, file: FileHandle) {
    this.#folder = folder
    this.#path = path
    this.#file = file
  }

  static async create(folder: string): Promise<IncomingFile> {
    const path = join(folder, `incoming-${process.pid}`)
    return new IncomingFile(folder, path, await open(path, 'w', 0o600))
  }

  async write(bytes: Buffer): Promise<void> {
    this.#hash.update(bytes)
    this.#bytes += bytes.length
    for (let done = 0; done < bytes.length; )
      done += (await this.#file.write(bytes, done, bytes.length - done)).bytesWritten
  }

  /** Gives it its name. A file of that name that is there already must have the same content. */
  async keep(): Promise<StoredFile> {
    await this.#file.close()
    const sha1 = this.#hash.digest('hex')
    const stored = { name: `${sha1.slice(0, 2)}/${sha1}`, sha1, bytes: this.#bytes }
    const path = join(this.#folder, stored.name)
    if (await isThere(path)) {
      await refuseOther(path, stored)
      await rm(this.#path)
    } else {
      await mkdir(join(this.#folder, sha1.slice(0, 2)), { recursive: true })
      await rename(this.#path, path)
    }
    return stored
  }

  async discard(): Promise<void> {
    await this.#file.close().catch(() => {})
    await rm(this.#path, { force: true })
  }
}

async function isThere(path: string): Promise<boolean> {
  return stat(path).then(
    () => true,
    (thrown: unknown) => {
      if (isSystemError(thrown, 'ENOENT')) return false
      throw thrown
    },
  )
}

async function refuseOther(path: string, stored: StoredFile): Promise<void> {
  const hash = createHash('sha1')
  const { size } = await stat(path)
  if (size === stored.bytes) for await (const piece of createReadStream(path)) hash.update(piece as Buffer)
  if (size !== stored.bytes || hash.digest('hex') !== stored.sha1)
    throw new UpliftError(
      'DUMP:CORRUPT',
      `The file ${stored.name} of the filestore is not what its name says: it is damaged. Take it from a backup, or move it away.`,
      { detail: { name: stored.name } },
    )
}
