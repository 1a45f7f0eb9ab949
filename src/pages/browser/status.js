// @ts-check
// Follows a running upgrade: the server sends the changing part of the page whenever it is another.

import { sayTimes } from './common.js'

const live = document.getElementById('live')
const announce = document.getElementById('announce')
const address = live?.getAttribute('data-events')

/** @param {string} text */
function say(text) {
  if (announce && announce.textContent !== text) announce.textContent = text
}

/** Counts the seconds of what runs. */
function tick() {
  for (const span of document.querySelectorAll('[data-since]')) {
    const since = new Date(span.getAttribute('data-since') ?? '').getTime()
    if (Number.isNaN(since)) continue
    const seconds = Math.max(0, Math.floor((Date.now() - since) / 1000))
    const [hours, minutes] = [Math.floor(seconds / 3600), Math.floor(seconds / 60) % 60]
    const two = (/** @type {number} */ value) => String(value).padStart(2, '0')
    span.textContent =
      hours > 0
        ? `${hours} h ${two(minutes)} min`
        : minutes > 0
          ? `${minutes} min ${two(seconds % 60)} s`
          : `${seconds} s`
  }
}

/** @param {{ title: string, state: string, html: string }} status */
function show({ title, state, html }) {
  if (!live) return
  const log = live.querySelector('.log')
  const top = log?.scrollTop ?? 0
  const atEnd = !log || top + log.clientHeight >= log.scrollHeight - 4
  const active = document.activeElement?.getAttribute('aria-label')
  live.innerHTML = html
  sayTimes(live)
  const next = live.querySelector('.log')
  if (next) next.scrollTop = atEnd ? next.scrollHeight : top
  if (active) {
    const again = live.querySelector(`[aria-label="${CSS.escape(active)}"]`)
    if (again instanceof HTMLElement) again.focus({ preventScroll: true })
  }
  document.title = document.title.replace(/^.*(?= · [^·]*$)/s, () => title)
  const icon = document.querySelector('link[rel=icon]')
  icon?.setAttribute('href', (icon.getAttribute('href') ?? '').replace(/[^/]*$/, `icon-${state}.svg`))
  if (live.getAttribute('data-state') !== state) {
    live.setAttribute('data-state', state)
    say(live.querySelector('.verdict')?.textContent ?? '')
  }
}

const written = document.querySelector('.log')
if (written) written.scrollTop = written.scrollHeight

/** How long a page that nobody looks at waits before it asks again. */
const RESTS_MS = 15_000
const ENDED = ['done', 'failed', 'cancelled']
/** @type {EventSource | null} */
let source = null
/** @type {ReturnType<typeof setTimeout> | undefined} */
let rest

/** @param {HTMLElement} live @param {string} address */
function follow(live, address) {
  clearTimeout(rest)
  source?.close()
  const now = new EventSource(address)
  source = now
  now.addEventListener('status', (event) => {
    say('')
    const status = JSON.parse(event.data)
    show(status)
    if (document.hidden && !ENDED.includes(status.state)) sleep(live, address)
  })
  now.addEventListener('end', () => {
    now.close()
    location.reload()
  })
  now.addEventListener('error', () => {
    say(live.getAttribute('data-lost') ?? '')
    // The server may have refused the stream: the page is asked for anew.
    if (now.readyState === EventSource.CLOSED) setTimeout(() => location.reload(), 10_000)
  })
}

/** A browser has six connections to a server, for all its tabs: a tab that is hidden only asks now and then. @param {HTMLElement} live @param {string} address */
function sleep(live, address) {
  clearTimeout(rest)
  source?.close()
  rest = setTimeout(() => follow(live, address), RESTS_MS)
}

if (live && address) {
  follow(live, address)
  document.addEventListener('visibilitychange', () => {
    if (document.hidden) sleep(live, address)
    else follow(live, address)
  })
  setInterval(tick, 1000)
}
