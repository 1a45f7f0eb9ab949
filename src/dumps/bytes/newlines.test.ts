import fc from 'fast-check'
import { expect, it } from 'vitest'
import { countNewlines } from './newlines.ts'

it('counts newlines wherever the bytes begin and end', () =>
  fc.assert(
    fc.property(
      fc.array(fc.constantFrom(10, 0, 9, 11, 0x8a, 0x0b, 0x7f, 0xff, 97), { maxLength: 40 }),
      fc.integer({ min: 0, max: 9 }),
      (values, skipped) => {
        const bytes = Buffer.from(values).subarray(skipped)
        expect(countNewlines(bytes)).toBe([...bytes].filter((byte) => byte === 10).length)
      },
    ),
    { numRuns: 2000 },
  ))
