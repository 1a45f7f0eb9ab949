import type { Parser } from '../../../load/judge/parser.ts'
import type { TocEntry } from '../../dump.ts'
import { type Newer, newerParts } from './expressions.ts'
import { identityAsSequence } from './identity.ts'
import { withoutNewerParameters } from './parameters.ts'
import { newerForms } from './statements.ts'
import { type Edit, edited, type Token, tokens } from './tokens.ts'
import { child, isNode, type Json, list, location, type Node, text, unwrapped, walk } from './tree.ts'
import { usualForm } from './usual.ts'

export interface Adapted {
  definition: string
  /** What the wanted version has no form for: the object cannot be written. */
  missing: Newer[]
  /** What was left out or said in another way, without changing what the data can be. */
  notes: string[]
}

/** A statement within a definition: its parse tree, and the definition's text as one character a byte. */
export interface Statement {
  kind: string
  node: Node
  sql: string
  start: number
  end: number
  tokens: Token[]
}

/** Entries whose form is the same in every version from 9.0 on. */
const UNCHANGED = new Set([
  'ENCODING',
  'STDSTRINGS',
  'SEARCHPATH',
  'DATABASE',
  'COMMENT',
  'SCHEMA',
  'TABLE DATA',
  'SEQUENCE SET',
  'SEQUENCE OWNED BY',
])

/** Whether an entry only says how rows are to be estimated, so that a version without it loses nothing. */
export function isDispensable(entry: TocEntry, target: number): boolean {
  return entry.description === 'STATISTICS' && target < 14
}

/** Says an entry's definition in the language of an older version, as far as that has words for it. */
export function adapt(entry: TocEntry, target: number, parser: Parser): Adapted {
  const { definition, description } = entry
  const usual = definition === '' || UNCHANGED.has(description) ? definition : usualForm(entry, target)
  if (usual !== null) return { definition: usual, missing: [], notes: [] }
  const sql = Buffer.from(definition, 'utf8').toString('latin1')
  const adapted: Adapted = { definition, missing: [], notes: [] }
  const edits: Edit[] = []
  for (const statement of statementsOf(parser, definition, sql)) {
    const found = [...newerForms(statement.kind, statement.node), ...newerParts(statement.node as Json)]
    adapted.missing.push(...found.filter(({ since }) => since > target))
    edits.push(...editsOf(statement, target, adapted.notes))
  }
  if (edits.length > 0) adapted.definition = Buffer.from(edited(sql, edits), 'latin1').toString('utf8')
  return adapted
}

function statementsOf(parser: Parser, definition: string, sql: string): Statement[] {
  const statements = (parser.parse(definition).stmts ?? []) as unknown as Node[]
  return statements.flatMap((raw) => {
    const start = typeof raw.stmt_location === 'number' ? raw.stmt_location : 0
    const length = typeof raw.stmt_len === 'number' ? raw.stmt_len : sql.length - start
    const end = start + length
    return unwrapped(raw.stmt!).map(({ kind, node }) => ({
      kind,
      node,
      sql,
      start,
      end,
      tokens: tokens(sql.slice(start, end)).map((token) => ({
        text: token.text,
        start: token.start + start,
        end: token.end + start,
      })),
    }))
  })
}

function editsOf(statement: Statement, target: number, notes: string[]): Edit[] {
  const edits: Edit[] = []
  switch (statement.kind) {
    case 'CreateSeqStmt':
      if (target < 10) edits.push(...withoutOption(statement, 'as', 2))
      break
    case 'CreateFunctionStmt':
      if (target < 9.06) edits.push(...withoutOption(statement, 'parallel', 2))
      if (target < 9.02) edits.push(...withoutOption(statement, 'leakproof', 1))
      if (target < 12) edits.push(...withoutOption(statement, 'support', 4))
      break
    case 'CreateTrigStmt':
      if (target < 11) edits.push(...executeProcedure(statement))
      break
    case 'AlterTableStmt':
      edits.push(...alterTableEdits(statement, target, notes))
      break
  }
  if (target < 11) edits.push(...withoutInclude(statement, notes))
  edits.push(...withoutNewerParameters(statement, target, notes))
  return edits
}

function alterTableEdits(statement: Statement, target: number, notes: string[]): Edit[] {
  return list(statement.node, 'cmds').flatMap(({ node: command }) => {
    const subtype = text(command, 'subtype')
    if (subtype === 'AT_SetCompression' && target < 14)
      return [{ start: statement.start, end: pastSemicolon(statement), text: '' }]
    if (subtype === 'AT_AddIdentity' && target < 10) {
      const always = text(child(child(command, 'def'), 'Constraint'), 'generated_when') === 'a'
      const { sql, column } = identityAsSequence(statement.node, command)
      notes.push(
        `The identity column ${column} takes its values from a sequence by default${always ? ', and values may be given to it' : ''}.`,
      )
      return [{ start: firstToken(statement), end: statement.end, text: sql }]
    }
    return []
  })
}

/** Cuts out an option of that name: its word and the tokens that belong to it, with the white space before. */
function withoutOption(statement: Statement, name: string, count: number): Edit[] {
  const option = list(statement.node, 'options').find(({ node }) => text(node, 'defname') === name)
  if (option === undefined) return []
  const at = tokenAt(statement, location(option.node))
  const first = statement.tokens[at]!
  // A name with its schema has three tokens, one without has one.
  const qualified = count === 4 && statement.tokens[at + 2]?.text !== '.'
  const last = statement.tokens[at + (qualified ? 1 : count - 1)]!
  return [{ start: statement.tokens[at - 1]?.end ?? first.start, end: last.end, text: '' }]
}

/** EXECUTE FUNCTION is spelt EXECUTE PROCEDURE before 11. The last such pair counts: before it stands the condition. */
function executeProcedure(statement: Statement): Edit[] {
  const at = statement.tokens.findLastIndex(
    (token, i) => token.text === 'FUNCTION' && statement.tokens[i - 1]?.text === 'EXECUTE',
  )
  const token = statement.tokens[at]
  return token === undefined ? [] : [{ start: token.start, end: token.end, text: 'PROCEDURE' }]
}

/** Columns that an index only carries along do not count for what is unique: without them it finds the same rows. */
function withoutInclude(statement: Statement, notes: string[]): Edit[] {
  let carries = statement.kind === 'IndexStmt' && statement.node.indexIncludingParams !== undefined
  walk(statement.node, (key, value) => {
    if (key === 'Constraint' && isNode(value) && value.including !== undefined) carries = true
  })
  if (!carries) return []
  // The clause follows the closed list of columns; a column of that name is no token of its own behind a ")".
  const at = statement.tokens.findIndex(
    (token, i) =>
      token.text === 'INCLUDE' &&
      statement.tokens[i - 1]?.text === ')' &&
      statement.tokens[i + 1]?.text === '(',
  )
  const close = statement.tokens.findIndex((token, i) => i > at && token.text === ')')
  notes.push(`${nameOf(statement)} is written without the columns that it includes for speed only.`)
  return [{ start: statement.tokens[at - 1]!.end, end: statement.tokens[close]!.end, text: '' }]
}

function nameOf({ kind, node }: Statement): string {
  if (kind === 'IndexStmt') return `The index ${text(node, 'idxname')}`
  const constraint = list(node, 'cmds').map((command) => child(child(command.node, 'def'), 'Constraint'))[0]
  return `The constraint ${text(constraint ?? {}, 'conname')}`
}

/** The token that begins at or holds a byte of the text. */
export function tokenAt(statement: Statement, offset: number): number {
  return statement.tokens.findIndex((token) => token.start <= offset && offset < token.end)
}

function firstToken(statement: Statement): number {
  return statement.tokens[0]?.start ?? statement.start
}

function pastSemicolon({ sql, end }: Statement): number {
  return sql[end] === ';' ? end + 1 : end
}
