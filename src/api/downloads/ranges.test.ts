import fc from 'fast-check'
import { expect, test } from 'vitest'
import { precondition, select } from './ranges.ts'

const modifiedAt = new Date('2026-03-04T05:06:07.800Z')
const date = modifiedAt.toUTCString()
const held = { bytes: 1000, etag: '"abc"', modifiedAt }

test.each([
  ['bytes=0-0', { status: 206, start: 0, end: 0 }],
  ['bytes=0-', { status: 206, start: 0, end: 999 }],
  ['bytes=999-', { status: 206, start: 999, end: 999 }],
  ['bytes=5-5000', { status: 206, start: 5, end: 999 }],
  ['Bytes = 5-6', { status: 200 }],
  ['BYTES=5-6', { status: 206, start: 5, end: 6 }],
  ['bytes=-1', { status: 206, start: 999, end: 999 }],
  ['bytes=-5000', { status: 206, start: 0, end: 999 }],
  ['bytes=-0', { status: 416 }],
  ['bytes=1000-', { status: 416 }],
  [`bytes=${'9'.repeat(400)}-`, { status: 416 }],
  [`bytes=0-${'9'.repeat(400)}`, { status: 206, start: 0, end: 999 }],
  ['bytes=6-5', { status: 200 }],
  ['bytes=-', { status: 200 }],
  ['bytes=0-1,3-4', { status: 200 }],
  ['bytes=a-b', { status: 200 }],
  ['lines=0-1', { status: 200 }],
])('%s', (range, selection) => {
  expect(select({ range }, held)).toEqual(selection)
})

test('an empty file has no part', () => {
  expect(select({ range: 'bytes=-5' }, { ...held, bytes: 0 })).toEqual({ status: 416 })
  expect(select({ range: 'bytes=0-' }, { ...held, bytes: 0 })).toEqual({ status: 416 })
})

test.each([
  ['"abc"', 206],
  [date, 206],
  ['"abd"', 200],
  ['W/"abc"', 200],
  ['Wed, 04 Mar 2020 05:06:07 GMT', 200],
  ['nonsense', 200],
])('If-Range %s', (value, status) => {
  expect(select({ range: 'bytes=0-1', 'if-range': value }, held).status).toBe(status)
})

test.each([
  [{}, null],
  [{ 'if-none-match': '"abc"' }, 304],
  [{ 'if-none-match': 'W/"abc"' }, 304],
  [{ 'if-none-match': '"x", "abc"' }, 304],
  [{ 'if-none-match': '*' }, 304],
  [{ 'if-none-match': '"x"', 'if-modified-since': date }, null],
  [{ 'if-modified-since': date }, 304],
  [{ 'if-modified-since': 'Wed, 04 Mar 2026 05:06:06 GMT' }, null],
  [{ 'if-modified-since': 'yesterday' }, null],
  [{ 'if-match': '"abc"' }, null],
  [{ 'if-match': 'W/"abc"' }, 412],
  [{ 'if-match': '"x"' }, 412],
  [{ 'if-unmodified-since': date }, null],
  [{ 'if-unmodified-since': 'Wed, 04 Mar 2026 05:06:06 GMT' }, 412],
])('%o', (headers, status) => {
  expect(precondition(headers, held)).toBe(status)
})

test('a part is what the file has there', () =>
  fc.assert(
    fc.property(
      fc.uint8Array({ maxLength: 50 }),
      fc.option(fc.nat(60), { nil: null }),
      fc.option(fc.nat(60), { nil: null }),
      (content, from, to) => {
        const bytes = content.length
        const found = select({ range: `bytes=${from ?? ''}-${to ?? ''}` }, { ...held, bytes })
        // The RFC's words, as a list of positions.
        const wanted = [...content.keys()].filter((at) =>
          from === null ? at >= bytes - (to ?? 0) : at >= from && at <= (to ?? Number.POSITIVE_INFINITY),
        )
        const isRange = (from !== null || to !== null) && (from === null || to === null || from <= to)
        if (!isRange) expect(found).toEqual({ status: 200 })
        else if (wanted.length === 0) expect(found).toEqual({ status: 416 })
        else expect(found).toEqual({ status: 206, start: wanted[0], end: wanted.at(-1) })
      },
    ),
  ))
