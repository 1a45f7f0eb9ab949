import type { Database } from '../../database/database.ts'
import type { TicketMessage } from './message.ts'
import { pauseAfter } from './pauses.ts'

/** Milliseconds for which a message belongs to the process that took it; longer than any try to send it. */
const LEASE = 180_000

/** The columns of service.ticket_message in which a way to send keeps its state. */
const columns = {
  ticket: {
    done: 'delivered_at',
    givenUp: 'given_up_at',
    tries: 'tries',
    retry: 'retry_at',
    error: 'last_error',
  },
  mail: {
    done: 'mailed_at',
    givenUp: 'mail_given_up_at',
    tries: 'mail_tries',
    retry: 'mail_retry_at',
    error: 'mail_error',
  },
} as const

export type Channel = keyof typeof columns

/**
 * Takes the message that has been due for the longest time, and null when none is due. It belongs to the caller for some
 * minutes, without a transaction that stays open: should he die, others find it again. A message waits for the earlier
 * ones of its ticket, so that they arrive in their order.
 */
export async function takeMessage(
  { pool }: Database,
  channel: Channel,
  backend: string,
  now: Date,
): Promise<TicketMessage | null> {
  const { done, givenUp, tries, retry } = columns[channel]
  const { rows } = await pool.query<TicketMessage>(
    `WITH due AS (
       SELECT m.id FROM service.ticket_message m JOIN service.ticket t ON t.id = m.ticket
        WHERE m.${done} IS NULL AND m.${givenUp} IS NULL AND m.${retry} <= $1 AND ($2::text = 'mail' OR t.backend = $3::text)
          AND NOT EXISTS (SELECT FROM service.ticket_message e
                           WHERE e.ticket = m.ticket AND e.id < m.id AND e.${done} IS NULL AND e.${givenUp} IS NULL)
        ORDER BY m.${retry}, m.id LIMIT 1 FOR UPDATE OF m SKIP LOCKED),
     taken AS (
       UPDATE service.ticket_message m SET ${tries} = m.${tries} + 1, ${retry} = $1::timestamptz + $4 * interval '1 ms'
         FROM due WHERE m.id = due.id
       RETURNING m.*)
     SELECT m.id::int, m.at, m.state, m.stage, m.body, t.id::int AS ticket, t.external::float8, r.id::int AS request, r.contract,
            r.target, r.aim, r.filename, r.database_version AS source,
            CASE WHEN m.state = 'failed' THEN r.failure ->> 'code' END AS "failureCode", r.email, r.language,
            r.key_sealed AS "keySealed", r.customer_message AS "customerMessage",
            extract(epoch FROM r.finished_at - r.processed_at)::float8 AS seconds, m.${tries} AS tries
       FROM taken m JOIN service.ticket t ON t.id = m.ticket JOIN service.request r ON r.id = t.request`,
    [now, channel, backend, LEASE],
  )
  return rows[0] ?? null
}

/** Notes that a message has arrived. */
export async function markSent({ pool }: Database, channel: Channel, id: number, now: Date): Promise<void> {
  const { done, error } = columns[channel]
  await pool.query(`UPDATE service.ticket_message SET ${done} = $2, ${error} = NULL WHERE id = $1`, [id, now])
}

/** Notes that a try failed. Gives when the next one is; null when there will be none. */
export async function markFailed(
  { pool }: Database,
  channel: Channel,
  { id, tries }: TicketMessage,
  failure: { reason: string; final: boolean },
  now: Date,
): Promise<Date | null> {
  const columnsOf = columns[channel]
  const pause = failure.final ? null : pauseAfter(tries)
  const next = pause === null ? null : new Date(now.getTime() + pause)
  // Only while it is this try that counts: a slow one may have been overtaken.
  await pool.query(
    `UPDATE service.ticket_message SET ${columnsOf.error} = $3, ${columnsOf.retry} = coalesce($4, ${columnsOf.retry}),
            ${columnsOf.givenUp} = CASE WHEN $4::timestamptz IS NULL THEN $5::timestamptz END
      WHERE id = $1 AND ${columnsOf.tries} = $2 AND ${columnsOf.done} IS NULL`,
    [id, tries, next ? failure.reason : `given up: ${failure.reason}`, next, now],
  )
  return next
}

/** Gives a message back as if it had not been taken. */
export async function putBack(
  { pool }: Database,
  channel: Channel,
  { id, tries }: TicketMessage,
  now: Date,
): Promise<void> {
  const columnsOf = columns[channel]
  await pool.query(
    `UPDATE service.ticket_message SET ${columnsOf.tries} = $2 - 1, ${columnsOf.retry} = $3
      WHERE id = $1 AND ${columnsOf.tries} = $2`,
    [id, tries, now],
  )
}
