import { createHash } from 'node:crypto'
import type pg from 'pg'
import { ident, qualified } from '../../postgres/sql.ts'
import type { Inventory } from '../../schema/inventory.ts'
import { Forest, type View } from './forest.ts'

/** The column with the architecture: "arch" until 8.0, "arch_db" after it, with a value for each language from 16.0 on. */
export function archExpression(inventory: Inventory): string | null {
  const column = ['arch_db', 'arch'].find((name) => inventory.has('ir_ui_view', name))
  if (!column) return null
  return inventory.typeOf('ir_ui_view', column) === 'jsonb'
    ? `coalesce(v.${column} ->> 'en_US', (SELECT value FROM jsonb_each_text(v.${column}) LIMIT 1))`
    : `v.${column}`
}

/** Reads the views of a schema in Odoo's order, without their architectures. */
export async function loadForest(
  client: pg.ClientBase,
  series: string,
  inventory: Inventory,
  schema: string,
): Promise<Forest> {
  const arch = archExpression(inventory)
  if (!arch) return new Forest([], { byModel: false })
  const has = (column: string): boolean => inventory.has('ir_ui_view', column)
  // The order of extensions: until 12.0 by name after the priority, then by id.
  const order = Number(series) >= 13 ? 'v.priority, v.id' : 'v.priority, v.name, v.id'
  const { rows } = await client.query<Omit<View, 'actions'> & { arch: string | null }>(`
    SELECT v.id, v.name, v.model, v.inherit_id AS "inheritId", ${has('type') ? 'v.type' : 'NULL'} AS type,
           x.xmlid, coalesce(x.xmlid, 'view ' || v.id || ' "' || v.name || '"') AS key,
           ${has('mode') ? `coalesce(v.mode = 'primary', v.inherit_id IS NULL)` : 'v.inherit_id IS NULL'} AS primary,
           ${has('website_id') ? 'v.website_id' : 'NULL::int'} AS website, ${has('key') ? 'v.key' : 'NULL::text'} AS shared,
           ${has('active') ? 'coalesce(v.active, false)' : 'true'} AS active,
           CASE WHEN ${arch} LIKE '%type="action"%' OR ${arch} LIKE '%<action %' THEN ${arch} END AS arch, md5(${arch}) AS hash
      FROM ${qualified(schema, 'ir_ui_view')} v
      LEFT JOIN (SELECT d.res_id, min(d.module || '.' || d.name) AS xmlid FROM ${ident(schema)}.ir_model_data d
                  WHERE d.model = 'ir.ui.view' GROUP BY d.res_id) x ON x.res_id = v.id
     ORDER BY ${order}`)
  return new Forest(rows.map(withActions), { byModel: !has('mode') })
}

/**
 * Only buttons and dashboards name actions, by ids that differ from database to database: they are taken out of the
 * checksum. That is done here, because PostgreSQL takes ten times as long for it.
 */
function withActions({ arch, ...view }: Omit<View, 'actions'> & { arch: string | null }): View {
  if (arch === null) return { ...view, actions: [] }
  const actions: number[] = []
  const text = arch.replace(/name="(\d{1,9})"/g, (_, id: string) => {
    actions.push(Number(id))
    return 'name="#"'
  })
  return { ...view, hash: createHash('md5').update(text).digest('hex'), actions }
}

/** Architectures by view, for the ids asked for. */
export async function loadArchs(
  client: pg.ClientBase,
  inventory: Inventory,
  schema: string,
  ids: Iterable<number>,
): Promise<Map<number, string>> {
  const { rows } = await client.query<{ id: number; arch: string | null }>(
    `SELECT v.id, ${archExpression(inventory)} AS arch FROM ${qualified(schema, 'ir_ui_view')} v WHERE v.id = ANY ($1::int[])`,
    [[...ids]],
  )
  return new Map(rows.map(({ id, arch }) => [id, arch ?? '']))
}
