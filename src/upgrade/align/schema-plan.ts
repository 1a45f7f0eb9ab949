import { createHash } from 'node:crypto'
import { ident, identList, qualified } from '../../postgres/sql.ts'
import type { Column, Schema, Table } from '../../schema/schema.ts'
import { conversion, lossy } from './convert.ts'

/** Which tables and columns are the customer's own: they stay as they are, whatever the target says. */
export interface Ownership {
  ownsTable(table: string): boolean
  ownsColumn(table: string, column: string): boolean
  /** A sequence that belongs to no table. */
  ownsSequence?(sequence: string): boolean
  /** A view that no module makes of which the source's form is known. */
  ownsView?(view: string): boolean
}

/** A table or columns that leave the public schema and what they are kept under when they hold data. */
export interface SetAside {
  table: string
  /** Null: the whole table. */
  columns: string[] | null
  keptAs: string
}

export interface NarrowedColumn {
  table: string
  column: string
  from: string
  to: string
  condition: string
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
  /** Columns whose new type may not hold every value: those of the rows of `condition` are kept first. */
  narrowed: NarrowedColumn[]
  /** Columns that the source did not have: [table, column]. */
  added: [string, string][]
}

export function planSchema(
  found: Schema,
  target: Schema,
  own: Ownership,
  languages: readonly string[],
): SchemaPlan {
  const plan: SchemaPlan = { sequences: [], setAside: [], tables: [], narrowed: [], added: [] }
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
  const columns = { plan, name, alter, aside, languages }
  for (const [column, wanted] of Object.entries(target.columns)) {
    const there = found.columns[column]
    if (wanted.inherited) planInherited(columns, column, there, wanted)
    else if (!there) addColumn(plan, alter, name, column, wanted)
    else if (there.type !== wanted.type) changeType(columns, column, there, wanted)
    else if (there.default !== wanted.default) alter.push(setDefault(column, wanted.default))
    if (there?.notNull && !wanted.notNull && !aside.includes(column))
      alter.push(`ALTER COLUMN ${ident(column)} DROP NOT NULL`)
  }
  for (const [column, there] of Object.entries(found.columns))
    if (target.columns[column] || own.ownsColumn(name, column)) continue
    // Its parent's part of the column is dropped before, and the values of all tables are kept with it.
    else if (there.inherited) alter.push(`DROP COLUMN ${ident(column)} CASCADE`)
    else aside.push(column)
  if (aside.length > 0) plan.setAside.push({ table: name, columns: aside, keptAs: keptName(name, 'columns') })
  if (alter.length > 0) plan.tables.push([`ALTER TABLE ${qualified('public', name)} ${alter.join(',\n  ')}`])
}

interface TableColumns {
  plan: SchemaPlan
  name: string
  alter: string[]
  aside: string[]
  languages: readonly string[]
}

/**
 * A column that the parent decides on. One that the table had for itself becomes one with the parent's, which takes the
 * same type on both sides: it is changed before any parent is. Defaults are each table's own, and what is set on a parent
 * is set on its children too.
 */
function planInherited(
  columns: TableColumns,
  column: string,
  there: Column | undefined,
  wanted: Column,
): void {
  if (there && !there.inherited && there.type !== wanted.type) {
    const early: string[] = []
    changeType({ ...columns, alter: early }, column, there, { ...wanted, default: null })
    if (!columns.aside.includes(column))
      columns.plan.tables.unshift([`ALTER TABLE ${qualified('public', columns.name)} ${early.join(', ')}`])
  }
  columns.alter.push(setDefault(column, wanted.default))
}

function changeType(
  { plan, name, alter, aside, languages }: TableColumns,
  column: string,
  there: Column,
  wanted: Column,
): void {
  const using = conversion(there.type, wanted.type, ident(column), languages)
  if (using === null) {
    aside.push(column)
    if (!wanted.inherited) addColumn(plan, alter, name, column, wanted)
    return
  }
  const condition = lossy(there.type, wanted.type, ident(column))
  if (condition) {
    const keptAs = keptName(name, column)
    plan.narrowed.push({ table: name, column, from: there.type, to: wanted.type, condition, keptAs })
  }
  if (there.default !== null) alter.push(setDefault(column, null))
  alter.push(`ALTER COLUMN ${ident(column)} TYPE ${wanted.type} USING ${using}`)
  if (wanted.default !== null) alter.push(setDefault(column, wanted.default))
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

function setDefault(column: string, value: string | null): string {
  return `ALTER COLUMN ${ident(column)} ${value === null ? 'DROP DEFAULT' : `SET DEFAULT ${value}`}`
}

/** A name in schema legacy; PostgreSQL cuts names after 63 bytes, where two of them could become one. */
export function keptName(table: string, part: string): string {
  const name = `${table}__${part}`
  if (Buffer.byteLength(name) <= 63) return name
  // A letter that is cut in two reads as three bytes.
  return `${Buffer.from(name).subarray(0, 50).toString()}_${createHash('sha256').update(name).digest('hex').slice(0, 8)}`
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
  const key = hasId && !aside.columns.includes('id') ? 'id, ' : ''
  // A row is not null when one of its values is not; num_nonnulls() takes no more than 100 of them. Tables that inherit
  // decide for themselves what becomes of the column.
  return {
    keep: `CREATE TABLE ${qualified('legacy', aside.keptAs)} AS SELECT ${key}${columns} FROM ${table} WHERE NOT (ROW(${columns}) IS NULL)`,
    remove: `ALTER TABLE ONLY ${table} ${aside.columns.map((column) => `DROP COLUMN ${ident(column)} CASCADE`).join(', ')}`,
  }
}
