import type pg from 'pg'
import { ident } from '../../postgres/sql.ts'
import type { Inventory } from '../../schema/inventory.ts'
import type { VerifyInput } from '../input.ts'
import type { Findings } from '../verification.ts'
import { archExpression, archHash, namesActions } from './load.ts'

/**
 * Actions by themselves: the model that a window opens is one of the registry. And the ids that architectures carry: an
 * id names one action here and another in the reference, so the same view has to name actions of the same xmlid in both.
 */
export async function checkActions(
  client: pg.ClientBase,
  input: VerifyInput,
  inventory: Inventory,
  reference: Inventory | null,
  findings: Findings,
): Promise<void> {
  if (inventory.has('ir_act_window', 'res_model')) {
    const { rows } = await client.query<{ id: number; name: string; model: string }>(
      `SELECT a.id, a.name::text, a.res_model AS model FROM ir_act_window a
        WHERE a.res_model <> '' AND NOT EXISTS (SELECT FROM ir_model m WHERE m.model = a.res_model)
              ${input.reference !== null && reference?.has('ir_act_window', 'res_model') ? `AND NOT EXISTS (SELECT FROM ${ident(input.reference)}.ir_act_window r WHERE r.res_model = a.res_model)` : ''}
        ORDER BY a.id`,
    )
    for (const { id, name, model } of rows)
      findings.violation(`action ${id} "${name}"`, `opens the model ${model}, which is not in the registry`)
  }
  if (input.reference === null || !reference?.hasTable('ir_ui_view')) return
  const { rows } = await client.query<{ xmlid: string; here: string[]; there: string[] }>(`
    WITH here AS (${namedActions('public', inventory)}), there AS (${namedActions(input.reference, reference)})
    SELECT h.xmlid, h.actions AS here, t.actions AS there FROM here h JOIN there t ON t.xmlid = h.xmlid AND t.hash = h.hash
     WHERE h.actions <> t.actions ORDER BY h.xmlid`)
  for (const { xmlid, here, there } of rows) {
    const i = here.findIndex((name, place) => name !== there[place])
    findings.violation(xmlid, `names the action ${here[i]}, where the target's view names ${there[i]}`)
  }
}

/** For each view whose architecture has ids of actions: its xmlid and theirs, in order; an id without an xmlid stays a number. */
function namedActions(schema: string, inventory: Inventory): string {
  const [s, arch] = [ident(schema), archExpression(inventory)!]
  return `
    SELECT x.module || '.' || x.name AS xmlid, ${archHash('v.arch')} AS hash,
           array_agg(coalesce(a.xmlid, 'with the id ' || n.match[1]) ORDER BY n.place) AS actions
      FROM (SELECT v.id, ${arch} AS arch FROM ${s}.ir_ui_view v WHERE ${inventory.has('ir_ui_view', 'active') ? 'v.active AND' : ''} ${namesActions(arch)}) v
      JOIN ${s}.ir_model_data x ON x.model = 'ir.ui.view' AND x.res_id = v.id
     CROSS JOIN LATERAL regexp_matches(v.arch, 'name="([0-9]{1,9})"', 'g') WITH ORDINALITY AS n (match, place)
      LEFT JOIN (SELECT d.res_id, min(d.module || '.' || d.name) AS xmlid FROM ${s}.ir_model_data d WHERE d.model LIKE 'ir.actions.%' GROUP BY d.res_id) a
             ON a.res_id = n.match[1]::integer
     GROUP BY 1, 2`
}
