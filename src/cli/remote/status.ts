import type { UpgradeRequest } from '../../sdk/index.ts'

/** A request in lines for a person. Its URLs are left out: they hold the key. */
export function describeStatus(request: UpgradeRequest): string[] {
  const { id, state, aim, target, filename, compressions } = request
  const rows: [string, string | null][] = [
    ['created', `${request.created_at} UTC`],
    ['started', request.processed_at && `${request.processed_at} UTC`],
    ['elapsed', state === 'draft' || state === 'pending' ? null : request.elapsed],
    ['estimate', request.estimated_time],
    ['dump', request.filesize],
    ['version', request.database_version],
    ['PostgreSQL', request.postgresql],
    ['form', compressions?.join(' / ') ?? null],
    ['ticket', `${request.issue} (${request.issue_stage})`],
    ['message', request.customer_message],
  ]
  return [
    `Request ${id} is in state ${state}: ${aim} upgrade of ${filename} to ${target}.`,
    ...rows.flatMap(([name, value]) => (value ? [`  ${name.padEnd(10)} ${value}`] : [])),
    '  --json shows the addresses of its files; whoever has them has the files.',
  ]
}
