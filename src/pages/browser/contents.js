// @ts-check
// What is known of the file: shown as it becomes known, and what can be asked for follows it.

import { allTargets, target, zone } from './fields.js'
import { fill, part, words } from './parts.js'

const hint = part('target-hint').textContent ?? ''

export const known = {
  /** Whether a version can be reached from that of the file, as far as it is known. */
  way: true,
}

/** Another file: nothing is known of it, and all can be asked for. */
export function forget() {
  known.way = true
  part('looking').hidden = false
  for (const cell of cells()) cell.textContent = words.unknownYet ?? ''
  offer(allTargets)
  part('target-hint').textContent = hint
  /** @type {HTMLDetailsElement} */
  const place = part('zone')
  place.hidden = false
  place.open = zone.value !== ''
}

const cells = () => document.querySelectorAll('[id^="fact-"]')

/** Leaves these versions to choose from. @param {string[]} versions @returns {boolean} whether they are others than before */
function offer(versions) {
  const [choose, ...old] = [...target.options]
  if (choose === undefined || old.map(({ value }) => value).join() === versions.join()) return false
  const before = target.value
  target.replaceChildren(choose, ...versions.map((series) => new Option(series, series)))
  target.value = versions.includes(before) ? before : versions.length === 1 ? (versions[0] ?? '') : ''
  return true
}

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
  known.way = targets.length > 0
  if (offer([...targets].reverse()))
    part('target-hint').textContent = fill((known.way ? words.only : words.none) ?? '', { version })
}

/** Says what stays unknown, once the whole file was looked at. */
export function nothingMore() {
  part('looking').hidden = true
  for (const cell of cells())
    if (cell.textContent === words.unknownYet) cell.textContent = words.unknown ?? ''
}
