-- The record that an alias belongs to is its parent.
UPDATE mail_alias a SET alias_parent_model_id = m.id, alias_parent_thread_id = r.id
  FROM crm_case_section r, ir_model m WHERE a.id = r.alias_id AND m.model = 'crm.case.section';

-- Every team worked with leads and opportunities.
ALTER TABLE crm_case_section ADD COLUMN IF NOT EXISTS use_leads boolean, ADD COLUMN IF NOT EXISTS use_opportunities boolean;
UPDATE crm_case_section SET use_leads = coalesce(use_leads, true), use_opportunities = coalesce(use_opportunities, true);

-- What a meeting was about follows it to its event.
ALTER TABLE calendar_event ADD COLUMN IF NOT EXISTS opportunity_id integer, ADD COLUMN IF NOT EXISTS phonecall_id integer;
UPDATE calendar_event e SET opportunity_id = m.opportunity_id, phonecall_id = m.phonecall_id
  FROM uplift.moved v JOIN legacy.crm_meeting m ON m.id = v.old_id
 WHERE v.from_model = 'crm.meeting' AND v.new_id = e.id AND num_nonnulls(m.opportunity_id, m.phonecall_id) > 0;
