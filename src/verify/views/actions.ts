import type pg from 'pg'
import { ident } from '../../postgres/sql.ts'
import type { Inventory } from '../../schema/inventory.ts'
import type { Findings } from '../verification.ts'
import type { Forest, View } from './forest.ts'

/**
 * The model that a window action opens is one of the registry, or one that the reference's windows open, too. An action of
 * the customer's own that opens a model which is gone is his to remove.
 */
export async function checkWindows(
  client: pg.ClientBase,
  inventory: Inventory,
  reference: { schema: string; inventory: Inventory } | null,
  modules: readonly string[],
  findings: Findings,
): Promise<void> {
  if (!inventory.has('ir_act_window', 'res_model')) return
  const excused = reference?.inventory.has('ir_act_window', 'res_model')
    ? `AND NOT EXISTS (SELECT FROM ${ident(reference.schema)}.ir_act_window r WHERE r.res_model = a.res_model)`
    : ''
  const { rows } = await client.query<{ id: number; name: string; model: string; own: boolean }>(
    `SELECT a.id, a.name::text, a.res_model AS model,
            NOT EXISTS (SELECT FROM ir_model_data d WHERE d.model = 'ir.actions.act_window' AND d.res_id = a.id AND d.module = ANY ($1)) AS own
       FROM ir_act_window a
      WHERE a.res_model <> '' AND NOT EXISTS (SELECT FROM ir_model m WHERE m.model = a.res_model) ${excused} ORDER BY a.id`,
    [modules],
  )
  for (const { id, name, model, own } of rows) {
    const [subject, problem] = [
      `action ${id} "${name}"`,
      `opens the model ${model}, which is not in the registry`,
    ]
    if (own) findings.apart(subject, problem)
    else findings.violation(subject, problem)
  }
}

/**
 * An id names one action here and another in the reference: a view whose architecture is the reference's has to name
 * actions of the same xmlids in both.
 */
export async function checkActionIds(
  client: pg.ClientBase,
  forest: Forest,
  twins: ReadonlyMap<string, View>,
  reference: string,
  findings: Findings,
): Promise<void> {
  const [here, there] = [await actionXmlids(client, 'public'), await actionXmlids(client, reference)]
  for (const view of forest.all()) {
    const twin = view.xmlid === null ? undefined : twins.get(view.xmlid)
    if (!twin || twin.hash !== view.hash) continue
    for (const [i, id] of view.actions.entries()) {
      const [found, wanted] = [here.get(id), there.get(twin.actions[i]!)]
      if (found !== wanted)
        findings.violation(
          view.key,
          `names the action ${found ?? id}, where the target's view names ${wanted ?? `one without an xmlid`}`,
        )
    }
  }
}

async function actionXmlids(client: pg.ClientBase, schema: string): Promise<Map<number, string>> {
  const { rows } = await client.query<{ id: number; xmlid: string }>(
    `SELECT res_id AS id, min(module || '.' || name) AS xmlid FROM ${ident(schema)}.ir_model_data WHERE model LIKE 'ir.actions.%' AND model NOT IN ('ir.actions.act_window.view', 'ir.actions.todo') GROUP BY res_id`,
  )
  return new Map(rows.map(({ id, xmlid }) => [id, xmlid]))
}
