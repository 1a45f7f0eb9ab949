import type pg from 'pg'
import { ownedLines, replacedTables } from '../../../odoo/technical.ts'
import { ident, literal, qualified } from '../../../postgres/sql.ts'
import type { Inventory } from '../../../schema/inventory.ts'

/**
 * Rows that carry no identity of their own and that modules own altogether: the source's go, the target's come with the
 * new rows. Runs before the id map is built, and marks the reference's rows as wanted.
 */
export async function replaceOwnedRows(
  client: pg.ClientBase,
  reference: Inventory,
  customer: Inventory,
): Promise<void> {
  for (const { table, module } of replacedTables) {
    if (!customer.has(table, module)) continue
    await client.query(`
      DELETE FROM ${qualified('public', table)} t
       USING public.ir_module_module m
       WHERE m.id = t.${ident(module)} AND NOT EXISTS (SELECT FROM uplift.module o WHERE o.name = m.name AND o.kind = 'custom')`)
    await dropXmlidsWithoutRow(client, table)
    if (reference.has(table, module))
      await client.query(`
        INSERT INTO uplift.wanted
        SELECT ${literal(table)}, t.id FROM ${qualified('ref', table)} t JOIN ref.ir_module_module m ON m.id = t.${ident(module)}
          ${table === 'ir_module_module_dependency' ? '' : `JOIN uplift.module o ON o.name = m.name AND o.kind = 'target'`}
        ON CONFLICT DO NOTHING`)
  }
  if (customer.hasTable('ir_values')) await replaceActionBindings(client, reference, customer)
  for (const { table, parent, parentTable } of ownedLines) {
    if (!customer.has(table, parent) || !reference.has(table, parent)) continue
    // Lines without an xmlid of records that follow the target.
    await client.query(`
      DELETE FROM ${qualified('public', table)} t
       USING uplift.expected e, public.ir_model_data d
       WHERE e.tbl = ${literal(parentTable)} AND NOT e.noupdate
         AND d.module = e.module AND d.name = e.name AND d.res_id = t.${ident(parent)} AND NOT coalesce(d.noupdate, false)
         AND NOT EXISTS (SELECT FROM public.ir_model_data x JOIN uplift.model_table mt ON mt.model = x.model
                          WHERE mt.tbl = ${literal(table)} AND x.res_id = t.id)`)
    await client.query(`
      INSERT INTO uplift.wanted
      SELECT DISTINCT ${literal(table)}, t.id FROM ${qualified('ref', table)} t JOIN uplift.expected e ON e.tbl = ${literal(parentTable)} AND e.ref_id = t.${ident(parent)}
       WHERE NOT e.noupdate AND NOT EXISTS (SELECT FROM uplift.expected x WHERE x.tbl = ${literal(table)} AND x.ref_id = t.id)
      ON CONFLICT DO NOTHING`)
  }
}

/**
 * Until 9.0 ir_values binds actions to menus and models. A binding whose action a module of Odoo made is Odoo's own,
 * with or without an xmlid of its own; those of the customer's actions stay.
 */
async function replaceActionBindings(
  client: pg.ClientBase,
  reference: Inventory,
  customer: Inventory,
): Promise<void> {
  await client.query(`
    DELETE FROM public.ir_values v
     WHERE v.key = 'action' AND v.value ~ '^[a-z._]+,[0-9]{1,9}$'
       AND (EXISTS (SELECT FROM public.ir_model_data d JOIN uplift.module o ON o.name = d.module AND o.kind <> 'custom'
                     WHERE d.model = split_part(v.value, ',', 1) AND d.res_id = split_part(v.value, ',', 2)::integer)
            AND (v.key2 <> 'tree_but_open'
                 OR EXISTS (SELECT FROM public.ir_model_data d JOIN uplift.module o ON o.name = d.module AND o.kind <> 'custom'
                             WHERE d.model = v.model AND d.res_id = v.res_id)))`)
  await dropXmlidsWithoutRow(client, 'ir_values')
  // An action that follows the target gets the binding of the reference; any other one is bound no more.
  if (customer.has('ir_act_server', 'menu_ir_values_id'))
    await client.query(`
      UPDATE public.ir_act_server a SET menu_ir_values_id = NULL
       WHERE a.menu_ir_values_id IS NOT NULL AND NOT EXISTS (SELECT FROM public.ir_values v WHERE v.id = a.menu_ir_values_id)`)
  if (reference.hasTable('ir_values'))
    await client.query(`
      INSERT INTO uplift.wanted
      SELECT 'ir_values', v.id FROM ref.ir_values v
       WHERE v.key = 'action' AND v.value ~ '^[a-z._]+,[0-9]{1,9}$'
         AND EXISTS (SELECT FROM uplift.expected e
                      WHERE e.model = split_part(v.value, ',', 1) AND e.ref_id = split_part(v.value, ',', 2)::integer)
      ON CONFLICT DO NOTHING`)
}

async function dropXmlidsWithoutRow(client: pg.ClientBase, table: string): Promise<void> {
  await client.query(`
    DELETE FROM public.ir_model_data d
     USING uplift.model_table mt
     WHERE mt.model = d.model AND mt.tbl = ${literal(table)}
       AND NOT EXISTS (SELECT FROM ${qualified('public', table)} t WHERE t.id = d.res_id)`)
}
