// @ts-check
// The fields of the form: what was typed, and what is wrong beside each.

import { form, part } from './parts.js'

/** @type {HTMLInputElement} */
export const input = part('file')
/** @type {HTMLInputElement} */
export const contract = part('contract')
/** @type {HTMLInputElement} */
export const email = part('email')
/** @type {HTMLSelectElement} */
export const target = part('target')
/** @type {HTMLInputElement} */
export const zone = part('timezone')
/** All that can be asked for. */
export const allTargets = [...target.options].map((option) => option.value).filter((value) => value !== '')

/** @param {string} field @param {string | null} sentence */
export function problem(field, sentence) {
  const text = part(`${field}-error`)
  text.textContent = sentence
  text.hidden = sentence === null
  const control = part(field)
  if (sentence === null) control.removeAttribute('aria-invalid')
  else control.setAttribute('aria-invalid', 'true')
  control.setAttribute(
    'aria-describedby',
    sentence === null ? `${field}-hint` : `${field}-error ${field}-hint`,
  )
}

/** @param {{ field: string | null, sentence: string }[]} problems */
export function problems(problems) {
  for (const { field, sentence } of problems) problem(field ?? 'file', sentence)
  const first = problems[0]?.field ?? 'file'
  ;(part(first).matches('fieldset') ? part(`${first}-test`) : part(first)).focus()
}

export function wish() {
  const aim = /** @type {HTMLInputElement | null} */ (form.querySelector('[name="aim"]:checked'))
  return { target: target.value, aim: aim?.value ?? 'test', timezone: zone.value.trim() }
}
