import type { ColumnDef, Constraint, CreateStmt, Node } from 'libpg-query'
import type { TableName } from '../../dumps/dump.ts'
import { ident, literal, qualified } from '../../postgres/sql.ts'
import { clause } from './clause.ts'
import { deferConstraint } from './constraint.ts'
import { writeCollation, writeExpression } from './expression.ts'
import type { ParsedStatement } from './parse.ts'
import { writePartitionBound, writePartitionKey } from './partition.ts'
import { NotCarried, type Scope, strings } from './scope.ts'
import { writeSequenceOptions } from './sequence.ts'
import { Refusal, type Verdict } from './verdict.ts'

/** Storage parameters that are numbers or switches of the table itself. */
const STORAGE_PARAMETER = /^(fillfactor|toast_tuple_target|parallel_workers|autovacuum_[a-z_]+)$/

/** CREATE TABLE: columns, types, NOT NULL, defaults, inheritance. Its checks and keys are put aside. */
export function judgeCreateTable(stmt: CreateStmt, scope: Scope, statement: ParsedStatement): Verdict[] {
  const table = scope.target(stmt.relation)
  if (stmt.ofTypename) throw new NotCarried('a table made of a type is not carried', 'severe')
  if (stmt.oncommit && stmt.oncommit !== 'ONCOMMIT_NOOP') throw new Refusal('it makes a temporary table')

  const verdicts: Verdict[] = []
  const required = new Set<string>()
  const columns: ColumnDef[] = []
  for (const element of stmt.tableElts ?? []) {
    if ('ColumnDef' in element) columns.push(element.ColumnDef)
    else if ('Constraint' in element) {
      // Since PostgreSQL 18 NOT NULL can stand as a constraint of the table.
      if (element.Constraint.contype === 'CONSTR_NOTNULL')
        for (const name of strings(element.Constraint.keys)) required.add(name)
      else verdicts.push(deferConstraint(element.Constraint, table, scope, statement))
    } else throw new NotCarried(`the table has a part of kind ${Object.keys(element)[0]}`, 'severe')
  }
  const lines = columns.map((column) => writeColumn(column, table, scope, required, verdicts, statement))
  const inherited = [...required].filter((name) => !columns.some((column) => column.colname === name))
  const parents = (stmt.inhRelations ?? []).map((node) => {
    if (!('RangeVar' in node)) throw new Refusal('it inherits from no table')
    return scope.target(node.RangeVar)
  })
  const name = qualified(table.schema, table.name)
  const sql = [
    `CREATE ${stmt.relation?.relpersistence === 'u' ? 'UNLOGGED ' : ''}TABLE ${name}`,
    stmt.partbound ? ` PARTITION OF ${parents.map((p) => qualified(p.schema, p.name)).join()}` : '',
    stmt.partbound && lines.length === 0 ? '' : ` (${lines.join(', ')})`,
    stmt.partbound ? ` ${writePartitionBound(stmt.partbound, scope)}` : '',
    !stmt.partbound && parents.length > 0
      ? ` INHERITS (${parents.map((p) => qualified(p.schema, p.name)).join(', ')})`
      : '',
    stmt.partspec ? ` ${writePartitionKey(stmt.partspec, scope)}` : '',
    storage(stmt.options ?? []),
  ].join('')
  verdicts.unshift({ act: 'run', kind: 'table', object: table, sql })
  if (parents.length === 0 && columns.some(isGenerated))
    scope.addGenerated(
      table,
      columns.map((column) => column.colname ?? ''),
    )
  for (const column of inherited)
    verdicts.push({
      act: 'run',
      kind: 'column',
      object: table,
      sql: `ALTER TABLE ${name} ALTER COLUMN ${ident(column)} SET NOT NULL`,
    })
  return verdicts
}

function writeColumn(
  column: ColumnDef,
  table: TableName,
  scope: Scope,
  required: Set<string>,
  verdicts: Verdict[],
  statement: ParsedStatement,
): string {
  const name = column.colname ?? ''
  const parts = [ident(name), scope.type(column.typeName)]
  const leftOut = (what: string, thrown: unknown) => {
    if (!(thrown instanceof NotCarried)) throw thrown
    verdicts.push({
      act: 'skip',
      line: {
        what,
        name: `${table.schema}.${table.name}.${name}`,
        reason: thrown.message,
        severity: thrown.severity,
      },
    })
  }
  if (column.collClause)
    try {
      parts.push(`COLLATE ${writeCollation(column.collClause.collname)}`)
    } catch (thrown) {
      leftOut('collation of a column', thrown)
    }
  for (const node of column.constraints ?? []) {
    if (!('Constraint' in node)) throw new NotCarried('a column has a part that is not known', 'severe')
    const constraint = node.Constraint
    switch (constraint.contype) {
      case 'CONSTR_NOTNULL':
        required.add(name)
        break
      case 'CONSTR_NULL':
        break
      case 'CONSTR_DEFAULT':
        try {
          parts.push(`DEFAULT ${writeExpression(constraint.raw_expr!, scope)}`)
        } catch (thrown) {
          leftOut('default', thrown)
          verdicts.push(deferDefault(table, name, clause(statement.slice(constraint.location ?? 0))))
        }
        break
      case 'CONSTR_GENERATED':
        // Its values are not in the dump: without the expression they would be lost.
        parts.push(`GENERATED ALWAYS AS (${writeGenerated(constraint, scope)}) STORED`)
        break
      case 'CONSTR_IDENTITY':
        parts.push(
          `GENERATED ${constraint.generated_when === 'a' ? 'ALWAYS' : 'BY DEFAULT'} AS IDENTITY (${writeSequenceOptions(constraint.options ?? [], scope)})`,
        )
        break
      case 'CONSTR_ATTR_DEFERRABLE':
      case 'CONSTR_ATTR_NOT_DEFERRABLE':
      case 'CONSTR_ATTR_DEFERRED':
      case 'CONSTR_ATTR_IMMEDIATE':
        break
      default:
        verdicts.push(deferConstraint(withColumn(constraint, name), table, scope, statement))
    }
  }
  if (required.has(name)) parts.push('NOT NULL')
  return parts.join(' ')
}

function isGenerated(column: ColumnDef): boolean {
  return (column.constraints ?? []).some(
    (node) => 'Constraint' in node && node.Constraint.contype === 'CONSTR_GENERATED',
  )
}

function deferDefault(table: TableName, column: string, definition: string): Verdict {
  return {
    act: 'defer',
    object: {
      kind: 'default',
      schema: table.schema,
      table: table.name,
      name: column,
      definition,
      sql: null,
      columns: [column],
    },
  }
}

function writeGenerated(constraint: Constraint, scope: Scope): string {
  try {
    return writeExpression(constraint.raw_expr!, scope, { columns: true })
  } catch (thrown) {
    if (!(thrown instanceof NotCarried)) throw thrown
    throw new NotCarried(`a generated column cannot be made: ${thrown.message}`, 'severe')
  }
}

/** A constraint written at its column, as the table's. */
function withColumn(constraint: Constraint, column: string): Constraint {
  const keys: Node[] = [{ String: { sval: column } }]
  if (constraint.contype === 'CONSTR_PRIMARY' || constraint.contype === 'CONSTR_UNIQUE')
    return { ...constraint, keys }
  if (constraint.contype === 'CONSTR_FOREIGN') return { ...constraint, fk_attrs: keys }
  return constraint
}

function storage(options: readonly Node[]): string {
  const known = options.flatMap((node) => {
    if (!('DefElem' in node)) return []
    const { defname = '', defnamespace, arg } = node.DefElem
    if (!STORAGE_PARAMETER.test(defname) || (defnamespace && defnamespace !== 'toast')) return []
    const value = optionValue(arg)
    return value === null ? [] : [`${defnamespace ? 'toast.' : ''}${defname} = ${value}`]
  })
  return known.length > 0 ? ` WITH (${known.join(', ')})` : ''
}

/** A number or a switch; null for anything else. */
function optionValue(arg: Node | undefined): string | null {
  if (!arg) return 'true'
  if ('Integer' in arg) return String(arg.Integer.ival ?? 0)
  if ('Float' in arg && /^[\d.]+$/.test(arg.Float.fval ?? '')) return arg.Float.fval!
  if ('String' in arg && /^[\w.]+$/.test(arg.String.sval ?? '')) return literal(arg.String.sval!)
  if ('Boolean' in arg) return String(arg.Boolean.boolval ?? false)
  return null
}
