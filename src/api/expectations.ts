import type { IncomingMessage, ServerResponse } from 'node:http'
import type { FastifyInstance } from 'fastify'

/**
 * Clients that ask before they send their body ("Expect: 100-continue") are told to go on when somebody begins to read
 * it, not before: an upload that is refused is not sent at all.
 */
export class Expectations {
  readonly #waiting = new WeakMap<IncomingMessage, ServerResponse>()

  install(app: FastifyInstance): void {
    const { server } = app
    server.on('checkContinue', (request: IncomingMessage, response: ServerResponse) => {
      this.#waiting.set(request, response)
      server.emit('request', request, response)
    })
    // Other expectations may be ignored by a server that does not know them.
    server.on('checkExpectation', (request: IncomingMessage, response: ServerResponse) => {
      server.emit('request', request, response)
    })
  }

  /** To be called before the body of a call is read. */
  goOn(request: IncomingMessage): void {
    this.#waiting.get(request)?.writeContinue()
    this.#waiting.delete(request)
  }

  /** Whether the client still waits for the word to send its body. */
  waits(request: IncomingMessage): boolean {
    return this.#waiting.has(request)
  }
}
