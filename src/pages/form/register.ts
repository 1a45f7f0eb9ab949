import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { refusalOf } from '../../api/answers.ts'
import { checkRoom } from '../../api/uploads/limits.ts'
import { bodyLength } from '../../api/v1/body.ts'
import { readParameters } from '../../api/v1/parameters.ts'
import { createSchema } from '../../api/v1/schemas.ts'
import type { Language } from '../../words/language.ts'
import { languageOf } from '../language.ts'
import type { Pages } from '../page.ts'
import { comesFromHere } from '../status/actions.ts'
import { timezones } from '../timezones.ts'
import { commonWords } from '../words.ts'
import { problemsOf } from './fields.ts'
import { formPage } from './page.ts'
import { type FormTools, type Taken, takeForm, takeWish } from './take.ts'
import { UPLOADS } from './uploads.ts'
import { formWords } from './words.ts'

/** The form at `/`: with its file for browsers that only send forms, without it for the page's own script. */
export function registerForm(app: FastifyInstance, tools: Omit<FormTools, 'schema'>, pages: Pages): void {
  const { deps, expectations } = tools.calls
  const withSchema = { ...tools, schema: createSchema(deps.targets) }
  app.removeAllContentTypeParsers()
  app.addContentTypeParser('*', (_call, _payload, done) => done(null))
  app.get('/', { schema: { hide: true } }, (call, reply) => sendForm(call, reply, 200, new Map(), []))
  app.post('/', { schema: { hide: true } }, async (call, reply) => {
    const language = languageOf(call)
    if (!comesFromHere(call, deps.baseUrl()))
      return pages.sendSentence(
        call,
        reply,
        403,
        commonWords(language).refused,
        formWords(language).notFromHere,
      )
    expectations.goOn(call.raw)
    if (call.headers.accept === 'application/json') return answerScript(call, reply, language)
    const given = new Map<string, string>()
    const { status, result } = await attempt(call, reply, async () => {
      checkRoom(bodyLength(call.raw) ?? 0, await tools.spool.room())
      return takeForm(withSchema, call, language, given)
    })
    if (Array.isArray(result)) return sendForm(call, reply, status, given, result)
    return reply
      .code(303)
      .headers({
        location: `${pathOf(result)}/status`,
        'referrer-policy': 'no-referrer',
        'cache-control': 'no-store',
      })
      .send()
  })

  /** To the page's script: the request that the file is uploaded for, or what is wrong with which field. */
  async function answerScript(
    call: FastifyRequest,
    reply: FastifyReply,
    language: Language,
  ): Promise<FastifyReply> {
    const { status, result } = await attempt(call, reply, async () =>
      takeWish(withSchema, call, await readParameters(call.raw, call.raw.headers['content-type']), language),
    )
    reply.code(status).header('cache-control', 'no-store').type('application/json')
    if (!Array.isArray(result))
      return reply.send(JSON.stringify({ request: result.request.id, key: result.key, path: pathOf(result) }))
    const problems = [...problemsOf(language, result)].map(([field, sentence]) => ({ field, sentence }))
    return reply.send(JSON.stringify({ problems }))
  }

  /** A refusal is told where all other failures are: what was typed is kept. */
  async function attempt(
    call: FastifyRequest,
    reply: FastifyReply,
    work: () => Promise<Taken>,
  ): Promise<{ status: number; result: Taken }> {
    try {
      const result = await work()
      return { status: Array.isArray(result) ? 422 : 200, result }
    } catch (thrown) {
      const refusal = refusalOf(thrown)
      if (refusal.status >= 500 && thrown !== refusal) call.log.error({ err: thrown }, 'a form failed')
      if (refusal.retryAfter !== null) reply.header('retry-after', refusal.retryAfter)
      return { status: refusal.status, result: [...refusal.failures] }
    }
  }

  function sendForm(
    call: FastifyRequest,
    reply: FastifyReply,
    status: number,
    given: ReadonlyMap<string, string>,
    failures: Parameters<typeof problemsOf>[1],
  ): Promise<FastifyReply> {
    const language = languageOf(call)
    const problems = problemsOf(language, failures)
    return pages.send(
      call,
      reply,
      status,
      formPage(language, {
        targets: deps.targets,
        timezones,
        given,
        problems,
        uploads: UPLOADS,
      }),
    )
  }

  function pathOf({ request, key }: Exclude<Taken, unknown[]>): string {
    return `/database/${deps.settings.region}/${request.id}/${key}`
  }
}
