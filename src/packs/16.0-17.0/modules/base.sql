-- A country's code is required and unique now: countries of the customer's own get codes that ISO 3166 leaves to users.
WITH pool AS (
  SELECT code, row_number() OVER (ORDER BY choice, code) AS nth
    FROM (SELECT 'X' || chr(c) AS code, 0 AS choice FROM generate_series(ascii('A'), ascii('Z')) c
          UNION ALL SELECT 'Q' || chr(c), 1 FROM generate_series(ascii('M'), ascii('Z')) c
          UNION ALL SELECT chr(c) || d, 2 FROM generate_series(ascii('A'), ascii('Z')) c, generate_series(0, 9) d) free
   WHERE code NOT IN ('XI', 'XK') AND NOT EXISTS (SELECT FROM res_country r WHERE r.code = free.code)),
without AS (SELECT id, row_number() OVER (ORDER BY id) AS nth FROM res_country WHERE coalesce(code, '') = ''),
given AS (
  UPDATE res_country r SET code = pool.code FROM without JOIN pool USING (nth) WHERE r.id = without.id
  RETURNING r.id, r.code)
INSERT INTO uplift.note (stage, topic, subject, outcome, detail)
SELECT 'hop', 'decision', 'res.country', 'code given to countries without one', jsonb_object_agg(id, code) FROM given HAVING count(*) > 0;

-- Private addresses are no kind of partner any more: employees keep them (see hr), the partner becomes a contact without
-- them, because every user could read them there. What is taken off stays in schema legacy.
CREATE TABLE uplift.private_address AS
SELECT id, type, street, street2, zip, city, state_id, country_id, email, phone, mobile, lang FROM res_partner WHERE type = 'private';

DO $$
DECLARE
  personal text;
BEGIN
  IF NOT EXISTS (SELECT FROM uplift.private_address) THEN RETURN; END IF;
  CREATE TABLE legacy.res_partner_private AS TABLE uplift.private_address;
  SELECT string_agg(format('%I = NULL', attname), ', ') INTO personal
    FROM pg_attribute
   WHERE attrelid = 'res_partner'::regclass AND attnum > 0 AND NOT attisdropped AND NOT attnotnull
     AND attname IN ('street', 'street2', 'zip', 'city', 'state_id', 'country_id', 'email', 'phone', 'mobile', 'email_normalized',
                     'phone_sanitized', 'contact_address_complete', 'partner_latitude', 'partner_longitude', 'date_localization');
  -- A user's own partner keeps its address: the user signs in and is written to by it.
  EXECUTE format($q$UPDATE res_partner p SET %s WHERE p.type = 'private' AND NOT EXISTS (SELECT FROM res_users u WHERE u.partner_id = p.id)$q$, personal);
  UPDATE res_partner SET type = 'contact' WHERE type = 'private';
  INSERT INTO uplift.note (stage, topic, subject, outcome, detail)
  SELECT 'hop', 'decision', 'res.partner', 'private addresses became contacts without an address',
         jsonb_build_object('rows', count(*), 'kept in', 'legacy.res_partner_private') FROM uplift.private_address;
END $$;

-- What a server action writes stands on the action itself now; one that wrote several fields becomes several.
ALTER TABLE ir_act_server
  ADD COLUMN IF NOT EXISTS update_path varchar, ADD COLUMN IF NOT EXISTS update_field_id integer, ADD COLUMN IF NOT EXISTS evaluation_type varchar,
  ADD COLUMN IF NOT EXISTS value text, ADD COLUMN IF NOT EXISTS resource_ref varchar, ADD COLUMN IF NOT EXISTS selection_value integer,
  ADD COLUMN IF NOT EXISTS update_boolean_value varchar, ADD COLUMN IF NOT EXISTS update_m2m_operation varchar, ADD COLUMN IF NOT EXISTS update_related_model_id integer;
UPDATE ir_act_server SET evaluation_type = 'value', update_m2m_operation = 'add', update_boolean_value = 'true';

CREATE TEMP TABLE action_value ON COMMIT DROP AS
SELECT l.id AS line_id, l.server_id, count(*) OVER (PARTITION BY l.server_id) AS lines, row_number() OVER (PARTITION BY l.server_id ORDER BY l.id) AS nth,
       jsonb_build_object(
         'state', 'object_write', 'update_path', f.name, 'update_field_id', f.id,
         'evaluation_type', CASE WHEN l.evaluation_type = 'equation' THEN 'equation' ELSE 'value' END,
         'value', CASE WHEN l.evaluation_type = 'equation' OR f.ttype NOT IN ('many2one', 'many2many', 'selection', 'boolean') THEN l.value END,
         'resource_ref', CASE WHEN l.evaluation_type <> 'equation' AND f.ttype IN ('many2one', 'many2many') AND l.value ~ '^\d+$' THEN f.relation || ',' || l.value END,
         'selection_value', CASE WHEN l.evaluation_type <> 'equation' THEN (SELECT s.id FROM ir_model_fields_selection s WHERE s.field_id = f.id AND s.value = l.value) END,
         'update_boolean_value', CASE WHEN f.ttype = 'boolean' AND lower(l.value) IN ('false', '0', '') THEN 'false' ELSE 'true' END,
         'update_m2m_operation', 'add',
         'update_related_model_id', CASE WHEN f.relation IS NOT NULL THEN (SELECT m.id FROM ir_model m WHERE m.model = f.relation) END) AS written
  FROM ir_server_object_lines l
  JOIN ir_act_server a ON a.id = l.server_id AND a.state = 'object_write'
  JOIN ir_model_fields f ON f.id = l.col1;
UPDATE ir_act_server a
   SET update_path = w.update_path, update_field_id = w.update_field_id, evaluation_type = w.evaluation_type, value = w.value, resource_ref = w.resource_ref,
       selection_value = w.selection_value, update_boolean_value = w.update_boolean_value, update_related_model_id = w.update_related_model_id
  FROM action_value v, jsonb_populate_record(NULL::ir_act_server, v.written) w
 WHERE v.lines = 1 AND a.id = v.server_id;
ALTER TABLE action_value ADD COLUMN action_id integer;
UPDATE action_value SET action_id = nextval('ir_actions_id_seq') WHERE lines > 1;
INSERT INTO ir_act_server
SELECT (jsonb_populate_record(NULL::ir_act_server,
         to_jsonb(a) || v.written || jsonb_build_object('id', v.action_id, 'sequence', v.nth, 'usage', 'ir_actions_server', 'binding_model_id', NULL))).*
  FROM action_value v JOIN ir_act_server a ON a.id = v.server_id WHERE v.lines > 1;
INSERT INTO rel_server_actions (server_id, action_id) SELECT server_id, action_id FROM action_value WHERE lines > 1;
UPDATE ir_act_server a SET state = 'multi' FROM action_value v WHERE v.lines > 1 AND a.id = v.server_id;
UPDATE ir_act_server a SET value = l.value
  FROM ir_server_object_lines l JOIN ir_model_fields f ON f.id = l.col1 AND f.name = 'name'
 WHERE a.state = 'object_create' AND l.server_id = a.id AND l.evaluation_type <> 'equation';
-- What of it stands on the actions is not needed twice; the rest is set aside with its table.
DELETE FROM ir_server_object_lines l USING action_value v WHERE l.id = v.line_id;

-- One sequence counted all caches; each cache has its own now.
DROP SEQUENCE IF EXISTS base_cache_signaling;
