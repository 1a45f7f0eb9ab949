import type { UpliftError } from '../errors.ts'

/**
 * A failure as lines for standard error: "code: sentence", the cause in one line, and with `verbose` the stacks of both.
 */
export function formatFailure(error: UpliftError, verbose: boolean): string {
  const lines = [`${error.code}: ${error.message}`]
  const cause = causeInWords(error)
  if (cause) lines.push(`  cause: ${cause}`)
  lines.push(
    ...brokenConstraints(error.detail.violations),
    ...refusals(error.detail.failures),
    ...brokenLines(error.detail),
  )
  if (verbose) {
    const { violations: _, failures: __, lines: ___, ...detail } = error.detail
    if (Object.keys(detail).length > 0) lines.push(`  detail: ${JSON.stringify(detail)}`)
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

/** What an upgrade platform says of a call that it refused. */
function refusals(failures: unknown): string[] {
  if (!Array.isArray(failures)) return []
  return (failures as { reason: string; message: string }[]).map(
    ({ reason, message }) => `  ${reason}: ${message}`,
  )
}

/** What is wrong with a file that a person wrote. */
function brokenLines({ lines, more }: UpliftError['detail']): string[] {
  if (!Array.isArray(lines)) return []
  const told = (lines as { line: number; problem: string }[]).map(
    ({ line, problem }) => `  line ${line}: ${problem}`,
  )
  return typeof more === 'number' && more > 0 ? [...told, `  and ${more} more`] : told
}

interface BrokenConstraint {
  table: string
  constraint: string
  rows: number
  ids: number[]
}

/** Constraints that are named in a failure at most; --json names all. */
const NAMED = 50

/** A failed upgrade names the rows, so that they can be mended in the source or by a rule. */
function brokenConstraints(violations: unknown): string[] {
  if (!Array.isArray(violations)) return []
  const list = violations as BrokenConstraint[]
  const lines = list.slice(0, NAMED).map(({ table, constraint, rows, ids }) => {
    const some = ids.length > 0 ? `, ids ${ids.join(', ')}${rows > ids.length ? ' …' : ''}` : ''
    return `  ${table}: ${constraint}, ${rows} ${rows === 1 ? 'row' : 'rows'}${some}`
  })
  return list.length > NAMED ? [...lines, `  and ${list.length - NAMED} more: --json names them all`] : lines
}
