-- One analytic account of an order or work centre became a distribution over any number of them.
CREATE TABLE IF NOT EXISTS account_analytic_account_mrp_production_rel (mrp_production_id integer NOT NULL, account_analytic_account_id integer NOT NULL);
CREATE TABLE IF NOT EXISTS account_analytic_account_mrp_workcenter_rel (mrp_workcenter_id integer NOT NULL, account_analytic_account_id integer NOT NULL);
CREATE TABLE IF NOT EXISTS account_analytic_account_mrp_bom_rel (mrp_bom_id integer NOT NULL, account_analytic_account_id integer NOT NULL);
ALTER TABLE mrp_production ADD COLUMN IF NOT EXISTS analytic_distribution jsonb;
ALTER TABLE mrp_workcenter ADD COLUMN IF NOT EXISTS analytic_distribution jsonb;
INSERT INTO account_analytic_account_mrp_production_rel SELECT id, analytic_account_id FROM mrp_production WHERE analytic_account_id IS NOT NULL;
UPDATE mrp_production SET analytic_distribution = jsonb_build_object(analytic_account_id, 100.0) WHERE analytic_account_id IS NOT NULL;
INSERT INTO account_analytic_account_mrp_workcenter_rel SELECT id, costs_hour_account_id FROM mrp_workcenter WHERE costs_hour_account_id IS NOT NULL;
UPDATE mrp_workcenter SET analytic_distribution = jsonb_build_object(costs_hour_account_id, 100.0) WHERE costs_hour_account_id IS NOT NULL;

-- That of a bill of materials is still kept per company.
CREATE TEMP TABLE bom_account ON COMMIT DROP AS
SELECT p.id, b.id AS bom_id, p.company_id, split_part(p.value_reference, ',', 2)::integer AS account_id
  FROM ir_property p
  JOIN ir_model_fields f ON f.id = p.fields_id AND f.model = 'mrp.bom' AND f.name = 'analytic_account_id'
  JOIN mrp_bom b ON p.res_id = 'mrp.bom,' || b.id
 WHERE p.value_reference LIKE 'account.analytic.account,%';
INSERT INTO account_analytic_account_mrp_bom_rel SELECT DISTINCT bom_id, account_id FROM bom_account;

CREATE TABLE IF NOT EXISTS mrp_workorder_mo_analytic_rel (mrp_workorder_id integer NOT NULL, account_analytic_line_id integer NOT NULL);
CREATE TABLE IF NOT EXISTS mrp_workorder_wc_analytic_rel (mrp_workorder_id integer NOT NULL, account_analytic_line_id integer NOT NULL);
INSERT INTO mrp_workorder_mo_analytic_rel SELECT id, mo_analytic_account_line_id FROM mrp_workorder WHERE mo_analytic_account_line_id IS NOT NULL;
INSERT INTO mrp_workorder_wc_analytic_rel SELECT id, wc_analytic_account_line_id FROM mrp_workorder WHERE wc_analytic_account_line_id IS NOT NULL;
