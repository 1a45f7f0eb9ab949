import { expect, test } from 'vitest'
import { Guesses, networkOf } from './guesses.ts'

const MINUTE = 60_000

function atTime() {
  const clock = { now: 0 }
  return { clock, guesses: new Guesses(3, () => clock.now) }
}

test('the limit holds for ten minutes that slide', () => {
  const { clock, guesses } = atTime()
  for (let i = 0; i < 3; i++) expect(guesses.note('192.0.2.1')).toBe(0)
  expect(guesses.note('192.0.2.1')).toBe(601)
  expect(guesses.wait('192.0.2.2')).toBe(0)
  clock.now = 9 * MINUTE
  expect(guesses.wait('192.0.2.1')).toBe(61)
  clock.now = 10 * MINUTE + 1
  expect(guesses.note('192.0.2.1')).toBe(0)
  // Two thirds of the former window still count at this moment.
  clock.now = 13 * MINUTE
  expect(guesses.wait('192.0.2.1')).toBeGreaterThan(0)
  clock.now = 40 * MINUTE
  expect(guesses.wait('192.0.2.1')).toBe(0)
})

test('whoever waits as long as he was told may try again', () => {
  const { clock, guesses } = atTime()
  for (let tries = 0; tries < 200; tries++) {
    const wait = guesses.note('192.0.2.1')
    clock.now += wait * 1000
    if (wait > 0) expect(guesses.wait('192.0.2.1')).toBe(0)
    clock.now += (tries % 7) * 13_000
  }
})

test('tries that are refused do not make the wait longer', () => {
  const { clock, guesses } = atTime()
  for (let i = 0; i < 100; i++) guesses.note('192.0.2.1')
  clock.now = 10 * MINUTE + 1
  expect(guesses.wait('192.0.2.1')).toBe(0)
})

test('memory is bounded: the address that was quiet longest is forgotten', () => {
  const { guesses } = atTime()
  for (let i = 0; i < 20_000; i++) guesses.note(`10.${i >> 16}.${(i >> 8) & 255}.${i & 255}`)
  expect(guesses.addresses).toBe(10_000)
})

test('all addresses of an IPv6 /64 count together', () => {
  expect(networkOf('2001:db8:1:2:3:4:5:6')).toBe('2001:db8:1:2::/64')
  expect(networkOf('2001:db8:1:2::7')).toBe('2001:db8:1:2::/64')
  expect(networkOf('2001:db8::7')).toBe('2001:db8:0:0::/64')
  expect(networkOf('::1')).toBe('0:0:0:0::/64')
  expect(networkOf('fe80::1%eth0')).toBe('fe80:0:0:0::/64')
  expect(networkOf('::ffff:192.0.2.1')).toBe('192.0.2.1')
  expect(networkOf('192.0.2.1')).toBe('192.0.2.1')
})
