import { expect, test } from 'vitest'
import { patchedVersion } from './patched.ts'

test.each([
  ['15.19', '15.20'],
  ['15.20', null],
  ['16.9', '16.16'],
  ['17.12', null],
  ['18.6', '18.7'],
  ['19.0', null],
  ['13.22', '15.20, 16.16, 17.12 or 18.7'],
])('PostgreSQL %s has to be raised to %s', (version, wanted) => {
  expect(patchedVersion(version)).toBe(wanted)
})
