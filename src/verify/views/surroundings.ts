import type pg from 'pg'
import { ident } from '../../postgres/sql.ts'
import type { Inventory } from '../../schema/inventory.ts'
import type { VerifyInput } from '../input.ts'
import type { Surroundings } from './examine.ts'
import { loadFields } from './fields.ts'

/** Reads what views may name from one schema; its inventory tells which tables are there. */
export async function loadSurroundings(
  client: pg.ClientBase,
  input: Pick<VerifyInput, 'series' | 'inherits'>,
  inventory: Inventory,
  schema: string,
): Promise<Surroundings> {
  const s = ident(schema)
  const tables = [
    'ir_actions',
    'ir_act_window',
    'ir_act_server',
    'ir_act_client',
    'ir_act_url',
    'ir_act_report_xml',
    'ir_act_wizard',
  ]
  const actions = await client.query<{ id: number }>(
    tables
      .filter((table) => inventory.has(table, 'id'))
      .map((table) => `SELECT id FROM ${s}.${ident(table)}`)
      .join(' UNION '),
  )
  const names = await client.query<{ name: string; action: boolean }>(
    `SELECT module || '.' || name AS name, model <> 'ir.ui.view' AS action FROM ${s}.ir_model_data WHERE model = 'ir.ui.view' OR model LIKE 'ir.actions.%' AND model NOT IN ('ir.actions.act_window.view', 'ir.actions.todo')`,
  )
  const keyed = inventory.has('ir_ui_view', 'key') ? 'UNION ALL SELECT key FROM' : null
  const templates = await client.query<{ name: string }>(
    `SELECT id::text AS name FROM ${s}.ir_ui_view ${keyed ? `${keyed} ${s}.ir_ui_view WHERE key IS NOT NULL` : ''}`,
  )
  const groups = inventory.has('res_groups', 'id')
    ? await client.query<{ id: number }>(`SELECT id FROM ${s}.res_groups`)
    : { rows: [] }
  return {
    series: Number(input.series),
    fields: await loadFields(
      client,
      input.series,
      schema,
      new Set(groups.rows.map(({ id }) => id)),
      input.inherits,
    ),
    actions: new Set(actions.rows.map(({ id }) => id)),
    actionXmlids: new Set(names.rows.filter(({ action }) => action).map(({ name }) => name)),
    templates: new Set(
      [...names.rows.filter(({ action }) => !action), ...templates.rows].map(({ name }) => name),
    ),
  }
}
