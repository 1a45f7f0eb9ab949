import type { FastifyRequest } from 'fastify'
import { type Html, html } from '../../../words/html.ts'
import { colonIn, type Language } from '../../../words/language.ts'
import { english } from '../../meanings.ts'
import { nowrapCell, prelineCell, table } from '../../table.ts'
import { buttonForm } from '../console.ts'
import { moment, statePill } from '../parts.ts'
import type { Delivery, TicketLine } from './find.ts'
import { ticketWords } from './words.ts'

/** @param call gives each message that can be sent again a button. @param mails whether the installation sends any */
export function messageTable(
  language: Language,
  lines: readonly TicketLine[],
  { call, mails }: { call?: FastifyRequest; mails: boolean },
): Html {
  const words = ticketWords(language)
  return table(
    words.title,
    [
      words.at,
      ...(call ? [words.request] : []),
      words.message,
      words.backend,
      ...(mails ? [words.mail] : []),
      ...(call ? [words.again] : []),
    ],
    lines.map((line) => [
      nowrapCell(moment(language, line.at)),
      ...(call
        ? [
            html`<a href="/console/requests/${line.request}">${line.request}</a><br><span class="soft small">${words.ticket} ${line.ticket}</span>`,
          ]
        : []),
      prelineCell(html`${statePill(language, line.state)} ${english(language, line.body)}`),
      told(language, line.delivery, line.tries, line.retryAt, line.error),
      ...(mails ? [told(language, line.mail, line.mailTries, line.mailRetryAt, line.mailError)] : []),
      ...(call
        ? [
            (line.delivery !== 'sent' || (mails && line.mail !== 'sent')) &&
              buttonForm(call, `/console/tickets/${line.id}/again`, words.again, {
                kind: 'plain',
                describe: words.againFor(line.id),
              }),
          ]
        : []),
    ]),
  )
}

const kinds: Readonly<Record<Delivery, string>> = { sent: 'good', open: '', failed: 'bad' }

function told(
  language: Language,
  delivery: Delivery,
  tries: number,
  retryAt: Date | null,
  error: string | null,
): Html {
  const words = ticketWords(language)
  return html`<span class="pill ${kinds[delivery]}">${words.deliveries[delivery]}</span>${
    tries > 0 && delivery !== 'sent' && html` <span class="soft small">${words.tries(tries)}</span>`
  }${retryAt && tries > 0 && html`<br><span class="soft small">${words.next}${colonIn(language)}${moment(language, retryAt)}</span>`}${error && html`<br><span class="error small">${english(language, error)}</span>`}`
}
