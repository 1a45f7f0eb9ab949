import type { CreateTableAsStmt, Node, RuleStmt, ViewStmt } from 'libpg-query'
import { qualified } from '../../postgres/sql.ts'
import { type Scope, strings } from './scope.ts'
import { Refusal, type Verdict } from './verdict.ts'

/** A view is put aside with its text; whether it may be made is decided on its tree. */
export function judgeView(stmt: ViewStmt, text: string, scope: Scope): Verdict[] {
  const view = scope.target(stmt.view)
  return [deferQuery('view', view, text, stmt.query)]
}

export function judgeMaterializedView(stmt: CreateTableAsStmt, text: string, scope: Scope): Verdict[] {
  if (stmt.objtype !== 'OBJECT_MATVIEW') throw new Refusal('it makes a table of a query')
  const view = scope.target(stmt.into?.rel)
  return [deferQuery('materializedView', view, text, stmt.query)]
}

/**
 * A rule is put aside. Until 9.6 pg_dump wrote a view that others need before its time as a table that the rule
 * "_RETURN" makes a view later: then the table is no table.
 */
export function judgeRule(stmt: RuleStmt, text: string, scope: Scope): Verdict[] {
  const table = scope.target(stmt.relation)
  const [query, ...more] = stmt.actions ?? []
  const name = stmt.rulename ?? ''
  if (name !== '_RETURN' || stmt.event !== 'CMD_SELECT' || !query || more.length > 0) {
    const object = { kind: 'rule' as const, schema: table.schema, table: table.name, name }
    return [{ act: 'defer', object: { ...object, definition: text, sql: null, columns: [] } }]
  }
  const body = /\bDO\s+INSTEAD\s+([\s\S]+)$/i.exec(text)?.[1]
  const verdict = deferQuery(
    'view',
    table,
    body ? `CREATE VIEW ${qualified(table.schema, table.name)} AS ${body}` : text,
    body ? query : undefined,
  )
  return [verdict, { act: 'view', table }]
}

function deferQuery(
  kind: 'view' | 'materializedView',
  view: { schema: string; name: string },
  text: string,
  query: Node | undefined,
): Verdict {
  return {
    act: 'defer',
    object: {
      kind,
      schema: view.schema,
      table: view.name,
      name: view.name,
      definition: text,
      sql: query && isPlainQuery(query) ? text : null,
      columns: [],
    },
  }
}

/** Functions that reach out of the database, or stop or change something; none of them stands in a view of Odoo's. */
const REACHES_OUT =
  /^(pg_(read|ls|stat_file|file|terminate|cancel|reload|rotate|logical|replication|create|drop|switch|promote|advisory|try_advisory|sleep|notify|backup|start|stop|wal|export|current_logfile|hba|ident|show|config|execute|logdir|import|get_wal|walfile|last)|lo_|dblink|set_config|setval|nextval|query_to|table_to|schema_to|database_to|cursor_to|inet_server|current_setting|ts_stat|txid_|brin_|gin_clean|binary_upgrade)/

/** Whether a query only reads: no change of data, no locking, no function that reaches out of the database. */
export function isPlainQuery(query: Node): boolean {
  const waiting: unknown[] = [query]
  while (waiting.length > 0) {
    const part = waiting.pop()
    if (Array.isArray(part)) waiting.push(...part)
    else if (part !== null && typeof part === 'object') {
      for (const [key, value] of Object.entries(part)) {
        if (/^(Insert|Update|Delete|Merge|Copy|Call|Execute)Stmt$/.test(key)) return false
        if (key === 'lockingClause' || key === 'intoClause') return false
        if (key === 'FuncCall' && REACHES_OUT.test(strings(value.funcname).at(-1) ?? '')) return false
        waiting.push(value)
      }
    }
  }
  return true
}
