import type { Constraint, Node } from 'libpg-query'
import type { TableName } from '../../dumps/dump.ts'
import { ident, identList, qualified } from '../../postgres/sql.ts'
import type { DeferredKind } from '../report.ts'
import { clause } from './clause.ts'
import { writeExpression } from './expression.ts'
import type { ParsedStatement } from './parse.ts'
import { NotCarried, type Scope, strings } from './scope.ts'
import { Refusal, type Verdict } from './verdict.ts'

const KINDS: Readonly<Record<string, DeferredKind>> = {
  CONSTR_PRIMARY: 'primaryKey',
  CONSTR_UNIQUE: 'unique',
  CONSTR_CHECK: 'check',
  CONSTR_FOREIGN: 'foreignKey',
  CONSTR_EXCLUSION: 'exclude',
}

const ACTIONS: Readonly<Record<string, string>> = {
  a: 'NO ACTION',
  r: 'RESTRICT',
  c: 'CASCADE',
  n: 'SET NULL',
  d: 'SET DEFAULT',
}

/** A constraint put aside: what it is, as facts, and the statement that would make it. */
export function deferConstraint(
  constraint: Constraint,
  table: TableName,
  scope: Scope,
  statement: ParsedStatement,
): Verdict {
  const kind = KINDS[constraint.contype ?? '']
  if (!kind) throw new NotCarried(`a constraint of kind ${constraint.contype}`)
  const name = constraint.conname ?? ''
  const referenced = constraint.pktable ? scope.target(constraint.pktable) : null
  const written = attempt(() => writeConstraint(constraint, kind, scope))
  const sql =
    written.text === null
      ? null
      : `ALTER TABLE ONLY ${qualified(table.schema, table.name)} ADD ${name ? `CONSTRAINT ${ident(name)} ` : ''}${written.text}`
  return {
    act: 'defer',
    object: {
      kind,
      schema: table.schema,
      table: table.name,
      name,
      definition: clause(statement.slice(constraint.location ?? 0)),
      sql,
      ...(written.text === null ? { reason: written.reason } : {}),
      columns: strings(kind === 'foreignKey' ? constraint.fk_attrs : constraint.keys),
      ...(referenced
        ? {
            references: {
              schema: referenced.schema,
              table: referenced.name,
              columns: strings(constraint.pk_attrs),
              onDelete: ACTIONS[constraint.fk_del_action ?? 'a'] ?? 'NO ACTION',
              onUpdate: ACTIONS[constraint.fk_upd_action ?? 'a'] ?? 'NO ACTION',
            },
          }
        : {}),
    },
  }
}

function attempt(write: () => string): { text: string; reason: '' } | { text: null; reason: string } {
  try {
    return { text: write(), reason: '' }
  } catch (thrown) {
    if (thrown instanceof NotCarried) return { text: null, reason: thrown.message }
    throw thrown
  }
}

function writeConstraint(constraint: Constraint, kind: DeferredKind, scope: Scope): string {
  const when = `${constraint.deferrable ? ' DEFERRABLE' : ''}${constraint.initdeferred ? ' INITIALLY DEFERRED' : ''}`
  switch (kind) {
    case 'primaryKey':
    case 'unique': {
      if (constraint.indexname) throw new NotCarried('it takes an index that was made before')
      const including = constraint.including?.length
        ? ` INCLUDE (${identList(strings(constraint.including))})`
        : ''
      const nulls = constraint.nulls_not_distinct ? ' NULLS NOT DISTINCT' : ''
      return `${kind === 'unique' ? 'UNIQUE' : 'PRIMARY KEY'}${nulls} (${identList(strings(constraint.keys))})${including}${when}`
    }
    case 'check':
      return writeCheck(constraint, scope)
    case 'foreignKey': {
      const target = scope.target(constraint.pktable)
      const columns = strings(constraint.pk_attrs)
      const match = constraint.fk_matchtype === 'f' ? ' MATCH FULL' : ''
      const onUpdate = ACTIONS[constraint.fk_upd_action ?? 'a'] ?? 'NO ACTION'
      const onDelete = ACTIONS[constraint.fk_del_action ?? 'a'] ?? 'NO ACTION'
      return [
        `FOREIGN KEY (${identList(strings(constraint.fk_attrs))})`,
        ` REFERENCES ${qualified(target.schema, target.name)}${columns.length ? ` (${identList(columns)})` : ''}${match}`,
        onUpdate === 'NO ACTION' ? '' : ` ON UPDATE ${onUpdate}`,
        onDelete === 'NO ACTION' ? '' : ` ON DELETE ${onDelete}`,
        constraint.fk_del_set_cols?.length ? ` (${identList(strings(constraint.fk_del_set_cols))})` : '',
        when,
        constraint.skip_validation ? ' NOT VALID' : '',
      ].join('')
    }
    default:
      throw new NotCarried('an exclusion constraint is kept as facts only')
  }
}

export function writeCheck(constraint: Constraint, scope: Scope): string {
  if (!constraint.raw_expr) throw new Refusal('a check checks nothing')
  const expression = writeExpression(constraint.raw_expr as Node, scope, { columns: true })
  return `CHECK (${expression})${constraint.is_no_inherit ? ' NO INHERIT' : ''}${constraint.skip_validation ? ' NOT VALID' : ''}`
}
