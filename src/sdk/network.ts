import { RemoteUnreachable } from './errors.ts'
import { Passing } from './retry.ts'

/** The connection never stood, so that nothing can have been done. */
const NEVER_SENT = new Set([
  'ECONNREFUSED',
  'EAI_AGAIN',
  'EHOSTUNREACH',
  'ENETUNREACH',
  'UND_ERR_CONNECT_TIMEOUT',
])

/** No second try will find the name, or trust the certificate. */
const FOR_GOOD = /^ENOTFOUND$|CERT|SELF_SIGNED|UNABLE_TO|^ERR_TLS|^ERR_SSL|^EPROTO$/

/**
 * What a network broke on, as an error that says whether to try again.
 * @param repeatable whether doing the same twice does no harm
 */
export function networkError(thrown: unknown, origin: string, repeatable: boolean): Error {
  const cause = innermost(thrown)
  const code = codeOf(cause)
  const message = `${origin} does not answer: ${code || messageOf(cause)}`
  if (FOR_GOOD.test(code)) return new RemoteUnreachable(message, { cause })
  return repeatable || NEVER_SENT.has(code)
    ? new Passing(message, { cause })
    : new RemoteUnreachable(message, { cause })
}

/** fetch hides what happened below a "fetch failed"; a host with several addresses hides it in a list. */
function innermost(thrown: unknown): unknown {
  let error = thrown
  for (let depth = 0; depth < 5; depth++) {
    if (error instanceof AggregateError && error.errors.length > 0) error = error.errors[0]
    else if (error instanceof Error && error.cause !== undefined) error = error.cause
    else break
  }
  return error
}

function codeOf(thrown: unknown): string {
  return thrown instanceof Error && 'code' in thrown && typeof thrown.code === 'string' ? thrown.code : ''
}

function messageOf(thrown: unknown): string {
  return thrown instanceof Error ? thrown.message : String(thrown)
}
