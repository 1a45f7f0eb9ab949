import type { Failure } from '../requests/request.ts'
import { type FailureReason, failure, failureReasons } from './failures.ts'

/** Seconds after which a client may try again when nothing better is known. */
const RETRY_SECONDS = 30

/** Ends a call for a reason of the transport: a status of its own, the failures as JSON. */
export class Refusal extends Error {
  readonly status: number
  readonly failures: readonly Failure[]
  /** Seconds; only with 503. */
  readonly retryAfter: number | null
  readonly headers: Readonly<Record<string, string>>

  constructor(
    reason: FailureReason,
    message: string,
    more: {
      retryAfter?: number
      expected?: readonly string[]
      headers?: Record<string, string>
      cause?: unknown
    } = {},
  ) {
    super(message, more.cause === undefined ? undefined : { cause: more.cause })
    this.status = failureReasons[reason].status
    this.failures = [failure(reason, message, more.expected ? { expected: more.expected } : {})]
    this.retryAfter = this.status === 503 ? Math.max(1, Math.ceil(more.retryAfter ?? RETRY_SECONDS)) : null
    this.headers = more.headers ?? {}
  }
}
