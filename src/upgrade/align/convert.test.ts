import type pg from 'pg'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { testServer } from '../../../test/setup/databases.ts'
import type { Scratch } from '../../postgres/server.ts'
import { literal } from '../../postgres/sql.ts'
import { conversion, lossy } from './convert.ts'

let scratch: Scratch
let client: pg.Client
beforeAll(async () => {
  scratch = await testServer().createScratch()
  client = await scratch.connect()
  // The server's own zone and the way it writes dates must not matter.
  await client.query(`SET TimeZone TO 'Europe/Brussels'`)
})
afterAll(async () => {
  await client.end()
  await scratch.drop()
})

/** What becomes of a value, as text, and whether it is told as one that does not come through whole. */
async function converted(
  from: string,
  to: string,
  value: string | null,
): Promise<[string | null, boolean] | null> {
  const using = conversion(from, to, 'c', ['nl_BE', 'fr_FR'])
  if (using === null) return null
  const { rows } = await client.query<{ value: string | null; lossy: boolean }>(
    `SELECT (${using})::text AS value, coalesce(${lossy(from, to, 'c') ?? 'false'}, false) AS lossy
       FROM (SELECT ${value === null ? 'NULL' : literal(value)}::${from} AS c) source`,
  )
  return [rows[0]!.value, rows[0]!.lossy]
}

const text = 'character varying'
const time = 'timestamp without time zone'

describe('values that come through whole', () => {
  test.each([
    [text, 'text', 'a', 'a'],
    ['character varying(4)', 'character varying(16)', 'abcd', 'abcd'],
    ['integer', 'numeric', '7', '7'],
    ['integer', 'bigint', '7', '7'],
    ['integer', text, '7', '7'],
    ['numeric', text, '7.50', '7.50'],
    ['integer', 'boolean', '1', 'true'],
    ['integer', 'boolean', '0', 'false'],
    ['boolean', 'integer', 'true', '1'],
    ['boolean', 'smallint', 'false', '0'],
    ['date', time, '2013-03-31', '2013-03-31 00:00:00'],
    [time, 'date', '2013-03-31 00:00:00', '2013-03-31'],
    ['date', 'text', '2013-03-31', '2013-03-31'],
    [time, 'timestamp with time zone', '2013-03-31 10:00:00', '2013-03-31 12:00:00+02'],
    ['timestamp with time zone', time, '2013-03-31 12:00:00+02', '2013-03-31 10:00:00'],
    [text, 'jsonb', 'it\'s "so"', '{"en_US": "it\'s \\"so\\""}'],
    ['jsonb', text, '{"en_US": "a"}', 'a'],
    ['double precision', 'numeric(16,2)', '1.25', '1.25'],
  ])('%s to %s: %s', async (from, to, value, expected) => {
    expect(await converted(from, to, value)).toEqual([expected, false])
  })
})

describe('a translated text that becomes plain takes the first language that has it', () => {
  test.each([
    ['{"en_US": "dog", "fr_FR": "chien", "nl_BE": "hond"}', 'hond', true],
    ['{"en_US": "dog", "fr_FR": "chien"}', 'chien', true],
    ['{"en_US": "dog", "de_DE": "Hund"}', 'dog', true],
    ['{"de_DE": "Hund"}', 'Hund', false],
    ['{"en_US": "same", "fr_FR": "same"}', 'same', false],
    ['{}', null, false],
  ])('%s', async (value, expected, told) => {
    expect(await converted('jsonb', 'character varying', value)).toEqual([expected, told])
  })
})

describe('values that do not come through whole are told', () => {
  test.each([
    [text, 'character varying(4)', 'abcde', 'abcd'],
    ['integer', 'character varying(2)', '123', '12'],
    [time, 'date', '2013-03-31 23:30:00', '2013-03-31'],
    ['integer', 'boolean', '2', 'true'],
    ['double precision', 'numeric(16,2)', '1.257', '1.26'],
  ])('%s to %s: %s', async (from, to, value, expected) => {
    expect(await converted(from, to, value)).toEqual([expected, true])
  })
})

test.each([
  [text, 'jsonb'],
  ['jsonb', text],
  [text, 'character varying(4)'],
  ['date', time],
  ['integer', 'boolean'],
])('no value stays no value: %s to %s', async (from, to) => {
  expect(await converted(from, to, null)).toEqual([null, false])
})

test.each([
  [text, 'integer'],
  [text, 'boolean'],
  [text, 'date'],
  ['numeric', 'integer'],
  ['boolean', text],
  ['bytea', 'text'],
  ['uuid', 'interval'],
  ['character varying[]', text],
  ['integer[]', 'jsonb'],
])('there is no safe rule from %s to %s', (from, to) => {
  expect(conversion(from, to, 'c', [])).toBeNull()
})
