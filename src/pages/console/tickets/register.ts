import type { FastifyInstance } from 'fastify'
import { sendAgain } from '../../../requests/tickets/again.ts'
import { html } from '../../../words/html.ts'
import { languageOf } from '../../language.ts'
import { type Console, goTo, outcome, queryOf } from '../console.ts'
import { PAGE_ROWS, pageNumber, pager } from '../parts.ts'
import { ticketLines, ticketViews } from './find.ts'
import { messageTable } from './list.ts'
import { ticketWords } from './words.ts'

export function registerTickets(app: FastifyInstance, console: Console): void {
  const { database, settings } = console.deps
  const mails = settings.mail !== null
  const options = { schema: { hide: true }, exposeHeadRoute: false }

  app.get('/console/tickets', options, async (call, reply) => {
    const language = languageOf(call)
    const words = ticketWords(language)
    const query = queryOf(call)
    const page = pageNumber(query)
    const view = ticketViews.find((known) => known === query.get('view')) ?? 'all'
    const { lines, all } = await ticketLines(
      database.pool,
      { view, mails },
      { limit: PAGE_ROWS, offset: (page - 1) * PAGE_ROWS },
    )
    return console.send(call, reply, 200, {
      part: 'tickets',
      title: words.title,
      lead: `${words.lead[settings.tickets.kind]}${mails ? '' : ` ${words.noMail}`}`,
      body: html`${outcome(call, words.outcomes)}
<nav class="tabs" aria-label="${words.view}">${ticketViews.map(
        (each) =>
          html`<a href="?view=${each}"${each === view && html` aria-current="page"`}>${words.views[each]}</a>`,
      )}</nav>
<section class="card"><h2>${words.views[view]}</h2>${lines.length === 0 ? html`<p>${words.none}</p>` : messageTable(language, lines, { call, mails })}
${pager(language, query, { page, shown: lines.length, all })}</section>`,
    })
  })

  app.post<{ Params: { id: string } }>('/console/tickets/:id/again', options, async (call, reply) => {
    const { id } = call.params
    if (!/^[1-9]\d{0,14}$/.test(id)) return console.sendNotFound(call, reply)
    const done = await sendAgain(database, Number(id))
    if (done) call.log.info({ message: Number(id) }, 'the operator lets a message be sent again')
    return goTo(reply, `/console/tickets?outcome=${done ? 'again' : 'nothing'}`)
  })
}
