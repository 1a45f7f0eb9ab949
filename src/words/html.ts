import { printable } from './printable.ts'

/** A piece of HTML that is safe to put into a page: only `html` makes one. */
export class Html {
  readonly text: string

  constructor(text: string) {
    this.text = text
  }
}

export type Fragment = Html | string | number | null | false | undefined | readonly Fragment[]

/**
 * Template tag for HTML. Whatever is put in is escaped, in text and in quoted attributes alike, unless it is Html itself;
 * null, undefined and false give nothing, lists their parts one after the other. Control characters and characters
 * that turn the reading direction are shown by their number: names in a dump are written by strangers.
 */
export function html(strings: TemplateStringsArray, ...values: Fragment[]): Html {
  return new Html(strings.reduce((text, part, index) => text + asText(values[index - 1]) + part))
}

function asText(value: Fragment): string {
  if (value === null || value === undefined || value === false) return ''
  if (value instanceof Html) return value.text
  if (Array.isArray(value)) return (value as readonly Fragment[]).map(asText).join('')
  return escaped(String(value))
}

const entities: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
}

function escaped(text: string): string {
  return printable(text).replace(/[&<>"']/g, (character) => entities[character] ?? '')
}
