/** The life of a request: draft → pending → progress → done, failed or cancelled. */
export type RequestState = 'draft' | 'pending' | 'progress' | 'done' | 'failed' | 'cancelled'

/** A request as the methods create and status describe it. Times are UTC, "2015-09-09 07:13:49". */
export interface UpgradeRequest {
  id: number
  /** The secret that gives access to this request and its files; also part of all URLs below. */
  key: string
  email: string
  /** The version wanted, "8.0". */
  target: string
  aim: 'test' | 'production'
  filename: string
  timezone: string | null
  state: RequestState
  issue_stage: string
  /** Number of the ticket that accompanies the request. */
  issue: number
  status_url: string
  notes_url: string
  original_sql_url: string
  original_dump_url: string
  upgraded_sql_url: string
  upgraded_dump_url: string
  modules_url: string
  /** "912.99 Kb"; null before the upload. */
  filesize: string | null
  database_uuid: string | null
  created_at: string
  /** "HH:MM". */
  estimated_time: string | null
  processed_at: string | null
  /** "HH:MM". */
  elapsed: string
  /** Whether the attachments were converted to the filestore. */
  filestore: boolean
  customer_message: string | null
  /** Guessed version of Odoo of the upload, "7.0". */
  database_version: string | null
  /** Guessed version of PostgreSQL of the upload, "9.4". */
  postgresql: string | null
  /** Layers of the upload from the outside in, ["gzip", "sql"]. */
  compressions: string[] | null
}

/** The files of a request, by the names of their URLs in its status. */
export const fileRoles = [
  'upgraded_dump',
  'upgraded_sql',
  'original_dump',
  'original_sql',
  'notes',
  'modules',
] as const
export type FileRole = (typeof fileRoles)[number]

type Check = (value: unknown) => boolean

const isText: Check = (value) => typeof value === 'string'
const isTextOrNull: Check = (value) => value === null || isText(value)
const isId: Check = (value) => Number.isSafeInteger(value) && (value as number) > 0
const states: readonly unknown[] = ['draft', 'pending', 'progress', 'done', 'failed', 'cancelled']

const checks: Record<keyof UpgradeRequest, Check> = {
  id: isId,
  key: isText,
  email: isText,
  target: isText,
  aim: (value) => value === 'test' || value === 'production',
  filename: isText,
  timezone: isTextOrNull,
  state: (value) => states.includes(value),
  issue_stage: isText,
  issue: Number.isSafeInteger,
  status_url: isText,
  notes_url: isText,
  original_sql_url: isText,
  original_dump_url: isText,
  upgraded_sql_url: isText,
  upgraded_dump_url: isText,
  modules_url: isText,
  filesize: isTextOrNull,
  database_uuid: isTextOrNull,
  created_at: isText,
  estimated_time: isTextOrNull,
  processed_at: isTextOrNull,
  elapsed: isText,
  filestore: (value) => typeof value === 'boolean',
  customer_message: isTextOrNull,
  database_version: isTextOrNull,
  postgresql: isTextOrNull,
  compressions: (value) => value === null || (Array.isArray(value) && value.every(isText)),
}

/** The name of the first key of an answer that is missing or of another kind; null when it is a request. */
export function firstOddKey(value: unknown): string | null {
  if (typeof value !== 'object' || value === null) return 'request'
  const record = value as Record<string, unknown>
  return Object.entries(checks).find(([key, check]) => !check(record[key]))?.[0] ?? null
}
