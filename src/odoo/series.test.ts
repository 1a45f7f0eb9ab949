import { expect, test } from 'vitest'
import { compareSeries, seriesOf } from './series.ts'

test.each([
  ['8.0.1.3', '8.0'],
  ['6.1.1.3', '6.1'],
  ['19', '19.0'],
  ['16.0', '16.0'],
  ['18.0+e-20241005', '18.0'],
  ['saas~16.4', null],
  ['5.2', null],
  ['1.0', null],
  ['', null],
])('the series of "%s" is %s', (version, series) => {
  expect(seriesOf(version)).toBe(series)
})

test('series are ordered as numbers', () => {
  expect(['10.0', '9.0', '6.1', '6.0'].sort(compareSeries)).toEqual(['6.0', '6.1', '9.0', '10.0'])
})
