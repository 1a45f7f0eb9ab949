import { type Html, html } from '../../words/html.ts'

/** A time to the second; scripts say it in the reader's own time zone. */
export function moment(at: Date): Html {
  return html`<time datetime="${at.toISOString()}">${at.toISOString().slice(0, 19).replace('T', ' ')} UTC</time>`
}
