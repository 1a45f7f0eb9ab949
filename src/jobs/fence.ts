import type pg from 'pg'
import type { Database } from '../database/database.ts'
import { UpliftError } from '../errors.ts'

/**
 * Runs work in a transaction in which this try is the current one of its request, and stays it until the end.
 * @throws UpliftError INTERRUPTED when another try has taken over, or the request ended meanwhile
 */
export function fenced<T>(
  database: Database,
  request: number,
  attempt: number,
  work: (client: pg.PoolClient) => Promise<T>,
): Promise<T> {
  return database.transaction(async (client) => {
    const { rows } = await client.query<{ attempt: number; state: string }>(
      'SELECT attempt, state FROM service.request WHERE id = $1 FOR UPDATE',
      [request],
    )
    if (rows[0]?.attempt !== attempt || rows[0].state !== 'progress') throw takenOver(request, attempt)
    return work(client)
  })
}

export function takenOver(request: number, attempt: number): UpliftError {
  return new UpliftError('INTERRUPTED', 'Another worker has taken this request over.', {
    detail: { request, attempt },
  })
}
