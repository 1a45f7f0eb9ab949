-- Server actions that send an e-mail do it by a template now. What stood in double brackets is a placeholder of the template;
-- the text was plain.
CREATE TEMP TABLE mailing_action ON COMMIT DROP AS
SELECT q.*, nextval('email_template_id_seq')::integer AS template_id
  FROM (SELECT a.id, a.name, a.model_id, m.model, a.email, a.subject, a.message
          FROM ir_act_server a LEFT JOIN ir_model m ON m.id = a.model_id WHERE a.state = 'email' ORDER BY a.id) q;
INSERT INTO email_template
  (id, create_uid, create_date, write_uid, write_date, name, model_id, model, email_to, subject, body_html, auto_delete, user_signature)
SELECT template_id, 1, now() AT TIME ZONE 'UTC', 1, now() AT TIME ZONE 'UTC', name, model_id, model,
       CASE WHEN trim(email) <> '' THEN '${' || trim(email) || '}' END,
       regexp_replace(subject, '\[\[((?:[^\]]|\](?!\]))+)\]\]', '${\1}', 'g'),
       '<p>' || replace(b.body, E'\n', '<br/>') || '</p>',
       true, false
  FROM mailing_action a
  LEFT JOIN LATERAL (
    SELECT string_agg(CASE WHEN p.part[1] IS NOT NULL THEN '${' || trim(p.part[1]) || '}'
                           ELSE replace(replace(replace(replace(p.part[2], '&', '&amp;'), '<', '&lt;'), '>', '&gt;'), E'\r', '') END, '' ORDER BY p.nth) AS body
      FROM regexp_matches(regexp_replace(a.message, '\s+$', ''), '\[\[((?:[^\]]|\](?!\]))+)\]\]|([^\[]+|\[)', 'g') WITH ORDINALITY AS p (part, nth)) b ON true
 ORDER BY template_id;
ALTER TABLE ir_act_server ADD COLUMN IF NOT EXISTS template_id integer;
UPDATE ir_act_server a SET template_id = m.template_id FROM mailing_action m WHERE m.id = a.id;
INSERT INTO uplift.note (stage, topic, subject, outcome, detail)
SELECT 'hop', 'server action', name, 'sends its e-mail by a template made for it: look at its placeholders',
       jsonb_build_object('id', id, 'template', template_id, 'to', email, 'subject', subject, 'message', message)
  FROM mailing_action ORDER BY id;
