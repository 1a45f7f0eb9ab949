import type { FileRole, Request, RequestFile } from './request.ts'

/**
 * A request as the API tells it: exactly the keys of its document, in the document's order. `key` is the one that the
 * caller gave, for nobody else knows it.
 */
export function describeRequest(
  request: Request,
  files: ReadonlyMap<FileRole, RequestFile>,
  key: string,
  { base, region }: { base: string; region: string },
  now = new Date(),
): Record<string, unknown> {
  const url = `${base}/database/${region}/${request.id}/${key}`
  const bytes = files.get('original')?.bytes ?? request.originalBytes
  const elapsed = request.processedAt
    ? ((request.finishedAt ?? now).getTime() - request.processedAt.getTime()) / 1000
    : 0
  return {
    id: request.id,
    key,
    email: request.email,
    target: request.target,
    aim: request.aim,
    filename: request.filename,
    timezone: request.timezone,
    state: request.state,
    issue_stage: request.issueStage,
    issue: request.issue,
    status_url: `${url}/status`,
    notes_url: `${url}/upgraded/notes`,
    original_sql_url: `${url}/original/sql`,
    original_dump_url: `${url}/original/archive`,
    upgraded_sql_url: `${url}/upgraded/sql`,
    upgraded_dump_url: `${url}/upgraded/archive`,
    modules_url: `${url}/modules/archive`,
    filesize: bytes === null ? null : formatFilesize(bytes),
    database_uuid: request.databaseUuid,
    created_at: formatTime(request.createdAt),
    // Told in whole minutes, and never less than it takes.
    estimated_time:
      request.estimatedSeconds === null
        ? null
        : formatDuration(Math.ceil(request.estimatedSeconds / 60) * 60),
    processed_at: request.processedAt ? formatTime(request.processedAt) : null,
    elapsed: formatDuration(elapsed),
    filestore: request.filestore,
    customer_message: request.customerMessage,
    database_version: request.databaseVersion,
    postgresql: request.postgresql,
    compressions: request.compressions ?? [],
  }
}

/** "912.99 Kb": 1024s, two decimals, as the document writes it. */
export function formatFilesize(bytes: number): string {
  const units = ['b', 'Kb', 'Mb', 'Gb']
  let [value, unit] = [bytes, 0]
  // What two decimals would round up to 1024.00 is one of the next unit.
  while (unit < units.length - 1 && Number(value.toFixed(2)) >= 1024) [value, unit] = [value / 1024, unit + 1]
  return `${value.toFixed(2)} ${units[unit]}`
}

/** "2015-09-09 07:13:49", in UTC. */
export function formatTime(date: Date): string {
  return date.toISOString().slice(0, 19).replace('T', ' ')
}

/** "HH:MM"; hours may have more than two digits. */
export function formatDuration(seconds: number): string {
  const minutes = Math.max(0, Math.floor(seconds / 60))
  return `${String(Math.floor(minutes / 60)).padStart(2, '0')}:${String(minutes % 60).padStart(2, '0')}`
}
