export interface ParsedName {
  schema: string | null
  name: string
  /** Where the text goes on, behind blanks. */
  end: number
}

const PART = /(?:"((?:[^"]|"")+)"|([A-Za-z_\u0080-\uffff][\w$\u0080-\uffff]*))\s*/y

/** A name, with its schema if it has one, at a place of a statement; unquoted names are folded to lower case. */
export function parseName(sql: string, at: number): ParsedName | null {
  const first = part(sql, at)
  if (first === null) return null
  if (sql[first.end] !== '.') return { schema: null, name: first.name, end: first.end }
  const second = part(sql, first.end + 1)
  return second === null ? null : { schema: first.name, name: second.name, end: second.end }
}

function part(sql: string, at: number): { name: string; end: number } | null {
  PART.lastIndex = at
  const match = PART.exec(sql)
  if (match === null) return null
  return { name: match[1]?.replaceAll('""', '"') ?? match[2]!.toLowerCase(), end: PART.lastIndex }
}

/** Columns of CREATE TABLE in their order, as pg_dump writes them: one a line; constraints are none. */
export function createdColumns(
  sql: string,
): { schema: string | null; name: string; columns: string[] } | null {
  const head = /^create\s+(?:unlogged\s+|foreign\s+)?table\s+(?:if\s+not\s+exists\s+)?/i.exec(sql)
  if (head === null) return null
  const name = parseName(sql, head[0].length)
  if (name === null || sql[name.end] !== '(') return null
  const columns: string[] = []
  for (const line of sql.slice(name.end + 1).split('\n')) {
    const text = line.trim()
    if (text.startsWith(')')) break
    if (text === '' || /^(constraint|check|primary|unique|foreign|exclude|like)\b/i.test(text)) continue
    const column = parseName(text, 0)
    if (column !== null) columns.push(column.name)
  }
  return { schema: name.schema, name: name.name, columns }
}
