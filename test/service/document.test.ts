import { expect, test } from 'vitest'
import { hasRealDatabases } from '../setup/databases.ts'
import { type Language, type Method, printedAnswers, readDocument, sampleOf } from './document.ts'

const wanted: [Method, Language, number, RegExp][] = [
  ['create', 'python', 25, /CONTRACT = "M123456-abcdef"/],
  ['create', 'bash', 14, /curl -sS "\$\{CREATE_URL\}\?\$\{URL_PARAMS\}" > create_result.json/],
  ['upload', 'python', 25, /c.setopt\(c?p?y?c?u?r?l?\.?READFUNCTION, fp.read\)/],
  ['upload', 'bash', 7, /curl -H \$HEADER --data-binary/],
  ['process', 'python', 21, /PROCESS_URL = /],
  ['process', 'bash', 5, /curl -sS "\$\{PROCESS_URL\}/],
  ['status', 'python', 19, /STATUS_URL = /],
  ['status', 'bash', 5, /STATUS_URL=/],
]

test.skipIf(!hasRealDatabases).each(wanted)(
  'the %s sample in %s is found whole',
  (method, language, lines, says) => {
    const sample = sampleOf(readDocument(), method, language)
    expect(sample).toMatch(says)
    expect(Math.abs(sample.split('\n').length - lines)).toBeLessThan(8)
  },
)

test.skipIf(!hasRealDatabases)('its two answers are found', () => {
  const { failures, status } = printedAnswers(readDocument())
  expect(failures).toHaveProperty('failures.1.reason', 'CONTRACT:NOT_FOUND')
  expect(status).toHaveProperty('request.id', 10534)
})
