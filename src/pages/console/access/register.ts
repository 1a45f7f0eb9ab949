import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { Guesses } from '../../../api/guesses.ts'
import {
  checkPassword,
  isPasswordSet,
  LONGEST_PASSWORD,
  passwordProblem,
  SHORTEST_PASSWORD,
} from '../../../operator/password.ts'
import { endAllSessions, endSession, startSession } from '../../../operator/sessions.ts'
import { isSetupToken, setFirstPassword } from '../../../operator/setup.ts'
import { languageOf } from '../../language.ts'
import { type Console, formOf, goTo, queryOf } from '../console.ts'
import { giveCookie, sessionCookie, takeCookie } from './cookie.ts'
import { loginPage, setupPage } from './pages.ts'
import { accessWords } from './words.ts'

/** Tries of one address in ten minutes, right ones too: they are counted before the password is looked at. */
const TRIES = 10

/** The ways in and out: the first password, the log-in, the log-out. */
export function registerAccess(app: FastifyInstance, { deps, pages }: Console): void {
  const { database } = deps
  const tries = new Guesses(TRIES)
  const options = { schema: { hide: true }, exposeHeadRoute: false }

  app.get('/console/login', options, async (call, reply) => {
    const query = queryOf(call)
    const words = accessWords(languageOf(call))
    const outcome = query.get('outcome')
    return pages.send(
      call,
      reply,
      200,
      loginPage(languageOf(call), {
        next: nextOf(query),
        notice: outcome === 'set' ? words.alreadySet : outcome === 'out' ? words.ended : null,
        isSet: await isPasswordSet(database),
      }),
    )
  })

  app.post('/console/login', options, async (call, reply) => {
    const form = formOf(call)
    const next = nextOf(form)
    const wait = tries.note(call.ip)
    if (wait > 0) {
      reply.header('retry-after', wait)
      return refuse(call, reply, 429, next, accessWords(languageOf(call)).wait(Math.ceil(wait / 60)))
    }
    if (!(await checkPassword(database, form.get('password') ?? ''))) {
      call.log.warn({ address: call.ip }, 'a wrong password was given for the console')
      return refuse(call, reply, 403, next, accessWords(languageOf(call)).wrong)
    }
    // What the browser had before is nobody's session any more, whoever gave it to him.
    const former = sessionCookie(call)
    if (former !== null) await endSession(database, former)
    giveCookie(reply, await startSession(database, call.ip), deps.baseUrl())
    call.log.info({ address: call.ip }, 'the operator has logged in to the console')
    return goTo(reply, next)
  })

  async function refuse(
    call: FastifyRequest,
    reply: FastifyReply,
    status: number,
    next: string,
    problem: string,
  ): Promise<FastifyReply> {
    const isSet = await isPasswordSet(database)
    return pages.send(call, reply, status, loginPage(languageOf(call), { next, problem, isSet }))
  }

  app.get('/console/setup', options, async (call, reply) => {
    const token = queryOf(call).get('token') ?? ''
    if (!(await isSetupToken(database, token))) return sendNoToken(call, reply)
    return pages.send(call, reply, 200, setupPage(languageOf(call), { token }))
  })

  app.post('/console/setup', options, async (call, reply) => {
    const form = formOf(call)
    const [token, password] = [form.get('token') ?? '', form.get('password') ?? '']
    if (!(await isSetupToken(database, token))) return sendNoToken(call, reply)
    const problem = newPasswordProblem(languageOf(call), password, form.get('again') ?? '')
    if (problem) return pages.send(call, reply, 422, setupPage(languageOf(call), { token, problem }))
    if (!(await setFirstPassword(database, token, password))) return sendNoToken(call, reply)
    call.log.info({ address: call.ip }, 'the password of the console was set')
    return goTo(reply, '/console/login?outcome=set')
  })

  function sendNoToken(call: FastifyRequest, reply: FastifyReply): Promise<FastifyReply> {
    const words = accessWords(languageOf(call))
    return pages.sendSentence(call, reply, 403, words.problem, words.noToken)
  }

  app.post('/console/logout', options, async (call, reply) => {
    if (call.operator) await endSession(database, call.operator.id)
    takeCookie(reply)
    return goTo(reply, '/console/login?outcome=out')
  })

  app.post('/console/logout-all', options, async (call, reply) => {
    await endAllSessions(database)
    call.log.info({ address: call.ip }, 'all sessions of the console were ended')
    takeCookie(reply)
    return goTo(reply, '/console/login?outcome=out')
  })
}

/** Why a new password is not taken, as a sentence. */
function newPasswordProblem(
  language: Parameters<typeof accessWords>[0],
  password: string,
  again: string,
): string | null {
  const words = accessWords(language)
  switch (passwordProblem(password)) {
    case 'short':
      return words.short(SHORTEST_PASSWORD)
    case 'long':
      return words.long(LONGEST_PASSWORD)
    case null:
      return password === again ? null : words.different
  }
}

/** A page of the console; whatever else was asked for leads to its first one. */
function nextOf(from: URLSearchParams): string {
  const next = from.get('next') ?? ''
  return /^\/console\/[a-z][\w\-/]*(\?[\w\-=&%.+]*)?$/.test(next) ? next : '/console'
}
