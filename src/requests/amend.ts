import type { Database } from '../database/database.ts'
import type { Aim } from './request.ts'

/** Changes what is asked for while nothing was begun. False, and nothing is done, when the request is no draft any more. */
export function amendRequest(
  database: Database,
  id: number,
  { target, aim, timezone }: { target?: string; aim?: Aim; timezone?: string | null },
): Promise<boolean> {
  return database.transaction(async (client) => {
    const { rowCount } = await client.query(
      `UPDATE service.request SET target = coalesce($2, target), aim = coalesce($5, aim), timezone = CASE WHEN $4 THEN $3 ELSE timezone END
        WHERE id = $1 AND state = 'draft'`,
      [id, target ?? null, timezone ?? null, timezone !== undefined, aim ?? null],
    )
    if (!rowCount) return false
    await client.query(
      `INSERT INTO service.log (request, level, message)
       SELECT id, 'info', 'The request was changed: target ' || target || ', aim ' || aim || coalesce(', time zone ' || timezone, '') || '.' FROM service.request WHERE id = $1`,
      [id],
    )
    return true
  })
}
