import { html } from '../../words/html.ts'
import type { TicketMessage } from '../tickets/message.ts'
import { durationInWords, type Occasion, textsOf } from './texts.ts'

export interface Mail {
  subject: string
  text: string
  html: string
}

/**
 * The mail about a change of state; null for a state that sends none.
 * @param base of all pages of the request, with its key: "https://host/database/eu1/10534/KEY"; null where it is not known
 */
export function composeMail(message: TicketMessage, base: string | null): Mail | null {
  const { state } = message
  if (!isOccasion(state)) return null
  const { language, texts } = textsOf(message.language)
  const told = {
    ...message,
    filename: oneLine(message.filename),
    duration: message.seconds === null ? null : durationInWords(message.seconds, language),
  }
  const reason = state === 'pending' ? null : message.customerMessage
  const links = base ? linksOf(state, base).map(([name, url]) => ({ name: texts[name], url })) : []
  const paragraphs = texts.body[state](told)
  const closing = texts.automatic(message.request, message.external ?? message.ticket)
  return {
    subject: oneLine(texts.subject[state](told)),
    text: [
      texts.hello,
      paragraphs.join('\n'),
      ...(reason ? [`${texts.reason}: ${reason}`] : []),
      links.length > 0 ? links.map(({ name, url }) => `${name}: ${url}`).join('\n') : texts.noLinks,
      closing,
      '',
    ].join('\n\n'),
    html: html`<!DOCTYPE html>
<html lang="${language}"><head><meta charset="utf-8"></head><body>
<p>${texts.hello}</p>
${paragraphs.map((paragraph) => html`<p>${paragraph}</p>\n`)}${reason && html`<p>${texts.reason}: ${reason}</p>\n`}${
  links.length > 0
    ? html`<ul>${links.map(({ name, url }) => html`<li><a href="${url}">${name}</a></li>`)}</ul>`
    : html`<p>${texts.noLinks}</p>`
}
<p><small>${closing}</small></p>
</body></html>
`.text,
  }
}

function isOccasion(state: string): state is Occasion {
  return state === 'pending' || state === 'done' || state === 'failed' || state === 'cancelled'
}

function linksOf(state: Occasion, base: string): ['status' | 'notes' | 'download', string][] {
  const status: ['status', string] = ['status', `${base}/status`]
  if (state !== 'done') return [status]
  return [status, ['notes', `${base}/upgraded/notes`], ['download', `${base}/upgraded/archive`]]
}

/** What others wrote, on one line: nothing in it ends a header. */
function oneLine(text: string): string {
  return text.replace(/[\s\p{Cc}\p{Cs}]+/gu, ' ').slice(0, 200)
}
