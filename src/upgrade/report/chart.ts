import { type Html, html } from '../../words/html.ts'

export interface Bar {
  label: string
  value: number
  /** The value as a person reads it. */
  text: string
}

/** Horizontal bars: the bar is drawn, label and value are text, so that they wrap, scale and can be copied. */
export function bars(entries: readonly Bar[]): Html {
  const most = Math.max(...entries.map(({ value }) => value), Number.MIN_VALUE)
  return html`<div class="bars">${entries.map(({ label, value, text }) => {
    const width = Math.max(0.4, (100 * value) / most).toFixed(2)
    return html`<div class="bar"><span class="label">${label}</span><svg viewBox="0 0 100 10" preserveAspectRatio="none" aria-hidden="true"><rect class="track" width="100" height="10"/><rect class="fill" width="${width}" height="10"/></svg><span class="value">${text}</span></div>`
  })}</div>`
}

export interface Pair {
  label: string
  before: Omit<Bar, 'label'>
  after: Omit<Bar, 'label'>
}

/** Two bars for each label, the earlier one above. */
export function pairs(entries: readonly Pair[]): Html {
  const most = Math.max(
    ...entries.flatMap(({ before, after }) => [before.value, after.value]),
    Number.MIN_VALUE,
  )
  const width = (value: number) => (value <= 0 ? '0' : Math.max(0.4, (100 * value) / most).toFixed(2))
  return html`<div class="bars">${entries.map(
    ({ label, before, after }) =>
      html`<div class="bar two"><span class="label">${label}</span><svg viewBox="0 0 100 20" preserveAspectRatio="none" aria-hidden="true"><rect class="track" width="100" height="20"/><rect class="was" width="${width(before.value)}" height="9"/><rect class="fill" y="11" width="${width(after.value)}" height="9"/></svg><span class="value">${before.text}<br>${after.text}</span></div>`,
  )}</div>`
}
