// @ts-check
// The search of the notes: shows the entries that have all the words, opens what is folded, and counts.

const input = /** @type {HTMLInputElement | null} */ (document.getElementById('search'))
const found = document.getElementById('found')
const ENTRY = ':is(tbody > tr, .entries > li, .modules > li, .bar, .steps > li, dl.rows > div)'
const entries = [...document.querySelectorAll(ENTRY)]
const groups = [...document.querySelectorAll('details, .card, section')].reverse()
const texts = entries.map((entry) => plain(entry.textContent ?? ''))
/** What was open before the search. */
const opened = new Set([...document.querySelectorAll('details[open]')])

/** @param {string} text */
function plain(text) {
  return text.normalize('NFD').replaceAll(/\p{M}/gu, '').toLowerCase()
}

/** @param {string} text */
function search(text) {
  const words = plain(text).split(/\s+/).filter(Boolean)
  let count = 0
  entries.forEach((entry, place) => {
    const shown = words.every((word) => texts[place]?.includes(word))
    entry.toggleAttribute('hidden', !shown)
    if (shown) count++
  })
  for (const group of groups) {
    const entry = group.closest(ENTRY)
    // What is folded within an entry is opened where only it has the words.
    if (entry && group instanceof HTMLDetailsElement) {
      const summary = plain(group.querySelector('summary')?.textContent ?? '')
      group.open = words.every((word) => summary.includes(word))
        ? opened.has(group)
        : !entry.hasAttribute('hidden')
      continue
    }
    const left = group.querySelector(`${ENTRY}:not([hidden])`)
    group.toggleAttribute('hidden', words.length > 0 && left === null)
    if (group instanceof HTMLDetailsElement) group.open = words.length > 0 ? left !== null : opened.has(group)
  }
  if (found) found.textContent = words.length > 0 ? `${count} ${found.getAttribute('data-found')}` : ''
}

if (input) {
  input.hidden = false
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  let timer
  input.addEventListener('input', () => {
    clearTimeout(timer)
    timer = setTimeout(() => search(input.value), 120)
  })
  document.addEventListener('keydown', (event) => {
    if (event.key !== '/' || event.target === input) return
    event.preventDefault()
    input.focus()
  })
}

// On paper all is open.
addEventListener('beforeprint', () => {
  for (const details of document.querySelectorAll('details')) details.open = true
})
