import type { FastifyInstance } from 'fastify'
import { cancelRequest } from '../../../requests/queue.ts'
import { knownTargets, searchRequests } from '../../../requests/search.ts'
import { html } from '../../../words/html.ts'
import { languageOf } from '../../language.ts'
import { type Console, goTo, outcome, queryOf } from '../console.ts'
import { PAGE_ROWS } from '../parts.ts'
import { filterForm, requestList, viewOf } from './list.ts'
import { requestWords } from './words.ts'

/** Seconds between two looks of a list that is open in a browser. */
const REFRESH_SECONDS = 10

export function registerRequests(app: FastifyInstance, console: Console): void {
  const { database } = console.deps
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
<div id="live" data-refresh="${REFRESH_SECONDS}">${requestList(language, query, view, found)}</div>`,
    })
  })

  app.post<{ Params: { id: string } }>('/console/requests/:id/cancel', options, async (call, reply) => {
    await cancelRequest(database, Number(call.params.id))
    return goTo(reply, `/console/requests/${call.params.id}?outcome=cancelled`)
  })
}
