import { createHash } from 'node:crypto'
import { Readable } from 'node:stream'
import type { Stored } from './storage.ts'

/** Hands chunks on while it takes their SHA-256 and counts them. */
export class Metered {
  readonly #hash = createHash('sha256')
  #bytes = 0

  /** The chunks of a source; an aborted signal ends them with the signal's reason. */
  async *chunks(source: AsyncIterable<Uint8Array>, signal?: AbortSignal): AsyncGenerator<Uint8Array> {
    for await (const chunk of signal ? abortable(source, signal) : source) {
      this.#hash.update(chunk)
      this.#bytes += chunk.length
      yield chunk
    }
  }

  /** What went through; asked for once, at the end. */
  result(): Stored {
    return { bytes: this.#bytes, sha256: this.#hash.digest('hex') }
  }
}

/**
 * The chunks of a source until the signal is aborted, also while the source keeps one waiting. One promise a chunk: a
 * race against one promise of the signal would hold on to every chunk until the end.
 */
async function* abortable<T>(source: AsyncIterable<T>, signal: AbortSignal): AsyncGenerator<T> {
  const iterator = source[Symbol.asyncIterator]()
  let giveUp: (reason: unknown) => void = () => {}
  const abort = () => giveUp(signal.reason)
  signal.addEventListener('abort', abort)
  let ended = false
  try {
    while (true) {
      signal.throwIfAborted()
      const next = await new Promise<IteratorResult<T>>((resolve, reject) => {
        giveUp = reject
        iterator.next().then(resolve, reject)
      })
      if (next.done) {
        ended = true
        return
      }
      yield next.value
    }
  } finally {
    signal.removeEventListener('abort', abort)
    // Not waited for: the source may be hanging.
    if (!ended) {
      if (source instanceof Readable) source.destroy()
      else iterator.return?.().catch(() => {})
    }
  }
}
