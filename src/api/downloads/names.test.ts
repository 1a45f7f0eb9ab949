import fc from 'fast-check'
import { expect, test } from 'vitest'
import { disposition, sqlName, withEnding } from './names.ts'

test.each([
  ['db_name.dump', 'db_name.sql'],
  ['openchs.70.cdump', 'openchs.70.sql'],
  ['a.tar.gz', 'a.sql'],
  ['a.sql.gz', 'a.sql'],
  ['a.sql', 'a.sql'],
  ['a', 'a.sql'],
  ['.sql', 'database.sql'],
])('%s as SQL is %s', (name, sql) => {
  expect(sqlName(name)).toBe(sql)
})

test('an ending stands once', () => {
  expect(withEnding('modules.zip', '.zip')).toBe('modules.zip')
  expect(withEnding('modules.tar.gz', '.zip')).toBe('modules.zip')
})

test.each([
  ['db_name.dump', 'attachment; filename="db_name.dump"'],
  ['a "b".sql', `attachment; filename="a _b_.sql"; filename*=UTF-8''a%20%22b%22.sql`],
  ['é€.sql', `attachment; filename="__.sql"; filename*=UTF-8''%C3%A9%E2%82%AC.sql`],
  ["it's (1)*.sql", `attachment; filename="it's (1)*.sql"`],
  ['100%.sql', `attachment; filename="100_.sql"; filename*=UTF-8''100%25.sql`],
  ['a\r\nX-Evil: 1.sql', 'attachment; filename="aX-Evil: 1.sql"'],
  ['../../etc/passwd', 'attachment; filename="....etcpasswd"'],
  ['\0', 'attachment; filename="file"'],
])('%j', (name, header) => {
  expect(disposition('attachment', name)).toBe(header)
})

test('any name gives one header that reads back', () =>
  fc.assert(
    fc.property(fc.string({ unit: 'binary' }), (name) => {
      const header = disposition('inline', name)
      expect(header).toMatch(/^inline; filename="[\x20-\x7e]+"(; filename\*=UTF-8''[\w.~%-]+)?$/)
      const extended = /UTF-8''(.*)$/.exec(header)?.[1]
      if (extended) expect(() => decodeURIComponent(extended)).not.toThrow()
    }),
  ))
