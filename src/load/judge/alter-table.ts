import type { AlterTableCmd, AlterTableStmt } from 'libpg-query'
import type { TableName } from '../../dumps/dump.ts'
import { ident, qualified } from '../../postgres/sql.ts'
import { deferConstraint } from './constraint.ts'
import { writeExpression } from './expression.ts'
import type { ParsedStatement } from './parse.ts'
import { writePartitionBound } from './partition.ts'
import { NotCarried, type Scope } from './scope.ts'
import { identitySequence, writeSequenceOptions } from './sequence.ts'
import { Refusal, type RunKind, type Verdict } from './verdict.ts'

/** What pg_dump alters of a table and a scratch database does not need. */
const LEFT_OUT: Readonly<Record<string, { what: string; severity: 'info' | 'warning' }>> = {
  AT_ChangeOwner: { what: 'owner', severity: 'info' },
  AT_ClusterOn: { what: 'clustering', severity: 'info' },
  AT_SetTableSpace: { what: 'tablespace', severity: 'info' },
  AT_SetAccessMethod: { what: 'table access method', severity: 'info' },
  AT_ReplicaIdentity: { what: 'replica identity', severity: 'info' },
  AT_EnableRowSecurity: { what: 'row security', severity: 'warning' },
  AT_ForceRowSecurity: { what: 'row security', severity: 'warning' },
  AT_NoForceRowSecurity: { what: 'row security', severity: 'info' },
  AT_DisableRowSecurity: { what: 'row security', severity: 'info' },
  AT_EnableTrig: { what: 'trigger', severity: 'info' },
  AT_DisableTrig: { what: 'trigger', severity: 'info' },
  AT_DisableTrigAll: { what: 'trigger', severity: 'info' },
  AT_EnableTrigAll: { what: 'trigger', severity: 'info' },
  AT_EnableAlwaysTrig: { what: 'trigger', severity: 'info' },
  AT_EnableReplicaTrig: { what: 'trigger', severity: 'info' },
  AT_DisableRule: { what: 'rule', severity: 'info' },
  AT_EnableAlwaysRule: { what: 'rule', severity: 'info' },
  AT_EnableReplicaRule: { what: 'rule', severity: 'info' },
  AT_SetCompression: { what: 'compression of a column', severity: 'info' },
  AT_SetOptions: { what: 'planner option of a column', severity: 'info' },
  AT_SetRelOptions: { what: 'storage parameter', severity: 'info' },
  AT_GenericOptions: { what: 'option of a foreign table', severity: 'warning' },
  AT_AlterColumnGenericOptions: { what: 'option of a foreign table', severity: 'warning' },
  AT_DropOids: { what: 'OIDs', severity: 'info' },
}

/** ALTER TABLE, INDEX, SEQUENCE, VIEW … in the forms that pg_dump writes. */
export function judgeAlterTable(stmt: AlterTableStmt, scope: Scope, statement: ParsedStatement): Verdict[] {
  const table = scope.target(stmt.relation)
  return (stmt.cmds ?? []).map((node) => {
    if (!('AlterTableCmd' in node)) throw new Refusal('it alters in no known way')
    const command = node.AlterTableCmd
    const left = LEFT_OUT[command.subtype ?? '']
    if (left)
      return skip(
        left.what,
        `${table.schema}.${table.name}`,
        'the scratch database does without it',
        left.severity,
      )
    if (stmt.objtype === 'OBJECT_INDEX')
      return skip('index', `${table.schema}.${table.name}`, 'indexes are made after the upgrade', 'info')
    return judgeCommand(command, table, scope, stmt.relation?.inh !== true, statement)
  })
}

function judgeCommand(
  command: AlterTableCmd,
  table: TableName,
  scope: Scope,
  only: boolean,
  statement: ParsedStatement,
): Verdict {
  const name = qualified(table.schema, table.name)
  const alter = (kind: RunKind, change: string): Extract<Verdict, { act: 'run' }> => ({
    act: 'run',
    kind,
    object: table,
    sql: `ALTER TABLE ${only ? 'ONLY ' : ''}${name} ${change}`,
  })
  const column = ident(command.name ?? '')
  const { def } = command
  switch (command.subtype) {
    case 'AT_AddConstraint':
      if (!def || !('Constraint' in def)) throw new Refusal('it adds no known constraint')
      if (def.Constraint.contype === 'CONSTR_NOTNULL')
        throw new NotCarried('a NOT NULL that is not valid for all rows is not made')
      return deferConstraint(def.Constraint, table, scope, statement)
    case 'AT_ColumnDefault':
      if (!def) return alter('default', `ALTER COLUMN ${column} DROP DEFAULT`)
      return alter('default', `ALTER COLUMN ${column} SET DEFAULT ${writeExpression(def, scope)}`)
    case 'AT_SetNotNull':
      return alter('column', `ALTER COLUMN ${column} SET NOT NULL`)
    case 'AT_SetStatistics':
      if (!def || !('Integer' in def)) throw new Refusal('it sets no number')
      return alter('column', `ALTER COLUMN ${column} SET STATISTICS ${def.Integer.ival ?? 0}`)
    case 'AT_SetStorage': {
      const storage = def && 'String' in def ? (def.String.sval ?? '').toUpperCase() : ''
      if (!/^(PLAIN|EXTERNAL|EXTENDED|MAIN)$/.test(storage)) throw new Refusal('it sets no known storage')
      return alter('column', `ALTER COLUMN ${column} SET STORAGE ${storage}`)
    }
    case 'AT_AddIdentity': {
      if (!def || !('Constraint' in def)) throw new Refusal('it adds no known identity')
      const always = def.Constraint.generated_when === 'a'
      const options = writeSequenceOptions(def.Constraint.options ?? [], scope)
      const sequence = identitySequence(def.Constraint.options ?? [], scope)
      const made = alter(
        'default',
        `ALTER COLUMN ${column} ADD GENERATED ${always ? 'ALWAYS' : 'BY DEFAULT'} AS IDENTITY (${options})`,
      )
      return sequence ? { ...made, sequence } : made
    }
    case 'AT_AddInherit': {
      if (!def || !('RangeVar' in def)) throw new Refusal('it inherits from no table')
      const parent = scope.target(def.RangeVar)
      return alter('inheritance', `INHERIT ${qualified(parent.schema, parent.name)}`)
    }
    case 'AT_AttachPartition': {
      if (!def || !('PartitionCmd' in def) || !def.PartitionCmd.bound)
        throw new NotCarried('a partition of no known form', 'severe')
      const child = scope.target(def.PartitionCmd.name)
      return alter(
        'inheritance',
        `ATTACH PARTITION ${qualified(child.schema, child.name)} ${writePartitionBound(def.PartitionCmd.bound, scope)}`,
      )
    }
    default:
      throw new Refusal(`it alters a table by ${command.subtype}`)
  }
}

export function skip(
  what: string,
  name: string,
  reason: string,
  severity: 'info' | 'warning' | 'severe',
): Verdict {
  return { act: 'skip', line: { what, name, reason, severity } }
}
