import { readFileSync } from 'node:fs'
import { pathToFileURL } from 'node:url'

/** The part of vitest's JSON report that counts. */
export interface TestResults {
  success: boolean
  numPassedTests: number
  numFailedTests: number
  numPendingTests: number
  numTodoTests: number
  testResults: { status: string; assertionResults: unknown[] }[]
}

/**
 * The last line of bin/test and whether all is well. A file that could not be loaded, a failure outside of any test and each
 * of the other checks that failed count as one failed; a run without a test is a failure.
 */
export function summarise(
  results: TestResults | null,
  failedChecks: readonly string[],
): { line: string; ok: boolean } {
  const passed = results?.numPassedTests ?? 0
  const skipped = (results?.numPendingTests ?? 0) + (results?.numTodoTests ?? 0)
  const unloaded = (results?.testResults ?? []).filter(
    ({ status, assertionResults }) => status === 'failed' && assertionResults.length === 0,
  ).length
  let failed = (results?.numFailedTests ?? 0) + unloaded + failedChecks.length
  if (failed === 0 && (!results?.success || passed === 0)) failed = 1
  return {
    line: `${passed} passed, ${failed} failed${skipped > 0 ? `, ${skipped} skipped` : ''}`,
    ok: failed === 0,
  }
}

function readResults(path: string): TestResults | null {
  try {
    return JSON.parse(readFileSync(path, 'utf8')) as TestResults
  } catch {
    return null
  }
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href) {
  const [path = '', ...failedChecks] = process.argv.slice(2)
  const { line, ok } = summarise(readResults(path), failedChecks)
  for (const check of failedChecks) console.log(`failed: ${check}`)
  console.log(line)
  process.exitCode = ok ? 0 : 1
}
