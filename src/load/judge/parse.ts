import { loadModule, type Node, parseSync, SqlError } from 'libpg-query'

/** Longest text that is parsed: far above any statement of a real dump, far below what would fill the memory. */
export const MOST_BYTES = 4 * 2 ** 20

export interface ParsedStatement {
  node: Node
  /** The statement's own text, without what stands before and after it. */
  text: string
}

/** The text is not SQL of PostgreSQL's grammar. Nothing of it may run. */
export class NotSql extends Error {
  override readonly name = 'NotSql'
}

/**
 * The text is longer or nested deeper than any dump's, so the parser gave up. Its memory is not to be trusted
 * afterwards: whoever catches this throws the parser's thread away.
 */
export class TooDeep extends Error {
  override readonly name = 'TooDeep'
}

export const parserReady = loadModule

/**
 * The statements of a text by PostgreSQL's own grammar.
 * @throws NotSql when it is no SQL, TooDeep when it is too long or nested too deep
 */
export function parseStatements(sql: string): ParsedStatement[] {
  if (sql.includes('\0')) throw new NotSql('a zero byte in a statement')
  const bytes = Buffer.from(sql)
  if (bytes.length > MOST_BYTES) throw new TooDeep(`a statement of ${bytes.length} bytes`)
  if (!sql.trim()) return []
  const { stmts = [] } = parsed(sql)
  return stmts.flatMap(({ stmt, stmt_location: start = 0, stmt_len: length }) => {
    if (!stmt) return []
    const end = length ? start + length : bytes.length
    return [{ node: stmt, text: bytes.toString('utf8', start, end).trim() }]
  })
}

function parsed(sql: string): { stmts?: { stmt?: Node; stmt_location?: number; stmt_len?: number }[] } {
  try {
    return parseSync(sql)
  } catch (cause) {
    if (cause instanceof SqlError && !cause.message.startsWith('memory exhausted'))
      throw new NotSql(cause.message, { cause })
    throw new TooDeep('a statement nested deeper than the parser follows', { cause })
  }
}

/** Kind and body of a node: `{ A_Const: {…} }` → `['A_Const', {…}]`. */
export function kindOf(node: Node): string {
  return Object.keys(node)[0] ?? ''
}
