import { createHash } from 'node:crypto'
import { ident, identList, qualified } from '../../postgres/sql.ts'
import type { Column, Schema, Table } from '../../schema/schema.ts'
import { conversion } from './convert.ts'

/** Which tables and columns are the customer's own: they stay as they are, whatever the target says. */
export interface Ownership {
  ownsTable(table: string): boolean
  ownsColumn(table: string, column: string): boolean
  /** A sequence that belongs to no table. */
  ownsSequence?(sequence: string): boolean
}

/** A table or columns that leave the public schema and what they are kept under when they hold data. */
export interface SetAside {
  table: string
  /** Null: the whole table. */
  columns: string[] | null
  keptAs: string
}

/**
 * The statements that give the tables of a loaded database the columns of the target, without constraints and
 * NOT NULL, which follow when the data is filled. Each inner list is the work on one table and has to run in order.
 */
export interface SchemaPlan {
  sequences: string[]
  setAside: SetAside[]
  tables: string[][]
  /** Texts that may be longer than the target's column: what is cut off is kept first. */
  shortened: { table: string; column: string; size: number; keptAs: string }[]
  /** Columns that the source did not have: [table, column]. */
  added: [string, string][]
}

export function planSchema(
  found: Schema,
  target: Schema,
  own: Ownership,
  languages: readonly string[],
): SchemaPlan {
  const plan: SchemaPlan = { sequences: [], setAside: [], tables: [], shortened: [], added: [] }
  for (const name of Object.keys(target.sequences))
    if (!found.sequences[name] && !ofRecord(name))
      plan.sequences.push(`CREATE SEQUENCE ${qualified('public', name)}`)
  for (const [name, { ownedBy }] of Object.entries(found.sequences))
    if (ownedBy === null && !target.sequences[name] && !ofRecord(name) && own.ownsSequence?.(name) === false)
      plan.sequences.push(`DROP SEQUENCE ${qualified('public', name)}`)
  for (const [name, table] of inheritanceOrder(target.tables)) {
    const there = found.tables[name]
    if (there) planTable(plan, name, there, table, own, languages)
    else plan.tables.push([createTable(name, table)])
  }
  for (const name of Object.keys(found.tables))
    if (!target.tables[name] && !own.ownsTable(name))
      plan.setAside.push({ table: name, columns: null, keptAs: name })
  return plan
}

/** Sequences of ir.sequence records ("ir_sequence_042", "ir_sequence_042_007") belong to rows, not to the schema. */
export function ofRecord(sequence: string): boolean {
  return /^ir_sequence_\d{3,}(_\d{3,})?$/.test(sequence)
}

function planTable(
  plan: SchemaPlan,
  name: string,
  found: Table,
  target: Table,
  own: Ownership,
  languages: readonly string[],
): void {
  const alter: string[] = []
  const aside: string[] = []
  for (const [column, wanted] of Object.entries(target.columns)) {
    const there = found.columns[column]
    if (wanted.inherited) {
      if (there?.notNull && !wanted.notNull) alter.push(`ALTER COLUMN ${ident(column)} DROP NOT NULL`)
      continue
    }
    if (!there) {
      addColumn(plan, alter, name, column, wanted)
      continue
    }
    if (there.notNull && !wanted.notNull) alter.push(`ALTER COLUMN ${ident(column)} DROP NOT NULL`)
    if (there.type !== wanted.type) {
      const using = conversion(there.type, wanted.type, ident(column), languages)
      if (using === null) {
        aside.push(column)
        addColumn(plan, alter, name, column, wanted)
        continue
      }
      const size = textSize(wanted.type)
      if (size !== null && size < (textSize(there.type) ?? Number.POSITIVE_INFINITY))
        plan.shortened.push({ table: name, column, size, keptAs: keptName(name, column) })
      if (there.default !== null) alter.push(`ALTER COLUMN ${ident(column)} DROP DEFAULT`)
      alter.push(`ALTER COLUMN ${ident(column)} TYPE ${wanted.type} USING ${using}`)
      if (wanted.default !== null) alter.push(setDefault(column, wanted.default))
    } else if (there.default !== wanted.default) {
      alter.push(
        wanted.default === null
          ? `ALTER COLUMN ${ident(column)} DROP DEFAULT`
          : setDefault(column, wanted.default),
      )
    }
  }
  for (const [column, there] of Object.entries(found.columns))
    if (!target.columns[column] && !there.inherited && !own.ownsColumn(name, column)) aside.push(column)
  if (aside.length > 0) plan.setAside.push({ table: name, columns: aside, keptAs: keptName(name, 'columns') })
  if (alter.length > 0) plan.tables.push([`ALTER TABLE ${qualified('public', name)} ${alter.join(',\n  ')}`])
}

function createTable(name: string, table: Table): string {
  const columns = Object.entries(table.columns)
    .filter(([, column]) => !column.inherited)
    .map(([column, definition]) => columnDefinition(column, definition))
  const inherits = table.inherits.length > 0 ? ` INHERITS (${identList(table.inherits)})` : ''
  const own = Object.entries(table.columns).filter(
    ([, column]) => column.inherited && column.default !== null,
  )
  return [
    `CREATE TABLE ${qualified('public', name)} (${columns.join(', ')})${inherits}`,
    ...own.map(
      ([column, { default: value }]) =>
        `ALTER TABLE ${qualified('public', name)} ${setDefault(column, value!)}`,
    ),
  ].join(';\n')
}

/** The default is set apart, so that the rows that are there do not take it: they are filled by rule. */
function addColumn(plan: SchemaPlan, alter: string[], table: string, name: string, column: Column): void {
  plan.added.push([table, name])
  alter.push(`ADD COLUMN ${ident(name)} ${column.type}`)
  if (column.default !== null) alter.push(setDefault(name, column.default))
}

function columnDefinition(name: string, column: Column): string {
  return `${ident(name)} ${column.type}${column.default === null ? '' : ` DEFAULT ${column.default}`}`
}

function setDefault(column: string, value: string): string {
  return `ALTER COLUMN ${ident(column)} SET DEFAULT ${value}`
}

/** A name in schema legacy; PostgreSQL cuts names after 63 bytes, where two of them could become one. */
export function keptName(table: string, part: string): string {
  const name = `${table}__${part}`
  if (Buffer.byteLength(name) <= 63) return name
  return `${Buffer.from(name).subarray(0, 54).toString()}_${createHash('sha256').update(name).digest('hex').slice(0, 8)}`
}

/** How many characters a column takes; null where there is no limit. */
function textSize(type: string): number | null {
  const size = /^character(?: varying)?\((\d+)\)$/.exec(type)?.[1]
  return size === undefined ? null : Number(size)
}

/** Parents before the tables that inherit from them. */
function inheritanceOrder(tables: Record<string, Table>): [string, Table][] {
  const entries = Object.entries(tables)
  const depth = (table: Table): number =>
    Math.max(0, ...table.inherits.map((parent) => 1 + depth(tables[parent] ?? { ...table, inherits: [] })))
  return entries.sort(([, a], [, b]) => depth(a) - depth(b))
}

/** Statements that take columns or a table out of the public schema; rows are kept where there is something to keep. */
export function setAsideStatements(aside: SetAside, hasId: boolean): { keep: string | null; remove: string } {
  const table = qualified('public', aside.table)
  if (aside.columns === null) return { keep: null, remove: `ALTER TABLE ${table} SET SCHEMA legacy` }
  const columns = identList(aside.columns)
  return {
    keep: `CREATE TABLE ${qualified('legacy', aside.keptAs)} AS SELECT ${hasId ? 'id, ' : ''}${columns} FROM ${table} WHERE num_nonnulls(${columns}) > 0`,
    remove: `ALTER TABLE ${table} ${aside.columns.map((column) => `DROP COLUMN ${ident(column)} CASCADE`).join(', ')}`,
  }
}
