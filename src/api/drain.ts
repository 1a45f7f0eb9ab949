import type { IncomingMessage, ServerResponse } from 'node:http'
import { Readable } from 'node:stream'
import type { FastifyInstance } from 'fastify'
import type { Expectations } from './expectations.ts'
import { hasBody } from './v1/body.ts'

/** What a client may send on after its answer; a connection that is cut earlier would lose it the answer. */
const DRAIN_BYTES = 256 * 1024 * 1024
const DRAIN_MS = 60_000
/** Who still waits to be told to send his body sends none once he has the answer. */
const WAITING_MS = 1_000

/**
 * Answers that go out before the body of a call was read, such as a refusal of an upload: the answer is sent at once, what
 * the client sends on is read and thrown away up to a limit, and then the connection is closed.
 */
export function drainUnread(
  app: FastifyInstance,
  expectations: Expectations,
  { bytes = DRAIN_BYTES, ms = DRAIN_MS }: { bytes?: number; ms?: number } = {},
): void {
  app.addHook('onSend', async (request, reply, payload) => {
    const unread = hasBody(request.raw) && !request.raw.complete
    if (!unread) return payload
    reply.header('connection', 'close')
    const content = contentOf(payload)
    if (content === null || reply.statusCode === 204) return payload
    reply.header('content-length', content.length)
    const limits = { bytes, ms: expectations.waits(request.raw) ? Math.min(ms, WAITING_MS) : ms }
    return Readable.from(answerThenDrain(content, reply.raw, request.raw, limits), { objectMode: false })
  })
}

/** @returns null for what is no content that is there as a whole; a redirection has an empty one */
function contentOf(payload: unknown): Buffer | null {
  if (payload === undefined || payload === null) return Buffer.alloc(0)
  return typeof payload === 'string' || Buffer.isBuffer(payload) ? Buffer.from(payload) : null
}

async function* answerThenDrain(
  content: Buffer,
  answer: ServerResponse,
  request: IncomingMessage,
  limits: { bytes: number; ms: number },
): AsyncGenerator<Buffer> {
  if (content.length > 0) yield content
  else answer.flushHeaders()
  await drain(request, limits)
}

/** Reads on until the body ends, the connection breaks or a limit is reached. */
function drain(request: IncomingMessage, limits: { bytes: number; ms: number }): Promise<void> {
  return new Promise((resolve) => {
    let bytes = 0
    const timer = setTimeout(end, limits.ms)
    function end(): void {
      clearTimeout(timer)
      request.off('data', count)
      resolve()
    }
    function count(piece: Buffer): void {
      bytes += piece.length
      if (bytes > limits.bytes) end()
    }
    if (request.complete || request.destroyed) return end()
    // A form that was being read does not get the rest.
    request.unpipe()
    request.once('end', end).once('close', end).once('error', end)
    request.on('data', count).resume()
  })
}
