import type { Browser, Page } from 'playwright-core'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { eventually, startApi, type TestApi } from '../../../test/setup/api.ts'
import { look, openBrowser, weigh } from '../../../test/setup/browser.ts'
import { type GivenRequest, requestWith } from '../../../test/setup/request-files.ts'

let api: TestApi
let browser: Browser
beforeAll(async () => {
  api = await startApi({ UPLIFT_GUESSES: '100000' })
  browser = await openBrowser()
})
afterAll(async () => {
  await browser?.close()
  await api?.close()
})

const LONG = 60_000
const dump = { original: { content: Buffer.from('PGDMP and so on'), name: 'company.dump' } }
const set = (sql: string, values: unknown[]) => api.database.pool.query(sql, values)

/** A request at work, with a log that is longer than its box. */
async function atWork(): Promise<GivenRequest> {
  const made = await requestWith(api, 'progress', dump, { processed_at: new Date() })
  await set(
    `INSERT INTO service.stage (request, name, place, state, done, total, unit, started_at)
     VALUES ($1, 'loaded', 1, 'running', 1, 4, 'bytes', now()), ($1, 'verified', 2, 'waiting', NULL, NULL, NULL, NULL)`,
    [made.id],
  )
  await set(
    `INSERT INTO service.log (request, level, message, at)
     SELECT $1, 'info', 'line ' || i, timestamptz '2026-10-20 08:31:28Z' FROM generate_series(1, 30) i`,
    [made.id],
  )
  return made
}

async function opened(
  { base }: GivenRequest,
  options: Parameters<Browser['newContext']>[0] = {},
): Promise<Page> {
  const context = await browser.newContext({ locale: 'en', ...options })
  const page = await context.newPage()
  page.setDefaultTimeout(LONG)
  await page.goto(`${api.url}${base}/status`)
  return page
}

test('changes while one looks, and leaves one where one is', async () => {
  const made = await atWork()
  const page = await opened(made, { timezoneId: 'Asia/Kolkata' })
  const log = page.locator('.log')
  const icon = page.locator('link[rel=icon]')
  await eventually(async () => expect(await page.title()).toContain('▶ 12 %'), LONG)
  expect(await icon.getAttribute('href')).toMatch(/\/icon-progress\.svg$/)
  await log.focus()
  await eventually(
    async () => expect(await log.evaluate(({ scrollTop }) => scrollTop)).toBeGreaterThan(40),
    LONG,
  )
  const at = /^10\/20\/26, 2:01:28\sPM GMT\+5:30$/
  expect(await log.locator('time').first().textContent()).toMatch(at)
  await log.evaluate((element) => element.scrollTo(0, 40))
  const elapsed = page.locator('.now [data-since]')
  const before = await elapsed.textContent()
  await set(`UPDATE service.stage SET done = 3 WHERE request = $1 AND name = 'loaded'`, [made.id])
  await eventually(async () => expect(await page.title()).toContain('▶ 37 %'), LONG)
  expect(await page.locator('tr.running').textContent()).toContain('3 bytes of 4 bytes')
  expect(await log.locator('time').first().textContent()).toMatch(at)
  expect(await log.evaluate((element) => [element.scrollTop, element.matches(':focus')])).toEqual([40, true])
  await eventually(async () => expect(await elapsed.textContent()).not.toBe(before), LONG)
  await set(`UPDATE service.request SET state = 'done', finished_at = now() WHERE id = $1`, [made.id])
  await eventually(async () => expect(await page.title()).toContain('✔ Done'), LONG)
  await eventually(async () => expect(await icon.getAttribute('href')).toMatch(/\/icon-done\.svg$/), LONG)
  // The page of what has ended is another, whose log stands elsewhere.
  await eventually(
    async () => expect(await page.locator('#live').getAttribute('data-events')).toBeNull(),
    LONG,
  )
  await eventually(
    async () => expect(await log.evaluate(({ scrollTop }) => scrollTop)).toBeGreaterThan(40),
    LONG,
  )
  expect(await log.locator('time').first().textContent()).toMatch(at)
  await page.context().close()
})

test('is cancelled by keyboard', async () => {
  const made = await atWork()
  const page = await opened(made)
  await page.getByRole('button', { name: 'Cancel this request' }).focus()
  await page.keyboard.press('Enter')
  await page.getByText('It is being cancelled.').waitFor()
  await set(`UPDATE service.request SET state = 'cancelled', finished_at = now() WHERE id = $1`, [made.id])
  await eventually(async () => expect(await page.title()).toContain('■ Cancelled'), LONG)
  await page.context().close()
})

test('a lost connection is told, and what was missed is there afterwards', async () => {
  const made = await atWork()
  const page = await opened(made)
  await eventually(async () => expect(await page.title()).toContain('▶ 12 %'), LONG)
  // The stream is cut on the server's side as well: offline alone leaves an open one to itself.
  await page.context().setOffline(true)
  api.app.server.closeAllConnections()
  await eventually(async () => expect(await page.locator('#announce').textContent()).not.toBe(''), LONG)
  await set(`UPDATE service.stage SET done = 4 WHERE request = $1 AND name = 'loaded'`, [made.id])
  await page.context().setOffline(false)
  await eventually(async () => expect(await page.title()).toContain('▶ 50 %'), LONG)
  expect(await page.locator('#announce').textContent()).toBe('')
  await page.context().close()
})

test('works without scripts', async () => {
  const made = await atWork()
  const page = await opened(made, { javaScriptEnabled: false })
  expect(await page.title()).toContain('▶ 12 %')
  await set(`UPDATE service.stage SET done = 4 WHERE request = $1 AND name = 'loaded'`, [made.id])
  await eventually(async () => expect(await page.title()).toContain('▶ 50 %'), LONG)
  await page.getByRole('button', { name: 'Cancel this request' }).click()
  await page.getByText('It is being cancelled.').waitFor()
  await page.context().close()
})

test('commands are copied', async () => {
  const made = await requestWith(api, 'done', { ...dump, upgraded: { content: Buffer.from('PGDMP') } })
  const page = await opened(made, { permissions: ['clipboard-read', 'clipboard-write'] })
  await page.getByText('The same by API').click()
  const box = page.locator('.command', { hasText: '/database/v1/status' })
  await box.getByRole('button', { name: 'Copy' }).click()
  await box.getByRole('button', { name: 'Copied' }).waitFor()
  expect(await page.evaluate<string>('navigator.clipboard.readText()')).toBe(
    await box.locator('pre').textContent(),
  )
  await page.context().close()
})

test.each(['draft', 'pending', 'progress', 'done', 'failed', 'cancelled'] as const)(
  '%s: accessible in both languages, on every screen, light and quick',
  async (state) => {
    const made =
      state === 'progress'
        ? await atWork()
        : await requestWith(
            api,
            state,
            state === 'done' ? { ...dump, upgraded: { content: Buffer.from('PGDMP') } } : dump,
            {
              database_version: '6.0',
              ...(state === 'failed'
                ? { failure: JSON.stringify({ code: 'LOAD:DATA', message: 'A row cannot be read.' }) }
                : {}),
            },
          )
    for (const locale of ['en', 'fr']) {
      const page = await opened(made, { locale })
      await look(page, `status-${state}-${locale}`)
      await page.context().close()
    }
    const { bytes, ready } = await weigh(browser, `${api.url}${made.base}/status`)
    expect(bytes).toBeLessThan(100_000)
    expect(ready).toBeLessThan(1000)
  },
)
