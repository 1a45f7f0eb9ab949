import type { FastifyInstance, FastifyRequest } from 'fastify'
import type pino from 'pino'

/** What a request key looks like, wherever it stands. */
const KEY = /[A-Za-z0-9_-]{22}(?:==|%3D%3D)/gi

/** Text for the log, without what may be the key of a request. */
export function withoutKeys(text: string): string {
  return text.replace(KEY, '[key]')
}

/**
 * The log of the HTTP side. Messages and stacks of errors pass without keys; the address of a call is never written, only
 * the pattern of its route.
 */
export function apiLog(log: pino.Logger): pino.Logger {
  return log.child({}, { serializers: { err: told, error: told, req: undefinedOf, res: undefinedOf } })
}

function undefinedOf(): undefined {}

function told(thrown: unknown): unknown {
  if (!(thrown instanceof Error)) return withoutKeys(String(thrown))
  return {
    type: thrown.name,
    ...('code' in thrown ? { code: withoutKeys(String(thrown.code)) } : {}),
    message: withoutKeys(thrown.message),
    stack: withoutKeys(thrown.stack ?? ''),
    ...(thrown.cause === undefined ? {} : { cause: told(thrown.cause) }),
  }
}

/** The pattern of the route of a call; paths that have none are all the same. */
export function routeOf(request: FastifyRequest): string {
  return request.routeOptions.url ?? '(none)'
}

declare module 'fastify' {
  interface FastifyRequest {
    /** Id of the upgrade request that the call is about, once its key was found right; it stands in the log. */
    upgrade: number | null
  }
}

/** One line for each answer. */
export function logAnswers(app: FastifyInstance): void {
  app.decorateRequest('upgrade', null)
  app.addHook('onResponse', async (request, reply) => {
    request.log.info(
      {
        method: request.method,
        route: routeOf(request),
        status: reply.statusCode,
        ms: Math.round(reply.elapsedTime),
        ...(request.upgrade === null ? {} : { request: request.upgrade }),
      },
      'answered',
    )
  })
  app.addHook('onRequestAbort', async (request) => {
    request.log.info(
      {
        method: request.method,
        route: routeOf(request),
        ...(request.upgrade === null ? {} : { request: request.upgrade }),
      },
      'the client broke off',
    )
  })
}
