import type { IncomingMessage, ServerResponse } from 'node:http'
import type { Socket } from 'node:net'
import type { FastifyInstance } from 'fastify'
import { Refusal } from './refusal.ts'

/** Paths that are answered while the server stops: whoever watches it has to see how it goes. */
const WATCHED = new Set(['/health', '/metrics'])
/** Time for what was cut to clean up behind itself. */
const CLEANUP_MS = 10_000

/** The calls that are at work, and the order to come to an end. */
export class Traffic {
  readonly #calls = new Map<ServerResponse, { request: IncomingMessage; socket: Socket }>()
  readonly #work = new Set<Promise<unknown>>()
  readonly #cut = new AbortController()
  #stopping = false
  #idle: (() => void) | null = null

  /** Aborted when what is still at work has to end at once. */
  get signal(): AbortSignal {
    return this.#cut.signal
  }

  get stopping(): boolean {
    return this.#stopping
  }

  /** Work that has to clean up behind itself even when its connection is gone. */
  async track<T>(work: Promise<T>): Promise<T> {
    this.#work.add(work)
    try {
      return await work
    } finally {
      this.#work.delete(work)
    }
  }

  /** The call that is answered on a connection right now; null when there is none. */
  callOn(socket: Socket): { request: IncomingMessage; response: ServerResponse } | null {
    for (const [response, call] of this.#calls)
      if (call.socket === socket) return { request: call.request, response }
    return null
  }

  install(app: FastifyInstance, seconds: number): void {
    app.addHook('onRequest', async (request, reply) => {
      const { raw } = request
      if (this.#stopping && !WATCHED.has(request.routeOptions.url ?? '')) throw stopping()
      this.#calls.set(reply.raw, { request: raw, socket: raw.socket })
      reply.raw.once('close', () => {
        this.#calls.delete(reply.raw)
        if (this.#calls.size === 0) this.#idle?.()
      })
    })
    app.addHook('preClose', async () => {
      this.#stopping = true
      await this.#ended(seconds * 1000)
      this.#cut.abort(stopping())
      // What is left was given its time; connections that only wait for a next call go too.
      app.server.closeAllConnections()
      await Promise.race([Promise.allSettled(this.#work), elapsed(CLEANUP_MS)])
    })
  }

  /** Waits until nothing is at work, or the time is over. */
  async #ended(ms: number): Promise<void> {
    if (this.#calls.size === 0) return
    const { promise, resolve } = Promise.withResolvers<void>()
    const timer = setTimeout(resolve, ms)
    this.#idle = resolve
    await promise
    clearTimeout(timer)
  }
}

function stopping(): Refusal {
  return new Refusal('SERVICE:STOPPING', 'The server is being stopped. Try again later.')
}

function elapsed(ms: number): Promise<void> {
  return new Promise((resolve) => {
    setTimeout(resolve, ms).unref()
  })
}
