-- An employee's private address stands on the employee, no more on a partner of his own.
ALTER TABLE hr_employee
  ADD COLUMN IF NOT EXISTS private_street varchar, ADD COLUMN IF NOT EXISTS private_street2 varchar, ADD COLUMN IF NOT EXISTS private_city varchar,
  ADD COLUMN IF NOT EXISTS private_zip varchar, ADD COLUMN IF NOT EXISTS private_state_id integer, ADD COLUMN IF NOT EXISTS private_country_id integer,
  ADD COLUMN IF NOT EXISTS private_email varchar, ADD COLUMN IF NOT EXISTS private_phone varchar, ADD COLUMN IF NOT EXISTS lang varchar;
UPDATE hr_employee e
   SET private_street = a.street, private_street2 = a.street2, private_city = a.city, private_zip = a.zip, private_state_id = a.state_id,
       private_country_id = a.country_id, private_email = a.email, private_phone = coalesce(a.phone, a.mobile), lang = a.lang
  FROM (SELECT id, street, street2, city, zip, state_id, country_id, email, phone, mobile, lang FROM uplift.private_address
        UNION ALL
        SELECT id, street, street2, city, zip, state_id, country_id, email, phone, mobile, lang FROM res_partner p
         WHERE NOT EXISTS (SELECT FROM uplift.private_address x WHERE x.id = p.id)) a
 WHERE a.id = e.address_home_id;

-- Plans of activities serve every model now; these are those of employees (tables and models by the facts).
ALTER TABLE mail_activity_plan ADD COLUMN IF NOT EXISTS res_model varchar, ADD COLUMN IF NOT EXISTS res_model_id integer;
UPDATE mail_activity_plan SET res_model = 'hr.employee', res_model_id = (SELECT id FROM ir_model WHERE model = 'hr.employee') WHERE res_model IS NULL;
ALTER TABLE mail_activity_plan_template ADD COLUMN IF NOT EXISTS responsible_type varchar, ADD COLUMN IF NOT EXISTS sequence integer;
UPDATE mail_activity_plan_template SET responsible_type = responsible, sequence = id * 10;
ALTER TABLE mail_activity_plan_template DROP COLUMN responsible;
-- The field could be empty, which an activity of its plan could not: the type for things to do is what it fell back to.
UPDATE mail_activity_plan_template t SET activity_type_id = d.res_id
  FROM ir_model_data d WHERE d.module = 'mail' AND d.name = 'mail_activity_data_todo' AND d.model = 'mail.activity.type' AND t.activity_type_id IS NULL;
-- An activity without a plan was never used by any.
WITH gone AS (DELETE FROM mail_activity_plan_template WHERE plan_id IS NULL RETURNING id)
INSERT INTO uplift.taken SELECT 'mail_activity_plan_template', count(*), 'nothing: they belonged to no plan' FROM gone HAVING count(*) > 0;
