-- A plan is sorted by hand, and what it asks for by default is said per company.
ALTER TABLE account_analytic_plan ADD COLUMN IF NOT EXISTS sequence integer;
UPDATE account_analytic_plan p SET sequence = o.place FROM (SELECT id, row_number() OVER (ORDER BY id) AS place FROM account_analytic_plan) o WHERE o.id = p.id;
INSERT INTO ir_property (name, fields_id, company_id, res_id, type, value_text, create_uid, create_date, write_uid, write_date)
SELECT 'default_applicability', f.id, a.company_id, 'account.analytic.plan,' || p.id, 'selection', a.applicability, p.create_uid, p.create_date, p.write_uid, p.write_date
  FROM account_analytic_plan p
  JOIN ir_model_fields f ON f.model = 'account.analytic.plan' AND f.name = 'default_applicability'
 CROSS JOIN LATERAL (
       SELECT p.company_id, p.default_applicability AS applicability
       -- Other companies did not see the plan of one.
       UNION ALL SELECT NULL, 'unavailable' WHERE p.company_id IS NOT NULL) a
 WHERE p.default_applicability IS NOT NULL
   AND NOT EXISTS (SELECT FROM ir_property x WHERE x.fields_id = f.id AND x.res_id = 'account.analytic.plan,' || p.id);
-- Plans are shared by all companies now; what one applied to stays with its company.
ALTER TABLE account_analytic_applicability ADD COLUMN IF NOT EXISTS company_id integer;
UPDATE account_analytic_applicability a SET company_id = p.company_id FROM account_analytic_plan p WHERE p.id = a.analytic_plan_id AND p.company_id IS NOT NULL;

-- Each root plan has a column of its own on analytic lines: one plan account_id, every other x_plan<id>_id. Which one is the
-- first is a parameter: the plan that Odoo itself named so, else the default of a company, else the one that most lines use.
CREATE TEMP TABLE account_plan ON COMMIT DROP AS
SELECT a.id AS account_id, split_part(p.parent_path, '/', 1)::integer AS plan_id
  FROM account_analytic_account a JOIN account_analytic_plan p ON p.id = a.plan_id;
CREATE TEMP TABLE first_plan ON COMMIT DROP AS
SELECT p.id FROM account_analytic_plan p
 WHERE p.parent_id IS NULL
 ORDER BY EXISTS (SELECT FROM ir_model_data d WHERE d.module = 'analytic' AND d.name = 'analytic_plan_projects' AND d.model = 'account.analytic.plan' AND d.res_id = p.id) DESC,
          EXISTS (SELECT FROM ir_config_parameter k WHERE k.key LIKE 'default\_analytic\_plan\_id\_%' AND k.value = p.id::text) DESC,
          (SELECT count(*) FROM account_analytic_line l JOIN account_plan a USING (account_id) WHERE a.plan_id = p.id) DESC, p.id
 LIMIT 1;
INSERT INTO ir_config_parameter (key, value, create_date, write_date)
SELECT 'analytic.project_plan', id::text, now() AT TIME ZONE 'UTC', now() AT TIME ZONE 'UTC' FROM first_plan
 WHERE NOT EXISTS (SELECT FROM ir_config_parameter WHERE key = 'analytic.project_plan');
INSERT INTO ir_model_data (module, name, model, res_id, noupdate, create_date, write_date)
SELECT 'analytic', 'analytic_plan_projects', 'account.analytic.plan', id, true, now() AT TIME ZONE 'UTC', now() AT TIME ZONE 'UTC' FROM first_plan
 WHERE NOT EXISTS (SELECT FROM ir_model_data WHERE module = 'analytic' AND name = 'analytic_plan_projects');

ALTER TABLE account_analytic_line ALTER COLUMN account_id DROP NOT NULL;
DO $$
DECLARE
  plan record;
  field text;
BEGIN
  FOR plan IN SELECT id, name FROM account_analytic_plan p WHERE parent_id IS NULL AND id NOT IN (SELECT id FROM first_plan) ORDER BY id LOOP
    field := 'x_plan' || plan.id || '_id';
    EXECUTE format('ALTER TABLE account_analytic_line ADD COLUMN IF NOT EXISTS %I integer', field);
    EXECUTE format('UPDATE account_analytic_line l SET %I = l.account_id, account_id = NULL FROM account_plan a WHERE a.account_id = l.account_id AND a.plan_id = %s', field, plan.id);
    INSERT INTO ir_model_fields (name, model, model_id, ttype, relation, field_description, state, store, index, required, readonly, copied, selectable, on_delete, create_date, write_date)
    SELECT field, 'account.analytic.line', m.id, 'many2one', 'account.analytic.account', jsonb_build_object('en_US', plan.name), 'manual', true, true, false, false, true, true, 'restrict',
           now() AT TIME ZONE 'UTC', now() AT TIME ZONE 'UTC'
      FROM ir_model m WHERE m.model = 'account.analytic.line'
       AND NOT EXISTS (SELECT FROM ir_model_fields f WHERE f.model = 'account.analytic.line' AND f.name = field);
  END LOOP;
END $$;
