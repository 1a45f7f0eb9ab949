import type { CreateTableAsStmt, IndexStmt, Node, ViewStmt } from 'libpg-query'
import { ident, qualified } from '../../postgres/sql.ts'
import { writeCollation, writeExpression } from './expression.ts'
import { NotCarried, type Scope, strings } from './scope.ts'
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

/** CREATE INDEX, put aside: written anew where its expressions and its condition are known. */
export function judgeIndex(stmt: IndexStmt, text: string, scope: Scope): Verdict[] {
  const table = scope.target(stmt.relation)
  const written = attempt(() => writeIndex(stmt, table, scope))
  return [
    {
      act: 'defer',
      object: {
        kind: 'index',
        schema: table.schema,
        table: table.name,
        name: stmt.idxname ?? '',
        definition: text,
        sql: written,
        columns: (stmt.indexParams ?? []).flatMap((node) =>
          'IndexElem' in node && node.IndexElem.name ? [node.IndexElem.name] : [],
        ),
      },
    },
  ]
}

function attempt(write: () => string): string | null {
  try {
    return write()
  } catch (thrown) {
    if (thrown instanceof NotCarried) return null
    throw thrown
  }
}

function writeIndex(stmt: IndexStmt, table: { schema: string; name: string }, scope: Scope): string {
  const method = stmt.accessMethod ?? 'btree'
  if (!/^(btree|hash|gist|gin|spgist|brin)$/.test(method)) throw new NotCarried(`the access method ${method}`)
  const elements = (stmt.indexParams ?? []).map((node) => {
    if (!('IndexElem' in node)) throw new Refusal('an index has a part of no known form')
    const { name, expr, collation, opclass, opclassopts, ordering, nulls_ordering } = node.IndexElem
    if (opclassopts?.length) throw new NotCarried('it has options of an operator class')
    return [
      name ? ident(name) : `(${writeExpression(expr!, scope, { columns: true })})`,
      collation?.length ? `COLLATE ${writeCollation(collation)}` : '',
      opclass?.length ? writeOperatorClass(strings(opclass), scope) : '',
      ordering === 'SORTBY_DESC' ? 'DESC' : '',
      nulls_ordering === 'SORTBY_NULLS_FIRST' ? 'NULLS FIRST' : '',
      nulls_ordering === 'SORTBY_NULLS_LAST' ? 'NULLS LAST' : '',
    ]
      .filter(Boolean)
      .join(' ')
  })
  const including = (stmt.indexIncludingParams ?? []).map((node) =>
    'IndexElem' in node ? ident(node.IndexElem.name ?? '') : '',
  )
  return [
    `CREATE ${stmt.unique ? 'UNIQUE ' : ''}INDEX ${ident(stmt.idxname ?? '')}`,
    ` ON ${qualified(table.schema, table.name)} USING ${method} (${elements.join(', ')})`,
    including.length > 0 ? ` INCLUDE (${including.join(', ')})` : '',
    stmt.nulls_not_distinct ? ' NULLS NOT DISTINCT' : '',
    stmt.whereClause ? ` WHERE ${writeExpression(stmt.whereClause, scope, { columns: true })}` : '',
  ].join('')
}

/** Operator classes of trusted extensions stand in the extension's schema. */
const EXTENSION_CLASSES: Readonly<Record<string, string>> = {
  gin_trgm_ops: 'similarity',
  gist_trgm_ops: 'similarity',
}

function writeOperatorClass(names: string[], scope: Scope): string {
  const name = names.at(-1) ?? ''
  const marker = EXTENSION_CLASSES[name]
  if (marker !== undefined) {
    const schema = scope.extensionFunction(marker)
    if (schema === undefined)
      throw new NotCarried(`the operator class ${name} is of an extension that is not made`)
    return qualified(schema, name)
  }
  if (names.length > 1 && names[0] !== 'pg_catalog')
    throw new NotCarried(`the operator class ${names.join('.')}`)
  return `pg_catalog.${ident(name)}`
}
