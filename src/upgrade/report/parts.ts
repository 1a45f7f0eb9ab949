import { type Fragment, type Html, html } from '../../words/html.ts'
import { catalogue } from '../../words/language.ts'
import type { Reader } from './reader.ts'

export interface Column {
  label: string
  /** Figures stand at the right. */
  number?: boolean
}

/** A table that turns into a list of cards on a narrow screen; each cell carries its column's label for that. */
export function table(columns: readonly Column[], rows: readonly (readonly Fragment[])[]): Html {
  return html`<table><thead><tr>${columns.map(
    ({ label, number }) => html`<th${number && html` class="number"`}>${label}</th>`,
  )}</tr></thead><tbody>${rows.map(
    (cells) =>
      html`<tr>${cells.map(
        (cell, index) =>
          html`<td data-label="${columns[index]?.label}"${columns[index]?.number && html` class="number"`}><span>${cell}</span></td>`,
      )}</tr>`,
  )}</tbody></table>`
}

export type Tone = 'good' | 'bad' | 'warn' | 'plain' | 'new'

export function pill(tone: Tone, text: string): Html {
  return html`<span class="pill ${tone}">${text}</span>`
}

export function code(text: string): Html {
  return html`<code>${text}</code>`
}

/** What was noted in English, marked as such for readers of another language. */
export function english({ language }: Reader, text: Fragment): Fragment {
  return language === 'en' || !text ? text : html`<span lang="en">${text}</span>`
}

/** A part of the page; nothing when it has nothing to tell. */
export function section(id: string, title: string, lead: Fragment, body: Fragment): Html {
  return html`<section id="${id}"><h2>${title}</h2>${lead && html`<p class="lead">${lead}</p>`}${body}</section>`
}

export function foldable(summary: Fragment, body: Fragment, open = false): Html {
  return html`<details${open && html` open`}><summary>${summary}</summary><div class="folded">${body}</div></details>`
}

/** Entries that a list shows; the rest stands in notes.json, and the report says so. */
export const SHOWN = 300

const texts = catalogue<{ more: (count: string) => string }>({
  en: { more: (count) => `and ${count} more; all of them are in the notes for programs (notes.json).` },
  fr: { more: (count) => `et ${count} de plus ; tous sont dans les notes pour des programmes (notes.json).` },
})

export function limited<T>(
  entries: readonly T[],
  show: (entries: readonly T[]) => Fragment,
  { language, count }: Reader,
  most = SHOWN,
): Fragment {
  const more = entries.length - most
  return [
    show(entries.slice(0, most)),
    more > 0 && html`<p class="more">${texts(language).more(count(more))}</p>`,
  ]
}
