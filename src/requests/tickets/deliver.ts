import type { Logger } from 'pino'
import type { Settings } from '../../config/settings.ts'
import type { Database } from '../../database/database.ts'
import { openMailer } from '../mail/send.ts'
import type { KeySeal } from '../seal.ts'
import { type Send, type TicketMessage, Undeliverable } from './message.ts'
import { odooBackend } from './odoo/backend.ts'
import { settleMessages } from './settle.ts'
import { type Channel, markFailed, markSent, putBack, takeMessage } from './take.ts'
import { webhookBackend } from './webhook.ts'

/** Messages that a process sends at the same time on one channel. */
const LANES = 4
/** Milliseconds that one try may take; less than the lease of a message. */
const LONGEST_TRY = 60_000
/** Characters of what is kept of an error. */
const REASON = 500

export interface Deliveries {
  settings: Pick<Settings, 'tickets' | 'mail' | 'region'>
  /** Opens the keys for the links of mails; without it mails have none. */
  seal?: KeySeal
  /** Base of the links in mails; null where it is not known. */
  baseUrl: string | null
  log: Logger
  signal: AbortSignal
  now?: () => Date
}

/**
 * Sends the messages of tickets that are due, to the backend and by mail. Resolves when none is due any more. Several
 * processes may do it at the same time. A message that somebody took is never sent again, but one whose sender died
 * before he could say so is sent twice; it has the same number then.
 */
export async function deliverMessages(database: Database, deliveries: Deliveries): Promise<void> {
  const { settings, signal, now = () => new Date() } = deliveries
  await settleMessages(database, settings.tickets.kind, now())
  const backend = backendOf(settings.tickets)
  const mailer = settings.mail ? openMailer({ ...deliveries, ...settings.mail }) : null
  const lanes = [
    ...(backend ? Array.from({ length: LANES }, () => lane('ticket', backend)) : []),
    ...(mailer ? Array.from({ length: LANES }, () => lane('mail', mailer)) : []),
  ]
  const ends = await Promise.allSettled(lanes)
  for (const end of ends) if (end.status === 'rejected') throw end.reason

  async function lane(channel: Channel, send: Send): Promise<void> {
    while (!signal.aborted) {
      const message = await takeMessage(database, channel, settings.tickets.kind, now())
      if (!message) return
      await sendOne(database, deliveries, channel, send, message, now)
    }
  }
}

function backendOf(tickets: Settings['tickets']): Send | null {
  switch (tickets.kind) {
    case 'built-in':
      return null
    case 'webhook':
      return webhookBackend(tickets)
    case 'odoo':
      return odooBackend(tickets)
  }
}

async function sendOne(
  database: Database,
  { log, signal }: Deliveries,
  channel: Channel,
  send: Send,
  message: TicketMessage,
  now: () => Date,
): Promise<void> {
  const about = { channel, request: message.request, message: message.id, tries: message.tries }
  try {
    const { external } = await send(message, AbortSignal.any([signal, AbortSignal.timeout(LONGEST_TRY)]))
    if (external !== undefined) await noteExternal(database, message, external)
  } catch (thrown) {
    if (signal.aborted) return putBack(database, channel, message, now())
    const reason = reasonOf(thrown)
    const next = await markFailed(
      database,
      channel,
      message,
      { reason, final: thrown instanceof Undeliverable },
      now(),
    )
    if (next) log.warn({ ...about, reason, next }, 'a message of a ticket could not be sent')
    else log.error({ ...about, reason }, 'a message of a ticket is given up')
    return
  }
  await markSent(database, channel, message.id, now())
  log.info(about, 'a message of a ticket was sent')
}

async function noteExternal({ pool }: Database, { ticket }: TicketMessage, external: number): Promise<void> {
  if (external < 1 || !Number.isSafeInteger(external)) return
  await pool.query('UPDATE service.ticket SET external = $2 WHERE id = $1 AND external IS DISTINCT FROM $2', [
    ticket,
    external,
  ])
}

/** What went wrong in one line; foreign text in it has no control characters. */
function reasonOf(thrown: unknown): string {
  const messages: string[] = []
  for (let error = thrown; error !== undefined && messages.length < 3; )
    if (error instanceof Error) {
      messages.push(error.message)
      error = error.cause
    } else {
      messages.push(String(error))
      break
    }
  return messages
    .join(': ')
    .replace(/\p{Cc}+/gu, ' ')
    .slice(0, REASON)
}
