import type { IncomingHttpHeaders } from 'node:http'

/** What a client may hold already, and by which it asks for less than the whole (RFC 9110, sections 8.8, 13 and 14). */
export interface Representation {
  bytes: number
  /** Strong, with its quotes. */
  etag: string
  modifiedAt: Date
}

export type Selection =
  | { status: 200 }
  | { status: 206; start: number; end: number }
  | { status: 304 | 412 }
  | { status: 416 }

/** The precondition that the headers state: null when the content is to be sent. Needs no length. */
export function precondition(
  headers: IncomingHttpHeaders,
  { etag, modifiedAt }: Omit<Representation, 'bytes'>,
): 304 | 412 | null {
  const match = headers['if-match']
  if (match !== undefined) {
    if (!lists(match, etag, false)) return 412
  } else if (isAfter(modifiedAt, headers['if-unmodified-since'])) return 412
  const none = headers['if-none-match']
  if (none !== undefined) return lists(none, etag, true) ? 304 : null
  const since = dateOf(headers['if-modified-since'])
  return since !== null && seconds(modifiedAt) <= since ? 304 : null
}

/** Whether the headers of a GET ask for one part. A unit or form that is not known, several parts, and a part of what has changed ask for the whole. */
export function asksForPart(
  headers: IncomingHttpHeaders,
  representation: Omit<Representation, 'bytes'>,
): boolean {
  return headers.range !== undefined && RANGE.test(headers.range) && isStillSame(headers, representation)
}

/** What of the content is to be sent to a GET. */
export function select(headers: IncomingHttpHeaders, representation: Representation): Selection {
  const [, from = '', to = ''] = RANGE.exec(headers.range ?? '') ?? []
  if (!asksForPart(headers, representation) || (from === '' && to === '')) return { status: 200 }
  const { bytes } = representation
  if (from === '') {
    const last = Math.min(Number(to), bytes)
    return last === 0 ? { status: 416 } : { status: 206, start: bytes - last, end: bytes - 1 }
  }
  const start = Number(from)
  const end = to === '' ? Number.POSITIVE_INFINITY : Number(to)
  if (end < start) return { status: 200 }
  return start >= bytes ? { status: 416 } : { status: 206, start, end: Math.min(end, bytes - 1) }
}

const RANGE = /^bytes=[ \t]*(\d*)[ \t]*-[ \t]*(\d*)[ \t]*$/i

/** A part belongs to what the client has only when that is what there is: If-Range compares strongly. */
function isStillSame(
  headers: IncomingHttpHeaders,
  { etag, modifiedAt }: Omit<Representation, 'bytes'>,
): boolean {
  const held = headers['if-range']
  if (held === undefined || Array.isArray(held)) return held === undefined
  return held.trim() === etag || dateOf(held) === seconds(modifiedAt)
}

function lists(header: string, etag: string, weak: boolean): boolean {
  return (
    header.trim() === '*' ||
    header.split(',').some((each) => (weak ? each.trim().replace(/^W\//, '') : each.trim()) === etag)
  )
}

function isAfter(modifiedAt: Date, header: string | undefined): boolean {
  const date = dateOf(header)
  return date !== null && seconds(modifiedAt) > date
}

/** Seconds of a date of HTTP; null for what is none. */
function dateOf(header: string | undefined): number | null {
  const time = header !== undefined && /^[A-Z][a-z]/.test(header) ? Date.parse(header) : Number.NaN
  return Number.isNaN(time) ? null : Math.floor(time / 1000)
}

function seconds(date: Date): number {
  return Math.floor(date.getTime() / 1000)
}
