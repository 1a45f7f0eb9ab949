import { expect, test } from 'vitest'
import { documentTargets, expectedTargets } from './targets.ts'

const targets = [...documentTargets, '17.0']

test.each(['5.0', '7', '0.1', '8.0'])("who asks for %s is told the document's versions", (asked) => {
  expect(expectedTargets(asked, targets)).toEqual(['6.0', '6.1', '7.0', '8.0'])
})

test.each(['9.0', '17', 'saas-6', '', 'x', '5.0\n', '１'])('who asks for %j is told all', (asked) => {
  expect(expectedTargets(asked, targets)).toEqual(targets)
})
