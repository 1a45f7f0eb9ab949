import { expect, test } from 'vitest'
import { dumpFormIn } from './dump-form.ts'

test.each([
  [['pgdmp_custom', 'sql'], 'custom archive (pg_dump -Fc)', 'archive « custom » (pg_dump -Fc)'],
  [['gzip', 'sql'], 'gzip › SQL text', 'gzip › texte SQL'],
  [
    ['zip', 'pgdmp_directory', 'sql'],
    'zip › directory archive (pg_dump -Fd)',
    'zip › archive « directory » (pg_dump -Fd)',
  ],
  [['constructor'], 'constructor', 'constructor'],
  [[], '', ''],
])('%j', (layers, english, french) => {
  expect(dumpFormIn('en', layers)).toBe(english)
  expect(dumpFormIn('fr', layers)).toBe(french)
})
