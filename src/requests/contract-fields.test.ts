import { expect, test } from 'vitest'
import { checkContract, parseSize } from './contract-fields.ts'

test.each([
  ['4096', 4096],
  ['5GB', 5e9],
  ['5 GB', 5e9],
  ['1.5gib', 1.5 * 2 ** 30],
  ['500 MiB', 500 * 2 ** 20],
  ['2k', 2000],
  ['1TB', 1e12],
  ['1b', 1],
])('%s is a size', (text, bytes) => expect(parseSize(text)).toBe(bytes))

test.each([
  '',
  '0',
  '0.4',
  '-5',
  '5XB',
  '5 G B',
  'GB',
  '1e9',
  '0x10',
  'NaN',
  'Infinity',
  '99999999TB',
  '٥GB',
  '1,5GB',
])('"%s" is no size', (text) => expect(parseSize(text)).toBeNull())

test('all that is said is taken, an empty text takes back, what is not said stays open', () => {
  const given = {
    code: 'M123456-abcdef',
    name: 'Müller & Söhne',
    email: 'a@b.example',
    expires: '2028-02-29',
    max_in_progress: '3',
    max_bytes: '5GB',
  }
  expect(checkContract(given).contract).toEqual({
    code: 'M123456-abcdef',
    name: 'Müller & Söhne',
    email: 'a@b.example',
    expiresOn: '2028-02-29',
    maxInProgress: 3,
    maxBytes: 5e9,
  })
  expect(checkContract({ code: 'x', name: '', expires: '', max_bytes: '' }).contract).toEqual({
    code: 'x',
    name: null,
    email: undefined,
    expiresOn: null,
    maxInProgress: undefined,
    maxBytes: null,
  })
})

test.each([
  [{ code: '' }, 'code has to be'],
  [{}, 'code has to be'],
  [{ code: 'a b' }, 'code has to be'],
  [{ code: 'a&b' }, 'code has to be'],
  [{ code: '-a' }, 'code has to be'],
  [{ code: 'ä' }, 'code has to be'],
  [{ code: 'a\n' }, 'code has to be'],
  [{ code: 'x'.repeat(65) }, 'code has to be'],
  [{ code: 'a', name: 'x'.repeat(201) }, 'name has more than 200 characters'],
  [{ code: 'a', name: 'two\nlines' }, 'name has to be one line'],
  [{ code: 'a', name: '\u001b[2J' }, 'name has to be one line'],
  [{ code: 'a', name: '\ufffd' }, 'name has to be one line'],
  [{ code: 'a', email: 'nobody' }, 'email is no e-mail address'],
  [{ code: 'a', expires: '2027-02-29' }, 'expires has to be a day of the calendar'],
  [{ code: 'a', expires: '31.12.2027' }, 'expires has to be a day of the calendar'],
  [{ code: 'a', expires: '0000-01-01' }, 'expires has to be a day'],
  [{ code: 'a', max_in_progress: '0' }, 'max_in_progress has to be a whole number'],
  [{ code: 'a', max_in_progress: '2.5' }, 'max_in_progress has to be a whole number'],
  [{ code: 'a', max_in_progress: '9999999999' }, 'max_in_progress has to be a whole number'],
  [{ code: 'a', max_bytes: 'much' }, 'max_bytes has to be a number of bytes'],
])('%j is refused', (given, problem) => {
  const { contract, problems } = checkContract(given)
  expect(contract).toBeNull()
  expect(problems).toMatchObject([{ problem: expect.stringContaining(problem) }])
})

test('all problems are told together', () => {
  const all = { code: '', name: '\0', email: 'x', expires: 'x', max_in_progress: 'x', max_bytes: 'x' }
  expect(checkContract(all).problems.map(({ field }) => field)).toEqual(Object.keys(all))
})
