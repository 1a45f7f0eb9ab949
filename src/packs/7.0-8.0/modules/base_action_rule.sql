-- When a rule acts is said now: at a time, or after a change. One that looked at records before the change did so only of
-- records that were there.
ALTER TABLE base_action_rule ADD COLUMN IF NOT EXISTS kind varchar;
UPDATE base_action_rule
   SET kind = CASE WHEN trg_date_id IS NOT NULL THEN 'on_time' WHEN filter_pre_id IS NOT NULL THEN 'on_write' ELSE 'on_create_or_write' END
 WHERE kind IS NULL;
