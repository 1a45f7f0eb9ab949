import { type Failure, RemoteFailures, UnexpectedAnswer } from './errors.ts'
import { Passing, retryAfter } from './retry.ts'

/** An answer as it came, whichever way. */
export interface RawAnswer {
  status: number
  header(name: string): string | null
  text: string
}

/** Bytes that an answer of the API has at most; the real ones have some thousands. */
export const LONGEST_ANSWER = 1 << 20

/** Statuses with which servers and the proxies before them say "not now". */
const NOT_NOW = new Set([429, 500, 502, 503, 504])

/**
 * The object of an answer without failures.
 * @throws RemoteFailures, UnexpectedAnswer, or Passing for what may work later
 */
export function readAnswer(answer: RawAnswer, origin: string): Record<string, unknown> {
  const { status } = answer
  const body = parse(answer.text)
  const failures = failuresOf(body)
  if (NOT_NOW.has(status))
    throw new Passing(`${origin} answers ${status}`, {
      after: retryAfter(answer.header('retry-after')),
      failures: failures ?? [],
    })
  if (failures && failures.length > 0) throw new RemoteFailures(failures)
  if (status >= 300 && status < 400)
    throw new UnexpectedAnswer(status, `${origin} sends the call elsewhere: give the address it moved to.`)
  if (status !== 200 || !failures || !body)
    throw new UnexpectedAnswer(status, `${origin} does not answer as an upgrade platform (HTTP ${status}).`)
  return body
}

function parse(text: string): Record<string, unknown> | null {
  try {
    const value: unknown = JSON.parse(text)
    return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : null
  } catch {
    return null
  }
}

/** The failures of an answer; null where it has no such list, or not in the form of the API. */
function failuresOf(body: Record<string, unknown> | null): Failure[] | null {
  const list = body?.failures
  if (!Array.isArray(list)) return null
  return list.every(
    (entry: unknown) =>
      typeof entry === 'object' &&
      entry !== null &&
      'reason' in entry &&
      typeof entry.reason === 'string' &&
      'message' in entry &&
      typeof entry.message === 'string',
  )
    ? (list as Failure[])
    : null
}
