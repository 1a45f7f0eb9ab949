import type { Browser, BrowserContext, Locator, Page } from 'playwright-core'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { eventually, startApi, type TestApi } from '../../../test/setup/api.ts'
import { openBrowser } from '../../../test/setup/browser.ts'
import { fillConsole, type Shown } from '../../../test/setup/console.ts'
import { PASSWORD } from '../../../test/setup/operator.ts'
import { requestIn } from '../../../test/setup/request-states.ts'
import { setPassword } from '../../operator/password.ts'
import { loadRequest } from '../../requests/find.ts'

let api: TestApi
let shown: Shown
let browser: Browser
beforeAll(async () => {
  api = await startApi({
    UPLIFT_TICKETS: 'webhook',
    UPLIFT_WEBHOOK_URL: 'http://127.0.0.1:1/',
    UPLIFT_WEBHOOK_SECRET: 'hidden-webhook-secret',
  })
  await setPassword(api.database, PASSWORD)
  shown = await fillConsole(api)
  browser = await openBrowser()
}, 120_000)
afterAll(async () => {
  await browser?.close()
  await api?.close()
})

async function open(options: Parameters<Browser['newContext']>[0] = {}): Promise<[BrowserContext, Page]> {
  const context = await browser.newContext({
    locale: 'en',
    viewport: { width: 1280, height: 900 },
    ...options,
  })
  context.setDefaultTimeout(60_000)
  return [context, await context.newPage()]
}

const state = async (id: number) => (await loadRequest(api.database.pool, id))?.state

/** Presses Tab until something has the focus; whatever has it on the way can be seen to have it. */
async function tabTo(page: Page, wanted: Locator): Promise<void> {
  await wanted.waitFor()
  for (let press = 0; press < 150; press++) {
    await page.keyboard.press('Tab')
    const outline = await page.evaluate<string>(
      `document.activeElement === document.body ? 'none of the page' : getComputedStyle(document.activeElement).outlineStyle`,
    )
    expect(outline).not.toBe('none')
    if (await wanted.evaluate((element) => element === element.ownerDocument.activeElement)) return
  }
  throw new Error('It cannot be reached with Tab.')
}

test('with the keyboard alone one logs in, finds, tries again and deletes', {
  timeout: 300_000,
}, async () => {
  const [context, page] = await open()
  await page.goto(`${api.url}/console`)
  // The field of the password has the focus already.
  await page.keyboard.type(PASSWORD)
  await page.keyboard.press('Enter')
  await page.waitForURL(`${api.url}/console`)

  await tabTo(page, page.getByRole('link', { name: 'Skip to the content' }))
  await tabTo(page, page.getByRole('link', { name: 'Requests', exact: true }))
  await page.keyboard.press('Enter')
  await page.waitForURL(`${api.url}/console/requests`)

  await tabTo(page, page.locator('summary', { hasText: 'Find requests' }))
  await page.keyboard.press('Enter')
  await tabTo(page, page.getByLabel('State'))
  await page.keyboard.type('Failed')
  await tabTo(page, page.getByLabel('Text'))
  await page.keyboard.type('failed_2026')
  await page.keyboard.press('Enter')
  await page.waitForURL(/state=failed/)
  const { failed: id } = shown.ids
  await tabTo(page, page.getByRole('link', { name: String(id), exact: true }))
  await page.keyboard.press('Enter')
  await page.waitForURL(`${api.url}/console/requests/${id}`)

  await tabTo(page, page.getByRole('button', { name: 'Try again' }))
  await page.keyboard.press('Enter')
  await page.getByText('The request waits for its turn again.').waitFor()
  expect(await state(id)).toBe('pending')
  await tabTo(page, page.getByRole('button', { name: 'Cancel the upgrade' }))
  await page.keyboard.press('Enter')
  await page.getByText('The request is cancelled.').waitFor()
  expect(await state(id)).toBe('cancelled')

  await tabTo(page, page.getByRole('link', { name: 'Delete …' }))
  await page.keyboard.press('Enter')
  await page.getByRole('heading', { name: `Delete request ${id}?` }).waitFor()
  expect(await state(id)).toBe('cancelled')
  await tabTo(page, page.getByRole('button', { name: 'Delete it for good' }))
  await page.keyboard.press('Enter')
  await page.getByText('The request is deleted with its files.').waitFor()
  expect(await state(id)).toBeUndefined()

  await tabTo(page, page.getByRole('button', { name: 'Log out' }))
  await page.keyboard.press('Enter')
  await page.getByText('You are logged out.').waitFor()
  await context.close()
})

test('an open page shows what has changed, without being asked', { timeout: 120_000 }, async () => {
  const { id } = await requestIn(api.database, 'pending')
  const [context, page] = await open()
  await page.goto(`${api.url}/console/requests/${id}`)
  await page.getByLabel('Password').fill(PASSWORD)
  await page.getByRole('button', { name: 'Log in' }).click()
  await page.waitForURL(`${api.url}/console/requests/${id}`)
  await api.database.pool.query(
    `INSERT INTO service.log (request, level, message) VALUES ($1, 'info', 'A line that came later')`,
    [id],
  )
  await page.getByText('A line that came later').waitFor()
  await api.database.pool.query(
    `UPDATE service.request SET state = 'failed', finished_at = now() WHERE id = $1`,
    [id],
  )
  await page.getByRole('button', { name: 'Try again' }).waitFor()
  await context.close()
})

test('everything is done without JavaScript too', { timeout: 300_000 }, async () => {
  const [context, page] = await open({ javaScriptEnabled: false })
  const press = (name: string) => page.getByRole('button', { name }).click()
  await page.goto(`${api.url}/console/contracts`)
  await page.getByLabel('Password').fill(PASSWORD)
  await press('Log in')
  await page.waitForURL(`${api.url}/console/contracts`)

  await page.locator('summary', { hasText: 'Add a contract' }).click()
  await page.getByLabel('Code').fill('M777777-script')
  await page.getByLabel('Requests at the same time').fill('3')
  await press('Add a contract')
  await page.getByText('The contract is added.').waitFor()
  await page.getByRole('link', { name: 'Change contract M777777-script' }).click()
  await page.getByLabel('Name').fill('A company')
  await press('Save')
  await page.getByText('The contract is changed.').waitFor()
  await page.getByRole('link', { name: 'Change contract M777777-script' }).click()
  await press('Revoke contract M777777-script')
  await page.getByText('The contract is revoked').waitFor()
  await page.getByRole('link', { name: 'Change contract M777777-script' }).click()
  await press('Restore')
  await page.getByText('The contract is restored.').waitFor()
  await page.locator('summary', { hasText: 'Import from a file' }).click()
  await page.setInputFiles('#file', {
    name: 'c.csv',
    mimeType: 'text/csv',
    buffer: Buffer.from('code,name\nM888888-file,Of a file\n'),
  })
  await press('Import')
  await page.getByText('Imported: 1 added, 0 updated.').waitFor()

  const { cancelled, done, pending } = shown.ids
  await page.goto(`${api.url}/console/requests`)
  await page.locator('summary', { hasText: 'Find requests' }).click()
  await page.getByLabel('State').selectOption('Cancelled')
  await page.getByLabel('Text').fill('cancelled_2026')
  await press('Show')
  await page.getByRole('link', { name: String(cancelled), exact: true }).click()
  await press('Try again')
  await page.getByText('waits for its turn again').waitFor()
  await page.goto(`${api.url}/console/requests/${pending}`)
  await press('Cancel the upgrade')
  await page.getByText('The request is cancelled.').waitFor()
  await page.goto(`${api.url}/console/requests/${done}`)
  const [download] = await Promise.all([
    page.waitForEvent('download'),
    page.getByRole('link', { name: 'Uploaded dump' }).click(),
  ])
  expect(download.suggestedFilename()).toBe('db_name.dump')
  await page.getByRole('link', { name: 'Delete …' }).click()
  await press('Delete it for good')
  await page.getByText('The request is deleted with its files.').waitFor()

  await page.getByRole('link', { name: 'References', exact: true }).click()
  await page.getByLabel('Version of the database').selectOption('8.0')
  await page.setInputFiles('#dump', {
    name: 'a_letter.dump',
    mimeType: 'application/octet-stream',
    buffer: Buffer.from('Dear all,'),
  })
  await press('Send and add')
  await page.getByText('The dump has arrived and is being read.').waitFor()
  await eventually(async () => {
    await page.goto(`${api.url}/console/references`)
    expect(await page.getByRole('row', { name: 'a_letter.dump' }).first().textContent()).toContain(
      'Not taken',
    )
  }, 90_000)

  await page.getByRole('link', { name: 'Tickets', exact: true }).click()
  await page.getByRole('link', { name: 'With an error' }).click()
  await page
    .getByRole('button', { name: /^Send message/ })
    .first()
    .click()
  await page.getByText('The message is sent again in a moment.').waitFor()

  await page.getByRole('link', { name: 'Metrics', exact: true }).click()
  await page.getByRole('link', { name: 'Last 30 days' }).click()
  await page.locator('summary', { hasText: 'Length of the queue' }).click()
  await page.getByRole('columnheader', { name: 'Waiting, at most' }).waitFor()

  await page.getByRole('link', { name: 'Settings', exact: true }).click()
  await press('End all sessions')
  await page.getByText('You are logged out.').waitFor()
  await page.goto(`${api.url}/console/settings`)
  await page.getByRole('heading', { name: 'Log in' }).waitFor()
  const { rows } = await api.database.pool.query(
    `SELECT code, name, revoked_at FROM service.contract WHERE code IN ('M777777-script', 'M888888-file') ORDER BY code`,
  )
  expect(rows).toEqual([
    { code: 'M777777-script', name: 'A company', revoked_at: null },
    { code: 'M888888-file', name: 'Of a file', revoked_at: null },
  ])
  await context.close()
})
