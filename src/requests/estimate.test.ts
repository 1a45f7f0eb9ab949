import fc from 'fast-check'
import { expect, test } from 'vitest'
import { estimateSeconds, type PastRun } from './estimate.ts'

const run = (bytes: number, seconds: number, more: Partial<PastRun> = {}): PastRun => ({
  bytes,
  seconds,
  hops: 1,
  same: true,
  ...more,
})

test('without a past it is what was measured once, for each hop', () => {
  expect(estimateSeconds(0, [])).toBe(8)
  expect(estimateSeconds(3_000_000, [])).toBe(18)
  expect(estimateSeconds(3_000_000, [], 3)).toBe(54)
})

test('the same size takes as long as it did; half of it less, twice of it more', () => {
  const past = [run(10_000_000, 108)]
  expect(estimateSeconds(10_000_000, past)).toBe(108)
  expect(estimateSeconds(5_000_000, past)).toBe(58)
  expect(estimateSeconds(20_000_000, past)).toBe(208)
  expect(estimateSeconds(0, past)).toBe(8)
})

test('runs of the same way count alone; those of others count for each hop', () => {
  const others = [run(1e6, 1000, { same: false, hops: 2 })]
  expect(estimateSeconds(1e6, others, 3)).toBe(1500)
  expect(estimateSeconds(1e6, [...others, run(1e6, 30)])).toBe(30)
  expect(estimateSeconds(1e6, [...others, run(1e6, 60, { hops: 2 })], 2)).toBe(60)
})

test('sizes in between are in between; runs of one size count as their mean', () => {
  const past = [run(1e6, 10), run(1e6, 30), run(3e6, 60)]
  expect(estimateSeconds(1e6, past)).toBe(20)
  expect(estimateSeconds(2e6, past)).toBe(40)
  expect(estimateSeconds(3e6, past)).toBe(60)
})

test('one slow run of a small dump does not make a large one slower than it was', () => {
  const past = [run(1e6, 100), run(2e6, 20), run(10e6, 200)]
  expect(estimateSeconds(10e6, past)).toBe(200)
  expect(estimateSeconds(1.5e6, past)).toBe(60)
})

test('a tiny dump whose upgrade hung does not make an estimate that no database stores', () => {
  expect(estimateSeconds(2 ** 42, [run(1, 1_200), run(0, 0)], 14)).toBe(30 * 24 * 3600)
})

const pastRun = fc.record({
  bytes: fc.oneof(fc.constantFrom(0, 1, 1e6), fc.integer({ min: 0, max: 2 ** 42 })),
  seconds: fc.oneof(fc.constantFrom(0, 1, 8), fc.double({ min: 0, max: 1e6, noNaN: true })),
  hops: fc.integer({ min: 1, max: 14 }),
  same: fc.boolean(),
})
const size = fc.oneof(fc.constantFrom(0, 1, 1e6), fc.integer({ min: 0, max: 2 ** 42 }))

test('it is a whole number from 1 on and never falls with the size or the hops, whatever the past', () => {
  fc.assert(
    fc.property(
      fc.array(pastRun, { maxLength: 40 }),
      fc.tuple(size, size),
      fc.tuple(fc.integer({ min: 0, max: 14 }), fc.integer({ min: 0, max: 14 })),
      (past, [a, b], [h, i]) => {
        const small = estimateSeconds(Math.min(a, b), past, Math.min(h, i))
        const large = estimateSeconds(Math.max(a, b), past, Math.max(h, i))
        expect(Number.isSafeInteger(small) && small >= 1).toBe(true)
        expect(large).toBeGreaterThanOrEqual(small)
      },
    ),
    { numRuns: 2_000 },
  )
})
