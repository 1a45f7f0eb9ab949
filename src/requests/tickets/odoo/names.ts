import type { TicketMessage } from '../message.ts'

/** First version whose message_post takes plain text; before it, the text is HTML. */
const PLAIN_MESSAGES = 17
/** First version whose descriptions are HTML. */
const HTML_DESCRIPTIONS = 9

/** "Upgrade 10534: 7.0 to 8.0 for M123456-abcdef"; its beginning and end find the ticket again. */
export function nameOf({
  request,
  source,
  target,
  contract,
}: Pick<TicketMessage, 'request' | 'source' | 'target' | 'contract'>): string {
  return `Upgrade ${request}: ${source ?? 'unknown version'} to ${target} for ${contract}`
}

export function descriptionOf(message: TicketMessage, version: number | null): string {
  const lines = [
    `Request ${message.request} of ${message.email}`,
    `File: ${message.filename}`,
    `Target: ${message.target} (${message.aim})`,
  ]
  if (version === null || version < HTML_DESCRIPTIONS) return lines.join('\n')
  return lines.map((line) => `<p>${escaped(line)}</p>`).join('')
}

/** A message as the version wants it. */
export function paragraph(text: string, version: number | null): string {
  return version !== null && version >= PLAIN_MESSAGES ? text : `<p>${escaped(text)}</p>`
}

function escaped(text: string): string {
  return text.replace(/&/g, '&amp;').replace(/</g, '&lt;').replace(/>/g, '&gt;')
}
