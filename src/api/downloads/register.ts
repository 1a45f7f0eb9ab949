import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { UpliftError } from '../../errors.ts'
import { languageOf } from '../../pages/language.ts'
import { readNotes, sendNotes } from '../../pages/notes/notes.ts'
import type { Pages } from '../../pages/page.ts'
import { act, comesFromHere, sendBack } from '../../pages/status/actions.ts'
import { reachableTargets } from '../../pages/status/draft.ts'
import { Streams, sendEvents } from '../../pages/status/events.ts'
import { readStatus } from '../../pages/status/facts.ts'
import { type Refused, statusPage } from '../../pages/status/page.ts'
import { statusWords } from '../../pages/status/words.ts'
import { timezones } from '../../pages/timezones.ts'
import { commonWords } from '../../pages/words.ts'
import { filesOf, findRequest } from '../../requests/find.ts'
import type { FileRole, Request } from '../../requests/request.ts'
import type { ReportModel } from '../../upgrade/report/model.ts'
import { renderReport } from '../../upgrade/report/render.ts'
import { refusalOf } from '../answers.ts'
import type { Calls } from '../v1/call.ts'
import { refuseGuesses } from '../v1/call.ts'
import { whyAbsent } from './absent.ts'
import { Conversions } from './conversions.ts'
import { disposition, typeOfLayer, withEnding } from './names.ts'
import { type Action, isAction, placeOf, type Target } from './place.ts'
import { type Shown, sendFile, sendFilestore, sendSql } from './send.ts'
import { downloadWords } from './words.ts'

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
export async function registerDownloads(
  app: FastifyInstance,
  { deps, keys, traffic }: Deps,
  pages: Pages,
): Promise<void> {
  const streams = new Streams()
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
    return pages.sendSentence(
      call,
      reply,
      refusal.status,
      commonWords(languageOf(call)).notNow,
      refusal.message,
    )
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
        return pages.sendNotFound(call, reply)
      }
      call.upgrade = request.id
      if (target === null || isAction(target) !== (call.method === 'POST'))
        return pages.sendNotFound(call, reply)
      if (isAction(target)) return change(call, reply, { request, key, target })
      return answer(call, reply, { request, key, target })
    },
  })

  async function answer(
    call: FastifyRequest,
    reply: FastifyReply,
    { request, key, target }: { request: Request; key: string; target: Exclude<Target, Action> },
  ): Promise<FastifyReply> {
    if (target === 'status') return sendStatus(call, reply, { request, key })
    if (target === 'events') return sendEvents(call, reply, { deps, traffic, streams }, request.id)
    const files = await filesOf(database, request.id)
    const role = roleOf(target)
    const file =
      request.removedAt === null || role === 'report' || role === 'notes' ? files.get(role) : undefined
    if (file === undefined || (target === 'upgraded/filestore' && !request.filestore))
      return sendAbsent(call, reply, request, role)
    // The file that is kept is in English.
    if (target === 'upgraded/notes' || (target === 'report' && languageOf(call) !== 'en')) {
      const notes = files.get('notes')
      const model = notes && (await readNotes(deps.storage, notes).catch(() => null))
      if (model && target === 'upgraded/notes') return sendNotes(call, reply, pages, model)
      if (model) return sendReport(call, reply, model, file.name)
    }
    const isSql = target === 'original/sql' || target === 'upgraded/sql'
    const shown = shownAs(request, role, file)
    if (target === 'report' && asksToKeep(call)) shown.shownAs = 'attachment'
    try {
      if (isSql && shown.type !== 'application/sql')
        return await sendSql(call, reply, conversions, request.id, file)
      if (target === 'upgraded/filestore')
        return await sendFilestore(call, reply, conversions, request.id, file)
      return await sendFile(call, reply, deps.storage, file, shown)
    } catch (thrown) {
      if (!(thrown instanceof UpliftError)) throw thrown
      clearHeaders(reply)
      if (thrown.code === 'STORAGE:MISSING') return sendAbsent(call, reply, request, role)
      if (!thrown.code.startsWith('DUMP:')) throw thrown
      const { title, sentence } = downloadWords(languageOf(call)).notAsSql
      return pages.sendSentence(call, reply, 422, title, `${sentence} ${thrown.message}`)
    }
  }

  /** The report as one file in the reader's language. */
  function sendReport(
    call: FastifyRequest,
    reply: FastifyReply,
    model: ReportModel,
    name: string,
  ): Promise<FastifyReply> {
    reply.header('content-disposition', disposition(asksToKeep(call) ? 'attachment' : 'inline', name))
    return pages.sendText(call, reply, 200, renderReport(model, languageOf(call)), REPORT_POLICY)
  }

  /** @param refused why the last thing that was asked for was not done */
  async function sendStatus(
    call: FastifyRequest,
    reply: FastifyReply,
    { request, key }: { request: Request; key: string },
    refused: Refused | null = null,
  ): Promise<FastifyReply> {
    const facts = await readStatus(deps, request)
    const base = deps.baseUrl()
    const isDraft = request.state === 'draft'
    return pages.send(
      call,
      reply,
      refused === null ? 200 : 409,
      statusPage(languageOf(call), facts, {
        base,
        key,
        url: `${base}/database/${settings.region}/${request.id}/${key}`,
        targets: isDraft ? await reachableTargets(deps, request.databaseVersion) : [],
        timezones,
        ...(refused === null ? {} : { refused }),
      }),
    )
  }

  async function change(
    call: FastifyRequest,
    reply: FastifyReply,
    { request, key, target }: { request: Request; key: string; target: Action },
  ): Promise<FastifyReply> {
    if (!comesFromHere(call, deps.baseUrl())) {
      const language = languageOf(call)
      return pages.sendSentence(
        call,
        reply,
        403,
        commonWords(language).refused,
        statusWords(language).refused,
      )
    }
    const refused = await act(deps, call, request, target)
    if (refused === null) return sendBack(reply)
    const now = await findRequest(database, request.id, key)
    return sendStatus(call, reply, { request: now ?? request, key }, refused)
  }

  function sendAbsent(
    call: FastifyRequest,
    reply: FastifyReply,
    request: Request,
    role: ServedRole,
  ): Promise<FastifyReply> {
    const { title, sentence, soon } = whyAbsent(languageOf(call), request, role)
    return pages.sendSentence(call, reply, 404, title, sentence, soon ? REFRESH_SECONDS : undefined)
  }
}

type ServedRole = Extract<FileRole, 'original' | 'upgraded' | 'report' | 'notes' | 'modules'>

/** Whether the address ends in "?download=1": the file is saved, not shown. */
function asksToKeep({ raw }: FastifyRequest): boolean {
  return /\?(.*&)?download=1(&|$)/.test(raw.url ?? '')
}

function roleOf(target: Exclude<Target, Action | 'status' | 'events'>): ServedRole {
  switch (target) {
    case 'original/sql':
    case 'original/archive':
      return 'original'
    case 'upgraded/sql':
    case 'upgraded/archive':
    case 'upgraded/filestore':
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

/** What was said of a file that then could not be sent. */
function clearHeaders(reply: FastifyReply): void {
  for (const name of [
    ...['content-type', 'content-disposition', 'accept-ranges', 'etag', 'last-modified', 'content-length'],
    ...['content-range', 'repr-digest'],
  ])
    reply.removeHeader(name)
}
