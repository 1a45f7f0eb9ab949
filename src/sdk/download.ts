import { createHash, type Hash } from 'node:crypto'
import { createReadStream } from 'node:fs'
import { access, type FileHandle, open, rename } from 'node:fs/promises'
import { readAnswer } from './answer.ts'
import { type Line, shortText } from './call.ts'
import { DamagedDownload, FileExists, UnexpectedAnswer } from './errors.ts'
import { networkError } from './network.ts'
import { forgetPart, freshPart, keptPart, namedDigest, type Part, strongEtag } from './part.ts'
import { Passing, tryAgain } from './retry.ts'
import type { TransferProgress } from './upload.ts'

export interface DownloadOptions {
  /** Whether to go on with what an earlier, broken download left; default true. */
  resume?: boolean
  /** Whether to replace a file that exists already; default false. */
  force?: boolean
  onProgress?: (progress: TransferProgress) => void
  signal?: AbortSignal
}

export interface Downloaded {
  bytes: number
  sha256: string
  /** What the server named and the file was held against; null where it named nothing. */
  checked: 'sha256' | 'size' | null
}

/** Tries after which a file that arrives damaged is taken to be so. */
const DAMAGED = 3

/**
 * Downloads to `<path>.part`, going on where a broken download stopped as long as the file is still the same, and
 * gives it its name once size and SHA-256 are those that the server named.
 */
export async function download(
  line: Line,
  url: URL,
  path: string,
  options: DownloadOptions,
): Promise<Downloaded> {
  const part = `${path}.part`
  if (!options.force) await mustBeFree(path)
  if (options.resume === false) await forgetPart(part)
  const transfer = new Transfer(line, url, part, options)
  for (let attempt = 1; ; attempt++) {
    const result = await tryAgain(line.retry, options.signal, () => transfer.goOn())
    if (result.damage === null) {
      if (!options.force) await mustBeFree(path)
      await rename(part, path)
      await forgetPart(part)
      return result.downloaded
    }
    await forgetPart(part)
    if (attempt >= DAMAGED)
      throw new DamagedDownload(`${result.damage} (${attempt} downloads). Nothing was kept.`)
  }
}

async function mustBeFree(path: string): Promise<void> {
  const there = await access(path).then(
    () => true,
    () => false,
  )
  if (there) throw new FileExists(`${path} exists already.`)
}

type Result = { damage: null; downloaded: Downloaded } | { damage: string }

class Transfer {
  readonly #line: Line
  readonly #url: URL
  readonly #part: string
  readonly #options: DownloadOptions
  /** The SHA-256 of the first `#hashed` bytes of the part, so that they are not read again after every break. */
  #hash: Hash = createHash('sha256')
  #hashed = 0
  #furthest = 0

  constructor(line: Line, url: URL, part: string, options: DownloadOptions) {
    this.#line = line
    this.#url = url
    this.#part = part
    this.#options = options
  }

  /** One connection. @throws Passing when it broke */
  async goOn(): Promise<Result> {
    const kept = await keptPart(this.#part)
    const response = await this.#ask(kept)
    const total = wholeSize(response)
    if (response.status === 416 && kept) {
      await response.body?.cancel()
      if (total === kept.bytes && response.headers.get('etag') === kept.etag) {
        await this.#hashUpTo(kept.bytes)
        return this.#judge(response, total)
      }
      await forgetPart(this.#part)
      throw new Passing('the part does not belong to the file any more', { progressed: true })
    }
    const file = await this.#place(response, kept)
    try {
      await this.#receive(response, file, total)
      await file.sync()
    } finally {
      await file.close()
    }
    return this.#judge(response, total)
  }

  async #ask(kept: Part | null): Promise<Response> {
    const { origin } = this.#line
    let response: Response
    try {
      response = await this.#line.fetch(this.#url, {
        headers: {
          'accept-encoding': 'identity',
          ...(kept ? { range: `bytes=${kept.bytes}-`, 'if-range': kept.etag } : {}),
        },
        ...(this.#options.signal ? { signal: this.#options.signal } : {}),
      })
    } catch (thrown) {
      throw networkError(thrown, origin, true)
    }
    const { status } = response
    if (status === 200 || (status === 206 && kept) || (status === 416 && kept)) return response
    if (status === 404 || status === 410) {
      await response.body?.cancel()
      throw new UnexpectedAnswer(
        status,
        `${origin} has no such file, or not yet, or not any more (HTTP ${status}).`,
      )
    }
    const text = await shortText(response).catch(() => '')
    readAnswer({ status, header: (name) => response.headers.get(name), text }, origin)
    throw new UnexpectedAnswer(status, `${origin} does not send the file (HTTP ${status}).`)
  }

  /** The file to write to, at the place where the answer begins. */
  async #place(response: Response, kept: Part | null): Promise<FileHandle> {
    if (response.status === 200 || !kept) {
      this.#hash = createHash('sha256')
      this.#hashed = 0
      return freshPart(this.#part, strongEtag(response.headers.get('etag')))
    }
    const start = /^bytes (\d+)-/.exec(response.headers.get('content-range') ?? '')?.[1]
    if (Number(start) !== kept.bytes) {
      await response.body?.cancel()
      await forgetPart(this.#part)
      throw new Passing('the server sent another part than the one it was asked for')
    }
    await this.#hashUpTo(kept.bytes)
    return open(this.#part, 'r+')
  }

  async #hashUpTo(bytes: number): Promise<void> {
    if (this.#hashed === bytes) return
    this.#hash = createHash('sha256')
    this.#hashed = 0
    for await (const chunk of createReadStream(this.#part, { end: bytes - 1, highWaterMark: 1 << 18 }))
      this.#take(chunk as Buffer)
  }

  #take(chunk: Uint8Array): void {
    this.#hash.update(chunk)
    this.#hashed += chunk.byteLength
  }

  async #receive(response: Response, file: FileHandle, total: number | null): Promise<void> {
    const reader = response.body?.getReader()
    const { onProgress } = this.#options
    onProgress?.({ done: this.#hashed, total })
    while (reader) {
      const { done, value } = await reader.read().catch((thrown: unknown) => {
        throw this.#broken(networkError(thrown, this.#line.origin, true), response)
      })
      if (done) break
      let written = 0
      while (written < value.byteLength)
        written += (await file.write(value, written, value.byteLength - written, this.#hashed + written))
          .bytesWritten
      this.#take(value)
      onProgress?.({ done: this.#hashed, total })
    }
    if (total !== null && this.#hashed < total)
      throw this.#broken(new Passing(`${this.#line.origin} ended the download early`), response)
  }

  /** A transfer that comes further each time is worth going on with however often it breaks. */
  #broken(error: Error, response: Response): Error {
    const progressed = this.#hashed > this.#furthest && strongEtag(response.headers.get('etag')) !== null
    this.#furthest = Math.max(this.#furthest, this.#hashed)
    return error instanceof Passing ? new Passing(error.message, { cause: error.cause, progressed }) : error
  }

  #judge(response: Response, total: number | null): Result {
    const bytes = this.#hashed
    const sha256 = this.#hash.copy().digest('hex')
    const digest = namedDigest(response.headers)
    if (total !== null && bytes !== total)
      return { damage: `The file has ${bytes} bytes instead of ${total}` }
    if (digest !== null && sha256 !== digest)
      return { damage: 'The SHA-256 of the file is not the one that the server names' }
    const checked = digest !== null ? 'sha256' : total !== null ? 'size' : null
    return { damage: null, downloaded: { bytes, sha256, checked } }
  }
}

/** Bytes of the whole file as the answer tells; null where it does not. */
function wholeSize({ status, headers }: Response): number | null {
  const text =
    status === 200
      ? headers.get('content-encoding')
        ? null
        : headers.get('content-length')
      : /\/(\d+)$/.exec(headers.get('content-range') ?? '')?.[1]
  return text ? Number(text) : null
}
