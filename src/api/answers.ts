import type { FastifyError, FastifyInstance, FastifyReply } from 'fastify'
import { asUpliftError, isSystemError, UpliftError } from '../errors.ts'
import { Refusal } from './refusal.ts'

/** Methods that a path may take. */
const METHODS = ['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS'] as const

/** Answers everything that is no success with a status of the transport and `{"failures": […]}`. */
export function answerFailures(app: FastifyInstance): void {
  app.setErrorHandler((error: FastifyError, request, reply) => {
    // Nobody is there to hear the answer; nothing of the server's own failed.
    const brokenOff = request.raw.destroyed && !request.raw.complete
    const refusal = brokenOff
      ? new Refusal('BODY:INVALID', 'The connection was closed within the body.')
      : refusalOf(error)
    if (refusal.status >= 500 && error !== (refusal as Error))
      request.log.error({ err: error }, 'a call failed')
    return sendRefusal(reply, refusal)
  })
  app.setNotFoundHandler((request, reply) => {
    const [path = '/'] = (request.raw.url ?? '/').split('?')
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
