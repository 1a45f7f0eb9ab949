-- Chart templates leave the database: a company remembers the code of its own.
CREATE TEMP TABLE chart_code ON COMMIT DROP AS
SELECT d.res_id AS template_id, c.code
  FROM (VALUES
  ('l10n_ae.uae_chart_template_standard', 'ae'), ('l10n_ar.l10nar_base_chart_template', 'ar_base'), ('l10n_ar.l10nar_ex_chart_template', 'ar_ex'),
  ('l10n_ar.l10nar_ri_chart_template', 'ar_ri'), ('l10n_at.l10n_at_chart_template', 'at'), ('l10n_au.l10n_au_chart_template', 'au'),
  ('l10n_be.l10nbe_chart_template', 'be_comp'), ('l10n_bg.l10n_bg_chart_template', 'bg'), ('l10n_bo.bo_chart_template', 'bo'),
  ('l10n_br.l10n_br_account_chart_template', 'br'), ('l10n_ca.ca_en_chart_template_en', 'ca_2023'), ('l10n_ch.l10nch_chart_template', 'ch'),
  ('l10n_cl.cl_chart_template', 'cl'), ('l10n_cn.l10n_chart_china_small_business', 'cn'), ('l10n_co.l10n_co_chart_template_generic', 'co'),
  ('l10n_cr.account_chart_template_0', 'cr'), ('l10n_cz.cz_chart_template', 'cz'), ('l10n_de.l10n_de_chart_template', 'de_skr03'),
  ('l10n_de.l10n_chart_de_skr04', 'de_skr04'), ('l10n_de_skr03.l10n_de_chart_template', 'de_skr03'), ('l10n_de_skr04.l10n_chart_de_skr04', 'de_skr04'),
  ('l10n_dk.dk_chart_template', 'dk'), ('l10n_do.do_chart_template', 'do'), ('l10n_dz.l10n_dz_pcg_chart_template', 'dz'),
  ('l10n_ec.l10n_ec_ifrs', 'ec'), ('l10n_ee.l10nee_chart_template', 'ee'), ('l10n_eg.egypt_chart_template_standard', 'eg'),
  ('l10n_es.account_chart_template_assoc', 'es_assec'), ('l10n_es.account_chart_template_common', 'es_common'),
  ('l10n_es.account_chart_template_full', 'es_full'), ('l10n_es.account_chart_template_pymes', 'es_pymes'), ('l10n_et.l10n_et', 'et'),
  ('l10n_fi.fi_chart_template', 'fi'), ('l10n_fr.l10n_fr_pcg_chart_template', 'fr'), ('l10n_generic_coa.configurable_chart_template', 'generic_coa'),
  ('l10n_gr.l10n_gr_chart_template', 'gr'), ('l10n_gt.cuentas_plantilla', 'gt'), ('l10n_hk.l10n_hk_chart_template', 'hk'),
  ('l10n_hn.cuentas_plantilla', 'hn'), ('l10n_hr.l10n_hr_chart_template_rrif', 'hr'), ('l10n_hr.l10n_hr_euro_chart_template', 'hr'),
  ('l10n_hr_kuna.l10n_hr_kuna_chart_template_rrif', 'hr_kuna'), ('l10n_hu.hungarian_chart_template', 'hu'), ('l10n_id.l10n_id_chart', 'id'),
  ('l10n_ie.l10n_ie', 'ie'), ('l10n_il.il_chart_template', 'il'), ('l10n_in.indian_chart_template_standard', 'in'),
  ('l10n_it.l10n_it_chart_template_generic', 'it'), ('l10n_jp.l10n_jp1', 'jp'), ('l10n_jp.l10n_jp_chart_template', 'jp'),
  ('l10n_ke.l10nke_chart_template', 'ke'), ('l10n_kz.l10nkz_chart_template', 'kz'), ('l10n_lt.account_chart_template_lithuania', 'lt'),
  ('l10n_lu.lu_2011_chart_1', 'lu'), ('l10n_lv.chart_template_latvia', 'lv'), ('l10n_ma.l10n_ma_chart_template', 'ma'), ('l10n_mn.mn_chart_1', 'mn'),
  ('l10n_mx.mx_coa', 'mx'), ('l10n_my.l10n_my_chart_template', 'my'), ('l10n_mz.l10n_mz_chart_template', 'mz'),
  ('l10n_nl.l10nnl_chart_template', 'nl'), ('l10n_no.no_chart_template', 'no'), ('l10n_nz.l10n_nz_chart_template', 'nz'),
  ('l10n_pa.l10npa_chart_template', 'pa'), ('l10n_pe.pe_chart_template', 'pe'), ('l10n_ph.l10n_ph_chart_template', 'ph'),
  ('l10n_pk.l10n_pk_chart_template', 'pk'), ('l10n_pl.pl_chart_template', 'pl'), ('l10n_pt.pt_chart_template', 'pt'),
  ('l10n_ro.ro_chart_template', 'ro'), ('l10n_rs.l10n_rs_chart_template', 'rs'), ('l10n_sa.sa_chart_template_standard', 'sa'),
  ('l10n_se.l10nse_chart_template', 'se'), ('l10n_se.l10nse_chart_template_K2', 'se_K2'), ('l10n_se.l10nse_chart_template_K3', 'se_K3'),
  ('l10n_sg.sg_chart_template', 'sg'), ('l10n_si.gd_chart', 'si'), ('l10n_sk.sk_chart_template', 'sk'),
  ('l10n_syscohada.syscohada_chart_template', 'syscohada'), ('l10n_th.chart', 'th'), ('l10n_tr.chart_template_common', 'tr'),
  ('l10n_tr.l10n_tr_chart_template', 'tr'), ('l10n_tw.l10n_tw_chart_template', 'tw'), ('l10n_ua.l10n_ua_ias_chart_template', 'ua_ias'),
  ('l10n_ua.l10n_ua_psbo_chart_template', 'ua_psbo'), ('l10n_uk.l10n_uk', 'uk'), ('l10n_uy.uy_chart_template', 'uy'),
  ('l10n_ve.ve_chart_template_amd', 've'), ('l10n_vn.vn_template', 'vn'), ('l10n_za.default_chart_template', 'za')
       ) AS c (xmlid, code)
  JOIN ir_model_data d ON d.model = 'account.chart.template' AND d.name = split_part(c.xmlid, '.', 2)
   -- Modules that were merged with the hop have the records of those they took in already.
   AND (d.module = split_part(c.xmlid, '.', 1) OR c.xmlid LIKE 'l10n_generic_coa.%' AND d.module = 'account' OR c.xmlid LIKE 'l10n_de_skr0_.%' AND d.module = 'l10n_de');
ALTER TABLE res_company ADD COLUMN IF NOT EXISTS chart_template varchar;
UPDATE res_company c SET chart_template = k.code FROM chart_code k WHERE k.template_id = c.chart_template_id;
ALTER TABLE account_report ADD COLUMN IF NOT EXISTS chart_template varchar;
UPDATE account_report r SET chart_template = k.code FROM chart_code k WHERE k.template_id = r.chart_template_id;
ALTER TABLE account_report ALTER COLUMN filter_account_type TYPE varchar USING CASE WHEN filter_account_type THEN 'both' ELSE 'disabled' END;

-- Records that a chart template made are named account.<company>_<name>, whatever localisation brought them.
UPDATE ir_model_data d SET module = 'account'
  FROM res_company c
 WHERE d.model IN ('account.account', 'account.tax', 'account.group', 'account.fiscal.position') AND d.module LIKE 'l10n\_%'
   AND d.name LIKE c.id || '\_%'
   AND NOT EXISTS (SELECT FROM ir_model_data t WHERE t.module = 'account' AND t.name = d.name)
   AND NOT EXISTS (SELECT FROM ir_model_data t WHERE t.module LIKE 'l10n\_%' AND t.name = d.name AND t.id < d.id);

-- A tax belongs to a document type with each of its repartition lines.
ALTER TABLE account_tax_repartition_line ADD COLUMN IF NOT EXISTS tax_id integer, ADD COLUMN IF NOT EXISTS document_type varchar;
UPDATE account_tax_repartition_line
   SET tax_id = coalesce(invoice_tax_id, refund_tax_id), document_type = CASE WHEN invoice_tax_id IS NOT NULL THEN 'invoice' ELSE 'refund' END
 WHERE invoice_tax_id IS NOT NULL OR refund_tax_id IS NOT NULL;
ALTER TABLE account_tax_repartition_line DROP COLUMN invoice_tax_id, DROP COLUMN refund_tax_id;

-- Tax groups belong to one company: the first that uses a group keeps it, each other gets a copy for its own taxes.
ALTER TABLE account_tax_group ADD COLUMN IF NOT EXISTS company_id integer, ADD COLUMN IF NOT EXISTS tax_payable_account_id integer,
  ADD COLUMN IF NOT EXISTS tax_receivable_account_id integer, ADD COLUMN IF NOT EXISTS advance_tax_payment_account_id integer;
CREATE TEMP TABLE group_of_company ON COMMIT DROP AS
SELECT used.group_id AS old_id, used.company_id, row_number() OVER (PARTITION BY used.group_id ORDER BY used.company_id) AS nth, NULL::integer AS new_id
  FROM (SELECT DISTINCT tax_group_id AS group_id, company_id FROM account_tax WHERE tax_group_id IS NOT NULL
        UNION
        -- One that no tax uses: the first company of its country, else the first of all.
        SELECT g.id, (SELECT c.id FROM res_company c ORDER BY c.account_fiscal_country_id IS NOT DISTINCT FROM g.country_id DESC, c.id LIMIT 1)
          FROM account_tax_group g WHERE NOT EXISTS (SELECT FROM account_tax t WHERE t.tax_group_id = g.id)) used;
UPDATE group_of_company SET new_id = CASE WHEN nth = 1 THEN old_id ELSE nextval('account_tax_group_id_seq')::integer END;
UPDATE account_tax_group g SET company_id = k.company_id FROM group_of_company k WHERE k.nth = 1 AND k.old_id = g.id;
INSERT INTO account_tax_group
SELECT (jsonb_populate_record(NULL::account_tax_group, to_jsonb(g) || jsonb_build_object('id', k.new_id, 'company_id', k.company_id))).*
  FROM group_of_company k JOIN account_tax_group g ON g.id = k.old_id WHERE k.nth > 1;
UPDATE account_tax t SET tax_group_id = k.new_id FROM group_of_company k WHERE k.nth > 1 AND t.tax_group_id = k.old_id AND t.company_id = k.company_id;
-- Lines of journal entries remember the group of their tax.
UPDATE account_move_line l SET tax_group_id = k.new_id FROM group_of_company k WHERE k.nth > 1 AND l.tax_group_id = k.old_id AND l.company_id = k.company_id;
UPDATE account_tax_group g
   SET tax_payable_account_id = p.payable, tax_receivable_account_id = p.receivable, advance_tax_payment_account_id = p.advance
  FROM (SELECT k.new_id,
               max(split_part(v.value_reference, ',', 2)::integer) FILTER (WHERE f.name = 'property_tax_payable_account_id') AS payable,
               max(split_part(v.value_reference, ',', 2)::integer) FILTER (WHERE f.name = 'property_tax_receivable_account_id') AS receivable,
               max(split_part(v.value_reference, ',', 2)::integer) FILTER (WHERE f.name = 'property_advance_tax_payment_account_id') AS advance
          FROM group_of_company k
          JOIN ir_model_fields f ON f.model = 'account.tax.group'
           AND f.name IN ('property_tax_payable_account_id', 'property_tax_receivable_account_id', 'property_advance_tax_payment_account_id')
          -- A value for the record and the company counts before those for all records or all companies.
         CROSS JOIN LATERAL (SELECT x.value_reference FROM ir_property x
                              WHERE x.fields_id = f.id AND (x.company_id = k.company_id OR x.company_id IS NULL)
                                AND (x.res_id = 'account.tax.group,' || k.old_id OR x.res_id IS NULL)
                              ORDER BY x.res_id NULLS LAST, x.company_id NULLS LAST LIMIT 1) v
         WHERE v.value_reference LIKE 'account.account,%'
         GROUP BY k.new_id) p
 WHERE p.new_id = g.id;
WITH gone AS (
  DELETE FROM ir_property p USING ir_model_fields f
   WHERE f.id = p.fields_id AND f.model = 'account.tax.group'
     AND f.name IN ('property_tax_payable_account_id', 'property_tax_receivable_account_id', 'property_advance_tax_payment_account_id')
  RETURNING p.id)
INSERT INTO uplift.taken SELECT 'ir_property', count(*), 'columns of account_tax_group' FROM gone HAVING count(*) > 0;
-- Each group is named after its company, the first one under the name that it had.
INSERT INTO ir_model_data (module, name, model, res_id, noupdate, create_uid, create_date, write_uid, write_date)
SELECT DISTINCT ON (k.company_id || '_' || d.name) 'account', k.company_id || '_' || d.name, d.model, k.new_id, true, d.create_uid, d.create_date, d.write_uid, d.write_date
  FROM ir_model_data d JOIN group_of_company k ON k.old_id = d.res_id
 WHERE d.model = 'account.tax.group' AND (d.module = 'account' OR d.module LIKE 'l10n\_%') AND d.name !~ '^\d+_'
   AND NOT EXISTS (SELECT FROM ir_model_data t WHERE t.module = 'account' AND t.name = k.company_id || '_' || d.name)
 ORDER BY k.company_id || '_' || d.name, d.id;
DELETE FROM ir_model_data d USING group_of_company k
 WHERE d.model = 'account.tax.group' AND d.res_id = k.old_id AND (d.module = 'account' OR d.module LIKE 'l10n\_%') AND d.name !~ '^\d+_';

-- Payment terms: the balance is the percentage that is left, and a delay is a number of days counted from somewhere.
ALTER TABLE account_payment_term ADD COLUMN IF NOT EXISTS early_discount boolean, ADD COLUMN IF NOT EXISTS discount_days integer,
  ADD COLUMN IF NOT EXISTS discount_percentage double precision, ADD COLUMN IF NOT EXISTS early_pay_discount_computation varchar;
UPDATE account_payment_term t
   SET early_discount = true, discount_days = l.discount_days, discount_percentage = l.discount_percentage
  FROM (SELECT DISTINCT ON (payment_id) payment_id, discount_days, discount_percentage FROM account_payment_term_line
         WHERE coalesce(discount_percentage, 0) <> 0 ORDER BY payment_id, id) l
 WHERE l.payment_id = t.id;
-- How the tax counts in a discount was said by the company; a term for all companies takes the word of the first.
UPDATE account_payment_term t
   SET early_pay_discount_computation = coalesce((SELECT c.early_pay_discount_computation FROM res_company c WHERE c.id = t.company_id OR t.company_id IS NULL ORDER BY c.id LIMIT 1), 'included');
ALTER TABLE account_payment_term_line ADD COLUMN IF NOT EXISTS delay_type varchar, ADD COLUMN IF NOT EXISTS nb_days integer, ADD COLUMN IF NOT EXISTS days_next_month varchar(2);
CREATE TEMP TABLE term_share ON COMMIT DROP AS
SELECT payment_id, 100 - coalesce(sum(value_amount) FILTER (WHERE value = 'percent'), 0) AS rest
  FROM account_payment_term_line GROUP BY payment_id;
UPDATE account_payment_term_line l SET value = 'percent', value_amount = s.rest FROM term_share s WHERE s.payment_id = l.payment_id AND l.value = 'balance';
-- The due date was the date plus months plus days, then the end of that month where asked for, then days after it. Whole months
-- before anything but the end of the next month have no counterpart: they count as 30 days, which a note says.
UPDATE account_payment_term_line l
   SET delay_type = k.delay_type, days_next_month = CASE WHEN k.delay_type = 'days_end_of_month_on_the' THEN coalesce(l.days_after, 0)::text ELSE '10' END,
       nb_days = CASE WHEN k.delay_type IN ('days_after_end_of_month', 'days_after_end_of_next_month') THEN coalesce(l.days_after, 0) ELSE l.months * 30 + l.days END
  FROM (SELECT id, CASE WHEN NOT coalesce(end_month, false) THEN 'days_after'
                        WHEN months = 0 AND days = 0 THEN 'days_after_end_of_month'
                        WHEN months = 1 AND days = 0 THEN 'days_after_end_of_next_month'
                        ELSE 'days_end_of_month_on_the' END AS delay_type
          FROM account_payment_term_line) k
 WHERE k.id = l.id;
INSERT INTO uplift.note (stage, topic, subject, outcome, detail)
SELECT 'hop', 'decision', 'account.payment.term', 'months of payment terms became 30 days each', jsonb_build_object('ids', jsonb_agg(DISTINCT payment_id))
  FROM account_payment_term_line WHERE months > 0 AND delay_type <> 'days_after_end_of_next_month' HAVING count(*) > 0;

-- Names of posted entries are unique in their journal now: the oldest keeps its name.
WITH twice AS (
  SELECT id, row_number() OVER (PARTITION BY journal_id, name ORDER BY date, id) AS nth FROM account_move WHERE state = 'posted' AND name <> '/'),
named AS (
  UPDATE account_move m SET name = m.name || ' [' || m.id || ']' FROM twice WHERE twice.id = m.id AND twice.nth > 1 RETURNING m.id)
INSERT INTO uplift.note (stage, topic, subject, outcome, detail)
SELECT 'hop', 'decision', 'account.move', 'names that were given twice in a journal got the id behind them', jsonb_build_object('ids', jsonb_agg(id)) FROM named HAVING count(*) > 0;

ALTER TABLE account_move_line ADD COLUMN IF NOT EXISTS invoice_date date;
UPDATE account_move_line l SET invoice_date = m.invoice_date FROM account_move m WHERE m.id = l.move_id AND m.invoice_date IS NOT NULL;

-- Tags of one name, applicability and country are one tag now: a second of them is told apart by its id.
WITH twice AS (
  SELECT id, row_number() OVER (PARTITION BY name, applicability, country_id ORDER BY id) AS nth FROM account_account_tag WHERE country_id IS NOT NULL),
named AS (
  UPDATE account_account_tag t SET name = t.name || ' [' || t.id || ']' FROM twice WHERE twice.id = t.id AND twice.nth > 1 RETURNING t.id)
INSERT INTO uplift.note (stage, topic, subject, outcome, detail)
SELECT 'hop', 'decision', 'account.account.tag', 'names that were given twice got the id behind them', jsonb_build_object('ids', jsonb_agg(id)) FROM named HAVING count(*) > 0;

-- What was said about templates goes with them; it stays to be read in schema legacy.
DO $$
BEGIN
  IF EXISTS (SELECT FROM mail_message WHERE model ~ '^account\..*template(\.|$)') THEN
    CREATE TABLE legacy.mail_message_of_templates AS SELECT * FROM mail_message WHERE model ~ '^account\..*template(\.|$)';
    INSERT INTO uplift.taken SELECT 'mail_message', count(*), 'legacy.mail_message_of_templates' FROM legacy.mail_message_of_templates;
    WITH gone AS (DELETE FROM mail_tracking_value v USING legacy.mail_message_of_templates m WHERE v.mail_message_id = m.id RETURNING v.id)
    INSERT INTO uplift.taken SELECT 'mail_tracking_value', count(*), 'nothing: they told of templates' FROM gone HAVING count(*) > 0;
    WITH gone AS (DELETE FROM mail_notification v USING legacy.mail_message_of_templates m WHERE v.mail_message_id = m.id RETURNING v.id)
    INSERT INTO uplift.taken SELECT 'mail_notification', count(*), 'nothing: they told of templates' FROM gone HAVING count(*) > 0;
    DELETE FROM mail_message v USING legacy.mail_message_of_templates m WHERE v.id = m.id;
    UPDATE mail_message c SET parent_id = NULL FROM legacy.mail_message_of_templates m WHERE c.parent_id = m.id;
  END IF;
END $$;
