import { Readable } from 'node:stream'
import type { FastifyReply, FastifyRequest } from 'fastify'
import type { ApiDeps } from '../../api/deps.ts'
import { Refusal } from '../../api/refusal.ts'
import type { Traffic } from '../../api/traffic.ts'
import { loadRequest } from '../../requests/find.ts'
import type { Language } from '../../words/language.ts'
import { languageOf } from '../language.ts'
import { hasEnded, readStatus } from './facts.ts'
import { livePart, tabTitle } from './live.ts'

const POLL_MS = 1000
/** A browser asks again after that; a proxy in between is not kept waiting for ever. */
const LIFE_MS = 15 * 60_000
/** A line that says nothing, so that nobody takes the connection for dead. */
const SILENCE_MS = 20_000
const MOST_STREAMS = 500
const MOST_OF_ONE_ADDRESS = 20

/** The streams that are open, so that nobody can hold all of the server's connections. */
export class Streams {
  readonly #open = new Map<string, number>()

  /** @throws Refusal SERVICE:UNAVAILABLE; the page then asks again every few seconds instead */
  enter(address: string): () => void {
    const mine = this.#open.get(address) ?? 0
    const all = [...this.#open.values()].reduce((sum, count) => sum + count, 0)
    if (all >= MOST_STREAMS || mine >= MOST_OF_ONE_ADDRESS)
      throw new Refusal('SERVICE:UNAVAILABLE', 'Too many pages are open. Close some of them.', {
        retryAfter: 30,
      })
    this.#open.set(address, mine + 1)
    return () => {
      const left = (this.#open.get(address) ?? 1) - 1
      if (left > 0) this.#open.set(address, left)
      else this.#open.delete(address)
    }
  }
}

/**
 * Server-sent events of a request: "status" with the changing part of its page as HTML whenever it is another, "end" when
 * nothing changes any more.
 */
export function sendEvents(
  call: FastifyRequest,
  reply: FastifyReply,
  { deps, traffic, streams }: { deps: ApiDeps; traffic: Traffic; streams: Streams },
  id: number,
): FastifyReply {
  const leave = streams.enter(call.ip)
  const gone = new AbortController()
  // A browser that leaves closes its side, which elsewhere only says that nothing more is asked for.
  const stop = () => gone.abort()
  const { socket } = call.raw
  socket.once('end', stop)
  reply.raw.once('close', () => {
    socket.off('end', stop)
    leave()
    stop()
  })
  return reply
    .headers({ 'cache-control': 'no-store', 'x-accel-buffering': 'no', 'x-content-type-options': 'nosniff' })
    .type('text/event-stream; charset=utf-8')
    .send(Readable.from(events(deps, traffic, id, languageOf(call), gone.signal)))
}

async function* events(
  deps: ApiDeps,
  traffic: Traffic,
  id: number,
  language: Language,
  gone: AbortSignal,
): AsyncGenerator<string> {
  yield `retry: 3000\n\n`
  const until = Date.now() + LIFE_MS
  let [told, toldAt] = ['', Date.now()]
  while (!gone.aborted && !traffic.stopping && Date.now() < until) {
    const request = await loadRequest(deps.database.pool, id)
    if (request === null) return
    const facts = await readStatus(deps, request)
    const html = livePart(language, facts).text
    // What only counts the seconds is counted by the page itself.
    const same = html.replaceAll(/(<span data-since="[^"]*">)[^<]*/g, '$1')
    if (same !== told) {
      yield message('status', { title: tabTitle(language, facts), state: request.state, html })
      told = same
      toldAt = Date.now()
    } else if (Date.now() - toldAt > SILENCE_MS) {
      yield ': nothing new\n\n'
      toldAt = Date.now()
    }
    if (hasEnded(request)) {
      yield message('end', { state: request.state })
      return
    }
    await pause(POLL_MS, gone)
  }
}

function message(event: string, data: object): string {
  return `event: ${event}\ndata: ${JSON.stringify(data)}\n\n`
}

function pause(ms: number, gone: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const timer = setTimeout(resolve, ms)
    gone.addEventListener(
      'abort',
      () => {
        clearTimeout(timer)
        resolve()
      },
      { once: true },
    )
  })
}
