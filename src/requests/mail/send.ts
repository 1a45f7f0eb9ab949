import { createTransport } from 'nodemailer'
import type { KeySeal } from '../seal.ts'
import { type Send, type TicketMessage, Undeliverable } from '../tickets/message.ts'
import { composeMail } from './compose.ts'

export interface Mailer {
  /** "smtp://user:password@host:587". */
  url: string
  /** "Uplift <uplift@example.com>". */
  from: string
  baseUrl: string | null
  settings: { region: string }
  seal?: KeySeal
}

/** Sends mails about requests to those who made them. */
export function openMailer(mailer: Mailer): Send {
  const transport = createTransport({
    url: mailer.url,
    connectionTimeout: 15_000,
    greetingTimeout: 15_000,
    socketTimeout: 20_000,
    disableFileAccess: true,
    disableUrlAccess: true,
  })
  return async (message, signal) => {
    const mail = composeMail(message, pagesOf(message, mailer))
    if (!mail) return {}
    try {
      await transport.sendMail({
        ...mail,
        from: mailer.from,
        // As an object it is one address, whatever it holds.
        to: { name: '', address: message.email },
        messageId: `<uplift-${message.id}-${message.at.getTime()}@${domainOf(mailer.from)}>`,
        date: message.at,
        headers: { 'Auto-Submitted': 'auto-generated', 'Uplift-Delivery': String(message.id) },
        signal,
      })
    } catch (thrown) {
      if (refusesRecipient(thrown))
        throw new Undeliverable('The mail server does not take mails for this address', { cause: thrown })
      throw thrown
    }
    return {}
  }
}

/** Base of the pages of a request, with its key; null where the key or the address is not known. */
function pagesOf({ request, keySealed }: TicketMessage, { baseUrl, settings, seal }: Mailer): string | null {
  const key = keySealed && seal ? seal.open(keySealed) : null
  return key === null || baseUrl === null ? null : `${baseUrl}/database/${settings.region}/${request}/${key}`
}

function domainOf(from: string): string {
  return /@([A-Za-z0-9.-]+)>?\s*$/.exec(from)?.[1] ?? 'uplift.invalid'
}

/** Answers that a sender gets who has to log in or to encrypt first; the recipient may be right. */
const notAboutRecipient = [503, 530, 535]

/** Whether the server, or the address itself, says that there will never be a mail to it. */
function refusesRecipient(thrown: unknown): boolean {
  if (!(thrown instanceof Error)) return false
  const { code, responseCode, command } = thrown as Error & Record<string, unknown>
  if (typeof responseCode !== 'number') return code === 'EENVELOPE'
  return (
    command === 'RCPT TO' &&
    responseCode >= 500 &&
    responseCode < 600 &&
    !notAboutRecipient.includes(responseCode)
  )
}
