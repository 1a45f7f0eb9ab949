import type { InsertStmt, Node } from 'libpg-query'
import type { Scope } from './scope.ts'
import { Refusal, type Verdict } from './verdict.ts'

/** INSERT … VALUES of constants, as pg_dump --inserts writes it; its rows become COPY text. */
export function judgeInsert(stmt: InsertStmt, scope: Scope): Verdict[] {
  const table = scope.target(stmt.relation)
  if (stmt.withClause || stmt.returningClause) throw new Refusal('it inserts more than constants')
  if (stmt.onConflictClause && stmt.onConflictClause.action !== 'ONCONFLICT_NOTHING')
    throw new Refusal('it changes rows when it inserts')
  const columns =
    stmt.cols?.map((node) => {
      if (!('ResTarget' in node) || node.ResTarget.indirection?.length)
        throw new Refusal('it inserts into a part of a column')
      return node.ResTarget.name ?? ''
    }) ?? null
  const select = stmt.selectStmt && 'SelectStmt' in stmt.selectStmt ? stmt.selectStmt.SelectStmt : null
  if (
    !select?.valuesLists ||
    select.withClause ||
    select.fromClause ||
    select.sortClause ||
    select.limitCount
  )
    throw new Refusal('it inserts what it queries')
  const lists = select.valuesLists.map((list) => {
    if (!('List' in list)) throw new Refusal('it inserts no list of values')
    return list.List.items ?? []
  })
  // pg_dump writes DEFAULT for generated columns, the same in every row; COPY leaves such columns out.
  const given = (lists[0] ?? []).map((value) => !('SetToDefault' in value))
  const names = columns ?? scope.columnsOfGenerated(table)
  if (given.includes(false) && names === null) throw new Refusal('it inserts DEFAULT into no known column')
  const rows = lists.map((list) => {
    if (list.length !== given.length || list.some((value, i) => 'SetToDefault' in value === given[i]))
      throw new Refusal('its rows differ in what they give')
    return `${list
      .filter((_, i) => given[i])
      .map(copyText)
      .join('\t')}\n`
  })
  return [
    {
      act: 'rows',
      table,
      columns: given.includes(false) ? names!.filter((_, i) => given[i] ?? false) : columns,
      rows: rows.join(''),
      count: rows.length,
    },
  ]
}

/** A constant in COPY's text format (the manual of COPY, "Text Format"). */
export function copyText(node: Node): string {
  if ('TypeCast' in node && node.TypeCast.arg) return copyText(node.TypeCast.arg)
  if ('A_Expr' in node && !node.A_Expr.lexpr && node.A_Expr.rexpr) {
    const [operator] = node.A_Expr.name ?? []
    const number = copyText(node.A_Expr.rexpr)
    if (operator && 'String' in operator && operator.String.sval === '-' && /^[\d.eE+-]+$/.test(number))
      return `-${number}`
  }
  if (!('A_Const' in node)) throw new Refusal('it inserts what is no constant')
  const value = node.A_Const
  if (value.isnull) return '\\N'
  if (value.sval !== undefined) return escapeCopy(value.sval.sval ?? '')
  if (value.ival !== undefined) return String(value.ival.ival ?? 0)
  if (value.fval !== undefined) return value.fval.fval ?? ''
  if (value.boolval !== undefined) return value.boolval.boolval ? 't' : 'f'
  if (value.bsval !== undefined) return (value.bsval.bsval ?? '').slice(1)
  throw new Refusal('it inserts a constant of no known form')
}

function escapeCopy(text: string): string {
  return text.replace(/[\\\t\n\r\b\f\v]/g, (char) => ESCAPES[char] ?? char)
}

const ESCAPES: Readonly<Record<string, string>> = {
  '\\': '\\\\',
  '\t': '\\t',
  '\n': '\\n',
  '\r': '\\r',
  '\b': '\\b',
  '\f': '\\f',
  '\v': '\\v',
}
