import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { typeOfLayer } from '../../../api/downloads/names.ts'
import { sendFile } from '../../../api/downloads/send.ts'
import { filesOf, loadRequest } from '../../../requests/find.ts'
import { cancelRequest, retryRequest } from '../../../requests/queue.ts'
import { removeRequest } from '../../../requests/remove.ts'
import type { Request } from '../../../requests/request.ts'
import { knownTargets, searchRequests } from '../../../requests/search.ts'
import { removeDropped } from '../../../storage/cleanup.ts'
import { html } from '../../../words/html.ts'
import { languageOf } from '../../language.ts'
import { type Console, goTo, outcome, queryOf } from '../console.ts'
import { PAGE_ROWS, pageNumber } from '../parts.ts'
import { readRequest } from './facts.ts'
import { filterForm, requestList, viewOf } from './list.ts'
import { removePage, requestActions, requestParts } from './page.ts'
import { requestWords } from './words.ts'

/** Seconds between two looks at a list, and at a request that is worked on, that are open in a browser. */
const LIST_SECONDS = 10
const WORK_SECONDS = 3

type ById = { Params: { id: string } }

export function registerRequests(app: FastifyInstance, console: Console): void {
  const { deps } = console
  const { database, storage } = deps
  const options = { schema: { hide: true }, exposeHeadRoute: false }

  app.get('/console/requests', options, async (call, reply) => {
    const language = languageOf(call)
    const words = requestWords(language)
    const query = queryOf(call)
    const view = viewOf(query)
    const { order, descending, page } = view
    const found = await searchRequests(database.pool, view.filter, {
      order,
      descending,
      limit: PAGE_ROWS,
      offset: (page - 1) * PAGE_ROWS,
    })
    return console.send(call, reply, 200, {
      part: 'requests',
      title: words.title,
      body: html`${outcome(call, words.outcomes)}
${filterForm(language, view, await knownTargets(database.pool))}
<div id="live" data-refresh="${LIST_SECONDS}">${requestList(language, query, view, found)}</div>`,
    })
  })

  app.get<ById>('/console/requests/:id', options, async (call, reply) => {
    const language = languageOf(call)
    const words = requestWords(language)
    const query = queryOf(call)
    const facts = await readRequest(deps, idOf(call), pageNumber(query))
    if (facts === null) return console.sendNotFound(call, reply)
    const { id, filename, state } = facts.request
    const moves = state === 'pending' || state === 'progress'
    return console.send(call, reply, 200, {
      part: 'requests',
      title: words.one(id),
      lead: filename,
      body: html`${outcome(call, words.outcomes)}
${requestActions(call, language, facts)}
<div id="live"${moves && html` data-refresh="${WORK_SECONDS}"`} data-state="${state}">${requestParts(language, query, facts)}</div>`,
      ...(moves ? { refresh: WORK_SECONDS } : {}),
    })
  })

  app.get<{ Params: { id: string; role: string } }>(
    '/console/requests/:id/files/:role',
    options,
    async (call, reply) => {
      const request = await loadRequest(database.pool, idOf(call))
      const file =
        request &&
        [...(await filesOf(database, request.id)).values()].find(({ role }) => role === call.params.role)
      if (!request || !file) return console.sendNotFound(call, reply)
      call.log.info({ request: request.id, role: file.role }, 'the operator downloads a file')
      const type = file.role === 'original' ? typeOfLayer(request.compressions?.[0]) : file.contentType
      return sendFile(call, reply, storage, file, { name: file.name, type })
    },
  )

  app.post<ById>('/console/requests/:id/retry', options, async (call, reply) => {
    const id = idOf(call)
    const done = await retryRequest(database, id, deps.enqueue)
    if (done === 'unknown') return console.sendNotFound(call, reply)
    if (done === 'retried') call.log.info({ request: id }, 'the operator lets a request be tried again')
    return goTo(reply, `/console/requests/${id}?outcome=${done}`)
  })

  app.post<ById>('/console/requests/:id/cancel', options, async (call, reply) => {
    const request = await loadRequest(database.pool, idOf(call))
    if (request === null) return console.sendNotFound(call, reply)
    call.log.info({ request: request.id }, 'the operator cancels a request')
    return goTo(reply, `/console/requests/${request.id}?outcome=${await cancel(request)}`)
  })

  async function cancel({ id }: Request): Promise<string> {
    const state = await cancelRequest(database, id)
    if (state === 'progress') return 'cancelling'
    return state === 'cancelled' ? 'cancelled' : 'state'
  }

  app.get<ById>('/console/requests/:id/delete', options, async (call, reply) => {
    const language = languageOf(call)
    const facts = await readRequest(deps, idOf(call), 1)
    if (facts === null) return console.sendNotFound(call, reply)
    return console.send(call, reply, 200, {
      part: 'requests',
      title: requestWords(language).removeTitle(facts.request.id),
      body: removePage(call, language, facts),
    })
  })

  app.post<ById>('/console/requests/:id/delete', options, (call, reply) => remove(call, reply))

  async function remove(call: FastifyRequest<ById>, reply: FastifyReply): Promise<FastifyReply> {
    const id = idOf(call)
    const done = await removeRequest(database, id)
    if (done === 'unknown') return console.sendNotFound(call, reply)
    if (done === 'busy') return goTo(reply, `/console/requests/${id}?outcome=busy`)
    call.log.info({ request: id }, 'the operator deleted a request')
    await removeDropped(database, storage).catch((error: unknown) =>
      // What cannot be deleted now is deleted by the next clean-up.
      call.log.warn({ err: error }, 'files of a deleted request are still there'),
    )
    return goTo(reply, '/console/requests?outcome=removed')
  }
}

/** 0, which no request has, for what cannot be the number of one. */
function idOf({ params }: FastifyRequest<ById>): number {
  return /^[1-9]\d{0,14}$/.test(params.id) ? Number(params.id) : 0
}
