import type { ApiDeps } from '../../../api/deps.ts'
import { filesOf, loadRequest, stagesOf } from '../../../requests/find.ts'
import { type LogLine, logColumns } from '../../../requests/log.ts'
import type { FileRole, Request, RequestFile, StageRow } from '../../../requests/request.ts'
import { type TicketLine, ticketLines } from '../tickets/find.ts'

/** Lines of the log on one page. */
export const LOG_ROWS = 200

/** All that is known of a request. */
export interface RequestFacts {
  request: Request
  files: ReadonlyMap<FileRole, RequestFile>
  stages: readonly StageRow[]
  /** One page of the log: the first page has the latest lines. */
  log: readonly LogLine[]
  logLines: number
  messages: readonly TicketLine[]
  /** Whether the installation sends mails. */
  mails: boolean
}

export async function readRequest(
  { database, settings }: Pick<ApiDeps, 'database' | 'settings'>,
  id: number,
  page: number,
): Promise<RequestFacts | null> {
  const mails = settings.mail !== null
  const request = await loadRequest(database.pool, id)
  if (request === null) return null
  const [files, stages, log, count, messages] = await Promise.all([
    filesOf(database, id),
    stagesOf(database, id),
    database.pool.query<LogLine>(
      `SELECT ${logColumns} FROM service.log WHERE request = $1 ORDER BY id DESC LIMIT $2 OFFSET $3`,
      [id, LOG_ROWS, (page - 1) * LOG_ROWS],
    ),
    database.pool.query<{ count: number }>(
      'SELECT count(*)::int AS count FROM service.log WHERE request = $1',
      [id],
    ),
    ticketLines(database.pool, { request: id, mails }, { limit: 100, offset: 0 }),
  ])
  return {
    request,
    files,
    stages,
    log: log.rows,
    logLines: count.rows[0]!.count,
    messages: messages.lines,
    mails,
  }
}
