import { mkdir } from 'node:fs/promises'
import { join, resolve } from 'node:path'
import { AxeBuilder } from '@axe-core/playwright'
import { type Browser, type BrowserContext, chromium, type Page } from 'playwright-core'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { eventually, startApi, type TestApi } from '../../../test/setup/api.ts'
import { PASSWORD } from '../../../test/setup/operator.ts'
import { requestIn } from '../../../test/setup/request-states.ts'
import { Presence } from '../../jobs/presence.ts'
import { makeSetupToken } from '../../operator/setup.ts'
import { requestStates } from '../../requests/request.ts'

const screenshots = resolve(import.meta.dirname, '../../../screenshots/console')
/** Each width in a scheme of its own: contrast does not depend on the width. */
const looks = [
  { width: 360, colorScheme: 'dark' },
  { width: 1280, colorScheme: 'light' },
] as const

let api: TestApi
let browser: Browser
const ids: Record<string, number> = {}
beforeAll(async () => {
  await mkdir(screenshots, { recursive: true })
  api = await startApi()
  browser = await chromium.launch({ executablePath: '/usr/bin/chromium', args: ['--no-sandbox'] })
  for (const state of requestStates) {
    ids[state] = (await requestIn(api.database, state, { filename: `${state}_2026.sql.gz` })).id
    await requestIn(api.database, state)
  }
  await api.database.pool.query(`
    INSERT INTO service.stage (request, name, place, attempt, state, started_at, finished_at, seconds)
    SELECT r.id, s.name, s.place, 1, 'done', now(), now(), 7 * s.place FROM service.request r,
           unnest(ARRAY['received', 'inspected', 'loaded', 'recorded', 'hop 7.0-8.0', 'aligned', 'filled', 'constrained', 'verified', 'written']) WITH ORDINALITY AS s (name, place)
     WHERE r.state IN ('done', 'failed');
    INSERT INTO service.measure (request, source, target, hops, bytes, seconds) SELECT id, '7.0', '8.0', 1, id * 40000, id - 10000 FROM service.request;
    UPDATE service.request SET failure = '{"code": "LOAD:DATA", "message": "A row of res_partner has too few fields.", "detail": {"table": "res_partner"}}' WHERE state = 'failed';
    UPDATE service.ticket_message SET last_error = 'connect ECONNREFUSED 192.0.2.1:443', given_up_at = now() WHERE id % 5 = 0;`)
  const worker = new Presence(api.database, { instance: 'worker-1', concurrency: 2 })
  await worker.during(ids.progress!, () => worker.tell())
})
afterAll(async () => {
  await browser?.close()
  await api?.close()
})

async function open(options: Parameters<Browser['newContext']>[0] = {}): Promise<[BrowserContext, Page]> {
  const context = await browser.newContext(options)
  context.setDefaultTimeout(60_000)
  return [context, await context.newPage()]
}

/** Looks at a page at both widths: nothing that axe finds, nothing beside the screen, no error in the browser. */
async function look(page: Page, name: string): Promise<void> {
  for (const { width, colorScheme } of looks) {
    await page.setViewportSize({ width, height: 900 })
    await page.emulateMedia({ colorScheme })
    const { violations } = await new AxeBuilder({ page }).analyze()
    const found = violations.map(({ id, nodes }) => `${id}: ${nodes[0]?.html}`)
    expect([name, width, found]).toEqual([name, width, []])
    expect(await page.evaluate('document.documentElement.scrollWidth <= window.innerWidth')).toBe(true)
    await page.screenshot({ path: join(screenshots, `${name}-${width}.png`), fullPage: true })
  }
}

test('the operator sets the password, logs in and finds every page fit for eyes, ears and phones', async () => {
  const [context, page] = await open()
  const errors: string[] = []
  page.on('pageerror', (error) => errors.push(error.message))
  page.on('console', (message) => void (message.type() === 'error' && errors.push(message.text())))
  const strangers: string[] = []
  page.on('request', (request) => void (request.url().startsWith(api.url) || strangers.push(request.url())))

  await page.goto(`${api.url}/console/setup?token=${await makeSetupToken(api.database)}`)
  await look(page, 'setup')
  await page.getByLabel('Password', { exact: true }).fill(PASSWORD)
  await page.getByLabel('The same password again').fill(PASSWORD)
  await page.getByRole('button', { name: 'Set the password' }).click()
  await page.waitForURL(/\/console\/login/)
  await look(page, 'login')
  await page.getByLabel('Password').fill(PASSWORD)
  await page.getByRole('button', { name: 'Log in' }).click()
  await page.waitForURL(`${api.url}/console`)

  for (const [name, path] of Object.entries({
    overview: '',
    requests: '/requests',
    'requests-filtered': '/requests?state=failed&text=2026',
    'request-failed': `/requests/${ids.failed}`,
    'request-done': `/requests/${ids.done}`,
    'request-progress': `/requests/${ids.progress}`,
    'request-delete': `/requests/${ids.done}/delete`,
    contracts: '/contracts',
    'contract-edit': '/contracts/edit?code=M123456-abcdef',
    references: '/references',
    tickets: '/tickets?view=failed',
    metrics: '/metrics',
    settings: '/settings',
    'overview-french': '?lang=fr',
  })) {
    const answer = await page.goto(`${api.url}/console${path}`)
    expect([name, answer!.status()]).toEqual([name, 200])
    await look(page, name)
  }
  expect({ errors, strangers }).toEqual({ errors: [], strangers: [] })
  await context.close()
}, 600_000)

test('a page with all that it loads stays below 100 KB', async () => {
  const [context, page] = await open()
  await page.goto(`${api.url}/console`)
  let bytes = 0
  page.on('response', async (answer) => {
    bytes += Number((await answer.allHeaders())['content-length'] ?? (await answer.body()).length)
  })
  await page.getByLabel('Password').fill(PASSWORD)
  await Promise.all([page.waitForURL(`${api.url}/console`), page.getByLabel('Password').press('Enter')])
  await page.waitForLoadState('networkidle')
  expect(bytes).toBeGreaterThan(1000)
  expect(bytes).toBeLessThan(100_000)
  await context.close()
})

test('an open page shows what has changed, without being asked', async () => {
  const [context, page] = await open()
  await page.goto(`${api.url}/console/requests/${ids.pending}`)
  await page.getByLabel('Password').fill(PASSWORD)
  await page.getByRole('button', { name: 'Log in' }).click()
  await page.waitForURL(`${api.url}/console/requests/${ids.pending}`)
  await api.database.pool.query(
    `INSERT INTO service.log (request, level, message) VALUES ($1, 'info', 'A line that came later')`,
    [ids.pending],
  )
  await page.getByText('A line that came later').waitFor()
  await api.database.pool.query(
    `UPDATE service.request SET state = 'failed', finished_at = now() WHERE id = $1`,
    [ids.pending],
  )
  await page.getByRole('button', { name: 'Try again' }).waitFor()
  await context.close()
})

test('everything is done without JavaScript too', async () => {
  const [context, page] = await open({ javaScriptEnabled: false })
  await page.goto(`${api.url}/console/contracts`)
  await page.getByLabel('Password').fill(PASSWORD)
  await page.getByRole('button', { name: 'Log in' }).click()
  await page.waitForURL(`${api.url}/console/contracts`)
  await page.locator('summary', { hasText: 'Add a contract' }).click()
  await page.getByLabel('Code').fill('M777777-script')
  await page.getByLabel('Requests at the same time').fill('3')
  await page.getByRole('button', { name: 'Add a contract' }).click()
  await page.getByText('The contract is added.').waitFor()
  await page.getByRole('link', { name: 'Change contract M777777-script' }).click()
  await page.getByRole('button', { name: 'Revoke contract M777777-script' }).click()
  await page.getByText('The contract is revoked').waitFor()
  await page.goto(`${api.url}/console/requests/${ids.cancelled}`)
  await page.getByRole('button', { name: 'Try again' }).click()
  await page.getByText('waits for its turn again').waitFor()
  await page.goto(`${api.url}/console/requests/${ids.done}`)
  await page.getByRole('link', { name: 'Delete …' }).click()
  await page.getByRole('button', { name: 'Delete it for good' }).click()
  await page.getByText('The request is deleted with its files.').waitFor()
  await page.getByRole('button', { name: 'Log out' }).click()
  await page.getByText('You are logged out.').waitFor()
  await eventually(async () => {
    const { rows } = await api.database.pool.query(
      `SELECT revoked_at IS NOT NULL AS revoked FROM service.contract WHERE code = 'M777777-script'`,
    )
    expect(rows).toEqual([{ revoked: true }])
  })
  await context.close()
})
