import type { Database, Queryable } from '../database/database.ts'
import { writeLog } from '../requests/log.ts'
import type { Progress } from '../upgrade/events.ts'

/** Lists the stages of a request; those that are there already keep what they say, those that are not planned any more go. */
export async function planStages(
  client: Queryable,
  request: number,
  names: readonly string[],
): Promise<void> {
  await client.query(
    `INSERT INTO service.stage (request, name, place)
     SELECT $1, name, place FROM unnest($2::text[]) WITH ORDINALITY AS s (name, place)
     ON CONFLICT (request, name) DO UPDATE SET place = excluded.place`,
    [request, names],
  )
  await client.query('DELETE FROM service.stage WHERE request = $1 AND name <> ALL ($2)', [request, names])
}

/** A try begins: what broke off is waiting again. */
export async function resetStages(client: Queryable, request: number): Promise<void> {
  await client.query(
    `UPDATE service.stage SET state = 'waiting', seconds = NULL, done = NULL, total = NULL, subject = NULL WHERE request = $1 AND state IN ('running', 'failed')`,
    [request],
  )
}

export async function beginStage(
  client: Queryable,
  request: number,
  attempt: number,
  name: string,
): Promise<void> {
  await client.query(
    `UPDATE service.stage SET state = 'running', attempt = $2, started_at = now(), finished_at = NULL, seconds = NULL, done = NULL, total = NULL
      WHERE request = $1 AND name = $3 AND (SELECT attempt FROM service.request WHERE id = $1) = $2`,
    [request, attempt, name],
  )
}

/** A finished stage shows that the try is not fruitless. */
export async function finishStage(
  client: Queryable,
  request: number,
  attempt: number,
  name: string,
  seconds: number,
): Promise<void> {
  await client.query(
    `WITH current AS (UPDATE service.request SET fruitless = 0 WHERE id = $1 AND attempt = $2 RETURNING id)
     UPDATE service.stage s SET state = 'done', finished_at = now(), seconds = $4, done = coalesce(s.total, s.done), attempt = $2
       FROM current WHERE s.request = current.id AND s.name = $3`,
    [request, attempt, name, seconds],
  )
  await writeLog(client, request, { event: 'stage', detail: { name, seconds } })
}

/** Stages that the scratch database has as finished and their rows do not: the crash came between the two. */
export async function settleStages(
  client: Queryable,
  request: number,
  attempt: number,
  finished: readonly { name: string; seconds: number }[],
): Promise<void> {
  await client.query(
    `UPDATE service.stage s SET state = 'done', finished_at = coalesce(s.finished_at, now()), seconds = coalesce(s.seconds, f.seconds), attempt = CASE s.state WHEN 'done' THEN s.attempt ELSE $2 END
       FROM json_to_recordset($3::json) AS f (name text, seconds float8) WHERE s.request = $1 AND s.name = f.name`,
    [request, attempt, JSON.stringify(finished)],
  )
  await client.query(
    `UPDATE service.stage SET state = 'waiting', started_at = NULL, finished_at = NULL, seconds = NULL, done = NULL, total = NULL
      WHERE request = $1 AND name <> ALL ($2) AND name NOT IN ('received', 'inspected') AND state = 'done'`,
    [request, finished.map(({ name }) => name)],
  )
}

export async function tellProgress(
  database: Database,
  request: number,
  attempt: number,
  stage: string,
  { done, total, unit, subject }: Progress,
): Promise<void> {
  await database.pool.query(
    `UPDATE service.stage SET done = $4, total = $5, unit = $6, subject = $7
      WHERE request = $1 AND attempt = $2 AND name = $3 AND state = 'running'`,
    [
      request,
      attempt,
      stage,
      Math.round(done),
      total === undefined ? null : Math.round(total),
      unit,
      subject ?? null,
    ],
  )
}
