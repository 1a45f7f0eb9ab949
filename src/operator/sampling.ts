import type { Database, Queryable } from '../database/database.ts'

/** Days for which samples are kept. */
export const KEPT_DAYS = 30
/** Seconds that a sample stays behind: what is written by a transaction of others that began before is there by then. */
const BEHIND = 5

/**
 * Writes down what the service does, once a minute: of several servers that share the database the first one does. What
 * has come is counted from where the sample before ended, so that nothing is counted twice or left out.
 */
export async function takeSample(database: Database): Promise<void> {
  await database.transaction(async (client) => {
    await client.query(`SELECT pg_advisory_xact_lock(hashtext('uplift sample'))`)
    await take(client)
    await thin(client)
  })
}

async function take(client: Queryable): Promise<void> {
  await client.query(
    `WITH span AS (
       SELECT coalesce((SELECT max(until) FROM service.sample), now() - interval '1 minute') AS since, now() - make_interval(secs => $1) AS until),
          came AS (
       SELECT count(*) AS uploads, coalesce(sum(f.bytes), 0) AS bytes FROM service.file f, span s
        WHERE f.role = 'original' AND f.created_at > s.since AND f.created_at <= s.until),
          made AS (
       INSERT INTO service.sample (minutes, at, states, queue, uploads, uploaded_bytes, until)
       SELECT 1, date_trunc('minute', now()),
              (SELECT coalesce(jsonb_object_agg(state, count), '{}') FROM (SELECT state, count(*) FROM service.request GROUP BY state) r),
              (SELECT count(*) FROM service.request WHERE state = 'pending'), came.uploads, came.bytes, greatest(span.since, span.until)
         FROM span, came
       ON CONFLICT DO NOTHING RETURNING minutes, at)
     INSERT INTO service.sample_stage (minutes, at, stage, count, seconds)
     SELECT made.minutes, made.at, t.name, count(*), sum(t.seconds) FROM made, span s, service.stage t
      WHERE t.state = 'done' AND t.seconds IS NOT NULL AND t.finished_at > s.since AND t.finished_at <= s.until GROUP BY 1, 2, 3`,
    [BEHIND],
  )
}

/** Makes whole hours of minutes that are older than a day, and lets go of what is too old. */
async function thin(client: Queryable): Promise<void> {
  await client.query(
    `WITH old AS (
       DELETE FROM service.sample WHERE minutes = 1 AND at < date_trunc('hour', now(), 'UTC') - interval '1 day' RETURNING *),
          stages AS (SELECT s.* FROM service.sample_stage s JOIN old USING (minutes, at)),
          hours AS (
       INSERT INTO service.sample AS h (minutes, at, states, queue, uploads, uploaded_bytes, until)
       SELECT 60, date_trunc('hour', at, 'UTC'), (array_agg(states ORDER BY at DESC))[1], max(queue), sum(uploads), sum(uploaded_bytes), max(until)
         FROM old GROUP BY 2
       ON CONFLICT (minutes, at) DO UPDATE
          SET states = excluded.states, queue = greatest(h.queue, excluded.queue), uploads = h.uploads + excluded.uploads,
              uploaded_bytes = h.uploaded_bytes + excluded.uploaded_bytes, until = excluded.until)
     INSERT INTO service.sample_stage AS h (minutes, at, stage, count, seconds)
     SELECT 60, date_trunc('hour', at, 'UTC'), stage, sum(count), sum(seconds) FROM stages GROUP BY 2, 3
     ON CONFLICT (minutes, at, stage) DO UPDATE SET count = h.count + excluded.count, seconds = h.seconds + excluded.seconds`,
  )
  await client.query('DELETE FROM service.sample WHERE at < now() - make_interval(days => $1)', [KEPT_DAYS])
}
