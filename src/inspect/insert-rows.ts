import type { FieldValue, RowSink } from './fields.ts'
import { parseName } from './sql-names.ts'

export interface Insert {
  schema: string | null
  table: string
  /** Null when the statement names none: then they are those of CREATE TABLE. */
  columns: string[] | null
  /** Where the rows begin in the statement. */
  valuesAt: number
}

/** Reads the head of "INSERT INTO public.t (a, b) VALUES"; null for any other statement. */
export function parseInsert(sql: string): Insert | null {
  const into = /^insert\s+into\s+/i.exec(sql)
  if (into === null) return null
  const name = parseName(sql, into[0].length)
  if (name === null) return null
  let at = name.end
  let columns: string[] | null = null
  if (sql[at] === '(') {
    columns = []
    do {
      const column = parseName(sql, skipBlanks(sql, at + 1))
      if (column === null) return null
      columns.push(column.name)
      at = column.end
    } while (sql[at] === ',')
    if (sql[at] !== ')') return null
    at = skipBlanks(sql, at + 1)
  }
  const values = /^(overriding\s+\w+\s+value\s+)?values\s*/i.exec(sql.slice(at, at + 60))
  if (values === null) return null
  return { schema: name.schema, table: name.name, columns, valuesAt: at + values[0].length }
}

/** Number of rows of an INSERT, and its values when `each` is given. */
export function readInsertRows(
  sql: string,
  insert: Insert,
  each: ((values: FieldValue[]) => void) | null,
): number {
  let rows = 0
  let at = insert.valuesAt
  while (sql[at] === '(') {
    const values: FieldValue[] = []
    at++
    for (;;) {
      const value = readValue(sql, skipBlanks(sql, at))
      if (each !== null) values.push(value.text)
      at = skipBlanks(sql, value.end)
      if (sql[at] !== ',') break
      at++
    }
    rows++
    each?.(values)
    at = skipBlanks(sql, at + 1)
    if (sql[at] !== ',') break
    at = skipBlanks(sql, at + 1)
  }
  return rows
}

/** Gives the chosen columns of each row to a sink. */
export function giveInsertRows(
  sql: string,
  insert: Insert,
  columns: readonly string[],
  sink: RowSink,
): number {
  return readInsertRows(sql, insert, (values) => {
    const value = (name: string): FieldValue => values[columns.indexOf(name)] ?? null
    sink.row(value, (name) => byteaBytes(value(name)))
  })
}

interface Value {
  text: FieldValue
  end: number
}

/** A constant as pg_dump writes it: a string, a number, NULL, true, false, or B'…'. */
function readValue(sql: string, from: number): Value {
  const prefix = /^[eEbBxXnN]?'/.exec(sql.slice(from, from + 2))?.[0]
  if (prefix !== undefined) return readString(sql, from + prefix.length, /^e/i.test(prefix))
  let end = from
  while (end < sql.length && sql[end] !== ',' && sql[end] !== ')') end++
  const word = sql.slice(from, end).trim()
  return { text: /^null$/i.test(word) ? null : word, end }
}

function readString(sql: string, from: number, escapes: boolean): Value {
  let text = ''
  let at = from
  for (;;) {
    const stop = nextSpecial(sql, at, escapes)
    text += sql.slice(at, stop)
    if (stop >= sql.length) return { text, end: stop }
    if (sql[stop] === '\\') {
      text += sql[stop + 1] ?? ''
      at = stop + 2
    } else if (sql[stop + 1] === "'") {
      text += "'"
      at = stop + 2
    } else return { text, end: stop + 1 }
  }
}

function nextSpecial(sql: string, from: number, escapes: boolean): number {
  const quote = sql.indexOf("'", from)
  const end = quote === -1 ? sql.length : quote
  if (!escapes) return end
  const backslash = sql.indexOf('\\', from)
  return backslash !== -1 && backslash < end ? backslash : end
}

function skipBlanks(sql: string, from: number): number {
  let at = from
  while (at < sql.length && /\s/.test(sql[at]!)) at++
  return at
}

/** Bytes of a bytea constant, in hex ("\x6869") or in escape form. */
function byteaBytes(text: FieldValue): number | null {
  if (text === null) return null
  if (text.startsWith('\\x')) return (text.length - 2) / 2
  return text.replace(/\\([0-7]{3}|\\)/g, '.').length
}
