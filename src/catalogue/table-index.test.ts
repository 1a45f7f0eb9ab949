import { expect, test } from 'vitest'
import { loadCatalogue } from './load.ts'
import { loadTableIndex } from './table-index.ts'

test('the index has the tables of the built-in catalogues', async () => {
  const index = await loadTableIndex()
  expect([...index.keys()]).toHaveLength(15)
  for (const series of ['6.0', '13.0', '19.0']) {
    const { tables } = await loadCatalogue(series)
    const expected = Object.fromEntries(Object.entries(tables).map(([name, { by }]) => [name, by]))
    expect(Object.fromEntries(index.get(series)!)).toEqual(expected)
  }
})
