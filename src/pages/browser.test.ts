import type { Browser } from 'playwright-core'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { startApi, type TestApi } from '../../test/setup/api.ts'
import { look, openBrowser, weigh } from '../../test/setup/browser.ts'

let api: TestApi
let browser: Browser

beforeAll(async () => {
  api = await startApi()
  browser = await openBrowser()
})
afterAll(async () => {
  await browser?.close()
  await api?.close()
})

/** Pages that are nobody's in particular; those of the form, a request, its notes and the console have tests of their own. */
test.each([
  ['api', '/api', 'Uplift API'],
  ['not-found', '/nowhere', 'Not found'],
])('%s: accessible, on every screen, light and quick', async (name, path, title) => {
  const context = await browser.newContext({ locale: 'en' })
  const page = await context.newPage()
  await page.goto(`${api.url}${path}`)
  expect(await page.getByRole('heading', { level: 1 }).textContent()).toContain(title)
  await look(page, name)
  await context.close()
  const { bytes, ready } = await weigh(browser, `${api.url}${path}`)
  expect(bytes).toBeLessThan(100_000)
  expect(ready).toBeLessThan(1000)
})
