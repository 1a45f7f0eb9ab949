import type { Queryable } from '../database/database.ts'
import type { RequestState } from '../requests/request.ts'

/** How far one looks back: hours, and the minutes of one step of it. */
export const periods = {
  hour: { hours: 1, step: 1 },
  day: { hours: 24, step: 15 },
  month: { hours: 30 * 24, step: 8 * 60 },
} as const

export type Period = keyof typeof periods

/** What the service did in a step; figures are null where nobody took a sample. */
export interface Step {
  at: Date
  /** At its end. */
  states: Partial<Record<RequestState, number>> | null
  /** The most that waited at a time. */
  queue: number | null
  uploads: number
  uploadedBytes: number
  /** Stages that were finished in it, by name. */
  stages: Readonly<Record<string, { count: number; seconds: number }>>
}

/** All steps of a period, the last one with the present moment in it. */
export async function readHistory(client: Queryable, period: Period): Promise<Step[]> {
  const { hours, step } = periods[period]
  const { rows } = await client.query<Step>(
    `WITH size AS (SELECT make_interval(mins => $1) AS step, make_interval(hours => $2) AS period),
          steps AS (
       SELECT at FROM size, LATERAL (SELECT date_bin(step, now(), 'epoch') AS last) l, generate_series(last - period + step, last, step) AS at),
          samples AS (
       SELECT date_bin(step, at, 'epoch') AS step_at, (array_agg(states ORDER BY at DESC, minutes))[1] AS states, max(queue) AS queue,
              sum(uploads)::int AS uploads, sum(uploaded_bytes)::float8 AS bytes
         FROM service.sample, size WHERE at > now() - period GROUP BY 1),
          stages AS (
       SELECT step_at, jsonb_object_agg(stage, jsonb_build_object('count', count, 'seconds', seconds)) AS stages
         FROM (SELECT date_bin(step, at, 'epoch') AS step_at, stage, sum(count) AS count, sum(seconds) AS seconds
                 FROM service.sample_stage, size WHERE at > now() - period GROUP BY 1, 2) s GROUP BY 1)
     SELECT t.at, s.states, s.queue, coalesce(s.uploads, 0) AS uploads, coalesce(s.bytes, 0) AS "uploadedBytes", coalesce(g.stages, '{}') AS stages
       FROM steps t LEFT JOIN samples s ON s.step_at = t.at LEFT JOIN stages g ON g.step_at = t.at ORDER BY t.at`,
    [step, hours],
  )
  return rows
}
