/** A piece of SQL text that is neither white space nor comment. */
export interface Token {
  text: string
  start: number
  end: number
}

const TOKEN =
  /\s+|--[^\n]*|([eE]'(?:[^'\\]|''|\\[\s\S])*')|('(?:[^']|'')*')|("(?:[^"]|"")*")|(\$(?:[A-Za-z_\x80-\xff][\w\x80-\xff]*)?\$)|([A-Za-z_\x80-\xff][\w$\x80-\xff]*)|([0-9][0-9.]*)|([\s\S])/y

/** The tokens of a statement as pg_dump writes it (standard_conforming_strings on, no nested comments). */
export function tokens(sql: string): Token[] {
  const found: Token[] = []
  for (let at = 0; at < sql.length; ) {
    TOKEN.lastIndex = at
    const match = TOKEN.exec(sql)!
    let end = TOKEN.lastIndex
    const dollar = match[4]
    if (dollar !== undefined) {
      const close = sql.indexOf(dollar, end)
      end = close < 0 ? sql.length : close + dollar.length
    }
    const isToken = match.slice(1).some((group) => group !== undefined)
    if (isToken) found.push({ text: sql.slice(at, end), start: at, end })
    at = end
  }
  return found
}

/** Places in a text and what comes there instead. */
export interface Edit {
  start: number
  end: number
  text: string
}

/** Makes all edits; they must not overlap. */
export function edited(sql: string, edits: readonly Edit[]): string {
  let text = ''
  let at = 0
  for (const edit of edits.toSorted((a, b) => a.start - b.start)) {
    if (edit.start < at) throw new Error('two edits of a statement overlap')
    text += sql.slice(at, edit.start) + edit.text
    at = edit.end
  }
  return text + sql.slice(at)
}
