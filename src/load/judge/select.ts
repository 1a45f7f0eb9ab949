import type { FuncCall, Node, SelectStmt } from 'libpg-query'
import { relationNamed } from './expression.ts'
import { type Scope, strings } from './scope.ts'
import { wholeNumber } from './sequence.ts'
import { Refusal, type Verdict } from './verdict.ts'

/** SELECT of one call with constants, as pg_dump writes it for settings, sequences and large objects. */
export function judgeSelect(stmt: SelectStmt, scope: Scope, inArchive: boolean): Verdict[] {
  const call = onlyCall(stmt)
  const names = strings(call?.funcname)
  if (!call || (names.length === 2 && names[0] !== 'pg_catalog') || names.length > 2)
    throw new Refusal('it queries')
  const name = names.at(-1) ?? ''
  const args = call.args ?? []
  if (name === 'set_config') {
    if (textOf(args[0]) !== 'search_path') throw new Refusal(`it sets ${textOf(args[0]) ?? 'a parameter'}`)
    setSearchPath(scope, [textOf(args[1]) ?? ''])
    return []
  }
  if (name === 'setval') {
    const relation = textOf(args[0])
    if (relation === null || args.length < 2 || args.length > 3)
      throw new Refusal('it calls setval in no known way')
    return [
      {
        act: 'sequenceValue',
        sequence: relationNamed(relation, scope),
        value: constantNumber(args[1]),
        called: args[2] === undefined ? true : booleanOf(args[2]),
      },
    ]
  }
  switch (name) {
    case 'lo_create':
      // In an archive the object comes with its bytes later.
      return inArchive ? [] : [{ act: 'largeObject', oid: oidOf(args[0]), bytes: null }]
    case 'lo_open':
      scope.largeObject = oidOf(args[0])
      return []
    case 'lowrite':
      if (scope.largeObject === null || textOf(args[1]) === null)
        throw new Refusal('it writes to no large object')
      return [{ act: 'largeObject', oid: scope.largeObject, bytes: textOf(args[1]) }]
    case 'lo_close':
      scope.largeObject = null
      return []
  }
  throw new Refusal(`it calls ${names.join('.')}`)
}

/** Reads a search_path, whichever way it was written; the first schema that is not the server's counts. */
export function setSearchPath(scope: Scope, values: readonly string[]): void {
  const schemas = values
    .flatMap((value) => value.split(','))
    .map((part) => part.trim())
    .map((part) => (part.startsWith('"') ? part.slice(1, -1).replaceAll('""', '"') : part))
    .filter((schema) => schema !== '' && schema !== 'pg_catalog' && schema !== '$user')
  scope.schema = schemas[0] ?? 'public'
  scope.pathIsSet = true
}

function onlyCall(stmt: SelectStmt): FuncCall | null {
  const { targetList, op, limitOption, ...rest } = stmt
  if (Object.keys(rest).length > 0 || op !== 'SETOP_NONE' || targetList?.length !== 1) return null
  const [target] = targetList
  if (limitOption !== 'LIMIT_OPTION_DEFAULT' || !target || !('ResTarget' in target)) return null
  const value = target.ResTarget.val
  return value && 'FuncCall' in value ? value.FuncCall : null
}

function textOf(node: Node | undefined): string | null {
  let inner = node
  while (inner && 'TypeCast' in inner) inner = inner.TypeCast.arg
  return inner && 'A_Const' in inner && inner.A_Const.sval ? (inner.A_Const.sval.sval ?? '') : null
}

function oidOf(node: Node | undefined): string {
  const text = textOf(node) ?? (node && 'A_Const' in node ? constantNumber(node) : '')
  if (!/^\d{1,10}$/.test(text)) throw new Refusal('it names a large object in no known way')
  return text
}

function booleanOf(node: Node): boolean {
  if ('A_Const' in node && node.A_Const.boolval) return node.A_Const.boolval.boolval ?? false
  throw new Refusal('it calls setval in no known way')
}

function constantNumber(node: Node | undefined): string {
  if (node && 'A_Const' in node) {
    if (node.A_Const.ival) return wholeNumber({ Integer: node.A_Const.ival })
    if (node.A_Const.fval) return wholeNumber({ Float: node.A_Const.fval })
    if (node.A_Const.sval && /^-?\d{1,20}$/.test(node.A_Const.sval.sval ?? '')) return node.A_Const.sval.sval!
  }
  // A negative number is an operator before a constant.
  if (node && 'A_Expr' in node && !node.A_Expr.lexpr && strings(node.A_Expr.name)[0] === '-')
    return `-${constantNumber(node.A_Expr.rexpr)}`
  throw new Refusal('it calls setval in no known way')
}
