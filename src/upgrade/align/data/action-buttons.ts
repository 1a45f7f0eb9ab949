import type pg from 'pg'
import { ident } from '../../../postgres/sql.ts'
import type { Inventory } from '../../../schema/inventory.ts'
import { archColumn } from './arch.ts'

/**
 * A button that opens an action names it by its id, which Odoo wrote into the arch when it loaded the view; views that
 * extend such a view find the button by the same number. In the views of the reference those are the reference's ids: they
 * become the customer's. No field has a number for a name, so a name of digits is always that of an action.
 */
export async function mapActionButtons(
  client: pg.ClientBase,
  reference: Inventory,
  customer: Inventory,
): Promise<void> {
  const arch = archColumn(customer)
  if (!arch || !reference.has('ir_ui_view', arch.name)) return
  const { type } = arch
  const a = ident(arch.name)
  // Quotes are escaped where the arch stands in JSON, one language beside the other.
  // An XPath may have the number without quotes.
  const name = `name=(?:\\\\?["''])?`
  const end = `(?=\\\\?["''\\]])`
  await client.query(`
    UPDATE public.ir_ui_view v SET ${a} = mapped.arch::${type}
      FROM (
        SELECT m.id, string_agg(p.piece || coalesce(q.match[1] || coalesce(n.id::text, q.match[2]), ''), '' ORDER BY p.place) AS arch
          FROM uplift.id_map m
          JOIN ref.ir_ui_view r ON r.id = m.ref_id
         CROSS JOIN LATERAL regexp_split_to_table(r.${a}::text, '${name}[0-9]{1,9}${end}') WITH ORDINALITY AS p (piece, place)
          LEFT JOIN LATERAL regexp_matches(r.${a}::text, '(${name})([0-9]{1,9})${end}', 'g') WITH ORDINALITY AS q (match, place) ON q.place = p.place
          LEFT JOIN uplift.id_map n ON n.tbl = 'ir_actions' AND n.ref_id = q.match[2]::integer
         WHERE m.tbl = 'ir_ui_view' AND r.${a}::text ~ '${name}[0-9]'
           AND (m.origin = 'new' OR EXISTS (SELECT FROM uplift.followed f WHERE f.tbl = m.tbl AND f.id = m.id))
         GROUP BY m.id) mapped
     WHERE v.id = mapped.id`)
}
