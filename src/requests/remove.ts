import type { Database } from '../database/database.ts'
import type { RequestState } from './request.ts'

/**
 * Deletes a request that nobody works on: its row with its stages, log, ticket and messages. Its files are let go of in the
 * same transaction; `removeDropped` deletes them. What it took stays for the estimates of others, without a name.
 */
export function removeRequest(database: Database, id: number): Promise<'removed' | 'busy' | 'unknown'> {
  return database.transaction(async (client) => {
    const { rows } = await client.query<{ state: RequestState }>(
      'SELECT state FROM service.request WHERE id = $1 FOR UPDATE',
      [id],
    )
    const [row] = rows
    if (!row) return 'unknown'
    if (row.state === 'pending' || row.state === 'progress') return 'busy'
    await client.query(
      `INSERT INTO service.dropped_file (key) SELECT key FROM service.file WHERE request = $1 ON CONFLICT DO NOTHING`,
      [id],
    )
    await client.query('DELETE FROM service.request WHERE id = $1', [id])
    return 'removed'
  })
}
