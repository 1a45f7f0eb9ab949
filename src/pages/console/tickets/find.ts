import type { Queryable } from '../../../database/database.ts'
import type { RequestState } from '../../../requests/request.ts'

/** Whether a message arrived, is still to be sent, or was given up. */
export type Delivery = 'sent' | 'open' | 'failed'

/** A message of a ticket, as the console shows it. */
export interface TicketLine {
  id: number
  request: number
  /** The ticket's number: the other system's where there is one. */
  ticket: number
  backend: string
  at: Date
  state: RequestState
  body: string
  delivery: Delivery
  tries: number
  retryAt: Date | null
  error: string | null
  mail: Delivery
  mailTries: number
  mailRetryAt: Date | null
  mailError: string | null
}

/** Which messages: all, those with something still to send, or those whose last try failed. */
export const ticketViews = ['all', 'open', 'failed'] as const
export type TicketView = (typeof ticketViews)[number]

const delivery = `CASE WHEN m.delivered_at IS NOT NULL THEN 'sent' WHEN m.given_up_at IS NOT NULL THEN 'failed' ELSE 'open' END`
const mail = `CASE WHEN m.mailed_at IS NOT NULL THEN 'sent' WHEN m.mail_given_up_at IS NOT NULL THEN 'failed' ELSE 'open' END`

/** @param mails whether the installation sends any: without, nothing of a mail is still to be sent. @returns one page of messages, the latest first, and how many there are in all. */
export async function ticketLines(
  client: Queryable,
  { request, view = 'all', mails }: { request?: number; view?: TicketView; mails: boolean },
  { limit, offset }: { limit: number; offset: number },
): Promise<{ lines: TicketLine[]; all: number }> {
  const where = `($1::bigint IS NULL OR t.request = $1)
    AND CASE $2 WHEN 'open' THEN (m.delivered_at IS NULL AND m.given_up_at IS NULL) OR ($3 AND m.mailed_at IS NULL AND m.mail_given_up_at IS NULL)
                WHEN 'failed' THEN m.last_error IS NOT NULL OR m.given_up_at IS NOT NULL OR ($3 AND (m.mail_error IS NOT NULL OR m.mail_given_up_at IS NOT NULL))
                ELSE true END`
  const from = 'FROM service.ticket_message m JOIN service.ticket t ON t.id = m.ticket'
  const values = [request ?? null, view, mails]
  const count = await client.query<{ all: number }>(
    `SELECT count(*)::int AS "all" ${from} WHERE ${where}`,
    values,
  )
  const { rows } = await client.query<TicketLine>(
    `SELECT m.id::int, t.request::int, coalesce(t.external, t.id)::float8 AS ticket, t.backend, m.at, m.state, m.body,
            ${delivery} AS delivery, m.tries, CASE WHEN ${delivery} = 'open' THEN m.retry_at END AS "retryAt", m.last_error AS error,
            ${mail} AS mail, m.mail_tries AS "mailTries", CASE WHEN ${mail} = 'open' THEN m.mail_retry_at END AS "mailRetryAt",
            m.mail_error AS "mailError"
       ${from} WHERE ${where} ORDER BY m.id DESC LIMIT $4 OFFSET $5`,
    [...values, limit, offset],
  )
  return { lines: rows, all: count.rows[0]!.all }
}
