import type { IndexStmt } from 'libpg-query'
import { ident, qualified } from '../../postgres/sql.ts'
import { writeCollation, writeExpression } from './expression.ts'
import { NotCarried, type Scope, strings } from './scope.ts'
import { Refusal, type Verdict } from './verdict.ts'

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
const EXTENSION_CLASSES: ReadonlyMap<string, string> = new Map([
  ['gin_trgm_ops', 'similarity'],
  ['gist_trgm_ops', 'similarity'],
])

function writeOperatorClass(names: string[], scope: Scope): string {
  const name = names.at(-1) ?? ''
  const marker = EXTENSION_CLASSES.get(name)
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
