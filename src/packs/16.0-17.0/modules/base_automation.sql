-- A rule was a server action and has server actions now: name and model stand on both.
ALTER TABLE base_automation ADD COLUMN IF NOT EXISTS name jsonb, ADD COLUMN IF NOT EXISTS model_id integer;
ALTER TABLE ir_act_server ADD COLUMN IF NOT EXISTS base_automation_id integer;
UPDATE base_automation b SET name = a.name, model_id = a.model_id FROM ir_act_server a WHERE a.id = b.action_server_id;
UPDATE ir_act_server a SET base_automation_id = b.id, usage = 'base_automation' FROM base_automation b WHERE b.action_server_id = a.id;
