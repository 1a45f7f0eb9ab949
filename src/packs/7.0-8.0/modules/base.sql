-- The commercial entity of a partner is stored: the first company above it, itself included, else the topmost partner.
ALTER TABLE res_partner ADD COLUMN IF NOT EXISTS commercial_partner_id integer;
WITH RECURSIVE up (id, now_id, parent_id, found, depth) AS (
  SELECT id, id, parent_id, coalesce(is_company, false) OR parent_id IS NULL, 0 FROM res_partner
  UNION ALL
  SELECT u.id, p.id, p.parent_id, coalesce(p.is_company, false) OR p.parent_id IS NULL, u.depth + 1
    FROM up u JOIN res_partner p ON p.id = u.parent_id WHERE NOT u.found AND u.depth < 50
), top AS (
  SELECT DISTINCT ON (id) id, now_id FROM up ORDER BY id, depth DESC
)
UPDATE res_partner p SET commercial_partner_id = t.now_id FROM top t WHERE t.id = p.id;

-- Server actions: what a record is created in, copied from and written to has choices of its own now.
ALTER TABLE ir_act_server
  ADD COLUMN IF NOT EXISTS use_relational_model varchar,
  ADD COLUMN IF NOT EXISTS use_create varchar,
  ADD COLUMN IF NOT EXISTS use_write varchar,
  ADD COLUMN IF NOT EXISTS link_new_record boolean;
UPDATE ir_act_server SET
  use_relational_model = 'base',
  use_create = CASE WHEN state = 'object_copy' THEN 'copy_other'
                    WHEN state = 'object_create' AND crud_model_id IS NOT NULL AND crud_model_id <> model_id THEN 'new_other' ELSE 'new' END,
  use_write = CASE WHEN state = 'object_write' AND write_expression <> '' THEN 'expression' ELSE 'current' END,
  link_new_record = state IN ('object_create', 'object_copy') AND link_field_id IS NOT NULL;
UPDATE ir_act_server SET state = 'object_create' WHERE state = 'object_copy';
UPDATE ir_act_server SET state = 'multi' WHERE state = 'other';

-- Kinds of actions that 8.0 cannot express do nothing there; what they did is kept, and named in the notes.
INSERT INTO uplift.note (stage, topic, subject, outcome, detail)
SELECT 'hop', 'server action', name, 'does nothing any more', jsonb_build_object('id', id, 'kind', state)
  FROM ir_act_server WHERE state IN ('dummy', 'loop', 'sms', 'email') ORDER BY id;
CREATE TABLE IF NOT EXISTS legacy.ir_act_server__7_0 AS SELECT * FROM ir_act_server WHERE state IN ('dummy', 'loop', 'sms', 'email');
UPDATE ir_act_server SET state = 'code', code = '' WHERE state IN ('dummy', 'loop', 'sms', 'email');

-- A user's filter has its name for itself: pickings had up to three models with filters of their own.
UPDATE ir_filters f SET name = left(f.name, 58) || ' (' || n.nth || ')'
  FROM (SELECT id, row_number() OVER (PARTITION BY lower(name), model_id, coalesce(user_id, -1) ORDER BY id) AS nth FROM ir_filters) n
 WHERE n.id = f.id AND n.nth > 1;

-- Signatures are rich text.
UPDATE res_users
   SET signature = '<p>' || replace(replace(replace(replace(replace(signature, '&', '&amp;'), '<', '&lt;'), '>', '&gt;'), E'\r', ''), E'\n', '<br/>') || '</p>'
 WHERE signature <> '';
