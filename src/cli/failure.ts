import type { UpliftError } from '../errors.ts'

/**
 * A failure as lines for standard error: "code: sentence", the cause in one line, and with `verbose` the stacks of both.
 */
export function formatFailure(error: UpliftError, verbose: boolean): string {
  const lines = [`${error.code}: ${error.message}`]
  const cause = causeInWords(error)
  if (cause) lines.push(`  cause: ${cause}`)
  if (verbose) {
    if (Object.keys(error.detail).length > 0) lines.push(`  detail: ${JSON.stringify(error.detail)}`)
    for (let thrown: unknown = error; thrown instanceof Error; thrown = thrown.cause)
      lines.push(thrown.stack ?? String(thrown))
  } else if (error.code === 'INTERNAL') lines.push('  --verbose shows where it happened.')
  return lines.join('\n')
}

function causeInWords(error: UpliftError): string | null {
  const { cause } = error
  if (cause === undefined) return null
  const text = cause instanceof Error ? cause.message : String(cause)
  const line = text.split('\n', 1)[0] ?? ''
  return line === '' || line === error.message ? null : line.slice(0, 500)
}
