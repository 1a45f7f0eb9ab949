import { setTimeout as pause } from 'node:timers/promises'
import { type Failure, RemoteFailures, RemoteUnreachable } from './errors.ts'

/** How often and how patiently something is tried again that a network or a busy server broke. */
export interface RetryPlan {
  /** Tries in all, the first one included. */
  attempts: number
  /** Milliseconds before the second try; doubles with every further one. */
  pause: number
  /** Milliseconds that a pause has at most. */
  longest: number
}

export const patient: RetryPlan = { attempts: 7, pause: 500, longest: 30_000 }

/** Milliseconds for which a server's own Retry-After is honoured at most. */
const LONGEST_ASKED = 10 * 60_000

/** What broke one try but may well work at the next. */
export class Passing extends Error {
  /** Milliseconds after which the server asked to come again; null where it said nothing. */
  readonly after: number | null
  readonly failures: readonly Failure[]
  /** Whether this try got further than all before it: then the count of tries begins anew. */
  readonly progressed: boolean

  constructor(
    message: string,
    more: {
      cause?: unknown
      after?: number | null
      failures?: readonly Failure[]
      progressed?: boolean
    } = {},
  ) {
    super(message, { cause: more.cause })
    this.after = more.after ?? null
    this.failures = more.failures ?? []
    this.progressed = more.progressed ?? false
  }
}

/**
 * Does something until it works, or fails for good, or was tried often enough.
 * @throws RemoteFailures where the last try brought reasons, else RemoteUnreachable, else whatever is not `Passing`
 */
export async function tryAgain<T>(
  plan: RetryPlan,
  signal: AbortSignal | undefined,
  work: () => Promise<T>,
): Promise<T> {
  for (let attempt = 1; ; attempt++) {
    signal?.throwIfAborted()
    try {
      return await work()
    } catch (thrown) {
      // Whatever broke because the caller wanted it to, that is the reason.
      signal?.throwIfAborted()
      if (!(thrown instanceof Passing)) throw thrown
      if (thrown.progressed) attempt = 1
      if (attempt >= plan.attempts) throw lastWord(thrown, attempt)
      await pause(waitFor(plan, attempt, thrown.after), undefined, signal ? { signal } : {}).catch(() => {})
    }
  }
}

function lastWord(thrown: Passing, attempts: number): Error {
  if (thrown.failures.length > 0) return new RemoteFailures(thrown.failures)
  const times = attempts === 1 ? '' : ` (tried ${attempts} times)`
  return new RemoteUnreachable(`${thrown.message}${times}`, { cause: thrown.cause })
}

/** A quarter of chance keeps many clients from coming back all at the same moment. */
function waitFor(plan: RetryPlan, attempt: number, after: number | null): number {
  if (after !== null) return Math.min(after, LONGEST_ASKED)
  return Math.min(plan.longest, plan.pause * 2 ** (attempt - 1)) * (0.75 + Math.random() / 4)
}

/** "120" or an HTTP date → milliseconds from now; null for neither. RFC 9110, 10.2.3. */
export function retryAfter(header: string | null, now: Date = new Date()): number | null {
  if (header === null) return null
  if (/^\d+$/.test(header)) return Number(header) * 1000
  const at = Date.parse(header)
  return Number.isNaN(at) ? null : Math.max(0, at - now.getTime())
}
