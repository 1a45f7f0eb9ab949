import { expect, test } from 'vitest'
import { summarise, type TestResults } from './summary.ts'

const results: TestResults = {
  success: true,
  numPassedTests: 12,
  numFailedTests: 0,
  numPendingTests: 0,
  numTodoTests: 0,
  testResults: [{ status: 'passed', assertionResults: [{}] }],
}

test('all is well only when something passed and nothing failed', () => {
  expect(summarise(results, [])).toEqual({ line: '12 passed, 0 failed', ok: true })
  expect(summarise({ ...results, numPendingTests: 3 }, [])).toEqual({
    line: '12 passed, 0 failed, 3 skipped',
    ok: true,
  })
})

test('what fails outside of a test counts too', () => {
  const unloaded = { ...results, success: false, testResults: [{ status: 'failed', assertionResults: [] }] }
  expect(summarise(unloaded, ['types'])).toEqual({ line: '12 passed, 2 failed', ok: false })
  expect(summarise({ ...results, success: false }, [])).toEqual({ line: '12 passed, 1 failed', ok: false })
  expect(summarise(null, [])).toEqual({ line: '0 passed, 1 failed', ok: false })
  expect(summarise({ ...results, numPassedTests: 0 }, [])).toEqual({ line: '0 passed, 1 failed', ok: false })
})
