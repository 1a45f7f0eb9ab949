import type { AlterSeqStmt, CreateSeqStmt, Node } from 'libpg-query'
import type { TableName } from '../../dumps/dump.ts'
import { ident, qualified } from '../../postgres/sql.ts'
import { NotCarried, type Scope, strings } from './scope.ts'
import { Refusal, type Verdict } from './verdict.ts'

export function judgeCreateSequence(stmt: CreateSeqStmt, scope: Scope): Verdict[] {
  const sequence = scope.target(stmt.sequence)
  const options = writeSequenceOptions(stmt.options ?? [], scope)
  return [
    {
      act: 'run',
      kind: 'sequence',
      object: sequence,
      sql: `CREATE SEQUENCE ${qualified(sequence.schema, sequence.name)} ${options}`.trim(),
    },
  ]
}

/** ALTER SEQUENCE … OWNED BY is the only form that pg_dump writes. */
export function judgeAlterSequence(stmt: AlterSeqStmt, scope: Scope): Verdict[] {
  const sequence = scope.target(stmt.sequence)
  return [
    {
      act: 'run',
      kind: 'sequence',
      object: sequence,
      sql: `ALTER SEQUENCE ${qualified(sequence.schema, sequence.name)} ${writeSequenceOptions(stmt.options ?? [], scope)}`,
    },
  ]
}

/** START, INCREMENT and so on, each with a whole number. */
export function writeSequenceOptions(options: readonly Node[], scope: Scope): string {
  return options
    .map((node) => {
      if (!('DefElem' in node)) throw new Refusal('a sequence has an option of no known form')
      const { defname, arg } = node.DefElem
      switch (defname) {
        case 'as':
          if (!arg || !('TypeName' in arg)) throw new NotCarried('a sequence of no known type')
          return `AS ${scope.type(arg.TypeName)}`
        case 'start':
          return `START WITH ${wholeNumber(arg)}`
        case 'increment':
          return `INCREMENT BY ${wholeNumber(arg)}`
        case 'minvalue':
          return arg ? `MINVALUE ${wholeNumber(arg)}` : 'NO MINVALUE'
        case 'maxvalue':
          return arg ? `MAXVALUE ${wholeNumber(arg)}` : 'NO MAXVALUE'
        case 'cache':
          return `CACHE ${wholeNumber(arg)}`
        case 'cycle':
          return arg && 'Boolean' in arg && arg.Boolean.boolval ? 'CYCLE' : 'NO CYCLE'
        case 'sequence_name': {
          const name = scope.named(listed(arg))
          return `SEQUENCE NAME ${qualified(name.schema, name.name)}`
        }
        case 'owned_by': {
          const parts = strings(listed(arg))
          if (parts.length === 1 && parts[0] === 'none') return 'OWNED BY NONE'
          const column = parts.at(-1) ?? ''
          const table = scope.named(listed(arg).slice(0, -1))
          return `OWNED BY ${qualified(table.schema, table.name)}.${ident(column)}`
        }
        // UNLOGGED and LOGGED sequences came with PostgreSQL 16; for a scratch database they are the same.
        case 'logged':
        case 'unlogged':
          return ''
        default:
          throw new Refusal(`a sequence has the option ${defname}`)
      }
    })
    .filter(Boolean)
    .join(' ')
}

/** The sequence that an identity column's options name. */
export function identitySequence(options: readonly Node[], scope: Scope): TableName | undefined {
  for (const node of options)
    if ('DefElem' in node && node.DefElem.defname === 'sequence_name')
      return scope.named(listed(node.DefElem.arg))
  return undefined
}

function listed(arg: Node | undefined): Node[] {
  return arg && 'List' in arg ? (arg.List.items ?? []) : []
}

/** PostgreSQL's parser gives what exceeds 32 bits as a text. */
export function wholeNumber(arg: Node | undefined): string {
  if (arg && 'Integer' in arg) return String(arg.Integer.ival ?? 0)
  if (arg && 'Float' in arg && /^-?\d{1,20}$/.test(arg.Float.fval ?? '')) return arg.Float.fval!
  throw new NotCarried('a sequence has an option that is no whole number', 'severe')
}
