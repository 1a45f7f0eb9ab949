import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { UpliftError } from '../../errors.ts'
import { filesOf, findRequest, stagesOf } from '../../requests/find.ts'
import type { FileRole, Request } from '../../requests/request.ts'
import { refusalOf } from '../answers.ts'
import type { Calls } from '../v1/call.ts'
import { refuseGuesses } from '../v1/call.ts'
import { whyAbsent } from './absent.ts'
import { cancel } from './cancel.ts'
import { Conversions } from './conversions.ts'
import { typeOfLayer, withEnding } from './names.ts'
import { sendNotFound, sendPage, sendSentence } from './page.ts'
import { placeOf, type Target } from './place.ts'
import { type Shown, sendFile, sendSql } from './send.ts'
import { statusPage } from './status-page.ts'

/** Seconds after which a page asks again that says that a file is not there yet. */
const REFRESH_SECONDS = 15

/** The report is one file with its style in it, and nothing else may be loaded, run or sent; not even as this server. */
const REPORT_POLICY =
  "sandbox allow-popups allow-popups-to-escape-sandbox; default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"

type Deps = Pick<Calls, 'deps' | 'keys' | 'traffic'>

/**
 * The addresses that `status` hands out: pages and files of a request, below /database/<region>/<id>/<key>/. What is wrong
 * in such an address is never told: the answer to a wrong number, key, region or path is the same to the byte.
 */
export async function registerDownloads(app: FastifyInstance, { deps, keys, traffic }: Deps): Promise<void> {
  const { database, settings } = deps
  const conversions = new Conversions(deps, traffic)
  await conversions.removeLeftBehind()
  // Nothing that is sent here is read.
  app.removeAllContentTypeParsers()
  app.addContentTypeParser('*', (_call, _payload, done) => done(null))
  app.setErrorHandler((error, call, reply) => {
    const refusal = refusalOf(error)
    if (refusal.status >= 500 && error !== refusal) call.log.error({ err: error }, 'a download failed')
    if (refusal.retryAfter !== null) reply.header('retry-after', refusal.retryAfter)
    clearHeaders(reply)
    return sendSentence(reply, refusal.status, 'Not now', refusal.message)
  })
  app.route({
    method: ['GET', 'HEAD', 'POST'],
    url: '/database/*',
    exposeHeadRoute: false,
    schema: { hide: true },
    async handler(call, reply) {
      const { region, id, key, target } = placeOf(call.raw.url ?? '')
      if (region === 'v1') return reply.callNotFound()
      const request = await findRequest(database, region === settings.region ? id : 0, key)
      if (request === null) {
        refuseGuesses(keys.note(call.ip))
        return sendNotFound(reply)
      }
      call.upgrade = request.id
      if (target === null || (target === 'cancel') !== (call.method === 'POST')) return sendNotFound(reply)
      if (target === 'cancel') return cancel(call, reply, deps, request.id)
      return answer(call, reply, { request, key, target })
    },
  })

  async function answer(
    call: FastifyRequest,
    reply: FastifyReply,
    { request, key, target }: { request: Request; key: string; target: Exclude<Target, 'cancel'> },
  ): Promise<FastifyReply> {
    const files = await filesOf(database, request.id)
    if (target === 'status') {
      const url = `${deps.baseUrl()}/database/${settings.region}/${request.id}/${key}`
      const stages = await stagesOf(database, request.id)
      return sendPage(reply, 200, statusPage({ request, files, stages, url, now: new Date() }))
    }
    const role = roleOf(target)
    const file =
      request.removedAt === null || role === 'report' || role === 'notes' ? files.get(role) : undefined
    if (file === undefined) return sendAbsent(reply, request, role)
    const isSql = target === 'original/sql' || target === 'upgraded/sql'
    const shown = shownAs(request, role, file)
    try {
      if (isSql && shown.type !== 'application/sql')
        return await sendSql(call, reply, conversions, request.id, file)
      return await sendFile(call, reply, deps.storage, file, shown)
    } catch (thrown) {
      if (!(thrown instanceof UpliftError)) throw thrown
      clearHeaders(reply)
      if (thrown.code === 'STORAGE:MISSING') return sendAbsent(reply, request, role)
      if (!thrown.code.startsWith('DUMP:')) throw thrown
      return sendSentence(
        reply,
        422,
        'Not as SQL',
        `This dump cannot be given as SQL; the archive can be downloaded as it is. ${thrown.message}`,
      )
    }
  }
}

type ServedRole = Extract<FileRole, 'original' | 'upgraded' | 'report' | 'notes' | 'modules'>

function roleOf(target: Exclude<Target, 'cancel' | 'status'>): ServedRole {
  switch (target) {
    case 'original/sql':
    case 'original/archive':
      return 'original'
    case 'upgraded/sql':
    case 'upgraded/archive':
      return 'upgraded'
    case 'modules/archive':
      return 'modules'
    case 'upgraded/notes':
    case 'report':
      return 'report'
    case 'upgraded/notes.json':
      return 'notes'
  }
}

function shownAs(
  request: Request,
  role: ServedRole,
  { name, contentType }: { name: string; contentType: string },
): Shown {
  switch (role) {
    case 'original':
      return { name, type: typeOfLayer(request.compressions?.[0]) }
    case 'modules':
      return { name: withEnding(name, '.zip'), type: 'application/zip' }
    case 'report':
      return { name, type: 'text/html; charset=utf-8', shownAs: 'inline', policy: REPORT_POLICY }
    case 'upgraded':
    case 'notes':
      return { name, type: contentType }
  }
}

function sendAbsent(reply: FastifyReply, request: Request, role: ServedRole): FastifyReply {
  const { title, sentence, soon } = whyAbsent(request, role)
  return sendSentence(reply, 404, title, sentence, soon ? REFRESH_SECONDS : undefined)
}

/** What was said of a file that then could not be sent. */
function clearHeaders(reply: FastifyReply): void {
  for (const name of [
    ...['content-type', 'content-disposition', 'accept-ranges', 'etag', 'last-modified', 'content-length'],
    ...['content-range', 'repr-digest'],
  ])
    reply.removeHeader(name)
}
