ALTER TABLE res_company ADD COLUMN IF NOT EXISTS email_primary_color varchar, ADD COLUMN IF NOT EXISTS email_secondary_color varchar,
  ADD COLUMN IF NOT EXISTS alias_domain_id integer, ADD COLUMN IF NOT EXISTS alias_domain_name varchar;
UPDATE res_company SET email_primary_color = coalesce(primary_color, '#000000'), email_secondary_color = coalesce(secondary_color, '#875A7B');

-- The one domain of all aliases was a parameter and is a record now.
CREATE TABLE IF NOT EXISTS mail_alias_domain (
  id serial, name varchar, bounce_alias varchar, catchall_alias varchar, default_from varchar, sequence integer,
  create_uid integer, create_date timestamp, write_uid integer, write_date timestamp);
INSERT INTO mail_alias_domain (name, bounce_alias, catchall_alias, default_from, sequence, create_uid, create_date, write_uid, write_date)
SELECT d.value, coalesce(b.value, 'bounce'), coalesce(c.value, 'catchall'), f.value, 10, d.create_uid, d.create_date, d.write_uid, d.write_date
  FROM ir_config_parameter d
  LEFT JOIN ir_config_parameter b ON b.key = 'mail.bounce.alias'
  LEFT JOIN ir_config_parameter c ON c.key = 'mail.catchall.alias'
  LEFT JOIN ir_config_parameter f ON f.key = 'mail.default.from'
 WHERE d.key = 'mail.catchall.domain' AND coalesce(d.value, '') <> '';
UPDATE res_company SET alias_domain_id = d.id, alias_domain_name = d.name FROM mail_alias_domain d;
ALTER TABLE mail_alias ADD COLUMN IF NOT EXISTS alias_domain_id integer, ADD COLUMN IF NOT EXISTS alias_full_name varchar,
  ADD COLUMN IF NOT EXISTS alias_incoming_local boolean, ADD COLUMN IF NOT EXISTS alias_status varchar;
UPDATE mail_alias SET alias_domain_id = d.id FROM mail_alias_domain d;
UPDATE mail_alias a
   SET alias_incoming_local = false, alias_status = 'not_tested',
       alias_full_name = a.alias_name || coalesce('@' || (SELECT d.name FROM mail_alias_domain d WHERE d.id = a.alias_domain_id), '');

-- One report of a template became any number of them.
CREATE TABLE IF NOT EXISTS mail_template_ir_actions_report_rel (mail_template_id integer NOT NULL, ir_actions_report_id integer NOT NULL);
INSERT INTO mail_template_ir_actions_report_rel SELECT id, report_template FROM mail_template WHERE report_template IS NOT NULL;

-- Changed amounts of money are numbers like others; what described the field is read from the field while there is one.
UPDATE mail_tracking_value
   SET old_value_float = coalesce(old_value_float, old_value_monetary), new_value_float = coalesce(new_value_float, new_value_monetary)
 WHERE field_type = 'monetary';
ALTER TABLE mail_tracking_value ADD COLUMN IF NOT EXISTS field_info jsonb;
UPDATE mail_tracking_value t
   SET field_info = jsonb_build_object('desc', t.field_desc, 'name', f.name, 'sequence', coalesce(t.tracking_sequence, 100), 'type', t.field_type)
  FROM (SELECT t.id, f.name FROM mail_tracking_value t LEFT JOIN ir_model_fields f ON f.id = t.field_id) f
 WHERE f.id = t.id;
ALTER TABLE mail_tracking_value DROP COLUMN field_desc, DROP COLUMN field_type, DROP COLUMN tracking_sequence, DROP COLUMN old_value_monetary, DROP COLUMN new_value_monetary;

UPDATE mail_message m SET message_type = 'email_outgoing'
 WHERE m.message_type = 'email'
   AND (EXISTS (SELECT FROM mail_mail x WHERE x.mail_message_id = m.id)
        OR EXISTS (SELECT FROM res_users u WHERE u.partner_id = m.author_id AND NOT u.share));
