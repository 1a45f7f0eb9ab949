import type pg from 'pg'
import { tableOf } from '../odoo/tables.ts'
import { ident } from '../postgres/sql.ts'
import type { Inventory } from '../schema/inventory.ts'

/** The models that a registry knows, with their tables. */
export class Models {
  readonly #tables: ReadonlyMap<string, string | null>

  constructor(tables: ReadonlyMap<string, string | null>) {
    this.#tables = tables
  }

  has(model: string): boolean {
    return this.#tables.has(model)
  }

  /** Table of a model; null when nothing of it is kept, or when the rows come from an SQL view. */
  table(model: string): string | null {
    return this.#tables.get(model) ?? null
  }

  names(): string[] {
    return [...this.#tables.keys()]
  }

  entries(): [model: string, table: string | null][] {
    return [...this.#tables]
  }
}

/** Reads the registry's models of one schema; `inventory` is that of the schema. */
export async function readModels(
  client: pg.ClientBase,
  series: string,
  inventory: Inventory,
  schema = 'public',
): Promise<Models> {
  const { rows } = await client.query<{ model: string }>(
    `SELECT model FROM ${ident(schema)}.ir_model WHERE model IS NOT NULL`,
  )
  const tables = rows.map(({ model }): [string, string | null] => {
    const table = tableOf(model, series)
    return [model, inventory.has(table, 'id') ? table : null]
  })
  return new Models(new Map(tables))
}
