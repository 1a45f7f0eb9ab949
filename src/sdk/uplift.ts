import { setTimeout as pause } from 'node:timers/promises'
import { call, type Line } from './call.ts'
import { type Downloaded, type DownloadOptions, download } from './download.ts'
import { RemoteFailures, UnexpectedAnswer } from './errors.ts'
import { type FileRole, firstOddKey, type RequestState, type UpgradeRequest } from './request.ts'
import { patient, type RetryPlan } from './retry.ts'
import type { UploadSource } from './source.ts'
import { type TransferProgress, type Uploaded, upload } from './upload.ts'

export interface UpliftOptions {
  /** The platform, such as "https://upgrade.example.com"; the methods stand below it at /database/v1. */
  url: string | URL
  /** Used for all but uploads, which need what fetch cannot do. Default: the one of the runtime. */
  fetch?: typeof fetch
  /** Ends whatever this client is doing. */
  signal?: AbortSignal
  /** How patiently to try again. Default: 7 tries, with pauses from half a second to 30 s. */
  retry?: Partial<RetryPlan>
}

export interface Wish {
  contract: string
  email: string
  /** The version wanted, "8.0". */
  target: string
  aim: 'test' | 'production'
  /** A name for the dump; informative. */
  filename: string
  /** IANA name of the server's timezone; only for sources older than 6.1. */
  timezone?: string
}

/** What gives access to a request: both come from `create`. */
export interface Access {
  request: number
  key: string
}

/** An answer without failures; those are thrown as RemoteFailures. */
export interface Answer {
  failures: []
  request: UpgradeRequest
}

export interface CallOptions {
  signal?: AbortSignal
}

export interface WaitOptions extends CallOptions {
  /** Milliseconds between two questions: at first, at most, and by what a pause grows. Default 1,000, 30,000 and 1.5. */
  interval?: { first?: number; longest?: number; factor?: number }
  /** Called with every answer. */
  onStatus?: (request: UpgradeRequest) => void
}

const ended: readonly RequestState[] = ['done', 'failed', 'cancelled']

/**
 * A client of the upgrade platform's API, version 1.
 *
 * ```ts
 * const uplift = new Uplift({ url: 'https://upgrade.example.com' })
 * const { request } = await uplift.create({ contract, email, target: '8.0', aim: 'test', filename: 'db.dump' })
 * const access = { request: request.id, key: request.key }
 * await uplift.upload(access, 'db.dump')
 * await uplift.process(access)
 * const { request: end } = await uplift.wait(access)
 * if (end.state === 'done') await uplift.download(end.upgraded_dump_url, 'upgraded.dump')
 * ```
 *
 * Every method throws RemoteFailures for what the server does not take, RemoteUnreachable when the network or the server
 * stayed away however often it was tried, UnexpectedAnswer when the address is not that of a platform, and the reason of
 * a signal that was aborted.
 */
export class Uplift {
  readonly #line: Line
  readonly #signal: AbortSignal | undefined

  constructor({ url, signal, retry, fetch: fetcher = fetch }: UpliftOptions) {
    const base = baseOf(url)
    this.#line = { base, origin: new URL(base).origin, fetch: fetcher, retry: { ...patient, ...retry } }
    this.#signal = signal
  }

  /** The address in the one form by which two clients of the same platform can be told to be so. */
  get url(): string {
    return this.#line.base
  }

  /** Creates a request. It is not made a second time when the answer was lost: that would be another one. */
  async create(wish: Wish, options: CallOptions = {}): Promise<Answer> {
    const { timezone, ...fields } = wish
    const answer = await call(
      this.#line,
      'create',
      { ...fields, ...(timezone === undefined ? {} : { timezone }) },
      { repeatable: false, signal: this.#signalFor(options) },
    )
    return this.#requestOf(answer)
  }

  /**
   * Uploads the dump of a request in state draft; a second one replaces the first. Memory stays flat whatever its size.
   * A broken upload begins again from its start, unless the source can be read only once.
   */
  upload(
    access: Access,
    source: UploadSource,
    options: CallOptions & { onProgress?: (progress: TransferProgress) => void } = {},
  ): Promise<Uploaded> {
    return upload(this.#line, access, source, {
      onProgress: options.onProgress,
      signal: this.#signalFor(options),
    })
  }

  /** Asks for the upgrade; comes back at once. That it was asked for already, by this call or an earlier one, is no failure. */
  async process(access: Access, options: CallOptions = {}): Promise<void> {
    const signal = this.#signalFor(options)
    try {
      await call(this.#line, 'process', fieldsOf(access), { repeatable: true, signal })
    } catch (thrown) {
      if (!(thrown instanceof RemoteFailures && thrown.failures.every(isUnderWay))) throw thrown
    }
  }

  status(access: Access, options: CallOptions = {}): Promise<Answer> {
    return this.#status(this.#line, access, this.#signalFor(options))
  }

  async #status(line: Line, access: Access, signal: AbortSignal | undefined): Promise<Answer> {
    return this.#requestOf(await call(line, 'status', fieldsOf(access), { repeatable: true, signal }))
  }

  /**
   * Asks for the status until the request is done, failed or cancelled, with pauses that grow and shrink again when its
   * state changes. A network that is away is waited for four times as long as elsewhere, by default some ten minutes: hours of
   * work go on behind it. A request that failed is an answer, not an error: look at `state`.
   */
  async wait(access: Access, options: WaitOptions = {}): Promise<Answer> {
    const { first = 1000, longest = 30_000, factor = 1.5 } = options.interval ?? {}
    const signal = this.#signalFor(options)
    const line = { ...this.#line, retry: { ...this.#line.retry, attempts: this.#line.retry.attempts * 4 } }
    let interval = first
    let state: RequestState | undefined
    for (;;) {
      const answer = await this.#status(line, access, signal)
      options.onStatus?.(answer.request)
      if (ended.includes(answer.request.state)) return answer
      interval = answer.request.state === state ? Math.min(longest, interval * factor) : first
      state = answer.request.state
      await pause(interval, undefined, signal ? { signal } : {}).catch(() => signal?.throwIfAborted())
    }
  }

  /**
   * Downloads a file of a request, by one of the URLs of its status or by its role.
   * @throws FileExists, DamagedDownload, and the system's error where it cannot be written
   */
  async download(
    file: string | (Access & { role: FileRole }),
    path: string,
    options: DownloadOptions = {},
  ): Promise<Downloaded> {
    const url =
      typeof file === 'string' ? file : (await this.status(file, options)).request[`${file.role}_url`]
    const signal = this.#signalFor(options)
    return download(this.#line, this.#downloadUrl(url), path, { ...options, ...(signal ? { signal } : {}) })
  }

  /** The address comes from the server: it must not lead the key out of an encrypted connection. */
  #downloadUrl(text: string): URL {
    const url = URL.canParse(text) ? new URL(text) : null
    const secure = this.#line.base.startsWith('https:')
    if (url?.protocol === 'https:' || (url?.protocol === 'http:' && !secure)) return url
    throw new UnexpectedAnswer(
      200,
      `${this.#line.origin} gives an address for the file that is not ${secure ? 'https' : 'http'}: its operator has to set the public address.`,
    )
  }

  #requestOf(answer: Record<string, unknown>): Answer {
    const odd = firstOddKey(answer.request)
    if (odd !== null)
      throw new UnexpectedAnswer(
        200,
        `${this.#line.origin} does not answer as an upgrade platform: "${odd}" is missing or of another kind.`,
      )
    return { failures: [], request: answer.request as UpgradeRequest }
  }

  #signalFor({ signal }: CallOptions): AbortSignal | undefined {
    return signal && this.#signal ? AbortSignal.any([signal, this.#signal]) : (signal ?? this.#signal)
  }
}

function fieldsOf({ request, key }: Access): Record<string, string> {
  return { request: String(request), key }
}

function isUnderWay(failure: { reason: string; value?: string }): boolean {
  return failure.reason === 'REQUEST:STATE' && ['pending', 'progress', 'done'].includes(failure.value ?? '')
}

function baseOf(address: string | URL): string {
  const url = new URL(address)
  if (url.protocol !== 'http:' && url.protocol !== 'https:')
    throw new TypeError('The address of the platform begins with http:// or https://.')
  if (url.username || url.password)
    throw new TypeError('The address of the platform holds no user or password.')
  return `${url.origin}${url.pathname.replace(/\/(database\/v1\/?)?$/, '')}`
}
