import type pg from 'pg'
import { ident } from '../../postgres/sql.ts'
import { delegations } from './delegations.ts'

/** Fields that every model has without the registry naming them in every version. */
const magic = new Set([
  'id',
  'create_uid',
  'create_date',
  'write_uid',
  'write_date',
  'display_name',
  '__last_update',
])

/** The fields of all models, with the model that each leads to. */
export class Fields {
  readonly #models: ReadonlyMap<string, ReadonlyMap<string, string | null>>
  readonly #inherits: ReadonlyMap<string, readonly string[]>
  readonly #groups: ReadonlySet<number>

  constructor(
    models: ReadonlyMap<string, ReadonlyMap<string, string | null>>,
    inherits: ReadonlyMap<string, readonly string[]>,
    groups: ReadonlySet<number>,
  ) {
    this.#groups = groups
    this.#models = models
    this.#inherits = inherits
  }

  hasModel(model: string): boolean {
    return this.#models.has(model)
  }

  has(model: string, field: string): boolean {
    return magic.has(field) || this.#find(model, field) !== undefined || this.#isOfGroups(model, field)
  }

  /** Users have a field for each group or choice of groups, named after the groups' ids: in_group_7, sel_groups_8_9. */
  #isOfGroups(model: string, field: string): boolean {
    const ids = /^(?:in_group|sel_groups)_([0-9_]+)$/.exec(field)?.[1]?.split('_')
    return ids !== undefined && /^res\.users/.test(model) && ids.every((id) => this.#groups.has(Number(id)))
  }

  /** The model that a field leads to; null when it leads to none. */
  relation(model: string, field: string): string | null {
    return this.#find(model, field) ?? null
  }

  #find(model: string, field: string, depth = 0): string | null | undefined {
    const own = this.#models.get(model)?.get(field)
    if (own !== undefined || depth > 4) return own
    for (const parent of this.#inherits.get(model) ?? []) {
      const found = this.#find(parent, field, depth + 1)
      if (found !== undefined) return found
    }
    return undefined
  }
}

/**
 * Reads the registry's fields. Those that a model has by delegation (res.users has those of res.partner) are found
 * through what is known of Odoo's models, and through `inherits`. Up to 8.0 the registry names none of them: for a model
 * that is not Odoo's, a required many2one that goes with the record it leads to counts as delegation, as every real one is.
 */
export async function loadFields(
  client: pg.ClientBase,
  series: string,
  schema: string,
  groups: ReadonlySet<number>,
  inherits: Readonly<Record<string, readonly string[]>> = {},
): Promise<Fields> {
  const { rows } = await client.query<{ model: string; fields: Record<string, string | null> }>(
    `SELECT model, json_object_agg(name, nullif(relation, '')) AS fields FROM ${ident(schema)}.ir_model_fields
      WHERE model IS NOT NULL AND name IS NOT NULL GROUP BY model`,
  )
  // A wizard without a field of its own is in the registry all the same.
  const registry = await client.query<{ model: string }>(
    `SELECT model FROM ${ident(schema)}.ir_model WHERE model IS NOT NULL`,
  )
  const models = new Map(registry.rows.map(({ model }) => [model, new Map<string, string | null>()]))
  for (const { model, fields } of rows) models.set(model, new Map(Object.entries(fields)))
  const parents = new Map<string, readonly string[]>(delegations)
  for (const [model, names] of Object.entries(inherits))
    parents.set(model, [...(parents.get(model) ?? []), ...names])
  if (Number(series) < 9) {
    const guessed = await client.query<{ model: string; parents: string[] }>(
      `SELECT model, array_agg(DISTINCT relation::text) AS parents FROM ${ident(schema)}.ir_model_fields
        WHERE ttype = 'many2one' AND required AND on_delete = 'cascade' AND relation <> model GROUP BY model`,
    )
    for (const row of guessed.rows) if (!parents.has(row.model)) parents.set(row.model, row.parents)
  }
  return new Fields(models, parents, groups)
}
