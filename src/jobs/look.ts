import { mkdir } from 'node:fs/promises'
import { join } from 'node:path'
import { asUpliftError } from '../errors.ts'
import { inspect } from '../inspect/inspect.ts'
import { majorOf } from '../postgres/version.ts'
import type { WorkerDeps } from './deps.ts'
import { isTransient } from './transient.ts'

/**
 * Looks an upload through from end to end, so that the draft says which version it is. What is wrong with it is told by
 * the processing; here it is only logged.
 */
export async function lookThrough(
  { database, storage, settings, log }: WorkerDeps,
  request: number,
  signal: AbortSignal,
): Promise<void> {
  const { rows } = await database.pool.query<{ key: string }>(
    `SELECT f.key FROM service.request r JOIN service.file f ON f.request = r.id AND f.role = 'original'
      WHERE r.id = $1 AND r.state = 'draft'`,
    [request],
  )
  if (!rows[0]) return
  const { key } = rows[0]
  const folder = join(settings.dataFolder, 'work')
  await mkdir(folder, { recursive: true, mode: 0o700 })
  try {
    const { odoo, postgresql } = await storage.withLocal(
      key,
      folder,
      (path) => inspect(path, { signal }),
      signal,
    )
    await database.transaction(async (client) => {
      // An upload that replaces this one waits for its turn, or was before; it has a look of its own.
      await client.query('SELECT FROM service.request WHERE id = $1 FOR UPDATE', [request])
      await client.query(
        `UPDATE service.request r SET database_version = $3, database_uuid = $4, postgresql = coalesce($5, r.postgresql)
          WHERE r.id = $1 AND r.state = 'draft' AND EXISTS (SELECT FROM service.file f WHERE f.request = r.id AND f.key = $2)`,
        [
          request,
          key,
          odoo?.series ?? null,
          odoo?.databaseUuid ?? null,
          majorOf(postgresql.server ?? postgresql.guess),
        ],
      )
    })
  } catch (thrown) {
    const error = asUpliftError(signal.aborted ? signal.reason : thrown)
    if (isTransient(error)) throw error
    log.warn({ request, code: error.code }, 'the upload cannot be looked through')
  }
}
