import type { FastifyError, FastifyInstance, FastifyRequest } from 'fastify'
import { refusalOf } from '../../api/answers.ts'
import { isMultipart } from '../../api/v1/multipart.ts'
import { findSession, isCsrf } from '../../operator/sessions.ts'
import { languageOf } from '../language.ts'
import { comesFromHere } from '../status/actions.ts'
import { commonWords } from '../words.ts'
import { sessionCookie } from './access/cookie.ts'
import { foreignName } from './access/own-name.ts'
import { registerAccess } from './access/register.ts'
import { type Console, ForeignForm, ForeignName, formOf, goTo } from './console.ts'
import { registerContracts } from './contracts/register.ts'
import { registerMetricsPage } from './metrics/register.ts'
import { registerOverview } from './overview/register.ts'
import { registerReferences } from './references/register.ts'
import { registerRequests } from './requests/register.ts'
import { registerSettings } from './settings/register.ts'
import { registerTickets } from './tickets/register.ts'
import { consoleWords } from './words.ts'

/** Bytes of a form without a file. */
const FORM_BYTES = 64 * 1024

/** What may be asked for without a session. */
const open = new Set(['/console/login', '/console/setup'])

/**
 * The operator's console. Without a session every address below /console gives the way to the log-in and nothing else, also
 * one that is not there; a form counts only when a page of the same session made it.
 */
export async function registerConsole(app: FastifyInstance, console: Console): Promise<void> {
  const { deps, pages } = console
  app.decorateRequest('operator', null)
  readForms(app)
  app.setErrorHandler((error: FastifyError, call, reply) => {
    const words = commonWords(languageOf(call))
    if (error instanceof ForeignForm)
      return pages.sendSentence(call, reply, 403, words.refused, consoleWords(languageOf(call)).refusedForm)
    if (error instanceof ForeignName)
      return pages.sendSentence(
        call,
        reply,
        403,
        words.refused,
        consoleWords(languageOf(call)).foreignName(error.host),
      )
    const refusal = refusalOf(error)
    if (refusal.status >= 500 && error !== (refusal as Error))
      call.log.error({ err: error }, 'a page of the console failed')
    if (refusal.retryAfter !== null) reply.header('retry-after', refusal.retryAfter)
    const sentences: Readonly<Record<string, string>> = consoleWords(languageOf(call)).refusals
    const sentence = sentences[refusal.failures[0]?.reason ?? ''] ?? refusal.message
    return pages.sendSentence(call, reply, refusal.status, words.notNow, sentence)
  })
  app.addHook('onRequest', async (call, reply) => {
    if (call.method === 'POST') {
      if (!comesFromHere(call, deps.baseUrl())) throw new ForeignForm()
      const name = foreignName(call, deps.baseUrl())
      if (name !== null) throw new ForeignName(name)
    }
    if (open.has(call.routeOptions.url ?? '')) return
    const id = sessionCookie(call)
    call.operator = id === null ? null : await findSession(deps.database, id)
    if (call.operator === null) return goTo(reply, wayToLogin(call))
  })
  app.addHook('preHandler', async (call) => {
    if (call.method !== 'POST' || open.has(call.routeOptions.url ?? '')) return
    // A form with a file is checked when it is read, before its file.
    if (call.routeOptions.config.upload && isMultipart(call.headers['content-type'])) return
    if (call.operator === null || !isCsrf(call.operator, formOf(call).get('csrf') ?? ''))
      throw new ForeignForm()
  })
  app.addHook('onSend', async (_call, reply, payload) => {
    // Nothing of it stays in a browser, files neither.
    reply.header('cache-control', 'no-store')
    return payload
  })
  registerAccess(app, console)
  registerOverview(app, console)
  registerRequests(app, console)
  registerContracts(app, console)
  registerReferences(app, console)
  registerTickets(app, console)
  registerMetricsPage(app, console)
  registerSettings(app, console)
  app.route({
    method: ['GET', 'HEAD', 'POST'],
    url: '/console/*',
    exposeHeadRoute: false,
    schema: { hide: true },
    handler: (call, reply) => {
      const [path, query] = (call.raw.url ?? '').split(/(?=\?)/, 2)
      return path === '/console/' && call.method !== 'POST'
        ? goTo(reply, `/console${query ?? ''}`)
        : console.sendNotFound(call, reply)
    },
  })
}

function readForms(app: FastifyInstance): void {
  app.removeAllContentTypeParsers()
  app.addContentTypeParser(
    'application/x-www-form-urlencoded',
    { parseAs: 'string', bodyLimit: FORM_BYTES },
    (_call, body, done) => done(null, new URLSearchParams(String(body))),
  )
  // Read by whoever knows what to do with it.
  app.addContentTypeParser('*', (_call, _payload, done) => done(null))
}

/** After the log-in one is where one wanted to go. */
function wayToLogin({ method, raw }: FastifyRequest): string {
  const wanted = raw.url ?? ''
  return method === 'GET' && /^\/console\/[a-z]/.test(wanted) && wanted.length < 500
    ? `/console/login?next=${encodeURIComponent(wanted)}`
    : '/console/login'
}
