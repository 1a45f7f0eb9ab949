// @ts-check
// What is known of the file: shown as it becomes known, and what can be asked for follows it.

import { target } from './fields.js'
import { fill, part, words } from './parts.js'

/** @param {string} fact @param {string | null} value */
export function show(fact, value) {
  const cell = part(`fact-${fact}`)
  // What was known stays, also where a later look at it says nothing.
  if (value !== null && cell.textContent !== value) cell.textContent = value
}

/** @param {{ facts: Record<string, string | null>, version: string | null, targets: string[], timezone: boolean }} found */
export function contents({ facts, version, targets, timezone }) {
  part('looking').hidden = version !== null
  for (const [fact, value] of Object.entries(facts)) show(fact, value)
  part('zone').hidden = version !== null && !timezone
  if (timezone) /** @type {HTMLDetailsElement} */ (part('zone')).open = true
  if (version === null) return
  const before = target.value
  const options = [...targets].reverse()
  if (
    options.join() !==
    [...target.options]
      .slice(1)
      .map((option) => option.value)
      .join()
  ) {
    for (const option of [...target.options].slice(1)) option.remove()
    for (const series of options) target.append(new Option(series, series))
    target.value = options.includes(before) ? before : options.length === 1 ? (options[0] ?? '') : ''
    part('target-hint').textContent = fill((options.length > 0 ? words.only : words.none) ?? '', { version })
  }
}

/** Says what stays unknown, once the whole file was looked at. */
export function nothingMore() {
  part('looking').hidden = true
  for (const cell of document.querySelectorAll('[id^="fact-"]'))
    if (cell.textContent === words.unknownYet) cell.textContent = words.unknown ?? ''
}
