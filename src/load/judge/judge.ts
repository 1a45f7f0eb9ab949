import type { Node } from 'libpg-query'
import type { TocEntry } from '../../dumps/dump.ts'
import { ident } from '../../postgres/sql.ts'
import { judgeAlterTable, skip } from './alter-table.ts'
import { agrees } from './entry.ts'
import { judgeExtension } from './extension.ts'
import { comment, knownForm } from './forms.ts'
import { judgeFunction } from './function.ts'
import { judgeIndex } from './index-statement.ts'
import { judgeInsert } from './insert.ts'
import { leftOut, leftOutObjects } from './left-out.ts'
import { modern } from './modern.ts'
import { NotSql, type ParsedStatement, parseStatements } from './parse.ts'
import type { Parser } from './parser.ts'
import { judgeMaterializedView, judgeView } from './query.ts'
import { judgeRule } from './rule.ts'
import { NotCarried, Scope, strings } from './scope.ts'
import { judgeSelect, setSearchPath } from './select.ts'
import { judgeAlterSequence, judgeCreateSequence } from './sequence.ts'
import { judgeCreateTable } from './table.ts'
import { judgeComposite, judgeDomain, judgeEnum, judgeRange } from './types.ts'
import { Refusal, type Verdict } from './verdict.ts'

/** What the judge must know of the server that the dump is loaded into. */
export interface ServerFacts {
  /** Names of all functions in pg_catalog. */
  functions: readonly string[]
  /** Names of the extensions that are installed on the machine. */
  extensions: readonly string[]
  /** Schemas that the dump must not touch. */
  reservedSchemas: readonly string[]
}

/** What the dump says about its own text. */
export interface TextFacts {
  /** False in old dumps: a backslash in a plain string escapes. */
  standardConformingStrings: boolean
}

/** The parts of an archive's entry that the judge looks at. */
export type EntryFacts = Pick<TocEntry, 'description' | 'tag' | 'namespace' | 'withOids'>

/**
 * Decides on the parse tree of every statement of one dump, in their order, what becomes of it. It holds what the
 * statements before said: search_path, types, extensions.
 */
export class Judge {
  readonly #scope: Scope
  readonly #functions: ReadonlySet<string>
  readonly #extensions: ReadonlySet<string>
  readonly #parser: Parser
  readonly #text: TextFacts

  constructor(parser: Parser, server: ServerFacts, text: TextFacts) {
    this.#parser = parser
    this.#text = text
    this.#scope = new Scope(server.reservedSchemas)
    this.#functions = new Set(server.functions)
    this.#extensions = new Set(server.extensions)
  }

  /** @throws Refusal when no genuine dump holds such a thing, TooDeep when the text is beyond the parser */
  judge(sql: string, entry: EntryFacts | null): Verdict[] {
    const known = knownForm(sql, this.#scope.isOpen)
    if (known) return [agreeing(known, entry)]
    let statements: ParsedStatement[]
    try {
      statements = parseStatements(this.#parser, modern(sql, this.#text.standardConformingStrings))
    } catch (thrown) {
      if (!(thrown instanceof NotSql)) throw thrown
      return [
        skip(
          entry?.description ?? 'statement',
          label(sql, entry),
          `it cannot be read: ${thrown.message}`,
          'severe',
        ),
      ]
    }
    if (entry && !this.#scope.pathIsSet && entry.namespace) this.#scope.schema = entry.namespace
    return statements.flatMap((statement) => this.#judgeOne(statement, entry))
  }

  #judgeOne(statement: ParsedStatement, entry: EntryFacts | null): Verdict[] {
    const kind = kindOf(statement.node)
    try {
      return this.#byKind(statement, entry).map((verdict) => agreeing(verdict, entry))
    } catch (thrown) {
      if (thrown instanceof NotCarried)
        return [skip(what(kind), this.#named(statement, entry), thrown.message, thrown.severity)]
      if (thrown instanceof Refusal)
        throw new Refusal(`${thrown.message}: ${shortened(statement.text)}`, { cause: thrown })
      if (thrown instanceof NotSql)
        return [skip(what(kind), label(statement.text, entry), thrown.message, 'severe')]
      throw thrown
    }
  }

  /** A table by its name, so that its rows can be told why they have no place; anything else by its first words. */
  #named({ node, text }: ParsedStatement, entry: EntryFacts | null): string {
    if (!('CreateStmt' in node)) return label(text, entry)
    const { schema, name } = this.#scope.target(node.CreateStmt.relation)
    return `${schema}.${name}`
  }

  #byKind(statement: ParsedStatement, entry: EntryFacts | null): Verdict[] {
    const { node, text } = statement
    const scope = this.#scope
    if ('CreateStmt' in node) return judgeCreateTable(node.CreateStmt, scope, statement)
    if ('AlterTableStmt' in node) return judgeAlterTable(node.AlterTableStmt, scope, statement)
    if ('CreateSeqStmt' in node) return judgeCreateSequence(node.CreateSeqStmt, scope)
    if ('AlterSeqStmt' in node) return judgeAlterSequence(node.AlterSeqStmt, scope)
    if ('SelectStmt' in node) {
      return judgeSelect(node.SelectStmt, scope, entry !== null)
    }
    if ('InsertStmt' in node) return judgeInsert(node.InsertStmt, scope)
    if ('CommentStmt' in node) return [comment(text)]
    if ('IndexStmt' in node) return judgeIndex(node.IndexStmt, text, scope)
    if ('ViewStmt' in node) return judgeView(node.ViewStmt, text, scope)
    if ('CreateTableAsStmt' in node) return judgeMaterializedView(node.CreateTableAsStmt, text, scope)
    if ('CreateEnumStmt' in node) return judgeEnum(node.CreateEnumStmt, scope)
    if ('CompositeTypeStmt' in node) return judgeComposite(node.CompositeTypeStmt, scope)
    if ('CreateDomainStmt' in node) return judgeDomain(node.CreateDomainStmt, scope, statement)
    if ('CreateRangeStmt' in node) return judgeRange(node.CreateRangeStmt, scope)
    if ('CreateFunctionStmt' in node)
      return judgeFunction(node.CreateFunctionStmt, text, scope, this.#functions)
    if ('CreateExtensionStmt' in node)
      return judgeExtension(node.CreateExtensionStmt, scope, this.#extensions)
    if ('CreateSchemaStmt' in node) {
      const { schemaname = '', schemaElts } = node.CreateSchemaStmt
      if (schemaElts?.length) throw new Refusal('a schema is made together with what is in it')
      if (schemaname === 'public') return []
      scope.checkSchema(schemaname)
      return [
        {
          act: 'run',
          kind: 'schema',
          object: { schema: schemaname, name: schemaname },
          sql: `CREATE SCHEMA ${ident(schemaname)}`,
        },
      ]
    }
    if ('VariableSetStmt' in node) return this.#setting(node)
    if ('CreateTrigStmt' in node) {
      const table = scope.target(node.CreateTrigStmt.relation)
      return [putAside('trigger', table.schema, table.name, node.CreateTrigStmt.trigname ?? '', text)]
    }
    if ('RuleStmt' in node)
      return judgeRule(node.RuleStmt, text, scope, (sql) => parseStatements(this.#parser, sql))
    if ('DefineStmt' in node) {
      const object = leftOutObjects[node.DefineStmt.kind ?? '']
      if (!object) throw new Refusal('it defines something of no known kind')
      return [
        skip(
          object,
          strings(node.DefineStmt.defnames).join('.'),
          `a ${object} is not carried over`,
          'warning',
        ),
      ]
    }
    const left = leftOut[kindOf(node)]
    if (left) return [skip(left.what, shortened(text), left.reason, left.severity)]
    throw new Refusal(`a dump has no statement of the kind ${kindOf(node)}`)
  }

  /** Settings are read, never made: of search_path the meaning is taken, the others do not matter here. */
  #setting(node: Extract<Node, { VariableSetStmt: unknown }>): Verdict[] {
    const { name = '', args, kind } = node.VariableSetStmt
    if (kind !== 'VAR_SET_VALUE' && kind !== 'VAR_SET_DEFAULT' && kind !== 'VAR_RESET')
      return [skip('setting', name, 'the load has settings of its own', 'info')]
    if (name.toLowerCase() === 'search_path') {
      setSearchPath(
        this.#scope,
        (args ?? []).map((arg) => ('A_Const' in arg ? (arg.A_Const.sval?.sval ?? '') : '')),
      )
      return []
    }
    if (HARMLESS_SETTINGS.has(name.toLowerCase())) return []
    return [skip('setting', name, 'the load has settings of its own', 'warning')]
  }
}

/** Written by pg_dump at the head of a dump or between its tables; none changes what is loaded here. */
const HARMLESS_SETTINGS = new Set([
  'statement_timeout',
  'lock_timeout',
  'idle_in_transaction_session_timeout',
  'transaction_timeout',
  'client_encoding',
  'standard_conforming_strings',
  'check_function_bodies',
  'xmloption',
  'client_min_messages',
  'row_security',
  'default_tablespace',
  'default_table_access_method',
  'default_with_oids',
  'default_toast_compression',
  'escape_string_warning',
  'bytea_output',
  'extra_float_digits',
  'datestyle',
  'intervalstyle',
  'synchronous_commit',
  'session_authorization',
])

function putAside(kind: 'trigger', schema: string, table: string, name: string, text: string): Verdict {
  return { act: 'defer', object: { kind, schema, table, name, definition: text, sql: null, columns: [] } }
}

function agreeing(verdict: Verdict, entry: EntryFacts | null): Verdict {
  if (entry && !agrees(verdict, entry))
    throw new Refusal(`the entry "${entry.description} ${entry.tag}" makes something else than it says`)
  return verdict
}

function what(kind: string): string {
  return kind
    .replace(/Stmt$/, '')
    .replace(/([a-z])([A-Z])/g, '$1 $2')
    .toLowerCase()
}

function label(sql: string, entry: EntryFacts | null): string {
  return entry ? [entry.namespace, entry.tag].filter(Boolean).join('.') : shortened(sql)
}

/** The first words of a statement, without line breaks, for a report. */
export function shortened(sql: string): string {
  const line = sql.replaceAll(/\s+/g, ' ').trim()
  return line.length > 120 ? `${line.slice(0, 117)}…` : line
}

/** The kind of a node: `{ A_Const: {…} }` → "A_Const". */
function kindOf(node: Node): string {
  return Object.keys(node)[0] ?? ''
}
