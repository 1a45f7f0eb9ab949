import type { Database } from '../database/database.ts'
import { type LogEvents, writeLog } from './log.ts'
import type { Aim } from './request.ts'

/** Changes what is asked for while nothing was begun. False, and nothing is done, when the request is no draft any more. */
export function amendRequest(
  database: Database,
  id: number,
  { target, aim, timezone }: { target?: string; aim?: Aim; timezone?: string | null },
): Promise<boolean> {
  return database.transaction(async (client) => {
    const { rows } = await client.query<LogEvents['amended']>(
      `UPDATE service.request SET target = coalesce($2, target), aim = coalesce($5, aim), timezone = CASE WHEN $4 THEN $3 ELSE timezone END
        WHERE id = $1 AND state = 'draft' RETURNING target, aim, timezone`,
      [id, target ?? null, timezone ?? null, timezone !== undefined, aim ?? null],
    )
    if (!rows[0]) return false
    await writeLog(client, id, { event: 'amended', detail: rows[0] })
    return true
  })
}
