import { describe, expect, test } from 'vitest'
import { printedAnswers, readDocument } from '../../test/service/document.ts'
import { describeRequest, formatDuration, formatFilesize, formatTime } from './describe.ts'
import type { Request, RequestFile } from './request.ts'

/** The request of the document's sample. */
const sample: Request = {
  id: 10_534,
  contract: 'M123456-abcdef',
  email: 'john.doe@example.com',
  target: '8.0',
  aim: 'test',
  filename: 'db_name.dump',
  timezone: null,
  state: 'draft',
  createdAt: new Date('2015-09-09T07:13:49.800Z'),
  queuedAt: null,
  processedAt: null,
  finishedAt: null,
  cancelAskedAt: null,
  attempt: 0,
  estimatedSeconds: null,
  databaseVersion: null,
  modules: null,
  postgresql: '9.4',
  compressions: ['pgdmp_custom', 'sql'],
  databaseUuid: null,
  filestore: false,
  customerMessage: null,
  failure: null,
  removedAt: null,
  originalBytes: null,
  issue: 648_398,
  issueStage: 'new',
}
const original = { role: 'original', bytes: 934_902 } as RequestFile
const key = 'Aw7pItGVKFuZ_FOR3U8VFQ=='
const urls = { base: 'https://upgrade.odoo.com', region: 'eu1' }
const now = new Date('2015-09-10T12:00:00Z')

const told = (more: Partial<Request> = {}) =>
  describeRequest({ ...sample, ...more }, new Map([['original', original]]), key, urls, now)

test("the document's sample is told letter for letter, with its keys in their order", () => {
  const printed = printedAnswers(readDocument()).status as { request: Record<string, unknown> }
  expect(Object.keys(printed.request)).toHaveLength(28)
  expect(JSON.stringify({ failures: [], request: told() }, null, 2)).toBe(JSON.stringify(printed, null, 2))
})

test('every state has the same keys of the same kinds', () => {
  const keys = Object.keys(told())
  const done = told({
    state: 'done',
    estimatedSeconds: 3_661,
    processedAt: new Date('2015-09-09T08:00:00Z'),
    finishedAt: new Date('2015-09-09T09:02:59.999Z'),
    customerMessage: 'Read the notes.',
    filestore: true,
  })
  expect(Object.keys(done)).toEqual(keys)
  expect(done).toMatchObject({
    // Told in whole minutes, never less than was estimated.
    estimated_time: '01:02',
    processed_at: '2015-09-09 08:00:00',
    elapsed: '01:02',
    customer_message: 'Read the notes.',
    filestore: true,
  })
  const empty = describeRequest({ ...sample, compressions: null, postgresql: null }, new Map(), key, urls)
  expect(Object.keys(empty)).toEqual(keys)
  expect(empty).toMatchObject({ filesize: null, compressions: [], postgresql: null })
  const over = describeRequest({ ...sample, originalBytes: 934_902 }, new Map(), key, urls)
  expect(over.filesize).toBe('912.99 Kb')
})

test('what is under way has taken until now', () => {
  const processedAt = new Date('2015-09-10T11:58:59Z')
  expect(told({ state: 'progress', processedAt }).elapsed).toBe('00:01')
  expect(told({ state: 'progress', processedAt: new Date('2015-09-10T12:00:05Z') }).elapsed).toBe('00:00')
})

describe('formats', () => {
  test.each([
    [0, '0.00 b'],
    [1023, '1023.00 b'],
    [1024, '1.00 Kb'],
    [934_902, '912.99 Kb'],
    [1_048_570, '1023.99 Kb'],
    [1_048_575, '1.00 Mb'],
    [1_048_576, '1.00 Mb'],
    [2 ** 30 - 1, '1.00 Gb'],
    [5 * 2 ** 30, '5.00 Gb'],
    [3 * 2 ** 40, '3072.00 Gb'],
  ])('%d bytes are %s', (bytes, text) => expect(formatFilesize(bytes)).toBe(text))

  test.each([
    [-5, '00:00'],
    [0, '00:00'],
    [59.9, '00:00'],
    [60, '00:01'],
    [3_599, '00:59'],
    [99 * 3600 + 59 * 60, '99:59'],
    [100 * 3600, '100:00'],
    [1_234 * 3600 + 60, '1234:01'],
  ])('%d seconds are %s', (seconds, text) => expect(formatDuration(seconds)).toBe(text))

  test('a time is told in UTC', () => {
    expect(formatTime(new Date('2026-07-01T01:02:03.999+02:00'))).toBe('2026-06-30 23:02:03')
  })
})
