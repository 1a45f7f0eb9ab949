import type { A_Expr, BoolExpr, FuncCall, Node, SQLValueFunction } from 'libpg-query'
import type { TableName } from '../../dumps/dump.ts'
import { ident, literal, qualified } from '../../postgres/sql.ts'
import { harmlessFunctions, OPERATOR } from './builtins.ts'
import { NotCarried, type Scope, strings } from './scope.ts'

/** Deeper than any expression of a real dump; a bound for what is written anew. */
const MOST_LEVELS = 200

export interface ExpressionOptions {
  /** Whether columns (or a domain's VALUE) may be named. */
  columns?: boolean
}

/**
 * Writes an expression anew from its parse tree, with harmless functions and operators of pg_catalog and nothing
 * else. What stands in a default, a check, a generated column or an index is run by the server while rows are
 * loaded or changed, so an expression that holds anything unknown is not carried.
 * @throws NotCarried that names the part
 */
export function writeExpression(node: Node, scope: Scope, options: ExpressionOptions = {}): string {
  return write(node, 0)

  function write(part: Node | undefined, level: number): string {
    if (part === undefined) throw new NotCarried('an expression has a hole')
    if (level > MOST_LEVELS) throw new NotCarried('an expression is nested too deep')
    const below = (child: Node | undefined) => write(child, level + 1)
    const list = (children: readonly Node[] | undefined) => (children ?? []).map(below).join(', ')

    if ('A_Const' in part) return writeConstant(part)
    if ('TypeCast' in part) return `(${writeCast(part.TypeCast, below)})`
    if ('FuncCall' in part) return writeCall(part.FuncCall, list, below)
    if ('A_Expr' in part) return `(${writeOperator(part.A_Expr, below)})`
    if ('BoolExpr' in part) return `(${writeBoolean(part.BoolExpr, below)})`
    if ('NullTest' in part)
      return `(${below(part.NullTest.arg)} IS ${part.NullTest.nulltesttype === 'IS_NULL' ? '' : 'NOT '}NULL)`
    if ('BooleanTest' in part)
      return `(${below(part.BooleanTest.arg)} ${(part.BooleanTest.booltesttype ?? '').replace('IS_', 'IS ').replace('NOT_', 'NOT ')})`
    if ('CoalesceExpr' in part) return `COALESCE(${list(part.CoalesceExpr.args)})`
    if ('MinMaxExpr' in part)
      return `${part.MinMaxExpr.op === 'IS_LEAST' ? 'LEAST' : 'GREATEST'}(${list(part.MinMaxExpr.args)})`
    if ('A_ArrayExpr' in part) return `ARRAY[${list(part.A_ArrayExpr.elements)}]`
    if ('CaseExpr' in part) {
      const { arg, args, defresult } = part.CaseExpr
      const whens = (args ?? []).map((when) => {
        if (!('CaseWhen' in when)) throw new NotCarried('a CASE without WHEN')
        return `WHEN ${below(when.CaseWhen.expr)} THEN ${below(when.CaseWhen.result)}`
      })
      return `(CASE ${arg ? below(arg) : ''} ${whens.join(' ')} ${defresult ? `ELSE ${below(defresult)}` : ''} END)`
    }
    if ('SQLValueFunction' in part) return writeValueFunction(part.SQLValueFunction)
    if ('CollateClause' in part) {
      if (!part.CollateClause.arg) throw new NotCarried('a collation of nothing')
      return `(${below(part.CollateClause.arg)} COLLATE ${writeCollation(part.CollateClause.collname)})`
    }
    if ('ColumnRef' in part && options.columns) {
      const names = strings(part.ColumnRef.fields)
      return ident(names.at(-1) ?? '')
    }
    throw new NotCarried(`it holds ${Object.keys(part)[0] ?? 'an empty node'}`)
  }

  /** Whether an operand is cast to a type of the dump or of an extension, whose operators may be its own. */
  function isOfOwnType(operand: Node | undefined): boolean {
    return (
      operand !== undefined &&
      'TypeCast' in operand &&
      !/^(pg_catalog\.|interval)/.test(scope.type(operand.TypeCast.typeName))
    )
  }

  function writeCast(
    cast: { arg?: Node; typeName?: Parameters<Scope['type']>[0] },
    below: (n?: Node) => string,
  ) {
    const sequence = regclassText(cast)
    if (sequence !== null) return `${literal(sequence)}::pg_catalog.regclass`
    return `${below(cast.arg)}::${scope.type(cast.typeName)}`
  }

  /** 'public.t_id_seq'::regclass would be looked up by the session's search_path: it gets its schema here. */
  function regclassText(cast: { arg?: Node; typeName?: Parameters<Scope['type']>[0] }): string | null {
    if (strings(cast.typeName?.names).at(-1) !== 'regclass') return null
    let arg = cast.arg
    while (arg && 'TypeCast' in arg) arg = arg.TypeCast.arg
    if (!arg || !('A_Const' in arg) || arg.A_Const.sval === undefined)
      throw new NotCarried('it names a relation by an expression')
    return relationText(arg.A_Const.sval.sval ?? '', scope)
  }

  function writeCall(
    call: FuncCall,
    list: (args: readonly Node[] | undefined) => string,
    below: (n?: Node) => string,
  ): string {
    if (
      call.agg_order ||
      call.agg_filter ||
      call.over ||
      call.agg_star ||
      call.agg_distinct ||
      call.func_variadic
    )
      throw new NotCarried('it aggregates')
    const names = strings(call.funcname)
    const name = names.at(-1) ?? ''
    const given = names.length === 2 ? names[0]! : null
    if (names.length > 2) throw new NotCarried('it calls a function of another database')
    const args = call.args ?? []
    if (name === 'nextval' && (given === null || given === 'pg_catalog')) {
      const [arg] = args
      if (args.length !== 1 || !arg) throw new NotCarried('it calls nextval in no known way')
      let constant: Node | undefined = arg
      while (constant && 'TypeCast' in constant) constant = constant.TypeCast.arg
      if (!constant || !('A_Const' in constant) || constant.A_Const.sval === undefined)
        throw new NotCarried('it names a sequence by an expression')
      const text = relationText(constant.A_Const.sval.sval ?? '', scope)
      return `pg_catalog.nextval(${literal(text)}::pg_catalog.regclass)`
    }
    const own = call.funcformat === 'COERCE_SQL_SYNTAX' ? ownSyntax(name, args.map(below)) : null
    if (own !== null) return own
    const extension = scope.extensionFunction(name)
    if (extension !== undefined && given !== 'pg_catalog' && (given === null || given === extension))
      return `${qualified(extension, name)}(${list(args)})`
    if ((given === null || given === 'pg_catalog') && harmlessFunctions.has(name))
      return `pg_catalog.${ident(name)}(${list(args)})`
    throw new NotCarried(`it calls the function ${names.join('.')}`)
  }

  function writeOperator(expr: A_Expr, below: (n?: Node) => string): string {
    if (expr.name?.length === 1 && [expr.lexpr, expr.rexpr].some(isOfOwnType))
      throw new NotCarried('it uses an operator of a type that is not the server’s')
    const names = strings(expr.name)
    const operator = names.at(-1) ?? ''
    if (names.length > 1 && names[0] !== 'pg_catalog')
      throw new NotCarried(`it uses the operator ${names.join('.')}`)
    const left = () => below(expr.lexpr)
    switch (expr.kind) {
      case 'AEXPR_OP':
        if (!OPERATOR.test(operator)) throw new NotCarried(`it uses the operator ${operator}`)
        return expr.lexpr
          ? `${left()} OPERATOR(pg_catalog.${operator}) ${below(expr.rexpr)}`
          : `OPERATOR(pg_catalog.${operator}) ${below(expr.rexpr)}`
      case 'AEXPR_OP_ANY':
      case 'AEXPR_OP_ALL':
        if (!OPERATOR.test(operator)) throw new NotCarried(`it uses the operator ${operator}`)
        return `${left()} OPERATOR(pg_catalog.${operator}) ${expr.kind === 'AEXPR_OP_ANY' ? 'ANY' : 'ALL'} (${below(expr.rexpr)})`
      case 'AEXPR_IN':
        return `${left()} ${operator === '=' ? 'IN' : 'NOT IN'} (${inList(expr.rexpr, below)})`
      case 'AEXPR_LIKE':
        return `${left()} OPERATOR(pg_catalog.${operator === '~~' ? '~~' : '!~~'}) ${below(expr.rexpr)}`
      case 'AEXPR_ILIKE':
        return `${left()} OPERATOR(pg_catalog.${operator === '~~*' ? '~~*' : '!~~*'}) ${below(expr.rexpr)}`
      case 'AEXPR_DISTINCT':
        return `${left()} IS DISTINCT FROM ${below(expr.rexpr)}`
      case 'AEXPR_NOT_DISTINCT':
        return `${left()} IS NOT DISTINCT FROM ${below(expr.rexpr)}`
      case 'AEXPR_NULLIF':
        return `NULLIF(${left()}, ${below(expr.rexpr)})`
      case 'AEXPR_BETWEEN':
      case 'AEXPR_NOT_BETWEEN': {
        const [low, high] = expr.rexpr && 'List' in expr.rexpr ? (expr.rexpr.List.items ?? []) : []
        return `${left()} ${expr.kind === 'AEXPR_BETWEEN' ? '' : 'NOT '}BETWEEN ${below(low)} AND ${below(high)}`
      }
      default:
        throw new NotCarried(`it compares by ${expr.kind}`)
    }
  }
}

/** Calls that SQL has words of its own for: kept in them, as PostgreSQL shows the two forms differently. */
function ownSyntax(name: string, args: readonly string[]): string | null {
  const [first, second, third, fourth] = args
  switch (name) {
    case 'timezone':
      return args.length === 2 ? `(${second} AT TIME ZONE ${first})` : null
    case 'extract':
      return args.length === 2 && /^'[a-z]+'$/.test(first!) ? `EXTRACT(${first} FROM ${second})` : null
    case 'position':
      return args.length === 2 ? `POSITION((${second}) IN (${first}))` : null
    case 'substring':
      if (args.length === 2) return `SUBSTRING(${first} FROM ${second})`
      return args.length === 3 ? `SUBSTRING(${first} FROM ${second} FOR ${third})` : null
    case 'overlay':
      return args.length === 4 ? `OVERLAY(${first} PLACING ${second} FROM ${third} FOR ${fourth})` : null
    case 'btrim':
    case 'ltrim':
    case 'rtrim': {
      const side = { btrim: 'BOTH', ltrim: 'LEADING', rtrim: 'TRAILING' }[name]
      return `TRIM(${side} ${second ?? ''} FROM ${first})`
    }
    default:
      return null
  }
}

function inList(node: Node | undefined, below: (n?: Node) => string): string {
  if (!node || !('List' in node)) throw new NotCarried('an IN without a list')
  return (node.List.items ?? []).map(below).join(', ')
}

function writeBoolean(expr: BoolExpr, below: (n?: Node) => string): string {
  const parts = (expr.args ?? []).map(below)
  if (expr.boolop === 'NOT_EXPR') return `NOT ${parts.join(' ')}`
  return parts.join(expr.boolop === 'AND_EXPR' ? ' AND ' : ' OR ')
}

export function writeConstant(node: Extract<Node, { A_Const: unknown }>): string {
  const value = node.A_Const
  if (value.isnull) return 'NULL'
  if (value.sval !== undefined) return literal(value.sval.sval ?? '')
  if (value.ival !== undefined) return String(value.ival.ival ?? 0)
  if (value.boolval !== undefined) return value.boolval.boolval ? 'true' : 'false'
  if (value.fval !== undefined && /^[\d.eE+-]+$/.test(value.fval.fval ?? '')) return value.fval.fval ?? ''
  if (value.bsval !== undefined && /^[bx][0-9a-fA-F]*$/.test(value.bsval.bsval ?? '')) {
    const text = value.bsval.bsval ?? ''
    return `${text[0]}'${text.slice(1)}'`
  }
  throw new NotCarried('it holds a constant of no known form')
}

function writeValueFunction(value: SQLValueFunction): string {
  const kinds: Record<string, string> = {
    SVFOP_CURRENT_DATE: 'CURRENT_DATE',
    SVFOP_CURRENT_TIME: 'CURRENT_TIME',
    SVFOP_CURRENT_TIMESTAMP: 'CURRENT_TIMESTAMP',
    SVFOP_LOCALTIME: 'LOCALTIME',
    SVFOP_LOCALTIMESTAMP: 'LOCALTIMESTAMP',
    SVFOP_CURRENT_USER: 'CURRENT_USER',
    SVFOP_SESSION_USER: 'SESSION_USER',
    SVFOP_USER: 'CURRENT_USER',
    SVFOP_CURRENT_CATALOG: 'CURRENT_CATALOG',
    SVFOP_CURRENT_SCHEMA: 'CURRENT_SCHEMA',
  }
  const text = kinds[value.op ?? '']
  if (text === undefined) throw new NotCarried(`it holds ${value.op}`)
  return text
}

/** Collations of the server only: one that the dump makes is not made here. */
export function writeCollation(names: readonly Node[] | undefined): string {
  const parts = strings(names)
  const name = parts.at(-1) ?? ''
  if (parts.length > 1 && parts[0] !== 'pg_catalog')
    throw new NotCarried(`it uses the collation ${parts.join('.')}`)
  if (!['default', 'C', 'POSIX', 'ucs_basic', 'C.UTF-8', 'C.utf8', 'und-x-icu'].includes(name))
    throw new NotCarried(`it uses the collation ${name}`)
  return `pg_catalog.${ident(name)}`
}

/** "public.t_id_seq" or "t_id_seq" in the text form of regclass, with the schema that the dump means. */
export function relationText(text: string, scope: Scope): string {
  const { schema, name } = relationNamed(text, scope)
  return qualified(schema, name)
}

export function relationNamed(text: string, scope: Scope): TableName {
  const match = /^(?:("(?:[^"]|"")+"|[^".]+)\.)?("(?:[^"]|"")+"|[^".]+)$/.exec(text)
  if (!match?.[2]) throw new NotCarried(`it names the relation ${JSON.stringify(text)}`)
  const name = unquoted(match[2])
  const schema = match[1] === undefined ? scope.schema : unquoted(match[1])
  return { schema: scope.checkSchema(schema), name }
}

function unquoted(name: string): string {
  return name.startsWith('"') ? name.slice(1, -1).replaceAll('""', '"') : name.toLowerCase()
}
