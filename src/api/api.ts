import { randomUUID } from 'node:crypto'
import { join } from 'node:path'
import cookie from '@fastify/cookie'
import helmet from '@fastify/helmet'
import { type FastifyBaseLogger, type FastifyInstance, fastify, LogController } from 'fastify'
import { Console } from '../pages/console/console.ts'
import { registerConsole } from '../pages/console/register.ts'
import { registerForm } from '../pages/form/register.ts'
import { registerUploads } from '../pages/form/uploads.ts'
import type { Pages } from '../pages/page.ts'
import { openPages } from '../pages/register.ts'
import { answerFailures, sendRefusal } from './answers.ts'
import { answerBrokenMessage } from './broken-messages.ts'
import type { ApiDeps } from './deps.ts'
import { registerDownloads } from './downloads/register.ts'
import { drainUnread } from './drain.ts'
import { Expectations } from './expectations.ts'
import { Guesses } from './guesses.ts'
import { registerHealth } from './health.ts'
import { apiLog, logAnswers } from './logging.ts'
import { registerMetrics } from './metrics.ts'
import { registerOpenApi } from './openapi.ts'
import { Refusal } from './refusal.ts'
import { Traffic } from './traffic.ts'
import { Spool } from './uploads/spool.ts'
import { registerMethods } from './v1/routes.ts'

/** A connection on which nothing moves for so long is cut, also within an upload or a download. */
const IDLE_MS = 5 * 60_000
/** What is no page loads nothing, runs nothing, and is framed nowhere; pages say themselves what they may. */
const POLICY = {
  'default-src': ["'none'"],
  'base-uri': ["'none'"],
  'form-action': ["'none'"],
  'frame-ancestors': ["'none'"],
}
/** A message's headers have to be there by then. A body may take as long as it likes while it moves. */
const HEADERS_MS = 60_000

/** The HTTP side of the service; `listen` starts it, `close` lets running uploads and downloads come to their end. */
export function buildApi(deps: ApiDeps, { idleMs = IDLE_MS }: { idleMs?: number } = {}): FastifyInstance {
  const { settings } = deps
  const traffic = new Traffic()
  const app = fastify({
    loggerInstance: apiLog(deps.log) as FastifyBaseLogger,
    logController: new LogController({ disableRequestLogging: true }),
    genReqId: () => randomUUID(),
    // Only what the nearest proxy says is believed; what stands before it the client may have written.
    trustProxy: settings.trustProxy ? (_address, hop) => hop < 1 : false,
    connectionTimeout: idleMs,
    requestTimeout: 0,
    keepAliveTimeout: 75_000,
    return503OnClosing: false,
    http: {
      headersTimeout: HEADERS_MS,
      requestTimeout: 0,
      // A name is not needed to answer; clients that write HTTP by hand leave it out.
      requireHostHeader: false,
      keepAlive: true,
      keepAliveInitialDelay: 60_000,
    },
    clientErrorHandler: (error, socket) => answerBrokenMessage(error, socket, traffic),
    frameworkErrors: (_error, _request, reply) => {
      sendRefusal(reply, new Refusal('BODY:INVALID', 'The path of the call is not well-formed.'))
    },
  })
  // Who closes his side when he has sent all still gets his answer.
  Object.assign(app.server, { httpAllowHalfOpen: true })
  const expectations = new Expectations()
  expectations.install(app)
  logAnswers(app)
  traffic.install(app, settings.stopSeconds)
  drainUnread(app, expectations)
  app.register(cookie)
  const shown: { pages?: Pages } = {}
  answerFailures(app, shown)
  app.register(helmet, {
    contentSecurityPolicy: { useDefaults: false, directives: POLICY },
    // Whether a name is served by TLS alone is for the proxy to say that speaks it.
    strictTransportSecurity: false,
  })
  app.register(async (scope) => register(scope, deps, { traffic, expectations, shown }))
  return app
}

async function register(
  app: FastifyInstance,
  deps: ApiDeps,
  {
    traffic,
    expectations,
    shown,
  }: { traffic: Traffic; expectations: Expectations; shown: { pages?: Pages } },
): Promise<void> {
  const { settings } = deps
  const pages = await openPages(app)
  shown.pages = pages
  await registerOpenApi(app, deps, pages)
  const metrics = registerMetrics(app, deps)
  registerHealth(app, deps, traffic)
  const spool = new Spool(join(settings.dataFolder, 'spool'), settings.instance)
  await spool.open()
  const calls = {
    deps,
    traffic,
    expectations,
    keys: new Guesses(settings.guesses),
    // A right contract is refused beyond the limit as well, so one mistyped by many behind one address must not reach it.
    contracts: new Guesses(settings.guesses * 10),
  }
  await app.register(async (scope) => registerMethods(scope, calls, spool, metrics.uploaded))
  const form = { calls, spool, onUpload: metrics.uploaded }
  await app.register(async (scope) => registerForm(scope, form, pages))
  await app.register(async (scope) => registerUploads(scope, form))
  await app.register(async (scope) => registerDownloads(scope, calls, pages))
  const console = new Console(deps, { pages, traffic, expectations, spool, metrics })
  await app.register(async (scope) => registerConsole(scope, console))
}
