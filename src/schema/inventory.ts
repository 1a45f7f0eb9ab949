import type pg from 'pg'

/** Tables and columns of one schema, for statements that must pass over what a database does not have. */
export class Inventory {
  readonly #tables: Map<string, Map<string, string>>

  constructor(tables: Map<string, Map<string, string>>) {
    this.#tables = tables
  }

  hasTable(table: string): boolean {
    return this.#tables.has(table)
  }

  has(table: string, column: string): boolean {
    return this.#tables.get(table)?.has(column) ?? false
  }

  /** Type as format_type() writes it; undefined when there is no such column. */
  typeOf(table: string, column: string): string | undefined {
    return this.#tables.get(table)?.get(column)
  }

  columns(table: string): string[] {
    return [...(this.#tables.get(table)?.keys() ?? [])]
  }

  tables(): string[] {
    return [...this.#tables.keys()]
  }
}

export async function readInventory(client: pg.ClientBase, schema = 'public'): Promise<Inventory> {
  const { rows } = await client.query<{ table: string; columns: Record<string, string> }>(
    `SELECT c.relname AS table, coalesce(json_object_agg(a.attname, format_type(a.atttypid, a.atttypmod) ORDER BY a.attnum)
              FILTER (WHERE a.attname IS NOT NULL), '{}'::json) AS columns
       FROM pg_class c
       LEFT JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped
      WHERE c.relnamespace = $1::text::regnamespace AND c.relkind IN ('r', 'p')
      GROUP BY c.relname`,
    [schema],
  )
  return new Inventory(new Map(rows.map((row) => [row.table, new Map(Object.entries(row.columns))])))
}
