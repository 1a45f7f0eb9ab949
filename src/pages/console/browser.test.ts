import { mkdir } from 'node:fs/promises'
import { join } from 'node:path'
import type { Browser, BrowserContext, CDPSession, Page } from 'playwright-core'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { startApi, type TestApi } from '../../../test/setup/api.ts'
import { screenshots as allScreenshots, openBrowser, violationsOn } from '../../../test/setup/browser.ts'
import { fillConsole, type Shown } from '../../../test/setup/console.ts'
import { PASSWORD } from '../../../test/setup/operator.ts'
import { setPassword } from '../../operator/password.ts'
import { makeSetupToken } from '../../operator/setup.ts'

const screenshots = join(allScreenshots, 'console')
const widths = { phone: 360, desktop: 1280 }
/** Bytes of a page with all that it loads, and milliseconds until it can be used. */
const MOST = { bytes: 100_000, ready: 1_000 }
/** Loads of which the quickest one counts: the machine has other things to do as well. */
const LOADS = 8

let api: TestApi
let shown: Shown
let browser: Browser
let token: string
/** Logged in. */
let context: BrowserContext
beforeAll(async () => {
  await mkdir(screenshots, { recursive: true })
  api = await startApi({ UPLIFT_SMTP_URL: 'smtp://127.0.0.1:1', UPLIFT_MAIL_FROM: 'uplift@example.com' })
  token = (await makeSetupToken(api.database))!
  shown = await fillConsole(api)
  browser = await openBrowser()
}, 120_000)
afterAll(async () => {
  await browser?.close()
  await api?.close()
})

/** The pages of each registered address by the names of their pictures; null for one that is no page. */
function pages(): Record<string, Record<string, string> | null> {
  const { ids, reference } = shown
  return {
    '/console/setup': { setup: `/setup?token=${token}`, 'setup-refused': '/setup?token=wrong' },
    '/console/login': { login: '/login', 'logged-out': '/login?outcome=out' },
    '/console': { overview: '', 'overview-french': '?lang=fr' },
    '/console/requests': {
      requests: '/requests',
      'requests-filtered': '/requests?state=failed&text=2026',
      'requests-none': '/requests?text=nobody',
    },
    '/console/requests/:id': {
      ...Object.fromEntries(
        Object.entries(ids).map(([state, id]) => [`request-${state}`, `/requests/${id}`]),
      ),
      'request-told': `/requests/${ids.failed}?outcome=state`,
      'request-french': `/requests/${ids.failed}?lang=fr`,
    },
    '/console/requests/:id/delete': { 'request-delete': `/requests/${ids.done}/delete` },
    '/console/requests/:id/files/:role': null,
    '/console/contracts': { contracts: '/contracts', 'contracts-told': '/contracts?imported=2-1' },
    '/console/contracts/edit': {
      'contract-edit': '/contracts/edit?code=M200000-valid',
      'contract-revoked': '/contracts/edit?code=M200002-revoked',
    },
    '/console/references': { references: '/references', 'references-french': '/references?lang=fr' },
    '/console/references/remove': { 'reference-remove': `/references/remove?sha256=${reference}` },
    '/console/tickets': { tickets: '/tickets', 'tickets-failed': '/tickets?view=failed' },
    '/console/metrics': {
      metrics: '/metrics',
      'metrics-hour': '/metrics?period=hour',
      'metrics-month': '/metrics?period=month&lang=fr',
    },
    '/console/settings': { settings: '/settings' },
    '/console/*': { 'not-found': '/nothing' },
  }
}

/** Looks at a page at both widths, in the light and in the dark: nothing that axe finds, nothing beside the screen. */
async function look(page: Page, name: string): Promise<void> {
  for (const [device, width] of Object.entries(widths)) {
    await page.setViewportSize({ width, height: 900 })
    for (const colorScheme of ['light', 'dark'] as const) {
      await page.emulateMedia({ colorScheme })
      const where = `${name}-${device}-${colorScheme}`
      const violations = await violationsOn(page)
      const found = violations.map(({ id, nodes }) => `${id}: ${nodes[0]?.html}`)
      expect([where, found]).toEqual([where, []])
      expect([where, await page.evaluate('document.documentElement.scrollWidth')]).toEqual([where, width])
      await page.screenshot({ path: join(screenshots, `${where}.png`), fullPage: true })
    }
  }
}

/** Loads a page with nothing kept from before until it was quick once. @returns its bytes and the milliseconds of the quickest load */
async function weigh(page: Page, network: CDPSession, url: string): Promise<typeof MOST> {
  let [most, best] = [0, Number.POSITIVE_INFINITY]
  for (let load = 0; load < LOADS && (load === 0 || best >= MOST.ready); load++) {
    let bytes = 0
    const count = ({ encodedDataLength }: { encodedDataLength: number }) => {
      bytes += encodedDataLength
    }
    network.on('Network.loadingFinished', count)
    await page.goto(url, { waitUntil: 'load' })
    // Its scripts are modules: they have run by then.
    const ready = await page.evaluate<number>(
      `performance.getEntriesByType('navigation')[0].domContentLoadedEventEnd`,
    )
    network.off('Network.loadingFinished', count)
    ;[most, best] = [Math.max(most, bytes), Math.min(best, ready)]
  }
  return { bytes: most, ready: best }
}

async function logIn(page: Page): Promise<void> {
  await page.getByLabel('Password').fill(PASSWORD)
  await page.getByRole('button', { name: 'Log in' }).click()
}

test('no address of the console is left out here', () => {
  const registered = api.routes.filter(({ method, url }) => method === 'GET' && url.startsWith('/console'))
  expect(Object.keys(pages()).sort()).toEqual(registered.map(({ url }) => url).sort())
})

test('every page is fit for eyes, ears and phones, small and quick', { timeout: 900_000 }, async () => {
  context = await browser.newContext({ locale: 'en' })
  context.setDefaultTimeout(60_000)
  const page = await context.newPage()
  const network = await context.newCDPSession(page)
  await network.send('Network.enable')
  await network.send('Network.setCacheDisabled', { cacheDisabled: true })
  const errors: string[] = []
  page.on('pageerror', (error) => errors.push(error.message))
  page.on('console', (message) => void (message.type() === 'error' && errors.push(message.text())))
  const strangers: string[] = []
  page.on('request', (request) => void (request.url().startsWith(api.url) || strangers.push(request.url())))

  const wanted = Object.values(pages()).flatMap((some) => Object.entries(some ?? {}))
  for (const [name, path] of wanted) {
    // The way in is looked at before there is a password, all else after it.
    if (name === 'overview') {
      await setPassword(api.database, PASSWORD)
      await page.goto(`${api.url}/console`)
      await logIn(page)
      await page.waitForURL(`${api.url}/console`)
    }
    const { bytes, ready } = await weigh(page, network, `${api.url}/console${path}`)
    expect(bytes).toBeGreaterThan(1_000)
    expect([name, bytes < MOST.bytes ? 'small' : bytes]).toEqual([name, 'small'])
    expect([name, ready < MOST.ready ? 'quick' : ready]).toEqual([name, 'quick'])
    await look(page, name)
    // Back to English: the choice of a language stays.
    if (path.includes('lang=fr')) await page.goto(`${api.url}/console?lang=en`)
  }
  // Two answers of these pages are told as such: a token that is wrong, and an address that is not there.
  expect(errors.filter((text) => !/status of 40[34]/.test(text))).toEqual([])
  expect(strangers).toEqual([])
})

test('what was wrong is told fit for eyes and ears too', { timeout: 300_000 }, async () => {
  const page = await context.newPage()
  await page.goto(`${api.url}/console/contracts`)
  await page.locator('summary', { hasText: 'Add a contract' }).click()
  await page.getByLabel('Code').fill('a b')
  await page.getByLabel('E-mail').fill('nobody@example')
  await page.getByRole('button', { name: 'Add a contract' }).click()
  await page.getByText('A code has 1 to 64 letters').waitFor()
  expect(await page.evaluate('document.activeElement.id')).toBe('code')
  await look(page, 'contract-wrong')
  await page.locator('summary', { hasText: 'Import from a file' }).click()
  await page.setInputFiles('#file', {
    name: 'c.csv',
    mimeType: 'text/csv',
    buffer: Buffer.from('code,x\na b'),
  })
  await page.getByRole('button', { name: 'Import', exact: true }).click()
  await page.getByText('Nothing was imported').first().waitFor()
  await look(page, 'import-wrong')
  await page.goto(`${api.url}/console/requests`)
  await page.getByText('Find requests').click()
  await look(page, 'requests-filter-open')
  await page.goto(`${api.url}/console/metrics`)
  for (const summary of await page.locator('.figures summary').all()) await summary.click()
  await look(page, 'metrics-figures')
  await page.getByRole('button', { name: 'Log out' }).click()
  await page.getByLabel('Password').fill('a wrong one')
  await page.keyboard.press('Enter')
  await page.getByText('This is not the password.').waitFor()
  await look(page, 'login-wrong')
})
