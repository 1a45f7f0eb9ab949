import type pg from 'pg'
import { ident } from '../../../postgres/sql.ts'
import type { Inventory } from '../../../schema/inventory.ts'
import { archColumn } from './arch.ts'

/**
 * Until 18.0 one view of the program, base.user_groups_view, names fields after ids of groups: in_group_7,
 * sel_groups_1_9_10. In the reference these are its own ids: they become the customer's. Where he lacks one of the groups the
 * view takes the empty form that Odoo begins with; it writes the view anew whenever groups change or modules are updated.
 */
export async function mapGroupFields(
  client: pg.ClientBase,
  reference: Inventory,
  customer: Inventory,
): Promise<void> {
  const arch = archColumn(customer)
  if (!arch || !reference.has('ir_ui_view', arch.name)) return
  const { type } = arch
  const a = ident(arch.name)
  const empty = `'<field name="groups_id" position="after"/>'`
  await client.query(`
    UPDATE public.ir_ui_view v
       SET ${a} = CASE WHEN mapped.whole THEN mapped.arch::${type} ELSE ${type === 'jsonb' ? `jsonb_build_object('en_US', ${empty})` : empty} END
      FROM (
        SELECT m.id, string_agg(p.piece || coalesce(n.token, ''), '' ORDER BY p.place) AS arch, bool_and(q.place IS NULL OR n.known) AS whole
          FROM uplift.expected e
          JOIN uplift.id_map m ON m.tbl = e.tbl AND m.ref_id = e.ref_id
          JOIN ref.ir_ui_view r ON r.id = m.ref_id
         CROSS JOIN LATERAL regexp_split_to_table(r.${a}::text, '(?:in_group|sel_groups)(?:_[0-9]{1,9})+') WITH ORDINALITY AS p (piece, place)
          LEFT JOIN LATERAL regexp_matches(r.${a}::text, '(in_group|sel_groups)((?:_[0-9]{1,9})+)', 'g') WITH ORDINALITY AS q (match, place) ON q.place = p.place
          LEFT JOIN LATERAL (
               SELECT q.match[1] || string_agg('_' || coalesce(g.id::text, ''), '' ORDER BY i.nth) AS token, bool_and(g.id IS NOT NULL) AS known
                 FROM unnest(string_to_array(substr(q.match[2], 2), '_')) WITH ORDINALITY AS i (id, nth)
                 LEFT JOIN uplift.id_map g ON g.tbl = 'res_groups' AND g.ref_id = i.id::integer) n ON true
         WHERE e.module = 'base' AND e.name = 'user_groups_view' AND e.tbl = 'ir_ui_view'
           AND r.${a}::text ~ '(in_group|sel_groups)_[0-9]'
         GROUP BY m.id) mapped
     WHERE v.id = mapped.id`)
}
