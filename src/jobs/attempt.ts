import { createHash } from 'node:crypto'
import type { Database, Queryable } from '../database/database.ts'
import { writeLog } from '../requests/log.ts'
import { changeState } from '../requests/state.ts'
import { plannedStages } from './stage-names.ts'
import { planStages, resetStages } from './stage-rows.ts'

/** Tries in a row that may end without a word and without a finished stage before the request is given up … */
const FRUITLESS = 10
/** … but not before so many minutes without a finished stage: a machine that is being restarted is no reason. */
const PATIENCE = 10

export interface Attempt {
  request: number
  number: number
  target: string
  aim: 'test' | 'production'
  filename: string
  timezone: string | null
  databaseVersion: string | null
  processedAt: Date
  original: { key: string; bytes: number }
}

/**
 * Begins a try: from here on former ones of the same request write nothing any more. Null when there is nothing to do:
 * the request has ended, was cancelled, or is given up here.
 */
export function beginAttempt(database: Database, request: number): Promise<Attempt | null> {
  return database.transaction(async (client) => {
    const { rows } = await client.query<{ state: string; cancel: boolean; hopeless: boolean }>(
      `SELECT state, cancel_asked_at IS NOT NULL AS cancel,
              fruitless >= $2 AND coalesce((SELECT max(finished_at) FROM service.stage WHERE request = $1), processed_at, now())
                                  < now() - make_interval(mins => $3) AS hopeless
         FROM service.request WHERE id = $1 FOR UPDATE`,
      [request, FRUITLESS, PATIENCE],
    )
    const row = rows[0]
    if (!row || (row.state !== 'pending' && row.state !== 'progress')) return null
    if (row.cancel) {
      await changeState(client, request, 'cancelled')
      return null
    }
    if (row.hopeless) {
      await changeState(client, request, 'failed', {
        failure: {
          code: 'REQUEST:CRASHED',
          message: `The work ended more than ${FRUITLESS} times without finishing a stage: look at the log and at the memory of the machine.`,
        },
      })
      return null
    }
    if (row.state === 'pending') await changeState(client, request, 'progress')
    const attempt = await count(client, request)
    await resetStages(client, request)
    await planStages(client, request, plannedStages(null, attempt.aim))
    return attempt
  })
}

async function count(client: Queryable, request: number): Promise<Attempt> {
  const { rows } = await client.query<Attempt & { key: string; bytes: string }>(
    `UPDATE service.request r SET attempt = attempt + 1, fruitless = fruitless + 1, processed_at = coalesce(processed_at, now())
       FROM service.file f
      WHERE r.id = $1 AND f.request = r.id AND f.role = 'original'
      RETURNING r.id::int AS request, r.attempt AS number, r.target, r.aim, r.filename, r.timezone,
                r.database_version AS "databaseVersion", r.processed_at AS "processedAt", f.key, f.bytes`,
    [request],
  )
  const { key, bytes, ...rest } = rows[0]!
  return { ...rest, original: { key, bytes: Number(bytes) } }
}

/** How the names of an installation's scratch databases begin; several may share a server. */
export async function installationPrefix(database: Database): Promise<string> {
  const { rows } = await database.pool.query<{ name: string; at: Date }>(
    'SELECT current_database() AS name, min(applied_at) AS at FROM service.migration',
  )
  const { name, at } = rows[0]!
  const installation = createHash('sha256').update(`${name} ${at.toISOString()}`).digest('hex').slice(0, 8)
  return `uplift_${installation}_`
}

/** How the names of a request's scratch databases begin. */
export async function scratchPrefix(database: Database, request: number): Promise<string> {
  return `${await installationPrefix(database)}${request}_`
}

/** A try that says why it broke off is not counted as one that ended without a word. */
export async function noteBroken({ pool }: Database, request: number, reason: string): Promise<void> {
  await pool.query('UPDATE service.request SET fruitless = greatest(fruitless - 1, 0) WHERE id = $1', [
    request,
  ])
  await writeLog(pool, request, { event: 'broke off', detail: { reason } }, 'warning')
}
