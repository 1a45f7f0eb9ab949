import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import type { Browser, Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { reportParts } from '../../../test/cli/report-parts.ts'
import { eventually, startApi, type TestApi } from '../../../test/setup/api.ts'
import { look, openBrowser, weigh } from '../../../test/setup/browser.ts'
import { type GivenFiles, type GivenRequest, requestWith } from '../../../test/setup/request-files.ts'
import { buildReport } from '../../upgrade/report/build.ts'
import type { ReportModel } from '../../upgrade/report/model.ts'
import { renderReport } from '../../upgrade/report/render.ts'

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

function requestOf(report: ReportModel, more: GivenFiles = {}): Promise<GivenRequest> {
  return requestWith(api, 'done', {
    ...more,
    report: {
      ...{ content: Buffer.from(renderReport(report)), name: 'db-report.html' },
      type: 'text/html; charset=utf-8',
    },
    notes: {
      ...{ content: Buffer.from(JSON.stringify(report)), name: 'db-notes.json' },
      type: 'application/json',
    },
  })
}

const small = () => buildReport(reportParts())

/** Of a customer with many modules, many views of his own, and much that was kept. */
function large(): ReportModel {
  const report = small()
  const xml = '<xpath expr="//field[@name=\'partner_id\']" position="after"><field name="x_note"/></xpath>'
  return {
    ...report,
    decisions: [
      ...report.decisions,
      ...Array.from({ length: 3000 }, (_, index) => ({
        ...{ kind: 'view switched off' as const, subject: `own.view.${index}` },
        outcome: 'switched off: the view that it extends is gone',
        facts: { id: String(4000 + index), model: `res.model${index % 40}` },
        body: `${xml}<!-- ${index} ${(index * 7919).toString(36).repeat(9)} -->`,
      })),
    ],
    modules: [
      ...report.modules,
      ...Array.from({ length: 200 }, (_, index) => ({
        ...{ name: `own_module_${index}`, outcome: 'custom' as const },
      })),
    ],
  }
}

const get = (made: GivenRequest, target: string) => fetch(`${api.url}${made.base}/${target}`)

test.each([
  ['en', 'What needs your eye', 'Back to the request'],
  ['fr', 'Ce qui demande votre attention', 'Retour à la demande'],
])('in %s, with ways back and to the file', async (language, heading, back) => {
  const response = await get(await requestOf(small()), `upgraded/notes?lang=${language}`)
  const text = await response.text()
  expect(response.status).toBe(200)
  expect(text).toContain(`<html lang="${language}"`)
  expect(text).toContain(heading)
  expect(text).toContain(back)
  expect(text).toContain(`href="../report?download=1&amp;lang=${language}"`)
  expect(response.headers.get('content-security-policy')).toMatch(
    /^default-src 'none'; style-src 'sha256-[^']+'; script-src 'self'; base-uri 'none'; form-action 'none'/,
  )
})

test('the one file that is saved is in the language of the page that it is saved from', async () => {
  const made = await requestOf(small(), { upgraded: { content: Buffer.from('PGDMP') } })
  const kept = await get(made, 'report?download=1&lang=en')
  expect(kept.headers.get('repr-digest')).not.toBeNull()
  expect(await kept.text()).toContain('What needs your eye')
  const french = await get(made, 'report?download=1&lang=fr')
  expect(french.headers.get('content-disposition')).toMatch(/^attachment; filename="db-report.html"/)
  expect(french.headers.get('content-security-policy')).toContain(
    "default-src 'none'; style-src 'unsafe-inline'",
  )
  const text = await french.text()
  expect(text).toContain('Ce qui demande votre attention')
  expect(text).not.toContain('<script')
  expect(await (await get(made, 'status?lang=fr')).text()).toContain('href="report?download=1&amp;lang=fr"')
})

test('not there yet, and said so in the reader’s language', async () => {
  const response = await get(await requestWith(api, 'progress'), 'upgraded/notes?lang=fr')
  expect(response.status).toBe(404)
  const text = await response.text()
  expect(text).toContain('<html lang="fr">')
  expect(text).toContain('La mise à niveau est en cours')
  expect(text).not.toContain('The upgrade')
})

test('notes that cannot be read are shown as the file that was made with them', async () => {
  const made = await requestWith(api, 'done', {
    report: { content: Buffer.from('<!doctype html><h1>the file</h1>'), type: 'text/html; charset=utf-8' },
    notes: { content: Buffer.from('{"format": 9}'), type: 'application/json' },
  })
  expect(await (await get(made, 'upgraded/notes')).text()).toContain('the file')
})

describe('in a browser', () => {
  const opened = async (made: GivenRequest, options: Parameters<Browser['newContext']>[0] = {}) => {
    const context = await browser.newContext({ locale: 'en', ...options })
    const page = await context.newPage()
    await page.goto(`${api.url}${made.base}/upgraded/notes`)
    return page
  }
  const shown = (page: Page) =>
    page.locator(':is(tbody > tr, .entries > li, .modules > li):visible').allTextContents()

  test('all that has the words is found, opened and counted; by keyboard alone', async () => {
    const page = await opened(await requestOf(small()))
    await look(page, 'notes')
    const whole = (await shown(page)).length
    await page.keyboard.press('/')
    await page.keyboard.type('ACME.partner x_rating')
    const found = page.locator('#found')
    await eventually(async () => expect(await found.textContent()).toMatch(/^1 /), 30_000)
    const [entry, ...others] = await shown(page)
    expect(others).toEqual([])
    expect(entry).toContain('acme.partner.form')
    expect(await page.getByText('<field name="x_rating"/>').isVisible()).toBe(true)
    await page.getByRole('searchbox').fill('stock_location')
    await eventually(async () => expect((await shown(page)).join()).toContain('stock_location'), 30_000)
    await page.getByRole('searchbox').fill('')
    await eventually(async () => expect(await shown(page)).toHaveLength(whole), 30_000)
    expect(await found.textContent()).toBe('')
    await page.context().close()
  })

  test('printed as a whole', async () => {
    const page = await opened(await requestOf(small()))
    await page.emulateMedia({ media: 'print' })
    await page.evaluate(`dispatchEvent(new Event('beforeprint'))`)
    expect(await page.locator('details:not([open])').count()).toBe(0)
    expect(await page.getByText('<field name="x_rating"/>').isVisible()).toBe(true)
    expect(await page.locator('nav').isVisible()).toBe(false)
    const pdf = await page.pdf()
    expect(pdf.subarray(0, 5).toString()).toBe('%PDF-')
    await page.context().close()
  })

  test('the file works alone, from a disk, without network', async () => {
    const made = await requestOf(small())
    const response = await get(made, 'report?download=1')
    expect(response.headers.get('content-disposition')).toContain('attachment')
    const path = join(api.folder, 'saved.html')
    await writeFile(path, await response.text())
    const context = await browser.newContext({ locale: 'en' })
    await context.setOffline(true)
    const page = await context.newPage()
    const asked: string[] = []
    page.on('request', (request) => asked.push(request.url()))
    await page.goto(pathToFileURL(path).href)
    await look(page, 'notes-file')
    await page.locator('summary', { hasText: 'acme.partner.form' }).click()
    expect(await page.getByText('<field name="x_rating"/>').isVisible()).toBe(true)
    expect(asked).toEqual([pathToFileURL(path).href])
    await context.close()
  })

  test('light and quick, also for a customer with 3,000 views and 200 modules of his own', async () => {
    for (const report of [small(), large()]) {
      const made = await requestOf(report)
      const { bytes, ready } = await weigh(browser, `${api.url}${made.base}/upgraded/notes`)
      expect(bytes).toBeLessThan(100_000)
      expect(ready).toBeLessThan(1000)
    }
    const page = await opened(await requestOf(large()), { javaScriptEnabled: false })
    expect(await page.locator('main').textContent()).toMatch(/and [\d,]+ more/)
    await page.context().close()
  })
})
