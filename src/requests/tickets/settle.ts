import type { Database } from '../../database/database.ts'
import { PATIENCE_DAYS } from './pauses.ts'

/**
 * Closes what needs no sending: every message of the built-in backend, the mails of states that send none, and what
 * nobody was there to send for days, as after a change of the settings.
 */
export async function settleMessages({ pool }: Database, backend: string, now: Date): Promise<void> {
  await pool.query(
    `WITH open AS (
       SELECT m.id FROM service.ticket_message m JOIN service.ticket t ON t.id = m.ticket
        WHERE m.delivered_at IS NULL AND m.given_up_at IS NULL AND t.backend = 'built-in' FOR UPDATE OF m SKIP LOCKED)
     UPDATE service.ticket_message m SET delivered_at = $1 FROM open WHERE m.id = open.id`,
    [now],
  )
  await pool.query(
    `WITH open AS (
       SELECT id FROM service.ticket_message
        WHERE mailed_at IS NULL AND mail_given_up_at IS NULL AND state IN ('draft', 'progress') FOR UPDATE SKIP LOCKED)
     UPDATE service.ticket_message m SET mailed_at = $1 FROM open WHERE m.id = open.id`,
    [now],
  )
  await pool.query(
    `WITH open AS (
       SELECT m.id FROM service.ticket_message m JOIN service.ticket t ON t.id = m.ticket
        WHERE m.delivered_at IS NULL AND m.given_up_at IS NULL AND t.backend <> $2
          AND m.at < $1::timestamptz - $3 * interval '1 day' FOR UPDATE OF m SKIP LOCKED)
     UPDATE service.ticket_message m SET given_up_at = $1, last_error = 'given up: no process sends to this backend any more'
       FROM open WHERE m.id = open.id`,
    [now, backend, PATIENCE_DAYS],
  )
  await pool.query(
    `WITH open AS (
       SELECT id FROM service.ticket_message
        WHERE mailed_at IS NULL AND mail_given_up_at IS NULL AND mail_tries = 0
          AND at < $1::timestamptz - $2 * interval '1 day' FOR UPDATE SKIP LOCKED)
     UPDATE service.ticket_message m SET mail_given_up_at = $1, mail_error = 'given up: no process sent mails when this was news'
       FROM open WHERE m.id = open.id`,
    [now, PATIENCE_DAYS],
  )
}
