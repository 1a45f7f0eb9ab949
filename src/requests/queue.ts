import type { Database, Queryable } from '../database/database.ts'
import { allSeries, seriesOf } from '../odoo/series.ts'
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
    // The contract first, so that its requests are counted one after the other.
    const limits = await client.query<{ limit: number | null }>(
      `SELECT max_in_progress AS "limit" FROM service.contract
        WHERE code = (SELECT contract FROM service.request WHERE id = $1) FOR NO KEY UPDATE`,
      [id],
    )
    const { rows } = await client.query<{
      state: RequestState
      contract: string
      source: string | null
      target: string
    }>(
      'SELECT state, contract, database_version AS source, target FROM service.request WHERE id = $1 FOR UPDATE',
      [id],
    )
    const row = rows[0]!
    const { limit } = limits.rows[0]!
    const refuse = (problem: 'state' | 'dump' | 'limit'): Queued => ({ ok: false, problem, state: row.state })
    if (row.state !== 'draft') return refuse('state')
    const dump = await client.query<{ bytes: string }>(
      `SELECT bytes FROM service.file WHERE request = $1 AND role = 'original'`,
      [id],
    )
    if (!dump.rows[0]) return refuse('dump')
    if (limit !== null && (await inProgress(client, row.contract)) >= limit) return refuse('limit')
    await changeState(client, id, 'pending')
    await estimate(client, id, Number(dump.rows[0].bytes), hopsBetween(row.source, row.target))
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

/** How many versions an upgrade goes through; one where that is not known yet. */
function hopsBetween(source: string | null, target: string): number {
  const [from, to] = [source ?? '', target].map((version) =>
    (allSeries as readonly string[]).indexOf(seriesOf(version) ?? ''),
  )
  return from! < 0 || to! < 0 ? 1 : Math.max(1, to! - from!)
}

/** From the runs of the last time that went the same way, else from all. */
async function estimate(client: Queryable, id: number, bytes: number, hops: number): Promise<void> {
  const { rows } = await client.query<{ bytes: number; seconds: number; hops: number; same: boolean }>(
    `SELECT m.bytes::float8 AS bytes, m.seconds, m.hops, coalesce(m.source = r.database_version AND m.target = r.target, false) AS same
       FROM service.measure m, service.request r WHERE r.id = $1 ORDER BY same DESC, m.at DESC LIMIT 200`,
    [id],
  )
  await client.query('UPDATE service.request SET estimated_seconds = $2 WHERE id = $1', [
    id,
    estimateSeconds(bytes, rows, hops),
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

export type Retried = 'retried' | 'state' | 'dump' | 'unknown'

/**
 * Lets a request that failed or was cancelled take its turn again, with the dump that it has. It is the operator who asks:
 * the contract's limit does not count.
 */
export function retryRequest(
  database: Database,
  id: number,
  enqueue: (client: Queryable, id: number) => Promise<void>,
): Promise<Retried> {
  return database.transaction(async (client) => {
    const { rows } = await client.query<{
      state: RequestState
      source: string | null
      target: string
      bytes: number | null
    }>(
      `SELECT r.state, r.database_version AS source, r.target,
              (SELECT bytes::float8 FROM service.file WHERE request = r.id AND role = 'original') AS bytes
         FROM service.request r WHERE r.id = $1 FOR UPDATE`,
      [id],
    )
    const [row] = rows
    if (!row) return 'unknown'
    if (row.state !== 'failed' && row.state !== 'cancelled') return 'state'
    if (row.bytes === null) return 'dump'
    await changeState(client, id, 'pending')
    await estimate(client, id, row.bytes, hopsBetween(row.source, row.target))
    await enqueue(client, id)
    return 'retried'
  })
}
