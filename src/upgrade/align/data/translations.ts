import type pg from 'pg'
import { technicalTables } from '../../../odoo/technical.ts'
import { ident, identList, literal } from '../../../postgres/sql.ts'
import type { Inventory } from '../../../schema/inventory.ts'

/**
 * ir_translation, until 15.0: the terms of records that follow the target come from the reference where it has the
 * language; terms of the customer's records and of languages that the reference lacks stay as they are.
 */
export async function alignTranslations(
  client: pg.ClientBase,
  reference: Inventory,
  customer: Inventory,
): Promise<void> {
  if (!customer.hasTable('ir_translation') || !reference.hasTable('ir_translation')) return
  const columns = reference
    .columns('ir_translation')
    .filter((column) => customer.has('ir_translation', column) && column !== 'id')
  const technical = [...technicalTables].map(literal).join(', ')
  const ofRecord = `
    split_part(t.name, ',', 1) = mt.model AND mt.tbl IN (${technical}) AND t.type = 'model'`
  await client.query(`
    CREATE UNLOGGED TABLE uplift.language AS SELECT code FROM ref.res_lang INTERSECT SELECT code FROM public.res_lang;
    DELETE FROM public.ir_translation t
     USING uplift.model_table mt, uplift.language l, uplift.followed f
     WHERE ${ofRecord} AND l.code = t.lang AND f.tbl = mt.tbl AND f.id = t.res_id;
    DELETE FROM public.ir_translation t
     USING uplift.language l
     WHERE l.code = t.lang AND t.type NOT IN ('model', 'rml') AND t.name NOT LIKE 'x\\_%'
       AND ${customer.has('ir_translation', 'module') ? `(t.module IS NULL OR NOT EXISTS (SELECT FROM uplift.module o WHERE o.name = t.module AND o.kind = 'custom'))` : 'true'};
    DELETE FROM public.ir_translation t
     USING uplift.obsolete o, uplift.model_table mt
     WHERE ${ofRecord} AND o.tbl = mt.tbl AND o.id = t.res_id`)
  const value = (column: string) =>
    column === 'res_id'
      ? `CASE WHEN r.type = 'model' THEN m.id ELSE coalesce(v.id, r.res_id) END`
      : `r.${ident(column)}`
  const modules = reference.has('ir_translation', 'module')
    ? `AND (r.module IS NULL OR r.module = '' OR EXISTS (SELECT FROM uplift.module o WHERE o.name = r.module AND o.kind = 'target'))`
    : ''
  await client.query(`
    INSERT INTO public.ir_translation (id, ${identList(columns)})
    SELECT (SELECT greatest((SELECT coalesce(max(id), 0) FROM public.ir_translation), (SELECT last_value FROM public.ir_translation_id_seq)))
             + row_number() OVER (), ${columns.map(value).join(', ')}
      FROM ref.ir_translation r
      JOIN uplift.language l ON l.code = r.lang
      LEFT JOIN uplift.model_table mt ON r.type = 'model' AND mt.model = split_part(r.name, ',', 1)
      LEFT JOIN uplift.id_map m ON m.tbl = mt.tbl AND m.ref_id = r.res_id
      LEFT JOIN uplift.id_map v ON r.type = 'view' AND v.tbl = 'ir_ui_view' AND v.ref_id = r.res_id
     WHERE (r.type <> 'model' OR m.origin = 'new'
            OR EXISTS (SELECT FROM uplift.followed f WHERE f.tbl = mt.tbl AND f.id = m.id AND mt.tbl IN (${technical})))
       ${modules}`)
}
