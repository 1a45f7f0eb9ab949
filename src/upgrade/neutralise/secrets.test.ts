import { expect, test } from 'vitest'
import { loadCatalogue } from '../../catalogue/load.ts'
import { allSeries } from '../../odoo/series.ts'
import { harmless, looksLikeAddress, looksSecret, whyHarmless } from './secrets.ts'
import { isSwitched } from './untouched.ts'

const series = allSeries.filter((one) => one !== '5.0')

/** Every column of Odoo's tables whose name looks like a way out; temporary records and Odoo's own tests left out. */
async function candidates(): Promise<Map<string, string>> {
  const found = new Map<string, string>()
  for (const one of series) {
    const { models, tables } = await loadCatalogue(one)
    for (const { table, transient, fields } of Object.values(models))
      for (const [column, field] of Object.entries(fields))
        if (
          table &&
          !transient &&
          field.companyDependent &&
          (looksSecret(column) || looksLikeAddress(column))
        )
          found.set(`${table}.${column}`, `${one}, by company`)
    const kept = new Set(
      Object.values(models).flatMap(({ table, transient }) => (table && !transient ? [table] : [])),
    )
    for (const table of kept)
      for (const [column, { type, by }] of Object.entries(tables[table]?.columns ?? {}))
        if (
          /char|text|json|bytea/.test(type) &&
          (looksSecret(column) || looksLikeAddress(column)) &&
          !/"test_/.test(JSON.stringify(by))
        )
          found.set(`${table}.${column}`, one)
  }
  return found
}

test('every way out that Odoo has a column for is switched off or is known to be none', {
  timeout: 240_000,
}, async () => {
  const all = await candidates()
  const open = [...all].filter(([name]) => {
    const [table, column] = name.split('.') as [string, string]
    return !isSwitched(table, column) && whyHarmless(table, column) === null
  })
  expect(open.map(([name, last]) => `${name} (${last})`).sort()).toEqual([])
  const unused = harmless.filter(
    (entry) =>
      ![...all.keys()].some(
        (name) => (entry.table?.test(name.split('.')[0]!) ?? true) && entry.column.test(name.split('.')[1]!),
      ),
  )
  expect(unused.map(({ column }) => String(column))).toEqual([])
})
