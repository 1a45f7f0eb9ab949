import type { ApiDeps } from '../../api/deps.ts'
import { filesOf, stagesOf } from '../../requests/find.ts'
import { type LogLine, logColumns } from '../../requests/log.ts'
import type { FileRole, Request, RequestFile, StageRow } from '../../requests/request.ts'

/** All that the status of a request is made from. */
export interface StatusFacts {
  request: Request
  files: ReadonlyMap<FileRole, RequestFile>
  stages: readonly StageRow[]
  /** The last lines, the oldest first. */
  log: readonly LogLine[]
  now: Date
}

const LOG_LINES = 30

export async function readStatus(
  { database }: Pick<ApiDeps, 'database'>,
  request: Request,
): Promise<StatusFacts> {
  const [files, stages, log] = await Promise.all([
    filesOf(database, request.id),
    stagesOf(database, request.id),
    database.pool.query<LogLine>(
      `SELECT ${logColumns} FROM (SELECT * FROM service.log WHERE request = $1 ORDER BY id DESC LIMIT $2) l ORDER BY id`,
      [request.id, LOG_LINES],
    ),
  ])
  return { request, files, stages, log: log.rows, now: new Date() }
}

export function hasEnded({ state }: Pick<Request, 'state'>): boolean {
  return state === 'done' || state === 'failed' || state === 'cancelled'
}
