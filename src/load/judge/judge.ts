import type { Node } from 'libpg-query'
import type { TocEntry } from '../../dumps/dump.ts'
import { ident } from '../../postgres/sql.ts'
import { judgeAlterTable, skip } from './alter-table.ts'
import { agrees } from './entry.ts'
import { judgeExtension } from './extension.ts'
import { judgeFunction } from './function.ts'
import { judgeInsert } from './insert.ts'
import { leftOut, leftOutObjects } from './left-out.ts'
import { kindOf, NotSql, type ParsedStatement, parseStatements } from './parse.ts'
import { judgeIndex, judgeMaterializedView, judgeView } from './query.ts'
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
  #pathIsSet = false

  constructor(server: ServerFacts) {
    this.#scope = new Scope(server.reservedSchemas)
    this.#functions = new Set(server.functions)
    this.#extensions = new Set(server.extensions)
  }

  /** @throws Refusal when no genuine dump holds such a thing, TooDeep when the text is beyond the parser */
  judge(sql: string, entry: EntryFacts | null): Verdict[] {
    let statements: ParsedStatement[]
    try {
      statements = parseStatements(modern(sql))
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
    if (entry && !this.#pathIsSet && entry.namespace) this.#scope.schema = entry.namespace
    return statements.flatMap((statement) => this.#judgeOne(statement, entry))
  }

  #judgeOne(statement: ParsedStatement, entry: EntryFacts | null): Verdict[] {
    const kind = kindOf(statement.node)
    try {
      const verdicts = this.#byKind(statement)
      if (entry)
        for (const verdict of verdicts)
          if (verdict.act === 'run' && !agrees(verdict, entry))
            throw new Refusal(`its entry says ${entry.description}, its statement makes something else`)
      return verdicts
    } catch (thrown) {
      if (thrown instanceof NotCarried)
        return [skip(what(kind), label(statement.text, entry), thrown.message, thrown.severity)]
      if (thrown instanceof Refusal)
        throw new Refusal(`${thrown.message}: ${shortened(statement.text)}`, { cause: thrown })
      throw thrown
    }
  }

  #byKind({ node, text }: ParsedStatement): Verdict[] {
    const scope = this.#scope
    if ('CreateStmt' in node) return judgeCreateTable(node.CreateStmt, scope)
    if ('AlterTableStmt' in node) return judgeAlterTable(node.AlterTableStmt, scope)
    if ('CreateSeqStmt' in node) return judgeCreateSequence(node.CreateSeqStmt, scope)
    if ('AlterSeqStmt' in node) return judgeAlterSequence(node.AlterSeqStmt, scope)
    if ('SelectStmt' in node) {
      const verdicts = judgeSelect(node.SelectStmt, scope)
      if (verdicts.length === 0) this.#pathIsSet = true
      return verdicts
    }
    if ('InsertStmt' in node) return judgeInsert(node.InsertStmt, scope)
    if ('CommentStmt' in node) return [comment(text)]
    if ('IndexStmt' in node) return judgeIndex(node.IndexStmt, text, scope)
    if ('ViewStmt' in node) return judgeView(node.ViewStmt, text, scope)
    if ('CreateTableAsStmt' in node) return judgeMaterializedView(node.CreateTableAsStmt, text, scope)
    if ('CreateEnumStmt' in node) return judgeEnum(node.CreateEnumStmt, scope)
    if ('CompositeTypeStmt' in node) return judgeComposite(node.CompositeTypeStmt, scope)
    if ('CreateDomainStmt' in node) return judgeDomain(node.CreateDomainStmt, scope)
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
      return [put('trigger', table.schema, table.name, node.CreateTrigStmt.trigname ?? '', text)]
    }
    if ('RuleStmt' in node) {
      const table = scope.target(node.RuleStmt.relation)
      return [put('rule', table.schema, table.name, node.RuleStmt.rulename ?? '', text)]
    }
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
      this.#pathIsSet = true
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

/** Forms that the grammar has lost: WITH OIDS went with PostgreSQL 12. */
function modern(sql: string): string {
  return sql.replace(/\)\s*WITH\s+OIDS\s*;?\s*$/i, ');')
}

function put(kind: 'trigger' | 'rule', schema: string, table: string, name: string, text: string): Verdict {
  return { act: 'defer', object: { kind, schema, table, name, definition: text, sql: null, columns: [] } }
}

function comment(text: string): Verdict {
  return {
    act: 'defer',
    object: { kind: 'comment', schema: '', table: '', name: '', definition: text, sql: null, columns: [] },
  }
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
