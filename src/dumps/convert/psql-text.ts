/**
 * Reads SQL as psql's own scanner does (psqlscan.l), as far as it decides two things: whether a backslash stands outside
 * of quotes and comments, where psql takes what follows for a command of its own, and whether the text ends with its last
 * statement. psql reads quotes by the session's standard_conforming_strings, so both readings can be asked for.
 */
export interface PsqlReading {
  /** Why psql would not see complete statements and nothing else; null when it does. */
  problem: string | null
  statements: number
}

/** A comment to the end of its line. */
const LINE_COMMENT = /--[^\n\r]*/y
const WORD = /[A-Za-z_\x80-\xff][A-Za-z0-9_$\x80-\xff]*/y
const DOLLAR = /\$(?:[A-Za-z_\x80-\xff][A-Za-z0-9_\x80-\xff]*)?\$/y
const BLANK = /[ \t\n\r\f]+/y
/** Operators and separators that are not looked at below. */
const PLAIN = /[!#%&*+,.:<=>?@[\]^`{|}~]+/y
const NUMBER = /[0-9][0-9.]*(?:[eE][+-]?[0-9]+)?/y
/** Versions of psql differ in where a number ends that runs into these; no honest SQL has it. */
const BEHIND_NO_NUMBER = /[A-Za-z_$'\x80-\xff]/
/** A quote goes on behind blanks with a line break among them, in the form in which it began. */
const CONTINUED = /(?:[ \t\f]|--[^\n\r]*(?=[\n\r]))*[\n\r](?:[ \t\n\r\f]|--[^\n\r]*[\n\r])*'/y
const BODY = /^create(?: or replace)? (?:function|procedure)\b/

export function readAsPsql(sql: string, standardConformingStrings: boolean): PsqlReading {
  let at = 0
  let parentheses = 0
  let statements = 0
  /** Whether something stands behind the last semicolon. */
  let open = false
  let words: string[] = []
  let bodies = 0
  const end = sql.length
  const failed = (problem: string): PsqlReading => ({ problem, statements })
  const take = (pattern: RegExp): string | null => {
    pattern.lastIndex = at
    const found = pattern.exec(sql)?.[0] ?? null
    if (found !== null) at += found.length
    return found
  }
  /** Goes past a quoted string whose opening quote is behind; false when it has no end. */
  const quoted = (escapes: boolean): boolean => {
    for (;;) {
      const close = escapes ? endOfEscaped(sql, at) : sql.indexOf("'", at)
      if (close === -1) return false
      at = close + 1
      if (sql[at] === "'") at++
      else if (take(CONTINUED) === null) return true
    }
  }
  const body = (word: string) => {
    if (words.length < 4) words.push(word)
    if (words[0] !== 'create' || parentheses > 0 || !BODY.test(words.join(' '))) return
    if (word === 'begin' || (word === 'case' && bodies > 0)) bodies++
    else if (word === 'end' && bodies > 0) bodies--
  }
  while (at < end) {
    if (take(BLANK) !== null || take(LINE_COMMENT) !== null) continue
    if (sql.startsWith('/*', at)) {
      const close = endOfComment(sql, at + 2)
      if (close === -1) return failed('a comment without an end')
      at = close
      continue
    }
    const char = sql[at]!
    if (char < ' ' || char === '\x7f') return failed('a control character outside of quotes')
    if (char === ';') {
      at++
      if (parentheses > 0 || bodies > 0) continue
      if (open) statements++
      open = false
      words = []
      continue
    }
    open = true
    const word = take(WORD)
    if (word !== null) {
      const prefix = word.toLowerCase()
      if (sql[at] === "'" && /^[ebxn]$/.test(prefix)) {
        at++
        if (!quoted(prefix === 'e' || (prefix === 'n' && !standardConformingStrings)))
          return failed('a quote without an end')
      } else if (prefix === 'u' && sql.startsWith("&'", at)) {
        at += 2
        if (!quoted(false)) return failed('a quote without an end')
      } else body(prefix)
      continue
    }
    if (take(PLAIN) !== null) continue
    switch (char) {
      case "'":
        at++
        if (!quoted(!standardConformingStrings)) return failed('a quote without an end')
        continue
      case '"': {
        const close = sql.indexOf('"', at + 1)
        if (close === -1) return failed('a name without an end')
        at = close + 1
        continue
      }
      case '$': {
        const tag = take(DOLLAR)
        if (tag === null) {
          at++
          continue
        }
        const close = sql.indexOf(tag, at)
        if (close === -1) return failed('a dollar quote without an end')
        at = close + tag.length
        continue
      }
      case '\\':
        return failed('a backslash outside of quotes, which psql takes for a command of its own')
      case '(':
        parentheses++
        break
      case ')':
        if (parentheses > 0) parentheses--
        break
      default: {
        if (take(NUMBER) === null) break
        if (BEHIND_NO_NUMBER.test(sql[at] ?? '')) return failed('a number that runs into a word')
        continue
      }
    }
    at++
  }
  return open || parentheses > 0 || bodies > 0
    ? failed('a statement without an end')
    : { problem: null, statements }
}

/** The place of the quote that ends a string with backslash escapes; -1 when none does. */
function endOfEscaped(sql: string, from: number): number {
  for (let at = from; at < sql.length; at++) {
    if (sql[at] === '\\') at++
    else if (sql[at] === "'") return at
  }
  return -1
}

/** The place behind a comment, whose opening is behind and in which comments nest; -1 when it has no end. */
function endOfComment(sql: string, from: number): number {
  const mark = /\/\*|\*\//g
  mark.lastIndex = from
  for (let depth = 1; ; ) {
    const found = mark.exec(sql)
    if (found === null) return -1
    depth += found[0] === '/*' ? 1 : -1
    if (depth === 0) return mark.lastIndex
  }
}
