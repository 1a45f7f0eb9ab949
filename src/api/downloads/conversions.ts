import { createHash } from 'node:crypto'
import { mkdir, readdir, rm, stat } from 'node:fs/promises'
import { join } from 'node:path'
import { filestoreZip } from '../../dumps/convert/filestore-zip.ts'
import { sqlOf } from '../../dumps/convert/sql-of.ts'
import type { RequestFile } from '../../requests/request.ts'
import type { ApiDeps } from '../deps.ts'
import type { Traffic } from '../traffic.ts'
import { Turns } from './turns.ts'

/** Conversions at the same time, each of which keeps a core busy while its client reads as fast, and those of one request. */
const AT_ONCE = 4
const OF_ONE_REQUEST = 2
/** What is that old in the folder belongs to nobody who still lives. */
const LEFT_BEHIND_MS = 7 * 24 * 60 * 60 * 1000

interface Measurement {
  bytes: Promise<number>
  waiting: number
  abort: AbortController
}

/** Archives of requests as SQL, made while they are read. */
export class Conversions {
  readonly #deps: ApiDeps
  readonly #traffic: Traffic
  /** Where archives of a remote storage and parts of nested zips lie for as long as they are read. */
  readonly #folder: string
  readonly #turns = new Turns(AT_ONCE, OF_ONE_REQUEST)
  readonly #measurements = new Map<string, Measurement>()

  constructor(deps: ApiDeps, traffic: Traffic) {
    this.#deps = deps
    this.#traffic = traffic
    this.#folder = join(deps.settings.dataFolder, 'downloads')
  }

  /** Removes what servers that died have left in the folder, once it is old: others may share it. */
  async removeLeftBehind(): Promise<void> {
    await mkdir(this.#folder, { recursive: true, mode: 0o700 })
    const before = Date.now() - LEFT_BEHIND_MS
    for (const name of await readdir(this.#folder)) {
      const path = join(this.#folder, name)
      const facts = await stat(path).catch(() => null)
      if (facts !== null && facts.mtimeMs < before) await rm(path, { recursive: true, force: true })
    }
  }

  /**
   * The SQL text of a stored dump, or bytes `start` to `end` of it, both included: what stands before is made and thrown
   * away. Waits for its turn with the first piece.
   */
  async *text(
    request: number,
    file: RequestFile,
    signal: AbortSignal,
    { start, end }: { start: number; end: number } = { start: 0, end: Number.POSITIVE_INFINITY },
  ): AsyncGenerator<Buffer, void> {
    const isWhole = start === 0 && !Number.isFinite(end)
    const hash = createHash('sha256')
    let at = 0
    for await (const piece of this.#whole(request, file, signal)) {
      const from = Math.max(0, start - at)
      const to = Math.min(piece.length, end + 1 - at)
      at += piece.length
      if (isWhole) hash.update(piece)
      if (from < to) yield piece.subarray(from, to)
      if (at > end) return
    }
    if (Number.isFinite(end)) throw new Error('a dump gave less SQL than when it was measured')
    if (isWhole) await this.#keep(request, file, { bytes: at, sha256: hash.digest('hex') })
  }

  /** Bytes of the SQL text; the first to ask has it made once for all who ask meanwhile. It ends when nobody waits. */
  async measure(request: number, file: RequestFile, signal: AbortSignal): Promise<number> {
    if (file.sqlBytes !== null) return file.sqlBytes
    signal.throwIfAborted()
    const measurement = this.#measurements.get(file.key) ?? this.#start(request, file)
    measurement.waiting++
    const { promise: left, reject } = Promise.withResolvers<never>()
    const leave = () => reject(signal.reason)
    signal.addEventListener('abort', leave, { once: true })
    try {
      return await Promise.race([measurement.bytes, left])
    } finally {
      signal.removeEventListener('abort', leave)
      measurement.waiting--
      if (measurement.waiting === 0) measurement.abort.abort(new Error('Nobody waits for it any more.'))
    }
  }

  #start(request: number, file: RequestFile): Measurement {
    const abort = new AbortController()
    const count = async () => {
      let bytes = 0
      for await (const piece of this.text(request, file, abort.signal)) bytes += piece.length
      return bytes
    }
    const bytes = count().finally(() => {
      if (this.#measurements.get(file.key) === measurement) this.#measurements.delete(file.key)
    })
    bytes.catch(() => {})
    const measurement: Measurement = { bytes, waiting: 0, abort }
    // Nobody joins one that is being ended.
    abort.signal.addEventListener('abort', () => {
      if (this.#measurements.get(file.key) === measurement) this.#measurements.delete(file.key)
    })
    this.#measurements.set(file.key, measurement)
    return measurement
  }

  #whole(request: number, file: RequestFile, asked: AbortSignal): AsyncGenerator<Buffer, void> {
    return this.#held(request, file, asked, (path, signal) => sqlOf(path, { signal, scratch: this.#folder }))
  }

  /** The files that lie beside a stored dump, as a zip. */
  async *filestore(request: number, file: RequestFile, signal: AbortSignal): AsyncGenerator<Buffer, void> {
    const hash = createHash('sha256')
    let bytes = 0
    for await (const piece of this.#held(request, file, signal, (path) => filestoreZip(path, this.#folder))) {
      hash.update(piece)
      bytes += piece.length
      yield piece
    }
    await this.#deps.database.pool.query(
      'UPDATE service.file SET filestore_bytes = $4, filestore_sha256 = $5 WHERE request = $1 AND role = $2 AND key = $3',
      [request, file.role, file.key, bytes, hash.digest('hex')],
    )
  }

  /** What is made of a file, which is held for as long as somebody reads. */
  async *#held(
    request: number,
    file: RequestFile,
    asked: AbortSignal,
    make: (path: string, signal: AbortSignal) => AsyncIterable<Buffer>,
  ): AsyncGenerator<Buffer, void> {
    const signal = AbortSignal.any([asked, this.#traffic.signal])
    const free = await this.#turns.take(request, signal)
    const ended = Promise.withResolvers<void>()
    const opened = Promise.withResolvers<string>()
    opened.promise.catch(() => {})
    const folder = this.#folder
    const held = mkdir(folder, { recursive: true, mode: 0o700 })
      .then(() =>
        this.#deps.storage.withLocal(
          file.key,
          folder,
          (path) => {
            opened.resolve(path)
            return ended.promise
          },
          signal,
        ),
      )
      .catch((thrown: unknown) => opened.reject(thrown))
    const holding = this.#traffic.track(held)
    try {
      yield* make(await opened.promise, signal)
    } finally {
      ended.resolve()
      await holding
      free()
    }
  }

  async #keep(
    request: number,
    { role, key, sqlBytes, sqlSha256 }: RequestFile,
    { bytes, sha256 }: { bytes: number; sha256: string },
  ): Promise<void> {
    if (sqlBytes !== null && sqlBytes !== bytes)
      throw new Error('a dump gave more SQL than when it was measured')
    if (sqlBytes === null || sqlSha256 === null)
      await this.#deps.database.pool.query(
        'UPDATE service.file SET sql_bytes = $4, sql_sha256 = $5 WHERE request = $1 AND role = $2 AND key = $3',
        [request, role, key, bytes, sha256],
      )
  }
}
