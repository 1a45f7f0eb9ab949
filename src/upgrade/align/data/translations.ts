import type pg from 'pg'
import { technicalTables } from '../../../odoo/technical.ts'
import { ident, identList, literal, qualified } from '../../../postgres/sql.ts'
import type { Inventory } from '../../../schema/inventory.ts'

/**
 * ir_translation, until 15.0: of the records that follow the target and of the program's own texts, a term stays that the
 * reference has too, with the customer's translation of it; terms that are gone go, new ones come in the languages that
 * the reference has. Translations of the customer's own records are not touched.
 */
export async function alignTranslations(
  client: pg.ClientBase,
  reference: Inventory,
  customer: Inventory,
): Promise<void> {
  if (!customer.hasTable('ir_translation')) return
  await dropOrphans(client)
  if (!reference.hasTable('ir_translation')) return
  const columns = reference
    .columns('ir_translation')
    .filter((column) => customer.has('ir_translation', column) && column !== 'id')
  const technical = [...technicalTables].map(literal).join(', ')
  const ofModules = reference.has('ir_translation', 'module')
    ? `(r.module IS NULL OR r.module = '' OR EXISTS (SELECT FROM uplift.module o WHERE o.name = r.module AND o.kind = 'target'))`
    : 'true'
  await client.query(`
    CREATE UNLOGGED TABLE uplift.language AS SELECT code FROM ref.res_lang INTERSECT SELECT code FROM public.res_lang;
    CREATE UNLOGGED TABLE uplift.term AS
    SELECT r.id AS ref_id, r.lang, r.type, r.name, r.src, CASE WHEN r.type = 'model' THEN m.id ELSE coalesce(v.id, r.res_id, 0) END AS res_id
      FROM ref.ir_translation r
      JOIN uplift.language l ON l.code = r.lang
      LEFT JOIN uplift.model_table mt ON r.type = 'model' AND mt.model = split_part(r.name, ',', 1)
      LEFT JOIN uplift.id_map m ON m.tbl = mt.tbl AND m.ref_id = r.res_id
      LEFT JOIN uplift.id_map v ON r.type = 'view' AND v.tbl = 'ir_ui_view' AND v.ref_id = r.res_id
     WHERE ${ofModules}
       AND (r.type <> 'model' OR m.origin = 'new'
            OR EXISTS (SELECT FROM uplift.followed f WHERE f.tbl = mt.tbl AND f.id = m.id AND mt.tbl IN (${technical})));
    CREATE INDEX ON uplift.term (name, lang);
    ANALYZE uplift.term`)
  const sameTerm = `
    x.lang = t.lang AND x.type = t.type AND x.name = t.name AND x.res_id = coalesce(t.res_id, 0) AND x.src IS NOT DISTINCT FROM t.src`
  const own = customer.has('ir_translation', 'module')
    ? `EXISTS (SELECT FROM uplift.module o WHERE o.name = t.module AND o.kind = 'custom')`
    : 'false'
  const ofOwnView = await gatherOwnArchs(client, customer)
  await client.query(`
    DELETE FROM public.ir_translation t
     USING uplift.language l
     WHERE l.code = t.lang AND NOT ${own} AND NOT ${ofOwnView} AND t.name NOT LIKE 'x\\_%' AND t.type <> 'rml'
       AND (t.type <> 'model'
            OR EXISTS (SELECT FROM uplift.model_table mt JOIN uplift.followed f ON f.tbl = mt.tbl
                        WHERE mt.model = split_part(t.name, ',', 1) AND mt.tbl IN (${technical}) AND f.id = t.res_id))
       AND NOT EXISTS (SELECT FROM uplift.term x WHERE ${sameTerm})`)
  await client.query(`
    INSERT INTO public.ir_translation (id, ${identList(columns)})
    SELECT (SELECT greatest((SELECT coalesce(max(id), 0) FROM public.ir_translation), (SELECT last_value FROM public.ir_translation_id_seq)))
             + row_number() OVER (ORDER BY r.id), ${columns.map((column) => (column === 'res_id' ? 'x.res_id' : `r.${ident(column)}`)).join(', ')}
      FROM uplift.term x JOIN ref.ir_translation r ON r.id = x.ref_id
     WHERE NOT EXISTS (SELECT FROM public.ir_translation t WHERE ${sameTerm})`)
}

/** Terms without a module that stand in the customer's own views: until 8.0 a view's terms are named after its model only. */
async function gatherOwnArchs(client: pg.ClientBase, customer: Inventory): Promise<string> {
  if (!customer.has('ir_translation', 'module') || !/^text/.test(customer.typeOf('ir_ui_view', 'arch') ?? ''))
    return 'false'
  await client.query(`
    CREATE TEMP TABLE own_arch ON COMMIT DROP AS
    SELECT v.model, v.arch FROM public.ir_ui_view v
     WHERE NOT EXISTS (SELECT FROM public.ir_model_data d JOIN uplift.module o ON o.name = d.module AND o.kind <> 'custom'
                        WHERE d.model = 'ir.ui.view' AND d.res_id = v.id)`)
  return `(t.type = 'view' AND coalesce(t.module, '') = '' AND EXISTS (SELECT FROM own_arch v WHERE v.model = t.name AND strpos(v.arch, t.src) > 0))`
}

/** Terms of technical records that are gone, whatever made them go. */
async function dropOrphans(client: pg.ClientBase): Promise<void> {
  const technical = [...technicalTables].map(literal).join(', ')
  await client.query(`
    DELETE FROM public.ir_translation t USING uplift.model_table mt
     WHERE t.type = 'model' AND mt.model = split_part(t.name, ',', 1) AND mt.tbl IN (${technical})
       AND to_regclass('public.' || quote_ident(mt.tbl)) IS NULL`)
  const { rows } = await client.query<{ model: string; tbl: string }>(`
    SELECT DISTINCT mt.model, mt.tbl FROM public.ir_translation t JOIN uplift.model_table mt ON mt.model = split_part(t.name, ',', 1)
     WHERE t.type = 'model' AND to_regclass('public.' || quote_ident(mt.tbl)) IS NOT NULL`)
  const statements = rows
    .filter(({ tbl }) => technicalTables.has(tbl))
    .map(
      ({ model, tbl }) => `
      DELETE FROM public.ir_translation t
       WHERE t.type = 'model' AND split_part(t.name, ',', 1) = ${literal(model)}
         AND NOT EXISTS (SELECT FROM ${qualified('public', tbl)} r WHERE r.id = t.res_id)`,
    )
  if (statements.length > 0) await client.query(statements.join(';\n'))
}
