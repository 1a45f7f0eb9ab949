import type { Queryable } from '../database/database.ts'
import { storable, storableJson } from '../database/storable.ts'
import { UpliftError } from '../errors.ts'
import { type LogEvent, sentenceOf, writeLog } from './log.ts'
import type { Request, RequestState, TicketStage } from './request.ts'

const ticketStages: Readonly<Record<RequestState, TicketStage>> = {
  draft: 'new',
  pending: 'new',
  progress: 'in_progress',
  done: 'done',
  failed: 'blocked',
  cancelled: 'blocked',
}

const lawful: Readonly<Record<RequestState, readonly RequestState[]>> = {
  draft: ['pending', 'cancelled'],
  pending: ['progress', 'cancelled', 'failed'],
  progress: ['done', 'failed', 'cancelled', 'pending'],
  done: [],
  // The operator's retry.
  failed: ['pending'],
  cancelled: ['pending'],
}

export interface StateDetails {
  failure?: NonNullable<Request['failure']>
  customerMessage?: string | null
}

/**
 * The only way a state changes. Within the caller's transaction: the row with its times, the ticket with a message about
 * it, and a line of the request's log.
 * @throws UpliftError INTERNAL for a change that the life of a request does not know
 */
export async function changeState(
  client: Queryable,
  id: number,
  state: RequestState,
  { failure, customerMessage }: StateDetails = {},
): Promise<void> {
  const { rows } = await client.query<{ state: RequestState }>(
    'SELECT state FROM service.request WHERE id = $1 FOR UPDATE',
    [id],
  )
  const from = rows[0]?.state
  if (from === undefined || !lawful[from].includes(state))
    throw new UpliftError('INTERNAL', `Request ${id} cannot go from ${from} to ${state}.`)
  const message = customerMessage ?? failure?.message
  await client.query(
    `UPDATE service.request
        SET state = $2,
            queued_at = CASE WHEN $2 = 'pending' THEN now() ELSE queued_at END,
            processed_at = CASE $2 WHEN 'progress' THEN coalesce(processed_at, now()) WHEN 'pending' THEN NULL ELSE processed_at END,
            finished_at = CASE WHEN $2 IN ('done', 'failed', 'cancelled') THEN now() END,
            -- Work that only goes back into the queue is still to be cancelled, and still without fruit.
            cancel_asked_at = CASE WHEN $2 = 'pending' AND state <> 'progress' THEN NULL ELSE cancel_asked_at END,
            fruitless = CASE WHEN $2 = 'pending' AND state <> 'progress' THEN 0 ELSE fruitless END,
            failure = $3,
            customer_message = coalesce($4, CASE WHEN $2 = 'pending' THEN NULL ELSE customer_message END)
      WHERE id = $1`,
    [
      id,
      state,
      failure ? storableJson(failure) : null,
      message === undefined || message === null ? null : storable(message),
    ],
  )
  if (state === 'failed' || state === 'cancelled') await breakOff(client, id)
  await tell(client, id, state, failure?.message)
}

/** No stage runs on after the end: its time stands still. */
async function breakOff(client: Queryable, id: number): Promise<void> {
  await client.query(
    `UPDATE service.stage SET state = 'failed', seconds = extract(epoch FROM now() - started_at)
      WHERE request = $1 AND state = 'running'`,
    [id],
  )
}

/** Writes what a state means for a person to the ticket and to the log. */
export async function tell(
  client: Queryable,
  id: number,
  state: RequestState,
  reason?: string,
): Promise<void> {
  const stage = ticketStages[state]
  const event: LogEvent = {
    event: 'state',
    detail: state === 'failed' ? { state, reason: reason ?? 'no reason is known.' } : { state },
  }
  await client.query(
    `WITH ticket AS (UPDATE service.ticket SET stage = $2 WHERE request = $1 RETURNING id)
     INSERT INTO service.ticket_message (ticket, state, stage, body) SELECT id, $3, $2, $4 FROM ticket`,
    [id, stage, state, storable(sentenceOf(event))],
  )
  await writeLog(client, id, event, state === 'failed' ? 'error' : 'info')
}
