import { execFile } from 'node:child_process'
import { createHash, randomBytes } from 'node:crypto'
import { mkdtemp, readFile, rm, stat } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { promisify } from 'node:util'
import type { Browser, Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { findPrograms } from '../../src/postgres/programs.ts'
import { ident } from '../../src/postgres/sql.ts'
import {
  call,
  createRequest,
  newDataFolder,
  removeData,
  type Served,
  served,
  uploadDump,
} from '../service/served.ts'
import { eventually, plainDump } from '../setup/api.ts'
import { connect, drop, look, openBrowser, weigh } from '../setup/browser.ts'
import { hasRealDatabases, realDatabase, testServer } from '../setup/databases.ts'

const run = promisify(execFile)
const uplift = resolve(import.meta.dirname, '../../bin/uplift')
const NAME = 'openerp-7.0-demo.dump'
const BYTES = 8_661_465
/** An upgrade on a machine that has much else to do. */
const LONG = 400_000
const WAIT = { timeout: 120_000 }
/** Slow enough that something can happen in between. */
const SLOW = 700_000

/** What the page of a running upgrade said at one moment. */
interface Moment {
  title: string
  elapsed: string
  running: string[]
  progress: string[]
  log: string
}

describe.skipIf(!hasRealDatabases)('the way of a person, from the form to a verified database', () => {
  let service: Served
  let browser: Browser
  beforeAll(async () => {
    const dataFolder = await newDataFolder()
    await run(uplift, ['reference', 'add', '8.0', realDatabase('odoo-8.0-fresh.dump'), '--data', dataFolder])
    service = await served({ dataFolder })
    browser = await openBrowser()
  }, 300_000)
  afterAll(async () => {
    await browser?.close()
    await service?.stop()
    await removeData(service.dataFolder)
  })

  test('with a connection that is lost in between', async () => {
    const context = await browser.newContext({
      viewport: { width: 1280, height: 900 },
      locale: 'en',
      permissions: ['clipboard-read', 'clipboard-write'],
    })
    context.setDefaultTimeout(WAIT.timeout)
    const page = await context.newPage()
    const errors: string[] = []
    page.on('pageerror', (error) => errors.push(error.message))
    await page.goto(service.url)
    await look(page, 'way-1-form')
    await expectLight(service.url)

    const sent = await uploadWithALoss(page)
    expect(sent[0]).toBe(0)
    expect(sent.at(-1)).toBeGreaterThan(0)
    await page.getByRole('button', { name: 'Go on to the start' }).click()
    await page.waitForURL(/\/status$/)
    await look(page, 'way-5-draft')
    await expectLight(page.url())

    const navigations: string[] = []
    const moments = await watch(page)
    await page.getByRole('button', { name: 'Start the upgrade' }).click()
    await page.locator('#live[data-state="progress"]').waitFor()
    page.on('framenavigated', (frame) => void (frame === page.mainFrame() && navigations.push(frame.url())))
    const other = await context.newPage()
    await other.goto(page.url())
    await look(other, 'way-6-progress')
    await other.close()
    await expectLight(page.url())
    await page.getByRole('link', { name: 'Read the notes' }).waitFor({ timeout: LONG })
    // Only when all was over the page was asked for anew.
    expect(navigations).toEqual([page.url()])
    expectLive(moments)
    expect(await page.title()).toBe(`✔ Done · ${NAME} · Uplift`)
    await look(page, 'way-7-done')
    await expectLight(page.url())

    await readNotes(page, 'way-9-notes', look)
    const archive = await downloadArchive(page)
    await expectVerified(archive, service.dataFolder)
    await page.getByRole('button', { name: 'Copy' }).first().click()
    const commands = await page.evaluate<string>('navigator.clipboard.readText()')
    expect(commands).toBe(await page.locator('#command-restore').textContent())
    await expectRestores(commands)
    expect(errors).toEqual([])
    await context.close()
  }, 900_000)

  test('without scripts', async () => {
    const context = await browser.newContext({
      viewport: { width: 360, height: 780 },
      locale: 'en',
      javaScriptEnabled: false,
    })
    context.setDefaultTimeout(WAIT.timeout)
    const page = await context.newPage()
    await page.goto(service.url)
    await fill(page)
    await page.getByLabel('Version to upgrade to').selectOption('8.0')
    await page.setInputFiles('#file', realDatabase(NAME))
    await lookPlain(page, 'way-plain-1-form')
    await page.getByRole('button', { name: 'Upload and look at it' }).click()
    await page.waitForURL(/\/status$/)
    expect(await fact(page, 'Version')).toBe('7.0')
    await lookPlain(page, 'way-plain-2-draft')

    await page.getByRole('button', { name: 'Start the upgrade' }).click()
    await page.locator('#live:is([data-state="pending"], [data-state="progress"])').waitFor()
    const titles = new Set<string>()
    let navigations = 0
    page.on('framenavigated', async (frame) => {
      if (frame !== page.mainFrame()) return
      navigations++
      await page.title().then(
        (title) => titles.add(title),
        () => {}, // It is asked for anew already.
      )
    })
    // Nobody touches it: it asks again by itself.
    await page.getByRole('link', { name: 'Read the notes' }).waitFor({ timeout: LONG })
    expect(navigations).toBeGreaterThan(1)
    await eventually(() => expect([...titles]).toContain(`✔ Done · ${NAME} · Uplift`))
    expect([...titles].join()).toMatch(/▶ \d+ % · In progress/)
    const settled = navigations
    await lookPlain(page, 'way-plain-3-done')

    await readNotes(page, 'way-plain-4-notes', lookPlain)
    const archive = await downloadArchive(page)
    expect(navigations).toBeGreaterThan(settled)
    await expectVerified(archive, service.dataFolder)
    await expectRestores((await page.locator('#command-stream').textContent())!)
    await context.close()
  }, 900_000)

  test('that ends with a sentence on why it failed', async () => {
    const access = await createRequest(service.url, 'letters.sql')
    await uploadDump(service.url, access, new Uint8Array(plainDump(5000)))
    const { status_url } = await call(service.url, 'status', { ...access })
    const context = await browser.newContext({ locale: 'en' })
    const page = await context.newPage()
    page.setDefaultTimeout(WAIT.timeout)
    await page.goto(String(status_url))
    await page.getByRole('button', { name: 'Start the upgrade' }).click()
    await page.locator('#live[data-state="failed"]').waitFor()
    await page.getByRole('heading', { name: 'Why it failed' }).waitFor()
    expect(await page.title()).toBe('✖ Failed · letters.sql · Uplift')
    await look(page, 'way-8-failed')
    await expectLight(page.url())
    await context.close()
  })

  /** Drops the file; the connection is lost when a part of it is there. @returns where each piece began */
  async function uploadWithALoss(page: Page): Promise<number[]> {
    const network = await page.context().newCDPSession(page)
    await connect(network, { upload: SLOW })
    const sent: number[] = []
    page.on('request', (request) => {
      if (request.method() === 'PATCH') sent.push(Number(request.headers()['upload-offset']))
    })
    await fill(page)
    await drop(page, realDatabase(NAME))
    const version = page.locator('#fact-version')
    await eventually(async () => expect(await version.textContent()).toMatch(/^7\.0/), WAIT.timeout)
    const text = page.locator('#transfer-text')
    expect(await text.textContent()).toMatch(/ of 8\.7 MB · /)
    await connect(network, { offline: true })
    await eventually(
      async () => expect(await text.textContent()).toMatch(/^The connection is lost/),
      WAIT.timeout,
    )
    await look(page, 'way-3-lost')
    await connect(network, {})
    const on = page.getByRole('button', { name: 'Go on to the start' })
    await eventually(async () => expect(await on.isEnabled()).toBe(true), WAIT.timeout)
    expect(await version.textContent()).toBe('7.0')
    await look(page, 'way-4-whole')
    return sent
  }

  /** From the request to its notes and back, as a person reads them. */
  async function readNotes(page: Page, name: string, at: (page: Page, name: string) => Promise<void>) {
    const status = page.url()
    await page.getByRole('link', { name: 'Read the notes about the upgrade' }).click()
    await page.waitForURL(/\/upgraded\/notes$/)
    await at(page, name)
    await expectLight(page.url())
    await page.getByRole('link', { name: 'Back to the request' }).click()
    await page.waitForURL(status)
  }

  /** Looks at a page without scripts; what can be judged by a script only is judged on the same page with its scripts left out. */
  async function lookPlain(page: Page, name: string): Promise<void> {
    const context = await browser.newContext({ locale: 'en' })
    await context.route('**/*.js', (route) => route.abort())
    const double = await context.newPage()
    await double.goto(page.url())
    await look(page, name, double)
    await context.close()
  }

  async function expectLight(url: string): Promise<void> {
    const { bytes, ready } = await weigh(browser, url)
    expect(bytes).toBeGreaterThan(5000)
    expect(bytes, `the weight of ${url}`).toBeLessThan(100_000)
    expect(ready, `the time of ${url}`).toBeLessThan(1000)
  }
})

async function fill(page: Page): Promise<void> {
  await page.getByLabel('Contract').fill('M123456-abcdef')
  await page.getByLabel('E-mail address').fill('anna@example.com')
}

async function fact(page: Page, name: string): Promise<string | null> {
  return page
    .locator('dt', { hasText: new RegExp(`^${name}$`) })
    .locator('xpath=following-sibling::dd[1]')
    .textContent()
}

/** Notes what the page says whenever it says something else. The page is watched from the next load on. */
async function watch(page: Page): Promise<Moment[]> {
  const moments: Moment[] = []
  await page.exposeFunction('said', (moment: Moment) => void moments.push(moment))
  await page.addInitScript(`{
    const texts = (selector) => [...document.querySelectorAll(selector)].map((element) => element.textContent)
    const tell = () => {
      const live = document.querySelector('#live')
      if (!live || !live.hasAttribute('data-events')) return
      said({
        title: document.title,
        elapsed: texts('.now [data-since]').join(),
        running: texts('.stages tr.running th'),
        progress: texts('.stages tr.running td:nth-child(3)'),
        log: texts('.log li').join('\\n'),
      })
    }
    new MutationObserver(tell).observe(document, { subtree: true, childList: true, characterData: true })
  }`)
  return moments
}

/** Title, stages, their progress, the time and the log changed, and more than once. */
function expectLive(moments: readonly Moment[]): void {
  const different = (of: (moment: Moment) => string) =>
    new Set(moments.map(of).filter((text) => text !== '')).size
  expect(different(({ title }) => title)).toBeGreaterThan(3)
  expect(moments.some(({ title }) => /^▶ \d+ % · In progress · openerp/.test(title))).toBe(true)
  expect(different(({ elapsed }) => elapsed)).toBeGreaterThan(5)
  expect(different(({ running }) => running.join())).toBeGreaterThan(3)
  expect(different(({ progress }) => progress.join())).toBeGreaterThan(3)
  expect(different(({ log }) => log)).toBeGreaterThan(3)
}

/** Clicks the archive's link. @returns the file, which is the one that the page tells */
async function downloadArchive(page: Page): Promise<string> {
  const row = page.locator('#downloads tr', { hasText: 'Archive' }).first()
  const coming = page.waitForEvent('download')
  await row.getByRole('link').click()
  const download = await coming
  const path = await download.path()
  const { size } = await stat(path)
  expect(download.suggestedFilename()).toBe(await row.getByRole('link').textContent())
  expect(await row.locator('.number').textContent()).toBe(megabytes(size))
  const sha256 = createHash('sha256')
    .update(await readFile(path))
    .digest('hex')
  expect(await row.locator('.hash').textContent()).toBe(sha256)
  expect(size).not.toBe(BYTES)
  return path
}

function megabytes(bytes: number): string {
  return `${(bytes / 1e6).toFixed(bytes < 9_950_000 ? 1 : 0)} MB`
}

async function expectVerified(archive: string, dataFolder: string): Promise<void> {
  const { stdout } = await run(uplift, [
    ...['verify', archive, '--against', realDatabase('odoo-8.0-fresh.dump'), '--before', realDatabase(NAME)],
    ...['--data', dataFolder],
  ])
  expect(stdout).toContain('no violation')
}

/** Does what the page says, in a terminal of a person who has a PostgreSQL server. */
async function expectRestores(commands: string): Promise<void> {
  const server = testServer()
  const { host, port, user } = server.admin
  const name = `restored_${randomBytes(6).toString('hex')}`
  const folder = await mkdtemp(join(tmpdir(), 'uplift-restored-'))
  const lines = commands.replaceAll('NEW_DATABASE', name)
  try {
    await run('bash', ['-e', '-o', 'pipefail', '-c', lines], {
      cwd: folder,
      env: {
        ...process.env,
        PATH: `${findPrograms()}:${process.env.PATH}`,
        PGHOST: host,
        PGPORT: String(port),
        PGUSER: user,
      },
    })
    const { rows } = await server.withAdmin(
      (client) => client.query<{ count: number }>('SELECT count(*)::int FROM sale_order'),
      name,
    )
    expect(rows[0]!.count).toBeGreaterThan(0)
  } finally {
    await server.withAdmin((client) => client.query(`DROP DATABASE IF EXISTS ${ident(name)} WITH (FORCE)`))
    await rm(folder, { recursive: true, force: true })
  }
}
