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

-- The name by which a partner is shown and sorted is stored; 7.0 left out inactive ones. Others keep what their modules made of it.
ALTER TABLE res_partner ADD COLUMN IF NOT EXISTS display_name varchar;
UPDATE res_partner p
   SET display_name = replace(replace(CASE WHEN q.parent_id IS NULL OR q.is_company THEN q.name ELSE concat_ws(', ', u.name, q.name) END, E'\n\n', E'\n'), E'\n\n', E'\n')
  FROM res_partner q LEFT JOIN res_partner u ON u.id = q.parent_id
 WHERE q.id = p.id AND (q.display_name IS NULL OR NOT q.active);

-- Mail address and telephone of a company are its partner's.
ALTER TABLE res_company ADD COLUMN IF NOT EXISTS email varchar, ADD COLUMN IF NOT EXISTS phone varchar;
UPDATE res_company c SET email = left(p.email, 64), phone = left(p.phone, 64) FROM res_partner p WHERE p.id = c.partner_id;

-- Server actions: what a record is created in, copied from and written to has choices of its own now. Of a copied record the
-- model is named; a record that an expression leads to is named without its id.
CREATE TABLE legacy.ir_act_server__7_0 AS SELECT * FROM ir_act_server WHERE state IN ('dummy', 'loop', 'sms', 'email', 'trigger');
ALTER TABLE ir_act_server
  ADD COLUMN IF NOT EXISTS use_relational_model varchar,
  ADD COLUMN IF NOT EXISTS use_create varchar,
  ADD COLUMN IF NOT EXISTS use_write varchar,
  ADD COLUMN IF NOT EXISTS link_new_record boolean,
  ADD COLUMN IF NOT EXISTS crud_model_name varchar,
  ADD COLUMN IF NOT EXISTS wkf_model_name varchar,
  ADD COLUMN IF NOT EXISTS wkf_transition_id integer,
  ADD COLUMN IF NOT EXISTS menu_ir_values_id integer;
UPDATE ir_act_server a
   SET crud_model_id = CASE WHEN a.state = 'object_copy' THEN coalesce(c.id, a.crud_model_id)
                            WHEN a.state IN ('object_create', 'object_write') THEN coalesce(a.crud_model_id, a.model_id) ELSE a.crud_model_id END,
       write_expression = CASE WHEN a.state = 'object_write' THEN nullif(regexp_replace(trim(a.write_expression), '^(obj(?:ect)?(?:\.\w+)+)\.id$', '\1'), '') ELSE a.write_expression END,
       use_relational_model = CASE WHEN a.state = 'trigger' AND f.name <> 'id' THEN 'relational' ELSE 'base' END,
       use_create = CASE WHEN a.state = 'object_copy' THEN 'copy_other'
                         WHEN a.state = 'object_create' AND a.crud_model_id <> a.model_id THEN 'new_other' ELSE 'new' END,
       use_write = CASE WHEN a.state = 'object_write' AND trim(a.write_expression) <> '' THEN 'expression' ELSE 'current' END,
       link_new_record = a.state IN ('object_create', 'object_copy') AND a.link_field_id IS NOT NULL,
       state = CASE a.state WHEN 'object_copy' THEN 'object_create' WHEN 'other' THEN 'multi' ELSE a.state END,
       menu_ir_values_id = (SELECT min(v.id) FROM ir_values v
                             WHERE v.key = 'action' AND v.key2 = 'client_action_multi' AND v.value = 'ir.actions.server,' || a.id)
  FROM ir_act_server q
  LEFT JOIN ir_model c ON c.model = split_part(q.ref_object, ',', 1)
  LEFT JOIN ir_model_fields f ON f.id = q.wkf_field_id
 WHERE q.id = a.id;
UPDATE ir_act_server a SET crud_model_name = c.model, wkf_model_name = w.model
  FROM ir_act_server q LEFT JOIN ir_model c ON c.id = q.crud_model_id LEFT JOIN ir_model w ON w.id = q.wkf_model_id
 WHERE q.id = a.id AND num_nonnulls(c.id, w.id) > 0;
-- A signal is named by a transition that waits for it.
UPDATE ir_act_server a SET wkf_transition_id = t.id
  FROM ir_act_server q
  JOIN ir_model m ON m.id = q.wkf_model_id
  CROSS JOIN LATERAL (SELECT min(t.id) AS id FROM wkf w JOIN wkf_activity y ON y.wkf_id = w.id JOIN wkf_transition t ON t.act_from = y.id
                       WHERE w.osv = m.model AND t.signal = q.trigger_name) t
 WHERE q.id = a.id AND q.state = 'trigger';

-- Kinds of actions that 8.0 cannot express do nothing there: what they did stands in their code as a comment. E-mails stay
-- where templates are installed, which their file makes.
CREATE TEMP TABLE silent_action ON COMMIT DROP AS
SELECT id, state, concat_ws(E'\n', nullif(email, ''), nullif(mobile, ''), nullif(subject, ''), nullif(message, ''), nullif(sms, ''), nullif(expression, ''), nullif(trigger_name, '')) AS did
  FROM ir_act_server
 WHERE state IN ('dummy', 'loop', 'sms') OR state = 'trigger' AND wkf_transition_id IS NULL
    OR state = 'email' AND NOT EXISTS (SELECT FROM ir_module_module WHERE name = 'email_template' AND state IN ('installed', 'to upgrade'));
INSERT INTO uplift.note (stage, topic, subject, outcome, detail)
SELECT 'hop', 'server action', a.name, 'does nothing any more', jsonb_build_object('id', a.id, 'kind', s.state, 'did', s.did)
  FROM silent_action s JOIN ir_act_server a ON a.id = s.id ORDER BY a.id;
UPDATE ir_act_server a SET state = 'code', code = concat_ws(E'\n', '# ' || s.state, '# ' || regexp_replace(s.did, E'\r?\n', E'\n# ', 'g'))
  FROM silent_action s WHERE s.id = a.id;

-- There are no views of multidimensional queries any more, and nothing shows one.
CREATE TABLE legacy.ir_ui_view__mdx AS SELECT * FROM ir_ui_view WHERE type = 'mdx';
INSERT INTO uplift.note (stage, topic, subject, outcome, detail)
SELECT 'hop', 'view', name, 'views of this type are gone', jsonb_build_object('id', id, 'model', model, 'type', type, 'arch', arch) FROM legacy.ir_ui_view__mdx ORDER BY id;
INSERT INTO uplift.taken SELECT 'ir_ui_view', count(*), 'schema legacy' FROM legacy.ir_ui_view__mdx HAVING count(*) > 0;
UPDATE ir_act_window SET view_id = NULL WHERE view_id IN (SELECT id FROM legacy.ir_ui_view__mdx);
DELETE FROM ir_act_window_view WHERE view_mode = 'mdx' OR view_id IN (SELECT id FROM legacy.ir_ui_view__mdx);
UPDATE ir_act_window
   SET view_mode = coalesce(nullif(array_to_string(array_remove(string_to_array(replace(view_mode, ' ', ''), ','), 'mdx'), ','), ''), 'tree,form')
 WHERE view_mode ~ '\mmdx\M';
DELETE FROM ir_model_data WHERE model = 'ir.ui.view' AND res_id IN (SELECT id FROM legacy.ir_ui_view__mdx);
DELETE FROM ir_ui_view WHERE id IN (SELECT id FROM legacy.ir_ui_view__mdx);

-- The type of a view was told by its architecture; one that inherits has that of the view that it changes.
UPDATE ir_ui_view v SET type = substring(v.arch FROM '<(tree|form|graph|calendar|diagram|gantt|kanban|search)\M') WHERE v.type IS NULL AND v.inherit_id IS NULL;
WITH RECURSIVE typed (id, type) AS (
  SELECT id, type FROM ir_ui_view WHERE type IS NOT NULL
  UNION
  SELECT v.id, t.type FROM typed t JOIN ir_ui_view v ON v.inherit_id = t.id AND v.type IS NULL
)
UPDATE ir_ui_view v SET type = t.type FROM typed t WHERE t.id = v.id AND v.type IS NULL;

-- A user's filter has its name for itself: pickings had up to three models with filters of their own.
UPDATE ir_filters f SET name = left(f.name, 58) || ' (' || n.nth || ')'
  FROM (SELECT id, row_number() OVER (PARTITION BY lower(name), model_id, coalesce(user_id, -1) ORDER BY id) AS nth FROM ir_filters) n
 WHERE n.id = f.id AND n.nth > 1;

-- A rate of a type stood beside the ordinary ones; 8.0 knows no types and would take it for the rate of its day.
CREATE TABLE legacy.res_currency_rate__typed AS SELECT * FROM res_currency_rate WHERE currency_rate_type_id IS NOT NULL;
INSERT INTO uplift.note (stage, topic, subject, outcome, detail)
SELECT 'hop', 'currency rates', t.name, 'rates of this type are kept in schema legacy only: 8.0 has one kind of rates',
       jsonb_build_object('table', 'legacy.res_currency_rate__typed', 'id', r.currency_rate_type_id, 'rows', count(*))
  FROM legacy.res_currency_rate__typed r LEFT JOIN res_currency_rate_type t ON t.id = r.currency_rate_type_id
 GROUP BY t.name, r.currency_rate_type_id ORDER BY r.currency_rate_type_id;
INSERT INTO uplift.taken SELECT 'res_currency_rate', count(*), 'schema legacy' FROM legacy.res_currency_rate__typed HAVING count(*) > 0;
DELETE FROM ir_model_data WHERE model = 'res.currency.rate' AND res_id IN (SELECT id FROM legacy.res_currency_rate__typed);
DELETE FROM res_currency_rate WHERE currency_rate_type_id IS NOT NULL;

-- Signatures are rich text.
UPDATE res_users
   SET signature = '<p>' || replace(replace(replace(replace(replace(signature, '&', '&amp;'), '<', '&lt;'), '>', '&gt;'), E'\r', ''), E'\n', '<br/>') || '</p>'
 WHERE signature <> '';
