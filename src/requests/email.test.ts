import { expect, test } from 'vitest'
import { emailPattern } from './email.ts'

test.each([
  'anna@example.com',
  "o'brien&co@example.com",
  'a.b+c_d@sub.example.co.uk',
  'x!#$%*/=?^`{|}~-y@xn--bcher-kva.example',
  'a@b.xn--p1ai',
])('%s is an address', (text) => expect(text).toMatch(emailPattern))

test.each([
  'anna',
  'a@b',
  '.a@example.com',
  'a.@example.com',
  'a..b@example.com',
  'a b@example.com',
  'a@example..com',
  'a@-example.com',
  'a@example.c',
  'a@b@example.com',
  'a,b@example.com',
  'Anna <a@example.com>',
  '"a"@example.com',
  'a@example.com\r\nBcc: b@example.com',
  'a@example.com\n',
  'ä@example.com',
])('%j is none', (text) => expect(text).not.toMatch(emailPattern))

test('the longest text is told in no time', () => {
  const begun = performance.now()
  for (const text of [`${'a.'.repeat(50_000)}@`, `a@${'a-'.repeat(50_000)}`, `a@${'a.'.repeat(50_000)}!`])
    expect(text).not.toMatch(emailPattern)
  expect(performance.now() - begun).toBeLessThan(1000)
})
