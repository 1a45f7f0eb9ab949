import { join } from 'node:path'
import type { Browser, BrowserContext, CDPSession, Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { CONTRACT, eventually, plainDump, startApi, type TestApi } from '../../../test/setup/api.ts'
import { connect, drop, expectAccessible, openBrowser, screenshots } from '../../../test/setup/browser.ts'
import { hasRealDatabases, realDatabase } from '../../../test/setup/databases.ts'
import { documentTargets } from '../../api/v1/targets.ts'
import { UpliftError } from '../../errors.ts'

const WAIT = { timeout: 60_000 }
/** Slow enough that something can happen in between. */
const SLOW = 700_000
let api: TestApi
let browser: Browser

beforeAll(async () => {
  api = await startApi(
    {},
    {
      versionProblem: async (source, target) =>
        source === '7.0' && target === '8.0' ? null : new UpliftError('VERSION:UNSUPPORTED', 'No way.'),
    },
  )
  browser = await openBrowser()
})
afterAll(async () => {
  await browser?.close()
  await api?.close()
})

async function opened(
  options: Parameters<Browser['newContext']>[0] = {},
): Promise<{ context: BrowserContext; page: Page; network: CDPSession; errors: string[] }> {
  const context = await browser.newContext({
    viewport: { width: 1280, height: 900 },
    locale: 'en',
    ...options,
  })
  const page = await context.newPage()
  const errors: string[] = []
  page.on('pageerror', (error) => errors.push(error.message))
  const network = await context.newCDPSession(page)
  await network.send('Network.enable')
  await page.goto(api.url)
  if (options.javaScriptEnabled !== false)
    await page.getByRole('button', { name: /start|lancement/ }).waitFor(WAIT)
  return { context, page, network, errors }
}

async function fill(page: Page): Promise<void> {
  await page.getByLabel('Contract').fill(CONTRACT)
  await page.getByLabel('E-mail address').fill('anna@example.com')
}

const transferText = (page: Page) => page.locator('#transfer-text').textContent()
const dump = hasRealDatabases ? realDatabase('openerp-7.0-demo.dump') : ''

async function lastRequest() {
  const { rows } = await api.database.pool.query<{
    target: string
    aim: string
    bytes: number
    state: string
  }>(
    `SELECT r.target, r.aim, r.state, f.bytes::int FROM service.request r JOIN service.file f ON f.request = r.id ORDER BY r.id DESC LIMIT 1`,
  )
  return rows[0]
}

describe.skipIf(!hasRealDatabases)('a real dump', () => {
  test('is dropped, loses its connection, goes on, and arrives at the page of the request', async () => {
    const { context, page, network, errors } = await opened()
    await connect(network, { upload: SLOW })
    await fill(page)
    await drop(page, dump)
    const version = page.locator('#fact-version')
    await eventually(async () => expect(await version.textContent()).toBe('7.0, by its tables'), 60_000)
    expect(await page.locator('#fact-modules').textContent()).toMatch(
      /^at least \d+, by their tables: account/,
    )
    // The rest is still on its way, and only what can be reached is asked for.
    expect(await page.getByRole('button', { name: 'Go on to the start' }).isDisabled()).toBe(true)
    expect(await page.locator('#target option').allTextContents()).toEqual(['Choose a version', '8.0'])
    expect(await page.locator('#zone').isVisible()).toBe(false)
    expect(await transferText(page)).toMatch(/[kM]B of 8\.7 MB · .*B\/s · /)
    await expectAccessible(page)
    await connect(network, { offline: true })
    await eventually(async () => expect(await transferText(page)).toMatch(/^The connection is lost/), 60_000)
    await page.screenshot({ path: join(screenshots, 'form-lost.png'), fullPage: true })
    await connect(network, {})
    const on = page.getByRole('button', { name: 'Go on to the start' })
    await eventually(async () => expect(await on.isEnabled()).toBe(true), 60_000)
    expect(await version.textContent()).toBe('7.0')
    await page.getByLabel('Production').check()
    await expectAccessible(page)
    await on.click()
    await page.waitForURL(/\/status$/, WAIT)
    expect(await page.getByRole('heading', { level: 1 }).textContent()).toBe('openerp-7.0-demo.dump')
    expect(await lastRequest()).toEqual({
      target: '8.0',
      aim: 'production',
      bytes: 8_661_465,
      state: 'draft',
    })
    expect(errors).toEqual([])
    await context.close()
  })

  test('is gone on with after the tab was closed', async () => {
    const { context, page, network } = await opened()
    await connect(network, { upload: SLOW })
    await fill(page)
    await page.setInputFiles('#file', dump)
    await eventually(async () => expect(await transferText(page)).toMatch(/^[2-9](\.\d)? MB of/), 60_000)
    await page.close()
    const again = await context.newPage()
    await again.goto(api.url)
    const note = again.locator('#begun')
    await note.waitFor(WAIT)
    expect(await note.textContent()).toMatch(/openerp-7\.0-demo\.dump was begun: [1-9]\d* % are there/)
    await expectAccessible(again)
    const sent: number[] = []
    again.on('request', (request) => {
      if (request.method() === 'PATCH') sent.push(Number(request.headers()['upload-offset']))
    })
    await again.setInputFiles('#file', dump)
    const on = again.getByRole('button', { name: 'Go on to the start' })
    await eventually(async () => expect(await on.isEnabled()).toBe(true), 60_000)
    expect(sent[0]).toBeGreaterThan(500_000)
    await on.click()
    await again.waitForURL(/\/status$/, WAIT)
    expect(await lastRequest()).toMatchObject({ bytes: 8_661_465 })
    expect(await again.evaluate('localStorage.length')).toBe(0)
    await context.close()
  })

  test('is paused, resumed, and left for another', async () => {
    const { context, page, network } = await opened()
    await connect(network, { upload: SLOW })
    await fill(page)
    await page.setInputFiles('#file', dump)
    await page.getByRole('button', { name: 'Pause' }).click(WAIT)
    expect(await transferText(page)).toBe('Paused. Go on whenever you like.')
    await page.getByRole('button', { name: 'Go on', exact: true }).click()
    await eventually(async () => expect(await transferText(page)).toMatch(/MB of/), 60_000)
    await page.getByRole('button', { name: 'Take another file' }).click()
    await connect(network, {})
    await page.setInputFiles('#file', {
      name: 'letter.dump',
      mimeType: '',
      buffer: Buffer.alloc(300_000, 'a'),
    })
    const error = page.locator('#file-error')
    await eventually(async () => expect(await error.textContent()).toMatch(/^This file is no dump/), 60_000)
    await expectAccessible(page)
    expect(await page.locator('#fact-version').textContent()).toBe('not known yet')
    expect(await page.locator('#target option').count()).toBe(1 + documentTargets.length)
    const { rows } = await api.database.pool.query(
      'SELECT state FROM service.request ORDER BY id DESC LIMIT 2',
    )
    await eventually(() => expect(rows).toHaveLength(2))
    await context.close()
  })

  test('is sent without scripts', async () => {
    const { context, page } = await opened({ javaScriptEnabled: false })
    await fill(page)
    await page.getByLabel('Contract').fill('M0-wrong')
    await page.getByLabel('Version to upgrade to').selectOption('8.0')
    await page.setInputFiles('#file', dump)
    await page.getByRole('button', { name: 'Upload and look at it' }).click()
    await page.locator('#problems').waitFor(WAIT)
    expect(await page.locator('#contract-error').textContent()).toMatch(/^There is no such contract/)
    expect(await page.getByLabel('E-mail address').inputValue()).toBe('anna@example.com')
    await page.screenshot({ path: join(screenshots, 'form-errors.png'), fullPage: true })
    await page.getByLabel('Contract').fill(CONTRACT)
    await page.setInputFiles('#file', dump)
    await page.getByRole('button', { name: 'Upload and look at it' }).click()
    await page.waitForURL(/\/status$/, WAIT)
    expect(await page.getByRole('heading', { level: 1 }).textContent()).toBe('openerp-7.0-demo.dump')
    await context.close()
  })
})

test('a wrong contract is told beside its field, and the upload begins once it is right', async () => {
  const { context, page } = await opened()
  await fill(page)
  await page.getByLabel('Contract').fill('M0-wrong')
  await page.setInputFiles('#file', {
    name: 'db.sql',
    mimeType: '',
    buffer: plainDump(5000),
  })
  const error = page.locator('#contract-error')
  await eventually(
    async () => expect(await error.textContent()).toMatch(/^There is no such contract/),
    30_000,
  )
  expect(await page.evaluate('document.activeElement.id')).toBe('contract')
  await expectAccessible(page)
  await page.getByLabel('Contract').fill(CONTRACT)
  await page.keyboard.press('Tab')
  const on = page.getByRole('button', { name: 'Go on to the start' })
  await eventually(async () => expect(await on.isEnabled()).toBe(true), 60_000)
  await on.click()
  expect(await page.locator('#target-error').textContent()).toBe('Choose the version to upgrade to.')
  await page.getByLabel('Version to upgrade to').selectOption('8.0')
  await on.click()
  await page.waitForURL(/\/status$/, WAIT)
  await context.close()
})

test.each([
  [360, 'light', 'en'],
  [360, 'dark', 'fr'],
  [1280, 'light', 'fr'],
  [1280, 'dark', 'en'],
] as const)('looks right and is accessible: %d px, %s, %s', async (width, colorScheme, locale) => {
  const { context, page } = await opened({ viewport: { width, height: 900 }, colorScheme, locale })
  await expectAccessible(page)
  expect(await page.evaluate('document.documentElement.scrollWidth')).toBeLessThanOrEqual(width)
  await page.screenshot({
    path: join(screenshots, `form-${width}-${colorScheme}-${locale}.png`),
    fullPage: true,
  })
  await context.close()
})

test('the page weighs under 100 KB with all that it ever loads, and is ready in under a second', async () => {
  const { context, page, network } = await opened()
  let bytes = 0
  network.on('Network.loadingFinished', ({ encodedDataLength }) => {
    bytes += encodedDataLength
  })
  await network.send('Network.setCacheDisabled', { cacheDisabled: true })
  const times: number[] = []
  for (let load = 0; load < 5; load++) {
    bytes = 0
    await page.reload({ waitUntil: 'networkidle' })
    times.push(
      await page.evaluate<number>(`performance.getEntriesByType('navigation')[0].domContentLoadedEventEnd`),
    )
  }
  // What is loaded when a file was chosen.
  await page.evaluate(`import(new URL('tus.js', document.querySelector('script[src$="/form.js"]').src))`)
  await page.waitForLoadState('networkidle')
  expect(bytes).toBeGreaterThan(20_000)
  expect(bytes).toBeLessThan(100_000)
  expect(Math.min(...times)).toBeLessThan(1000)
  await context.close()
})
