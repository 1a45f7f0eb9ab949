import type { Node } from 'libpg-query'
import type { Parser } from './parser.ts'

/** Longest text that is parsed: far above any statement of a real dump, far below what would fill the memory. */
const MOST_BYTES = 8 * 2 ** 20

export interface ParsedStatement {
  node: Node
  /** The statement's own text, without what stands before and after it. */
  text: string
  /** A piece of the text by the places that the parser gives, which count bytes. */
  slice(start: number, end?: number): string
}

/** The text is not SQL of PostgreSQL's grammar. Nothing of it may run. */
export class NotSql extends Error {
  override readonly name = 'NotSql'
}

/** The text is longer or nested deeper than that of any dump, so that the parser gave up. */
export class TooDeep extends Error {
  override readonly name = 'TooDeep'
}

/**
 * The statements of a text by PostgreSQL's own grammar.
 * @throws NotSql when it is no SQL, TooDeep when it is too long or nested too deep
 */
export function parseStatements(parser: Parser, sql: string): ParsedStatement[] {
  if (sql.includes('\0')) throw new NotSql('a zero byte in a statement')
  if (!sql.trim()) return []
  if (sql.length > MOST_BYTES) throw new TooDeep(`a statement of ${sql.length} characters`)
  const { stmts = [] } = parsed(parser, sql)
  // Only where a character takes more than one byte do the parser's places differ from a string's.
  const bytes = isAscii(sql) ? null : Buffer.from(sql)
  const slice = (start: number, end?: number) =>
    bytes ? bytes.toString('utf8', start, end) : sql.slice(start, end)
  return stmts.flatMap(({ stmt, stmt_location: start = 0, stmt_len: length }) => {
    if (!stmt) return []
    const text = slice(start, length ? start + length : undefined)
    return [{ node: stmt, text: withoutHead(text), slice }]
  })
}

function parsed(parser: Parser, sql: string): ReturnType<Parser['parse']> {
  try {
    return parser.parse(sql)
  } catch (cause) {
    if (parser.isSyntaxError(cause)) throw new NotSql(cause.message, { cause })
    parser.replace()
    throw new TooDeep('a statement is nested deeper than the parser follows', { cause })
  }
}

function isAscii(text: string): boolean {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: the range of ASCII is what is asked for
  return /^[\x00-\x7f]*$/.test(text)
}

/** A statement without the comment lines that stand before it. */
function withoutHead(text: string): string {
  return text.replace(/^(?:\s+|--[^\n]*(?:\n|$))+/, '').trimEnd()
}
