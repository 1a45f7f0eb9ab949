import { ident, literal, qualified } from '../../../postgres/sql.ts'
import { child, list, type Node, names, text } from './tree.ts'

/**
 * An identity column, which came with 10, as what serial makes: a sequence that the column owns and takes its
 * default from. `sql` is without the last semicolon.
 */
export function identityAsSequence(statement: Node, command: Node): { sql: string; column: string } {
  const relation = child(statement, 'relation')
  const table = qualified(text(relation, 'schemaname'), text(relation, 'relname'))
  const column = ident(text(command, 'name'))
  const options = list(child(child(command, 'def'), 'Constraint'), 'options').map(({ node }) => node)
  const named = options.find((option) => text(option, 'defname') === 'sequence_name')
  const [schema, name] = names(child(child(named!, 'arg'), 'List'), 'items')
  const sequence = qualified(schema!, name!)
  const clauses = options.flatMap(clause)
  return {
    sql: [
      `CREATE SEQUENCE ${sequence}${clauses.map((part) => `\n    ${part}`).join('')};\n`,
      `ALTER SEQUENCE ${sequence} OWNED BY ${table}.${column};\n`,
      `ALTER TABLE ONLY ${table} ALTER COLUMN ${column} SET DEFAULT nextval(${literal(sequence)}::regclass)`,
    ].join('\n'),
    column: `${text(relation, 'schemaname')}.${text(relation, 'relname')}.${text(command, 'name')}`,
  }
}

function clause(option: Node): string[] {
  const name = text(option, 'defname')
  const value = number(child(option, 'arg'))
  switch (name) {
    case 'start':
      return [`START WITH ${value}`]
    case 'increment':
      return [`INCREMENT BY ${value}`]
    case 'minvalue':
    case 'maxvalue':
      return [value === null ? `NO ${name.toUpperCase()}` : `${name.toUpperCase()} ${value}`]
    case 'cache':
      return [`CACHE ${value}`]
    case 'cycle':
      return option.arg !== undefined && child(child(option, 'arg'), 'Boolean').boolval === true
        ? ['CYCLE']
        : []
    default:
      return []
  }
}

/** Integers that do not fit into 32 bits are Float nodes. */
function number(arg: Node): string | null {
  if (arg.Integer !== undefined) return String(child(arg, 'Integer').ival ?? 0)
  const large = text(child(arg, 'Float'), 'fval')
  return large === '' ? null : large
}
