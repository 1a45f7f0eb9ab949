import type { CompositeTypeStmt, CreateDomainStmt, CreateEnumStmt, CreateRangeStmt } from 'libpg-query'
import { ident, literal, qualified } from '../../postgres/sql.ts'
import { deferConstraint } from './constraint.ts'
import { writeCollation, writeExpression } from './expression.ts'
import type { ParsedStatement } from './parse.ts'
import { NotCarried, type Scope, strings } from './scope.ts'
import { Refusal, type Verdict } from './verdict.ts'

export function judgeEnum(stmt: CreateEnumStmt, scope: Scope): Verdict[] {
  const type = scope.named(stmt.typeName)
  const labels = strings(stmt.vals).map(literal).join(', ')
  scope.addType(type)
  return [
    {
      act: 'run',
      kind: 'type',
      object: type,
      sql: `CREATE TYPE ${qualified(type.schema, type.name)} AS ENUM (${labels})`,
    },
  ]
}

export function judgeComposite(stmt: CompositeTypeStmt, scope: Scope): Verdict[] {
  const type = scope.target(stmt.typevar)
  const attributes = (stmt.coldeflist ?? []).map((node) => {
    if (!('ColumnDef' in node)) throw new Refusal('a type has a part of no known form')
    const { colname = '', typeName, collClause } = node.ColumnDef
    return `${ident(colname)} ${scope.type(typeName)}${collClause ? ` COLLATE ${writeCollation(collClause.collname)}` : ''}`
  })
  scope.addType(type)
  return [
    {
      act: 'run',
      kind: 'type',
      object: type,
      sql: `CREATE TYPE ${qualified(type.schema, type.name)} AS (${attributes.join(', ')})`,
    },
  ]
}

/** A domain without its checks, which are put aside like a table's; NOT NULL and the default stay. */
export function judgeDomain(stmt: CreateDomainStmt, scope: Scope, statement: ParsedStatement): Verdict[] {
  const type = scope.named(stmt.domainname)
  const name = qualified(type.schema, type.name)
  const parts = [`CREATE DOMAIN ${name} AS ${scope.type(stmt.typeName)}`]
  if (stmt.collClause) parts.push(`COLLATE ${writeCollation(stmt.collClause.collname)}`)
  const verdicts: Verdict[] = []
  for (const node of stmt.constraints ?? []) {
    if (!('Constraint' in node)) throw new Refusal('a domain has a part of no known form')
    const constraint = node.Constraint
    if (constraint.contype === 'CONSTR_NOTNULL') parts.push('NOT NULL')
    else if (constraint.contype === 'CONSTR_DEFAULT')
      parts.push(`DEFAULT ${writeExpression(constraint.raw_expr!, scope)}`)
    else if (constraint.contype === 'CONSTR_CHECK') {
      const verdict = deferConstraint(constraint, type, scope, statement)
      if (verdict.act === 'defer' && verdict.object.sql)
        verdict.object.sql = verdict.object.sql.replace(/^ALTER TABLE ONLY /, 'ALTER DOMAIN ')
      verdicts.push(verdict)
    } else if (constraint.contype !== 'CONSTR_NULL')
      throw new Refusal('a domain has a constraint of no known kind')
  }
  scope.addType(type)
  return [{ act: 'run', kind: 'type', object: type, sql: parts.join(' ') }, ...verdicts]
}

/** A range over a type that is built in; one with functions of its own is not carried. */
export function judgeRange(stmt: CreateRangeStmt, scope: Scope): Verdict[] {
  const type = scope.named(stmt.typeName)
  let subtype: string | null = null
  for (const node of stmt.params ?? []) {
    if (!('DefElem' in node)) throw new Refusal('a range has a part of no known form')
    const { defname, arg } = node.DefElem
    if (defname === 'subtype' && arg && 'TypeName' in arg) subtype = scope.type(arg.TypeName)
    else if (defname !== 'multirange_type_name')
      throw new NotCarried(`a range with ${defname} is not carried`, 'severe')
  }
  if (subtype === null) throw new NotCarried('a range over no type', 'severe')
  scope.addType(type)
  return [
    {
      act: 'run',
      kind: 'type',
      object: type,
      sql: `CREATE TYPE ${qualified(type.schema, type.name)} AS RANGE (SUBTYPE = ${subtype})`,
    },
  ]
}
