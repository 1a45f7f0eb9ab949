import type { Queryable } from '../database/database.ts'
import type { Aim, RequestState } from './request.ts'

/** Which requests are looked for; what is left out does not matter. */
export interface RequestFilter {
  state?: RequestState
  contract?: string
  target?: string
  /** A number, or a part of the file's name, the e-mail address or the database's UUID. */
  text?: string
  /** Days in UTC, "2026-11-23", both included, in which it was made. */
  from?: string
  to?: string
}

export const requestOrders = ['created', 'finished', 'seconds', 'bytes', 'contract'] as const
export type RequestOrder = (typeof requestOrders)[number]

/** A request as a list shows it. */
export interface FoundRequest {
  id: number
  contract: string
  email: string
  filename: string
  source: string | null
  target: string
  aim: Aim
  state: RequestState
  createdAt: Date
  finishedAt: Date | null
  /** From its start to its end, or to now; null when it was not started. */
  seconds: number | null
  /** Of the dump that was uploaded. */
  bytes: number | null
  failureCode: string | null
}

const orders: Readonly<Record<RequestOrder, string>> = {
  created: 'r.id',
  finished: 'r.finished_at',
  seconds: 'seconds',
  bytes: 'bytes',
  contract: 'r.contract',
}

const seconds = `extract(epoch FROM coalesce(r.finished_at, now()) - r.processed_at)::float8`

/** One page of the requests that fit, and how many fit in all. */
export async function searchRequests(
  client: Queryable,
  filter: RequestFilter,
  view: { order: RequestOrder; descending: boolean; limit: number; offset: number },
): Promise<{ found: FoundRequest[]; all: number }> {
  const { state, contract, target, text, from, to } = filter
  const where = `($1::text IS NULL OR r.state = $1) AND ($2::text IS NULL OR r.contract = $2) AND ($3::text IS NULL OR r.target = $3)
    AND ($4::text IS NULL OR r.id::text = $4 OR strpos(lower(r.filename), lower($4)) > 0 OR strpos(lower(r.email), lower($4)) > 0 OR r.database_uuid = $4)
    AND ($5::date IS NULL OR r.created_at >= ($5::date)::timestamp AT TIME ZONE 'UTC')
    AND ($6::date IS NULL OR r.created_at < ($6::date + 1)::timestamp AT TIME ZONE 'UTC')`
  const values = [state ?? null, contract ?? null, target ?? null, text ?? null, from ?? null, to ?? null]
  const [count, page] = [
    await client.query<{ all: number }>(
      `SELECT count(*)::int AS "all" FROM service.request r WHERE ${where}`,
      values,
    ),
    await client.query<FoundRequest>(
      `SELECT r.id::int, r.contract, r.email, r.filename, r.database_version AS source, r.target, r.aim, r.state,
              r.created_at AS "createdAt", r.finished_at AS "finishedAt", ${seconds} AS seconds, coalesce(f.bytes, r.original_bytes)::float8 AS bytes,
              r.failure ->> 'code' AS "failureCode"
         FROM service.request r LEFT JOIN service.file f ON f.request = r.id AND f.role = 'original'
        WHERE ${where}
        ORDER BY ${orders[view.order]} ${view.descending ? 'DESC NULLS LAST' : 'ASC NULLS LAST'}, r.id DESC
        LIMIT $7 OFFSET $8`,
      [...values, view.limit, view.offset],
    ),
  ]
  return { found: page.rows, all: count.rows[0]!.all }
}

/** What requests have asked for so far, for a list to choose from. */
export async function knownTargets(client: Queryable): Promise<string[]> {
  const { rows } = await client.query<{ target: string }>(
    'SELECT DISTINCT target FROM service.request ORDER BY target',
  )
  return rows.map(({ target }) => target).toSorted((a, b) => Number(a) - Number(b))
}
