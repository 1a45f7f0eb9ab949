import { describe, expect, test } from 'vitest'
import { Conditions, closuresOf, holds } from './condition.ts'

const conditions = new Conditions(
  closuresOf({
    base: { depends: [] },
    mail: { depends: ['base'] },
    rating: { depends: ['mail'] },
    hr: { depends: ['mail'] },
    sale: { depends: ['base'] },
  }),
)

describe('conditions', () => {
  test('hold when all modules of one alternative are installed', () => {
    expect(holds([['sale'], ['hr', 'rating']], new Set(['base', 'hr']))).toBe(false)
    expect(holds([['sale'], ['hr', 'rating']], new Set(['hr', 'rating']))).toBe(true)
    expect(holds([], new Set(['base']))).toBe(false)
  })

  test('lose alternatives that another covers', () => {
    expect(conditions.any(['hr', 'mail', 'sale'])).toEqual([['mail'], ['sale']])
  })

  test('lose modules that another of them depends on', () => {
    expect(conditions.both([['hr']], [['mail']])).toEqual([['hr']])
    expect(conditions.both([['hr']], [['rating']])).toEqual([['hr', 'rating']])
  })

  test('imply what their modules bring with them', () => {
    expect(conditions.implies([['hr']], [['mail']])).toBe(true)
    expect(conditions.implies([['mail']], [['hr']])).toBe(false)
  })
})
