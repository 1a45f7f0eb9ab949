// @ts-check
// The parts of the form's page, and what they say.

export const form = /** @type {HTMLFormElement} */ (document.querySelector('form.order'))
/** @type {Record<string, string>} */
export const words = JSON.parse(form.dataset.words ?? '{}')

/** @template {HTMLElement} T @param {string} id @returns {T} */
export const part = (id) => /** @type {T} */ (document.getElementById(id))

/** @param {string} text @param {Record<string, string | number>} values */
export const fill = (text, values) => text.replace(/\{(\w+)\}/g, (_all, name) => String(values[name]))

/** To a screen reader. @param {string} text */
export function say(text) {
  part('said').textContent = text
}
