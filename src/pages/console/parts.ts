import type { RequestState } from '../../requests/request.ts'
import { type Fragment, type Html, html } from '../../words/html.ts'
import type { Language } from '../../words/language.ts'
import { bytesIn, numberIn, timeIn } from '../../words/local-quantities.ts'
import { commonWords } from '../words.ts'
import { consoleWords } from './words.ts'

/** Rows of a list on one page. */
export const PAGE_ROWS = 50

/** A time, which scripts say in the reader's own zone. */
export function moment(language: Language, at: Date | null): Html | null {
  return at && html`<time datetime="${at.toISOString()}">${timeIn(language, at)}</time>`
}

export function statePill(language: Language, state: RequestState): Html {
  return html`<span class="pill ${state}">${commonWords(language).states[state]}</span>`
}

/** Pairs of names and what they are; those without anything are left out. */
export function facts(rows: readonly (readonly [string, Fragment])[]): Html {
  return html`<dl>${rows.map(
    ([name, value]) =>
      value !== null &&
      value !== undefined &&
      value !== false &&
      value !== '' &&
      html`<dt>${name}</dt><dd>${value}</dd>
`,
  )}</dl>`
}

export function bytesOrNone(language: Language, bytes: number | null): string {
  return bytes === null ? '' : bytesIn(language, bytes)
}

/** The part of the address that says which page of a list is shown; from 1. */
export function pageNumber(query: URLSearchParams): number {
  const text = query.get('page') ?? ''
  return /^[1-9]\d{0,5}$/.test(text) ? Number(text) : 1
}

/** The ways to the pages of a list before and behind this one. */
export function pager(
  language: Language,
  query: URLSearchParams,
  { page, shown, all, rows = PAGE_ROWS }: { page: number; shown: number; all: number; rows?: number },
): Html {
  const words = consoleWords(language)
  const first = (page - 1) * rows
  const to = (number: number) => {
    const other = new URLSearchParams(query)
    other.delete('outcome')
    other.set('page', String(number))
    return `?${other}`
  }
  const say = (value: number) => numberIn(language, value)
  return html`<nav class="pager" aria-label="${words.pages}"><span>${shown > 0 ? words.range(say(first + 1), say(first + shown), say(all)) : say(all)}</span>
${page > 1 && html`<a class="button plain" rel="prev" href="${to(page - 1)}">${words.previous}</a>`}
${first + shown < all && shown > 0 && html`<a class="button plain" rel="next" href="${to(page + 1)}">${words.next}</a>`}</nav>`
}

export interface Choice {
  value: string
  label: string
}

/** A list to choose from. @param problem what is wrong with what was chosen, which stands below it */
export function select(
  id: string,
  label: string,
  choices: readonly Choice[],
  chosen: string,
  { required = false, problem }: { required?: boolean; problem?: string | undefined } = {},
): Html {
  return html`<div class="field"><label for="${id}">${label}</label><select id="${id}" name="${id}"${required && html` required`}${invalid(id, problem)}>${choices.map(
    ({ value, label: text }) =>
      html`<option value="${value}"${value === chosen && html` selected`}>${text}</option>`,
  )}</select>${problemOf(id, problem)}</div>`
}

/** The marks of a field that something is wrong with; one is brought to it. */
export function invalid(id: string, problem: string | undefined): Html | undefined {
  return problem === undefined
    ? undefined
    : html` aria-invalid="true" aria-describedby="${id}-problem" autofocus`
}

export function problemOf(id: string, problem: string | undefined): Html | undefined {
  return problem === undefined ? undefined : html`<p class="error" id="${id}-problem">${problem}</p>`
}

/** A field of a form. */
export function field(
  id: string,
  label: string,
  value: string,
  {
    type = 'text',
    hint,
    problem,
    required = false,
    autofocus = false,
  }: {
    type?: 'text' | 'date' | 'email' | 'search'
    hint?: string
    problem?: string | undefined
    required?: boolean
    autofocus?: boolean
  } = {},
): Html {
  const described = [hint && `${id}-hint`, problem && `${id}-problem`].filter(Boolean).join(' ')
  return html`<div class="field"><label for="${id}">${label}</label>
<input id="${id}" name="${id}" type="${type}" value="${value}"${required && html` required`}${autofocus && html` autofocus`}${described && html` aria-describedby="${described}"`}${problem && html` aria-invalid="true"`}>
${hint && html`<p class="hint" id="${id}-hint">${hint}</p>`}${problem && html`<p class="error" id="${id}-problem">${problem}</p>`}</div>`
}
