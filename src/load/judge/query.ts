import type { CreateTableAsStmt, Node, ViewStmt } from 'libpg-query'
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
  // Without WITH NO DATA, which pg_dump always writes, making it would run its query.
  return [deferQuery('materializedView', view, text, stmt.into?.skipData ? stmt.query : undefined)]
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
