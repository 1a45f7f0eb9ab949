import { createHash, type Hash } from 'node:crypto'
import { type FileHandle, open } from 'node:fs/promises'

const BUFFER = 1024 * 1024

/**
 * A file that is written from the start to the end in large pieces. `patch` changes bytes that were written before;
 * the SHA-256 is made on the way and once more from the file where something was patched.
 */
export class FileSink {
  readonly path: string
  readonly #file: FileHandle
  #buffer = Buffer.allocUnsafe(BUFFER)
  #filled = 0
  #written = 0
  #hash: Hash | null
  #patched = false

  constructor(path: string, file: FileHandle, hashed: boolean) {
    this.path = path
    this.#file = file
    this.#hash = hashed ? createHash('sha256') : null
  }

  /** Makes a new file; one that exists already is an error. `hashed` false: nobody wants its SHA-256. */
  static async create(path: string, options: { hashed: boolean }): Promise<FileSink> {
    return new FileSink(path, await open(path, 'wx+', 0o600), options.hashed)
  }

  get position(): number {
    return this.#written + this.#filled
  }

  async write(bytes: Buffer): Promise<void> {
    if (this.#filled + bytes.length > BUFFER) await this.#flush()
    if (bytes.length >= BUFFER) return this.#append(bytes)
    bytes.copy(this.#buffer, this.#filled)
    this.#filled += bytes.length
  }

  async patch(position: number, bytes: Buffer): Promise<void> {
    await this.#flush()
    if (this.#hash !== null) {
      this.#hash = null
      this.#patched = true
    }
    await writeAll(this.#file, bytes, position)
  }

  /** Writes out what is held, closes the file and tells its SHA-256 in hex ('' when it is not hashed). */
  async finish(): Promise<string> {
    await this.#flush()
    const hash = this.#patched ? await this.#hashFile() : this.#hash
    await this.#file.close()
    return hash?.digest('hex') ?? ''
  }

  async abandon(): Promise<void> {
    await this.#file.close().catch(() => {})
  }

  async #flush(): Promise<void> {
    if (this.#filled === 0) return
    const bytes = this.#buffer.subarray(0, this.#filled)
    this.#filled = 0
    await this.#append(bytes)
  }

  async #append(bytes: Buffer): Promise<void> {
    const position = this.#written
    this.#written += bytes.length
    this.#hash?.update(bytes)
    await writeAll(this.#file, bytes, position)
  }

  async #hashFile(): Promise<Hash> {
    const hash = createHash('sha256')
    for (let position = 0; ; ) {
      const { bytesRead } = await this.#file.read(this.#buffer, 0, BUFFER, position)
      if (bytesRead === 0) return hash
      hash.update(this.#buffer.subarray(0, bytesRead))
      position += bytesRead
    }
  }
}

async function writeAll(file: FileHandle, bytes: Buffer, position: number): Promise<void> {
  for (let done = 0; done < bytes.length; ) {
    const { bytesWritten } = await file.write(bytes, done, bytes.length - done, position + done)
    done += bytesWritten
  }
}
