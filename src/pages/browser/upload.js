// @ts-check
// Sends one file in pieces: goes on by itself after a lost connection, can be paused, and is remembered for a later visit.

/**
 * @typedef {{ request: number, key: string, path: string }} Draft
 * @typedef {Draft & { name: string, size: number, modified: number, url: string, wish: Record<string, string> }} Begun
 * @typedef {{
 *   going: (sent: number, total: number, speed: number) => void,
 *   begun: (url: string) => void,
 *   lost: (sentence: string | null) => void,
 *   whole: () => void,
 *   failed: (sentence: string | null) => void,
 * }} Listener
 */

const STORED = 'uplift.uploads'
/** Uploads that are remembered. */
const MOST = 10
const PIECE = 8 * 1024 * 1024
/** Pauses before it is tried again, in seconds; the last is repeated. */
const PAUSES = [1, 2, 4, 8, 15, 30]
/** Milliseconds over which the speed is taken. */
const WINDOW = 6000

/** @returns {Begun[]} what was begun in this browser and not ended, the newest last */
function all() {
  try {
    const stored = JSON.parse(localStorage.getItem(STORED) ?? '[]')
    return Array.isArray(stored) ? stored : []
  } catch {
    return []
  }
}

/** @param {Begun[]} uploads */
function keep(uploads) {
  try {
    if (uploads.length > 0) localStorage.setItem(STORED, JSON.stringify(uploads.slice(-MOST)))
    else localStorage.removeItem(STORED)
  } catch {
    // A browser that keeps nothing cannot go on later; all else works.
  }
}

/** The newest upload that was begun and not ended, and that no other tab is at. @returns {Promise<Begun | null>} */
export async function remembered() {
  const { held = [] } = (await navigator.locks?.query()) ?? {}
  const busy = new Set(held.map(({ name }) => name))
  return all().findLast(({ url }) => !busy.has(lockOf(url))) ?? null
}

/** @param {Begun} begun */
export function remember(begun) {
  keep([...all().filter(({ url }) => url !== begun.url), begun])
}

/** @param {string | undefined} ended where the upload is that is over */
export function forgetUpload(ended) {
  keep(all().filter(({ url }) => url !== ended))
}

/** @param {string} url */
const lockOf = (url) => `uplift ${url}`

/** Lets go of the upload that this tab is at. */
let letGo = () => {}

/** Tells other tabs which upload this one is at, as long as it is open. Browsers do so on safe addresses only. @param {string | null} url */
export function hold(url) {
  letGo()
  letGo = () => {}
  if (url !== null)
    navigator.locks?.request(
      lockOf(url),
      () =>
        new Promise((resolve) => {
          letGo = () => resolve(null)
        }),
    )
}

/** @param {Begun} begun @param {File} file */
export function isSame(begun, file) {
  return begun.name === file.name && begun.size === file.size && begun.modified === file.lastModified
}

export class Transfer {
  /** @type {any} */
  #tus
  #attempt = 0
  #stopped = false
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  #timer
  /** @type {{ at: number, sent: number }[]} */
  #samples = []
  /** @type {Listener} */
  #listener

  /**
   * @param {any} Upload the protocol's own class
   * @param {File} file
   * @param {{ draft: Draft, endpoint: string, url: string | null }} place
   * @param {Listener} listener
   */
  constructor(Upload, file, { draft, endpoint, url }, listener) {
    this.#listener = listener
    this.#tus = new Upload(file, {
      endpoint,
      uploadUrl: url,
      metadata: { request: String(draft.request), key: draft.key },
      chunkSize: PIECE,
      retryDelays: null,
      storeFingerprintForResuming: false,
      onUploadUrlAvailable: () => listener.begun(new URL(this.#tus.url, location.href).pathname),
      onProgress: (/** @type {number} */ sent, /** @type {number} */ total) => this.#progress(sent, total),
      onSuccess: () => {
        this.stop()
        listener.whole()
      },
      onError: (/** @type {any} */ error) => this.#failed(error),
    })
    addEventListener('online', this.#online)
  }

  /** Begins, or goes on. */
  start() {
    this.#wait(null)
    this.#stopped = false
    this.#samples = []
    this.#tus.start()
  }

  pause() {
    this.#wait(null)
    this.#stopped = true
    return this.#tus.abort()
  }

  /** Ends for good. */
  stop() {
    removeEventListener('online', this.#online)
    return this.pause()
  }

  #online = () => {
    if (!this.#stopped && this.#timer !== undefined) this.start()
  }

  /** @param {number} sent @param {number} total */
  #progress(sent, total) {
    const at = performance.now()
    if (this.#samples.length > 0) this.#attempt = 0
    this.#samples = [...this.#samples.filter((sample) => at - sample.at < WINDOW), { at, sent }]
    const first = this.#samples[0] ?? { at, sent }
    const speed = at - first.at < 500 ? 0 : ((sent - first.sent) / (at - first.at)) * 1000
    this.#listener.going(sent, total, speed)
  }

  /** @param {any} error */
  #failed(error) {
    const answer = error.originalResponse
    const status = answer ? answer.getStatus() : 0
    // Stopping takes the answer away.
    const sentence = answer ? sentenceOf(answer.getBody()) : null
    // What another try still has open is not refused for good.
    if (status >= 400 && status < 500 && ![408, 409, 423].includes(status)) {
      this.stop()
      return this.#listener.failed(sentence)
    }
    if (this.#stopped) return
    this.#listener.lost(status === 503 ? sentence : null)
    const pause = PAUSES[Math.min(this.#attempt++, PAUSES.length - 1)] ?? 30
    this.#wait(pause)
  }

  /** Waits for another try; only then it may begin before its time. @param {number | null} seconds */
  #wait(seconds) {
    clearTimeout(this.#timer)
    this.#timer = seconds === null ? undefined : setTimeout(() => this.start(), seconds * 1000)
  }
}

/** @param {string} body @returns {string | null} */
function sentenceOf(body) {
  try {
    return JSON.parse(body).problem ?? null
  } catch {
    return null
  }
}
