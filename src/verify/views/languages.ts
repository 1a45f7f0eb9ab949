import type pg from 'pg'
import { ident } from '../../postgres/sql.ts'
import type { Inventory } from '../../schema/inventory.ts'
import type { VerifyInput } from '../input.ts'
import type { Findings } from '../verification.ts'
import { ArchError, parseArch } from './arch.ts'

/**
 * From 16.0 on a view has an architecture for each language: those that the reference does not have just so have to be
 * readable, too. And the architectures that people made of their dashboards.
 */
export async function checkLanguages(
  client: pg.ClientBase,
  input: VerifyInput,
  inventory: Inventory,
  reference: Inventory | null,
  findings: Findings,
): Promise<void> {
  if (inventory.typeOf('ir_ui_view', 'arch_db') === 'jsonb') {
    const known = reference?.typeOf('ir_ui_view', 'arch_db') === 'jsonb' && input.reference !== null
    await parseAll(
      client,
      `SELECT 'view ' || v.id || ' "' || v.name || '" in ' || l.key, l.value
         FROM ir_ui_view v CROSS JOIN LATERAL jsonb_each_text(v.arch_db) l
              ${known ? `LEFT JOIN (${twins(input.reference!)}) t ON t.id = v.id` : ''}
        WHERE v.active AND l.key <> 'en_US' ${known ? 'AND t.arch_db ->> l.key IS DISTINCT FROM l.value' : ''}`,
      findings,
    )
  }
  if (inventory.has('ir_ui_view_custom', 'arch'))
    await parseAll(
      client,
      `SELECT 'dashboard ' || id || ' of user ' || coalesce(user_id::text, '?'), arch FROM ir_ui_view_custom WHERE arch <> ''`,
      findings,
    )
}

/** The reference's architectures by the ids that their views have here. */
function twins(reference: string): string {
  const r = ident(reference)
  return `SELECT d.res_id AS id, v.arch_db
            FROM ir_model_data d
            JOIN ${r}.ir_model_data e ON e.module = d.module AND e.name = d.name AND e.model = 'ir.ui.view'
            JOIN ${r}.ir_ui_view v ON v.id = e.res_id
           WHERE d.model = 'ir.ui.view'`
}

/** Reads all architectures that a query (name, arch) gives, some at a time. */
async function parseAll(client: pg.ClientBase, query: string, findings: Findings): Promise<void> {
  await client.query(
    `DECLARE verify_arch NO SCROLL CURSOR WITH HOLD FOR SELECT q.name, q.arch FROM (${query}) AS q (name, arch)`,
  )
  for (;;) {
    const { rows } = await client.query<{ name: string; arch: string }>('FETCH 200 FROM verify_arch')
    if (rows.length === 0) break
    findings.compared(rows.length)
    for (const { name, arch } of rows) {
      try {
        parseArch(arch)
      } catch (thrown) {
        if (!(thrown instanceof ArchError)) throw thrown
        findings.violation(name, `its architecture cannot be read: ${thrown.message}`)
      }
    }
  }
  await client.query('CLOSE verify_arch')
}
