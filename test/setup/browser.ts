import { mkdir } from 'node:fs/promises'
import { join, resolve } from 'node:path'
import { AxeBuilder } from '@axe-core/playwright'
import { type Browser, type CDPSession, chromium, type Page } from 'playwright-core'
import { expect } from 'vitest'

/** Pictures of pages, to be looked at; they are not kept with the sources. */
export const screenshots = resolve(import.meta.dirname, '../../screenshots')

/** Each width in a scheme of its own: contrast does not depend on the width. */
const looks = [
  { name: 'phone', width: 360, height: 780, colorScheme: 'dark' },
  { name: 'desktop', width: 1280, height: 900, colorScheme: 'light' },
] as const

export async function openBrowser(): Promise<Browser> {
  await mkdir(screenshots, { recursive: true })
  return chromium.launch({ executablePath: '/usr/bin/chromium', args: ['--no-sandbox'] })
}

/** Sets how a page, and none but it, is connected; `upload` in bytes a second. */
export async function connect(
  network: CDPSession,
  { offline = false, upload = -1 }: { offline?: boolean; upload?: number },
): Promise<void> {
  await network.send('Network.enable')
  await network.send('Network.emulateNetworkConditions', {
    offline,
    latency: 0,
    downloadThroughput: -1,
    uploadThroughput: upload,
  })
}

/** As a person drags a file from his desktop. */
export async function drop(page: Page, path: string): Promise<void> {
  await page.evaluate(`{
    const input = document.createElement('input')
    input.type = 'file'
    input.id = 'desktop'
    document.body.append(input)
  }`)
  await page.setInputFiles('#desktop', path)
  await page.evaluate(`{
    const desktop = document.querySelector('#desktop')
    const dataTransfer = new DataTransfer()
    dataTransfer.items.add(desktop.files[0])
    desktop.remove()
    document.querySelector('#drop').dispatchEvent(new DragEvent('drop', { dataTransfer, bubbles: true, cancelable: true }))
  }`)
}

/** What axe finds. Pages have no frames of other origins, for which alone it would open a page of its own each time. */
export async function violationsOn(
  page: Page,
): Promise<Awaited<ReturnType<AxeBuilder['analyze']>>['violations']> {
  return (await new AxeBuilder({ page }).setLegacyMode().analyze()).violations
}

export async function expectAccessible(page: Page): Promise<void> {
  const violations = await violationsOn(page)
  expect(violations.map(({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html).join(' ')}`)).toEqual([])
}

/**
 * Looks at a page as it stands, on a phone and on a desktop: nothing that axe finds, nothing beside the screen; and a picture
 * of it.
 * @param judged the page that axe looks at: it runs as a script, so a page where none may run has to have a double
 */
export async function look(page: Page, name: string, judged = page): Promise<void> {
  const before = page.viewportSize()
  for (const { name: on, colorScheme, ...size } of looks) {
    await page.setViewportSize(size)
    await page.emulateMedia({ colorScheme })
    if (judged !== page) await judged.setViewportSize(size)
    if (judged !== page) await judged.emulateMedia({ colorScheme })
    await expectAccessible(judged)
    expect(await page.evaluate('document.documentElement.scrollWidth')).toBeLessThanOrEqual(size.width)
    await page.screenshot({ path: join(screenshots, `${name}-${on}.png`), fullPage: true })
  }
  if (before) await page.setViewportSize(before)
}

/**
 * Opens a page a few times with nothing kept from before.
 * @returns the bytes of it with all that it loads, and the milliseconds until it could be used in the quickest load
 */
export async function weigh(
  browser: Browser,
  url: string,
  loads = 4,
): Promise<{ bytes: number; ready: number }> {
  const context = await browser.newContext({ locale: 'en' })
  const page = await context.newPage()
  const network = await context.newCDPSession(page)
  await network.send('Network.enable')
  await network.send('Network.setCacheDisabled', { cacheDisabled: true })
  let bytes = 0
  // A stream of events has no end: what has come of it counts too.
  network.on('Network.responseReceived', ({ type, response }) => {
    if (type === 'EventSource') bytes += response.encodedDataLength
  })
  network.on('Network.eventSourceMessageReceived', ({ data }) => {
    bytes += data.length
  })
  network.on('Network.loadingFinished', ({ encodedDataLength }) => {
    bytes += encodedDataLength
  })
  const measured: { bytes: number; ready: number }[] = []
  for (let load = 0; load < loads; load++) {
    bytes = 0
    await page.goto(url, { waitUntil: 'load' })
    const ready = await page.evaluate<number>(
      `performance.getEntriesByType('navigation')[0].domContentLoadedEventEnd`,
    )
    measured.push({ bytes, ready })
  }
  await context.close()
  return {
    bytes: Math.max(...measured.map((each) => each.bytes)),
    ready: Math.min(...measured.map((each) => each.ready)),
  }
}
