-- The record that an alias belongs to is its parent.
UPDATE mail_alias a SET alias_parent_model_id = m.id, alias_parent_thread_id = r.id
  FROM crm_case_section r, ir_model m WHERE a.id = r.alias_id AND m.model = 'crm.case.section';
