import { ident, qualified } from '../../postgres/sql.ts'
import type { Schema, Table } from '../../schema/schema.ts'

/** What makes one table of the result whole: in this order, foreign keys when every table has its keys. */
export interface TableWork {
  table: string
  /** One ALTER TABLE with SET NOT NULL and the table's own constraints: one scan. */
  rows: string | null
  indexes: string[]
  foreignKeys: string | null
}

export interface SingleStatement {
  name: string
  /** What describeViolation() reads. */
  definition: string
  statement: string
}

/** Constraint additions as their single statements, to find the one that fails. */
export function singleStatements(table: string, shape: Table, kinds: ReadonlySet<string>): SingleStatement[] {
  const alter = `ALTER TABLE ${qualified('public', table)}`
  const notNull = kinds.has('not null')
    ? requiredColumns(shape).map((column) => ({
        name: column,
        definition: `NOT NULL (${ident(column)})`,
        statement: `${alter} ALTER COLUMN ${ident(column)} SET NOT NULL`,
      }))
    : []
  const constraints = Object.entries(shape.constraints)
    .filter(([, { kind }]) => kinds.has(kind))
    .map(([name, { definition }]) => ({
      name,
      definition,
      statement: `${alter} ADD CONSTRAINT ${ident(name)} ${definition}`,
    }))
  const indexes = kinds.has('index')
    ? Object.entries(shape.indexes).map(([name, { definition }]) => ({
        name,
        definition,
        statement: definition,
      }))
    : []
  return [...notNull, ...constraints, ...indexes]
}

export function tableWork(schema: Schema): TableWork[] {
  return Object.entries(schema.tables).map(([table, shape]) => {
    const own = [
      ...requiredColumns(shape).map((column) => `ALTER COLUMN ${ident(column)} SET NOT NULL`),
      ...additions(shape, ['primary', 'unique', 'check', 'exclude']),
    ]
    const foreign = additions(shape, ['foreign'])
    const alter = `ALTER TABLE ${qualified('public', table)}`
    return {
      table,
      rows: own.length > 0 ? `${alter} ${own.join(', ')}` : null,
      indexes: Object.values(shape.indexes).map(({ definition }) => definition),
      foreignKeys: foreign.length > 0 ? `${alter} ${foreign.join(', ')}` : null,
    }
  })
}

export function requiredColumns(shape: Table): string[] {
  return Object.entries(shape.columns).flatMap(([name, { notNull }]) => (notNull ? [name] : []))
}

function additions(shape: Table, kinds: readonly string[]): string[] {
  return Object.entries(shape.constraints)
    .filter(([, { kind }]) => kinds.includes(kind))
    .map(([name, { definition }]) => `ADD CONSTRAINT ${ident(name)} ${definition}`)
}
