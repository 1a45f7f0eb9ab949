// @ts-check
// Says how far the upload is: in the bar, beside it, and now and then to a screen reader.

import { fill, part, say, words } from './parts.js'
import { bytesIn, secondsIn } from './quantities.js'

/** The quarters of the file that were announced. */
let told = 0

/** @param {string} text */
export function tell(text) {
  part('transfer-text').textContent = text
}

/** The same to all: beside the bar, and to a screen reader. @param {string} text */
export function announce(text) {
  tell(text)
  say(text)
}

/** Another file. @param {string} name */
export function name(name) {
  told = 0
  part('transfer').hidden = false
  part('transfer-name').textContent = name
}

/** @param {number} share */
export function bar(share) {
  part('transfer-bar').setAttribute('value', String(share))
}

/** @param {number} sent @param {number} total @param {number} speed */
export function going(sent, total, speed) {
  bar(sent / total)
  tell(
    fill(words.going ?? '', {
      done: bytesIn(sent),
      total: bytesIn(total),
      speed: speed > 0 ? bytesIn(speed) : '…',
      left: speed > 0 ? secondsIn((total - sent) / speed) : '…',
    }),
  )
  const quarters = Math.floor((sent / total) * 4)
  if (quarters > told && quarters < 4) say(fill(words.said ?? '', { percent: quarters * 25 }))
  told = Math.max(told, quarters)
}
