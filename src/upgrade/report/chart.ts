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
