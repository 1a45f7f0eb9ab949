import type pg from 'pg'
import type { Inventory } from '../../../schema/inventory.ts'

/** The xmlids of the target, each on its record in the customer's database. */
export async function alignXmlids(client: pg.ClientBase, customer: Inventory): Promise<void> {
  await client.query(`
    UPDATE public.ir_model_data d
       SET res_id = m.id, model = e.model
      FROM uplift.expected e JOIN uplift.id_map m ON m.tbl = e.tbl AND m.ref_id = e.ref_id
     WHERE d.module = e.module AND d.name = e.name AND (d.res_id IS DISTINCT FROM m.id OR d.model <> e.model)`)
  // A record that the newer version protects from updates is protected here too; the other way round stays the customer's choice.
  await client.query(`
    UPDATE public.ir_model_data d SET noupdate = true
      FROM uplift.expected e WHERE d.module = e.module AND d.name = e.name AND e.noupdate AND NOT coalesce(d.noupdate, false)`)
  // Odoo removes what it may update and did not, after an update of all modules; of what is not decided it removes nothing.
  await client.query(`
    INSERT INTO public.ir_model_data (id, module, name, model, res_id, noupdate)
    SELECT (SELECT greatest((SELECT max(id) FROM public.ir_model_data), (SELECT last_value FROM public.ir_model_data_id_seq)))
             + row_number() OVER (ORDER BY e.module, e.name),
           e.module, e.name, e.model, coalesce(m.id, e.ref_id), CASE WHEN NOT e.undecided THEN e.noupdate END
      FROM uplift.expected e
      LEFT JOIN uplift.id_map m ON m.tbl = e.tbl AND m.ref_id = e.ref_id
     WHERE NOT EXISTS (SELECT FROM public.ir_model_data d WHERE d.module = e.module AND d.name = e.name)
       AND (m.id IS NOT NULL OR coalesce(e.ref_id, 0) = 0)`)
  // An xmlid of a model that is gone, whose rows are in schema legacy or another table by now, names nothing any more,
  // nor do the terms of their rows.
  await client.query(
    'DELETE FROM public.ir_model_data d WHERE NOT EXISTS (SELECT FROM public.ir_model m WHERE m.model = d.model)',
  )
  if (customer.hasTable('ir_translation'))
    await client.query(`
      DELETE FROM public.ir_translation t
       WHERE t.type = 'model' AND NOT EXISTS (SELECT FROM public.ir_model m WHERE m.model = split_part(t.name, ',', 1))`)
  // A view knows its xmlid's row, in the versions that store it.
  if (customer.has('ir_ui_view', 'model_data_id'))
    await client.query(`
      UPDATE public.ir_ui_view v SET model_data_id = d.id
        FROM (SELECT res_id, min(id) AS id FROM public.ir_model_data WHERE model = 'ir.ui.view' GROUP BY res_id) d
       WHERE d.res_id = v.id AND v.model_data_id IS DISTINCT FROM d.id`)
}
