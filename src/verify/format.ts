import type { Check, Listing, Verification } from './verification.ts'

/** A verification for people: a line for each check, and under it what it found. */
export function formatVerification({ ok, series, checks, seconds }: Verification, listed = 10): string {
  const lines = checks.flatMap((check) => formatCheck(check, listed))
  const failed = checks.filter((check) => !check.ok).length
  lines.push(
    '',
    ok
      ? `Verified as ${series} in ${seconds} s: no violation.`
      : `Verified as ${series} in ${seconds} s: ${failed} of ${checks.length} checks found violations.`,
  )
  return lines.join('\n')
}

function formatCheck({ ok, title, compared, violations, apart, notes }: Check, listed: number): string[] {
  const head = `${ok ? 'ok  ' : 'FAIL'}  ${title} (${compared} compared${violations.total ? `, ${violations.total} violations` : ''}${apart.total ? `, ${apart.total} apart` : ''})`
  return [
    head,
    ...formatListing('-', violations, listed),
    ...formatListing('~', apart, Math.min(listed, 5)),
    ...notes.map((note) => `        ${note}`),
  ]
}

function formatListing(mark: string, { total, first }: Listing, listed: number): string[] {
  const shown = first.slice(0, listed)
  const lines = shown.map(({ subject, problem }) => `      ${mark} ${subject}: ${problem}`)
  if (total > shown.length) lines.push(`      ${mark} … and ${total - shown.length} more`)
  return lines
}
