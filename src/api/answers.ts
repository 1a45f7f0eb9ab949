import type { FastifyError, FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { asUpliftError, isSystemError, UpliftError } from '../errors.ts'
import type { Pages } from '../pages/page.ts'
import { Refusal } from './refusal.ts'

/** Methods that a path may take. */
const METHODS = ['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS'] as const

/**
 * Answers everything that is no success with a status of the transport and `{"failures": […]}`; somebody who only followed
 * an address in a browser reads it on a page.
 */
export function answerFailures(app: FastifyInstance, shown: { pages?: Pages }): void {
  app.setErrorHandler((error: FastifyError, request, reply) => {
    // Nobody is there to hear the answer; nothing of the server's own failed.
    const brokenOff = request.raw.destroyed && !request.raw.complete
    const refusal = brokenOff
      ? new Refusal('BODY:INVALID', 'The connection was closed within the body.')
      : refusalOf(error)
    if (refusal.status >= 500 && error !== (refusal as Error))
      request.log.error({ err: error }, 'a call failed')
    if (shown.pages && refusal.status >= 500 && isReader(request)) {
      if (refusal.retryAfter !== null) reply.header('retry-after', refusal.retryAfter)
      return shown.pages.sendFailed(request, reply, refusal.status)
    }
    return sendRefusal(reply, refusal)
  })
  app.setNotFoundHandler((request, reply) => {
    const [path = '/'] = (request.raw.url ?? '/').split('?')
    if (shown.pages && isReader(request)) return shown.pages.sendNotFound(request, reply)
    const allowed = METHODS.filter((method) => app.hasRoute({ method, url: path }))
    return sendRefusal(
      reply,
      allowed.length > 0 && !(allowed as readonly string[]).includes(request.method)
        ? wrongMethod(allowed)
        : new Refusal('PATH:NOT_FOUND', 'There is nothing at this path.'),
    )
  })
}

export function sendRefusal(reply: FastifyReply, refusal: Refusal): FastifyReply {
  if (refusal.retryAfter !== null) reply.header('retry-after', refusal.retryAfter)
  return reply
    .code(refusal.status)
    .headers(refusal.headers)
    .type('application/json')
    .serializer(JSON.stringify)
    .send({ failures: refusal.failures })
}

/** A person with a browser, and no program that calls the API. */
function isReader({ method, headers, raw }: FastifyRequest): boolean {
  return (
    (method === 'GET' || method === 'HEAD') &&
    /\btext\/html\b/.test(headers.accept ?? '') &&
    !(raw.url ?? '').startsWith('/database/v1')
  )
}

function wrongMethod(allowed: readonly string[]): Refusal {
  return new Refusal('METHOD:INVALID', `This path takes ${allowed.join(', ')} only.`, {
    expected: allowed,
    headers: { allow: allowed.join(', ') },
  })
}

/** What a failure means to the client; its own words only where they are meant for him. */
export function refusalOf(thrown: unknown): Refusal {
  if (thrown instanceof Refusal) return thrown
  const status = thrown instanceof Error && 'statusCode' in thrown ? Number(thrown.statusCode) : 500
  if (status === 413) return new Refusal('BODY:TOO_LARGE', 'The body has more bytes than this call takes.')
  if (status >= 400 && status < 500)
    return new Refusal('BODY:INVALID', 'The call is not well-formed.', { cause: thrown })
  const error = asUpliftError(thrown)
  if (error.code === 'DISK:FULL')
    return new Refusal('STORAGE:FULL', 'The server has no room left. Try again later.', { cause: thrown })
  if (error.code === 'STORAGE:UNREACHABLE' || error.code === 'CLUSTER:UNREACHABLE' || isDatabaseAway(thrown))
    return new Refusal('SERVICE:UNAVAILABLE', 'The service is not available right now. Try again later.', {
      cause: thrown,
    })
  return new Refusal('SERVICE:FAILED', 'Something failed on the server. Its log says what.', {
    cause: thrown,
  })
}

/** PostgreSQL's classes 08 (connection), 53 (resources) and 57P (shut down, starting up), and what the network says. */
function isDatabaseAway(thrown: unknown): boolean {
  if (!(thrown instanceof Error) || thrown instanceof UpliftError) return false
  if ('code' in thrown && /^(08|53|57P)/.test(String(thrown.code))) return true
  return (
    ['ECONNREFUSED', 'ECONNRESET', 'EPIPE', 'ENOENT', 'ETIMEDOUT'].some(
      (code) => isSystemError(thrown, code) && 'syscall' in thrown && isConnection(thrown.syscall),
    ) ||
    /^(Connection terminated|timeout exceeded when trying to connect|Client has encountered a connection error)/.test(
      thrown.message,
    )
  )
}

function isConnection(syscall: unknown): boolean {
  return syscall === 'connect' || syscall === 'read' || syscall === 'write'
}
