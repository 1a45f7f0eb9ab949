import { createHash, createHmac, randomBytes, timingSafeEqual } from 'node:crypto'
import type { Database } from '../database/database.ts'

/** A session ends after so many hours in which nothing was asked for, and after so many days in any case. */
export const IDLE_HOURS = 12
export const LONGEST_DAYS = 7
/** Seconds within which a session that was seen is not written again. */
const COARSE = 60

/** Random bytes of what the browser has; the database has only its SHA-256. */
const BYTES = 32

export interface Session {
  id: string
  /** Stands in every form of the session. */
  csrf: string
  createdAt: Date
  address: string
}

/** @returns what the browser has to bring from now on */
export async function startSession({ pool }: Database, address: string): Promise<string> {
  const id = randomBytes(BYTES).toString('base64url')
  await pool.query(`DELETE FROM service.operator_session WHERE NOT ${alive}`)
  await pool.query('INSERT INTO service.operator_session (id_hash, address) VALUES ($1, $2)', [
    hashed(id),
    address.slice(0, 100),
  ])
  return id
}

/** The session of a browser; null when there is none, or its time is over. */
export async function findSession({ pool }: Pick<Database, 'pool'>, id: string): Promise<Session | null> {
  const { rows } = await pool.query<{ createdAt: Date; address: string; seen: boolean }>(
    `SELECT created_at AS "createdAt", address, seen_at > now() - make_interval(secs => $2) AS seen
       FROM service.operator_session WHERE id_hash = $1 AND ${alive}`,
    [hashed(id), COARSE],
  )
  const [row] = rows
  if (!row) return null
  if (!row.seen)
    await pool.query('UPDATE service.operator_session SET seen_at = now() WHERE id_hash = $1', [hashed(id)])
  return { id, csrf: csrfOf(id), createdAt: row.createdAt, address: row.address }
}

export async function endSession({ pool }: Database, id: string): Promise<void> {
  await pool.query('DELETE FROM service.operator_session WHERE id_hash = $1', [hashed(id)])
}

export async function endAllSessions({ pool }: Database): Promise<void> {
  await pool.query('DELETE FROM service.operator_session')
}

export async function countSessions({ pool }: Database): Promise<number> {
  const { rows } = await pool.query<{ count: number }>(
    `SELECT count(*)::int AS count FROM service.operator_session WHERE ${alive}`,
  )
  return rows[0]!.count
}

/** Whether a form was made for this session. */
export function isCsrf({ csrf }: Session, given: string): boolean {
  return timingSafeEqual(hashed(given), hashed(csrf))
}

const alive = `(seen_at > now() - interval '${IDLE_HOURS} hours' AND created_at > now() - interval '${LONGEST_DAYS} days')`

/** Known to whoever has the session, and to nobody who only has the database. */
function csrfOf(id: string): string {
  return createHmac('sha256', id).update('uplift console form').digest('base64url')
}

function hashed(text: string): Buffer {
  return createHash('sha256').update(text).digest()
}
