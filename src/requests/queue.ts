import type { Database, Queryable } from '../database/database.ts'
import { estimateSeconds } from './estimate.ts'
import type { RequestState } from './request.ts'
import { changeState } from './state.ts'

export type Queued = { ok: true } | { ok: false; problem: 'state' | 'dump' | 'limit'; state: RequestState }

/**
 * Asks for the processing of a request: the change of state and the job are one transaction. Refused outside of draft,
 * without a dump, and beyond the contract's limit of requests at the same time.
 */
export function queueRequest(
  database: Database,
  id: number,
  enqueue: (client: Queryable, id: number) => Promise<void>,
): Promise<Queued> {
  return database.transaction(async (client) => {
    const { rows } = await client.query<{
      state: RequestState
      contract: string
      limit: number | null
    }>(
      // The contract's row is locked first, so that two requests of it are counted one after the other.
      `WITH limited AS (SELECT c.code, c.max_in_progress FROM service.contract c
                         WHERE c.code = (SELECT contract FROM service.request WHERE id = $1) FOR UPDATE)
       SELECT r.state, r.contract, l.max_in_progress AS "limit" FROM service.request r JOIN limited l ON l.code = r.contract WHERE r.id = $1 FOR UPDATE OF r`,
      [id],
    )
    const row = rows[0]!
    const refuse = (problem: 'state' | 'dump' | 'limit'): Queued => ({ ok: false, problem, state: row.state })
    if (row.state !== 'draft') return refuse('state')
    const dump = await client.query<{ bytes: string }>(
      `SELECT bytes FROM service.file WHERE request = $1 AND role = 'original'`,
      [id],
    )
    if (!dump.rows[0]) return refuse('dump')
    if (row.limit !== null && (await inProgress(client, row.contract)) >= row.limit) return refuse('limit')
    await changeState(client, id, 'pending')
    await estimate(client, id, Number(dump.rows[0].bytes))
    await enqueue(client, id)
    return { ok: true }
  })
}

async function inProgress(client: Queryable, contract: string): Promise<number> {
  const { rows } = await client.query<{ count: number }>(
    `SELECT count(*)::int AS count FROM service.request WHERE contract = $1 AND state IN ('pending', 'progress')`,
    [contract],
  )
  return rows[0]!.count
}

/** From the runs of the last time that went the same way, else from all. */
async function estimate(client: Queryable, id: number, bytes: number): Promise<void> {
  const { rows } = await client.query<{ bytes: number; seconds: number; hops: number; same: boolean }>(
    `SELECT m.bytes::float8 AS bytes, m.seconds, m.hops, m.source = r.database_version AND m.target = r.target AS same
       FROM service.measure m, service.request r WHERE r.id = $1 ORDER BY m.at DESC LIMIT 200`,
    [id],
  )
  await client.query('UPDATE service.request SET estimated_seconds = $2 WHERE id = $1', [
    id,
    estimateSeconds(bytes, rows),
  ])
}

/** Cancels a request: at once while it waits; one in progress ends when its worker has seen it. Gives the state after that. */
export function cancelRequest(database: Database, id: number): Promise<RequestState> {
  return database.transaction(async (client) => {
    const { rows } = await client.query<{ state: RequestState }>(
      'SELECT state FROM service.request WHERE id = $1 FOR UPDATE',
      [id],
    )
    const { state } = rows[0]!
    if (state === 'draft' || state === 'pending') {
      await changeState(client, id, 'cancelled')
      return 'cancelled'
    }
    if (state === 'progress')
      await client.query(
        'UPDATE service.request SET cancel_asked_at = coalesce(cancel_asked_at, now()) WHERE id = $1',
        [id],
      )
    return state
  })
}
