// @ts-check
// Keeps the part of a page of the console that changes up to date: asks for the same page every few seconds.

import { sayTimes } from './common.js'

const live = document.getElementById('live')

/** Whether the reader is in the middle of something that a new part would take away. */
function isBusy() {
  if (!live) return true
  if (document.hidden || !getSelection()?.isCollapsed) return true
  return live.contains(document.activeElement) || live.querySelector('details[open]') !== null
}

async function refresh() {
  if (!live) return
  if (!isBusy()) {
    try {
      const answer = await fetch(location.href, { headers: { accept: 'text/html' } })
      // Somebody who is logged out is shown the way in.
      if (answer.redirected) return location.reload()
      if (answer.ok) {
        const page = new DOMParser().parseFromString(await answer.text(), 'text/html')
        const next = page.getElementById('live')
        if (!next) return location.reload()
        if (next.getAttribute('data-state') !== live.getAttribute('data-state')) return location.reload()
        if (!isBusy()) {
          live.replaceChildren(...next.childNodes)
          sayTimes(live)
        }
        if (!next.hasAttribute('data-refresh')) return
      }
    } catch {
      // The server is away for a moment: the next look may find it.
    }
  }
  setTimeout(refresh, seconds() * 1000)
}

function seconds() {
  return Math.max(1, Number(live?.getAttribute('data-refresh')))
}

if (live?.hasAttribute('data-refresh')) setTimeout(refresh, seconds() * 1000)
