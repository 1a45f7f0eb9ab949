import pg from 'pg'

/** The one place where names and values become SQL text. Values are bound wherever a statement takes parameters. */

/** A quoted identifier: `a"b` → `"a""b"`. */
export function ident(name: string): string {
  if (name.includes('\0')) throw new TypeError('an identifier cannot hold a zero byte')
  return pg.escapeIdentifier(name)
}

/** A schema-qualified, quoted name. */
export function qualified(schema: string, name: string): string {
  return `${ident(schema)}.${ident(name)}`
}

/** A quoted string constant, for the statements that take no parameters (DDL, COPY). */
export function literal(value: string): string {
  if (value.includes('\0')) throw new TypeError('a text constant cannot hold a zero byte')
  return pg.escapeLiteral(value)
}

/** A comma-separated list of quoted identifiers. */
export function identList(names: Iterable<string>): string {
  return [...names].map(ident).join(', ')
}

/**
 * SQL text with quoted identifiers: sql`UPDATE ${'res_partner'} SET …` quotes each substitution as an identifier;
 * a Fragment (from sql itself or raw()) is put in as it stands.
 */
export function sql(parts: TemplateStringsArray, ...values: (string | Fragment)[]): string {
  return parts.reduce((text, part, i) => {
    const value = values[i - 1]!
    return text + (value instanceof Fragment ? value.text : ident(value)) + part
  })
}

/** SQL text that was made by this program, to be put into sql`…` unchanged. */
export class Fragment {
  readonly text: string
  constructor(text: string) {
    this.text = text
  }
}

export function raw(text: string): Fragment {
  return new Fragment(text)
}
