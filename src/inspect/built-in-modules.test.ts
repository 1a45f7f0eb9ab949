import { expect, it } from 'vitest'
import { loadCatalogue } from '../catalogue/load.ts'
import { builtInModules, catalogueModules } from './built-in-modules.ts'

it.each(['6.0', '17.0', '19.0'])('the modules of %s are those of its catalogue', async (series) => {
  const { modules } = await loadCatalogue(series)
  expect(await catalogueModules(series)).toEqual(new Set(Object.keys(modules)))
})

it('tells own modules from others, and what it cannot know', async () => {
  const isOdooModule = builtInModules()
  expect(await isOdooModule('17.0', 'sale')).toBe(true)
  expect(await isOdooModule('17.0', 'x_customer')).toBe(false)
  expect(await isOdooModule('saas~17.2', 'sale')).toBeNull()
  expect(await isOdooModule('../../x', 'sale')).toBeNull()
})
