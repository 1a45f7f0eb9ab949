import type { Inventory } from '../../schema/inventory.ts'
import type { Models } from '../models.ts'

/**
 * One invariant: figures that are the same before and after an upgrade, each under a key. All values are numbers, as
 * decimal text, so that figures whose keys fall together on the way (two states that became one) can be added up.
 */
export interface Invariant {
  /** Stable name for machines. */
  id: string
  title: string
  /** What the parts of a key are, for people and for following them through renames. */
  dimensions: readonly Dimension[]
  /** Names of the values. */
  values: readonly string[]
  /** More of it in the result is no fault, such as of what is only the customer's since a module let go of it. */
  mayGrow?: true
  /** What to read of a database; nothing when it keeps nothing of the kind. */
  measures(database: Database): Measure[]
}

/** A query (key text[], value numeric[]) for a part of an invariant. */
export interface Measure {
  /**
   * The first part of its keys, such as the table, where a database can lack that part alone; "" where it is all or
   * nothing. What only one side measures cannot be compared.
   */
  scope: string
  sql: string
}

/**
 * text: stays as it is. model: follows renames and merges. table: of a table's name, follows renames. column:
 * "table.column". state: a selection value of the column `state` of the table that an earlier part of the key names.
 * id: of a row of the table. reference: the model whose ids the values after the first add up, "" for none.
 */
export type Dimension =
  | { name: string; kind: 'text' | 'model' | 'table' | 'column' | 'reference' }
  | { name: string; kind: 'state'; of: number }
  | { name: string; kind: 'id'; table: string }

/** What an invariant's queries are made for. */
export interface Database {
  /** As a number: 8, 6.1. */
  series: number
  inventory: Inventory
  models: Models
  /** Models whose rows are thrown away by time. */
  transient: ReadonlySet<string>
  /** Translated fields: "product.template,name". */
  translated: ReadonlySet<string>
  /** Columns of fields that people added; `reference` is the model that a many2one leads to, else "". */
  manual: readonly { table: string; column: string; reference: string }[]
  /** Modules that are not Odoo's own. */
  customModules: readonly string[]
  /**
   * Condition that leaves out rows that the upgrade itself brought, "t.id <= 4711": ids of the source go up to there, new
   * rows have higher ones. Always true on the source.
   */
  old(table: string, alias: string): string
  /** The highest id of a table in the source; null when all rows count. */
  limit(table: string): number | null
}

export interface Figure {
  key: string[]
  value: string[]
}

/** Sum of two decimals of any size and number of digits: "1.50" + "-2" is "-0.50". */
export function addDecimals(a: string, b: string): string {
  const digits = Math.max(fraction(a), fraction(b))
  return unscaled(scaled(a, digits) + scaled(b, digits), digits)
}

export function negated(decimal: string): string {
  return decimal.startsWith('-') ? decimal.slice(1) : `-${decimal}`
}

/** Equality of decimals whatever their trailing zeros. */
export function sameDecimal(a: string, b: string): boolean {
  const digits = Math.max(fraction(a), fraction(b))
  return scaled(a, digits) === scaled(b, digits)
}

function fraction(decimal: string): number {
  const dot = decimal.indexOf('.')
  return dot < 0 ? 0 : decimal.length - dot - 1
}

function scaled(decimal: string, digits: number): bigint {
  return BigInt(decimal.replace('.', '') + '0'.repeat(digits - fraction(decimal)))
}

function unscaled(value: bigint, digits: number): string {
  if (digits === 0) return String(value)
  const text = String(value < 0n ? -value : value).padStart(digits + 1, '0')
  return `${value < 0n ? '-' : ''}${text.slice(0, -digits)}.${text.slice(-digits)}`
}
