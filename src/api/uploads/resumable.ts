import { createHash } from 'node:crypto'
import { createReadStream } from 'node:fs'
import { chmod, mkdir, readdir, rm, stat } from 'node:fs/promises'
import { join } from 'node:path'
import { FileConfigstore, FileStore } from '@tus/file-store'
import type { FastifyBaseLogger } from 'fastify'
import { isSystemError } from '../../errors.ts'
import { loadRequest } from '../../requests/find.ts'
import type { Failure } from '../../requests/request.ts'
import type { ApiDeps } from '../deps.ts'
import type { Traffic } from '../traffic.ts'
import { stateFailure } from '../v1/state.ts'
import { receiveDump } from './receive.ts'

/** What became of an upload that is whole, or how far one is that is not. */
export type UploadState =
  | { state: 'open' | 'checking'; request: number; bytes: number; size: number }
  | { state: 'done'; request: number }
  | { state: 'failed'; request: number; failures: Failure[] }

/** Unfinished uploads of one request; a further one takes the place of the one that was quiet longest. */
const MOST_OF_ONE_REQUEST = 3
/** How often what nobody went on with is looked for. */
const HOUSEKEEPING_MS = 30 * 60_000
/** How long it is remembered what became of an upload: whoever sent it asks within seconds. */
const REMEMBERED_MS = 60 * 60_000
/** After a failure of the service itself, such as a storage that does not answer. */
const AGAIN_MS = 5_000

const ID = /^[0-9a-f]{32}$/

/**
 * Uploads that come in pieces and may stop in between: files that grow in a folder of their own until they are whole, and
 * then become the dump of their request. An upload is named by an id that cannot be guessed.
 */
export class ResumableUploads {
  readonly store: FileStore
  readonly #folder: string
  readonly #deps: ApiDeps
  readonly #traffic: Traffic
  readonly #log: FastifyBaseLogger
  readonly #onUpload: (bytes: number) => void
  readonly #ended = new Map<string, Extract<UploadState, { state: 'done' | 'failed' }>>()
  readonly #finishing = new Map<string, Promise<void>>()
  #timer: NodeJS.Timeout | undefined

  constructor(
    folder: string,
    tools: { deps: ApiDeps; traffic: Traffic; log: FastifyBaseLogger; onUpload: (bytes: number) => void },
  ) {
    this.#folder = folder
    this.#deps = tools.deps
    this.#traffic = tools.traffic
    this.#log = tools.log
    this.#onUpload = tools.onUpload
    this.store = new FileStore({ directory: folder, configstore: new FileConfigstore(folder) })
  }

  /** Removes what is over, and goes on with what was whole when a server stopped. */
  async open(): Promise<void> {
    await mkdir(this.#folder, { recursive: true, mode: 0o700 })
    await chmod(this.#folder, 0o700)
    await this.removeExpired()
    for (const id of await this.#ids()) if ((await this.state(id))?.state === 'checking') this.finish(id)
    this.#timer = setInterval(() => {
      this.removeExpired().catch((error: unknown) => {
        this.#log.warn({ err: error }, 'uploads that are over were not removed')
      })
    }, HOUSEKEEPING_MS)
    this.#timer.unref()
  }

  close(): void {
    clearInterval(this.#timer)
  }

  path(id: string): string {
    return join(this.#folder, id)
  }

  /** Null for an upload that there is not, or not any more. */
  async state(id: string): Promise<UploadState | null> {
    const ended = this.#ended.get(id)
    if (ended !== undefined) return ended
    if (!isUploadId(id)) return null
    const info = await this.store.configstore.get(id)
    const request = Number(info?.metadata?.request)
    if (info?.size === undefined || !Number.isSafeInteger(request)) return null
    const facts = await this.#facts(id)
    if (facts === null) return null
    return {
      state: facts.size >= info.size ? 'checking' : 'open',
      request,
      bytes: facts.size,
      size: info.size,
    }
  }

  /** Makes a whole upload the dump of its request; `state` says when it is. Only once, however often it is called. */
  finish(id: string): void {
    if (this.#finishing.has(id)) return
    const work = this.#traffic.track(this.#receive(id)).catch((error: unknown) => {
      // The file is still there: whoever asks for its state has it tried again.
      this.#log.error({ err: error }, 'an upload that is whole was not received')
      return new Promise<void>((resolve) => setTimeout(resolve, AGAIN_MS).unref())
    })
    this.#finishing.set(
      id,
      work.finally(() => this.#finishing.delete(id)),
    )
  }

  async #receive(id: string): Promise<void> {
    const state = await this.state(id)
    if (state?.state !== 'checking') return
    const request = await loadRequest(this.#deps.database.pool, state.request)
    const failures =
      request === null
        ? [stateFailure('cancelled')]
        : request.state !== 'draft'
          ? [stateFailure(request.state)]
          : await receiveDump(
              this.#deps,
              request,
              { path: this.path(id), bytes: state.bytes, sha256: await this.#hash(id) },
              { log: this.#log, signal: this.#traffic.signal },
            )
    this.#onUpload(state.bytes)
    this.#ended.set(
      id,
      failures.length > 0
        ? { state: 'failed', request: state.request, failures }
        : { state: 'done', request: state.request },
    )
    setTimeout(() => this.#ended.delete(id), REMEMBERED_MS).unref()
    await this.remove(id)
  }

  async #hash(id: string): Promise<string> {
    const hash = createHash('sha256')
    for await (const piece of createReadStream(this.path(id), { signal: this.#traffic.signal }))
      hash.update(piece as Buffer)
    return hash.digest('hex')
  }

  /** Makes room for one more upload of a request. */
  async makeWay(request: number): Promise<void> {
    const mine: { id: string; at: number }[] = []
    for (const id of await this.#ids()) {
      const state = await this.state(id)
      if (state?.request === request && state.state === 'open')
        mine.push({ id, at: (await this.#facts(id))?.mtimeMs ?? 0 })
    }
    mine.sort((a, b) => b.at - a.at)
    for (const { id } of mine.slice(MOST_OF_ONE_REQUEST - 1)) await this.remove(id)
  }

  /** Removes the uploads whose last byte came too long ago. */
  async removeExpired(now = Date.now()): Promise<void> {
    const before = now - this.#deps.settings.uploadHours * 3_600_000
    for (const id of await this.#ids()) {
      const facts = await this.#facts(id)
      if ((facts === null || facts.mtimeMs < before) && !this.#finishing.has(id)) await this.remove(id)
    }
  }

  async remove(id: string): Promise<void> {
    await rm(this.path(id), { force: true })
    await rm(`${this.path(id)}.json`, { force: true })
  }

  async #ids(): Promise<string[]> {
    const names = await readdir(this.#folder)
    return [...new Set(names.map((name) => name.replace(/\.json$/, '')))].filter(isUploadId)
  }

  async #facts(id: string): Promise<{ size: number; mtimeMs: number } | null> {
    try {
      return await stat(this.path(id))
    } catch (thrown) {
      if (isSystemError(thrown, 'ENOENT')) return null
      throw thrown
    }
  }
}

export function isUploadId(text: string): boolean {
  return ID.test(text)
}
