import { describe, expect, test } from 'vitest'
import type { CatalogueModule } from '../catalogue/catalogue.ts'
import { installClosure, installOrder, missingModules } from './modules.ts'

const module = (depends: string[], more: Partial<CatalogueModule> = {}): CatalogueModule => ({
  depends,
  autoInstall: null,
  installable: true,
  version: '18.0.1.0',
  category: null,
  ...more,
})

const catalogue = {
  modules: {
    base: module([]),
    sale: module(['base']),
    stock: module(['base']),
    sale_stock: module(['sale', 'stock'], { autoInstall: ['sale', 'stock'] }),
    sale_stock_more: module(['sale_stock', 'report'], { autoInstall: ['sale_stock'] }),
    report: module(['base']),
    l10n_fr_sale: module(['sale'], { autoInstall: ['sale'], countries: ['FR'] }),
    broken: module(['sale', 'gone'], { installable: false, autoInstall: ['sale'] }),
  },
}

describe('installClosure', () => {
  test('follows dependencies and modules that install themselves, to the end', () => {
    expect([...installClosure(catalogue, ['sale', 'stock'])].sort()).toEqual([
      'base',
      'report',
      'sale',
      'sale_stock',
      'sale_stock_more',
      'stock',
    ])
  })

  test('adds modules of a country only for companies there', () => {
    expect(installClosure(catalogue, ['sale']).has('l10n_fr_sale')).toBe(false)
    expect(installClosure(catalogue, ['sale'], new Set(['FR'])).has('l10n_fr_sale')).toBe(true)
  })

  test('keeps modules that are not known', () => {
    expect(installClosure(catalogue, ['acme']).has('acme')).toBe(true)
  })
})

test('missingModules names what is not known or cannot be installed, dependencies too', () => {
  expect(missingModules(catalogue, ['broken', 'acme', 'sale'])).toEqual(['acme', 'broken', 'gone'])
})

test('installOrder puts dependencies first, then names', () => {
  expect(installOrder(catalogue, ['acme', 'sale_stock', 'stock', 'sale', 'base'])).toEqual([
    'base',
    'sale',
    'stock',
    'sale_stock',
    'acme',
  ])
})
