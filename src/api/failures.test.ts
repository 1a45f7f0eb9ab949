import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { failure, failureReasons, invalidValue, shown } from './failures.ts'

const here = import.meta.dirname
const rows = readFileSync(join(here, '../../docs/api.md'), 'utf8')
  .split('\n')
  .flatMap((line) => {
    const [, reason, status, keys, meaning] =
      /^\| `([A-Z_]+:[A-Z_]+)` \| (\d{3}) \| (.*?) \| (.+) \|$/.exec(line) ?? []
    return reason
      ? [[reason, { status: Number(status), keys: keys!.match(/\w+/g) ?? [], meaning }] as const]
      : []
  })

test('docs/api.md has every failure of failures.ts as it is there, and no other', () => {
  expect(Object.fromEntries(rows)).toEqual(failureReasons)
  expect(rows.map(([reason]) => reason)).toEqual(Object.keys(failureReasons))
})

test('every failure of the table is used, and has the keys that the table says', () => {
  const source = readdirSync(here, { recursive: true, encoding: 'utf8' })
    .filter((file) => file.endsWith('.ts') && !file.endsWith('.test.ts') && !file.endsWith('failures.ts'))
    .map((file) => readFileSync(join(here, file), 'utf8'))
    .join('\n')
  for (const reason of Object.keys(failureReasons)) {
    // Those of parameters are made from the names of the parameters.
    const [subject, problem] = reason.split(':')
    const made = problem === 'MISSING' || problem === 'INVALID' ? `${subject!.toLowerCase()}: z` : reason
    expect(source.includes(`'${reason}'`) || source.includes(made), reason).toBe(true)
  }
})

test('keys of a failure stand in the order of the document', () => {
  const made = failure('TARGET:INVALID', 'm', { value: 'v', expected: ['e'], code: 'c' })
  expect(Object.keys(made)).toEqual(['code', 'expected', 'message', 'reason', 'value'])
})

test('what a client sent is told back in bounds', () => {
  expect(shown('x'.repeat(200))).toHaveLength(200)
  expect(JSON.stringify(invalidValue('EMAIL:INVALID', 'x'.repeat(1e6))).length).toBeLessThan(600)
})
