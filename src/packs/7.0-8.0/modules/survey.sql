-- Stages tell what the state told; the records of the module have the xmlids that the target knows them by.
CREATE TABLE IF NOT EXISTS survey_stage (
  id serial PRIMARY KEY, create_uid integer, create_date timestamp without time zone, write_uid integer,
  write_date timestamp without time zone, name varchar, sequence integer, closed boolean, fold boolean);
CREATE TEMP TABLE new_survey_stage ON COMMIT DROP AS
SELECT q.*, nextval('survey_stage_id_seq')::integer AS id
  FROM (VALUES ('stage_draft', 'Draft', 1, false, false), ('stage_in_progress', 'In progress', 2, false, false),
               ('stage_closed', 'Closed', 3, true, true), ('stage_permanent', 'Permanent', 4, false, true)) AS q (xmlid, name, sequence, closed, fold);
INSERT INTO survey_stage (id, create_uid, create_date, write_uid, write_date, name, sequence, closed, fold)
SELECT id, 1, now() AT TIME ZONE 'UTC', 1, now() AT TIME ZONE 'UTC', name, sequence, closed, fold FROM new_survey_stage;
INSERT INTO ir_model_data (module, name, model, res_id, noupdate) SELECT 'survey', xmlid, 'survey.stage', id, true FROM new_survey_stage;

-- Only people with a login answered, and they could go back; texts are rich.
ALTER TABLE survey_survey
  ADD COLUMN IF NOT EXISTS stage_id integer,
  ADD COLUMN IF NOT EXISTS auth_required boolean,
  ADD COLUMN IF NOT EXISTS users_can_go_back boolean,
  ADD COLUMN IF NOT EXISTS quizz_mode boolean,
  ADD COLUMN IF NOT EXISTS description text;
UPDATE survey_survey s
   SET stage_id = g.id, auth_required = true, users_can_go_back = true, quizz_mode = false,
       description = '<p>' || replace(replace(replace(replace(replace(nullif(s.note, ''), '&', '&amp;'), '<', '&lt;'), '>', '&gt;'), E'\r', ''), E'\n', '<br/>') || '</p>'
  FROM new_survey_stage g
 WHERE g.xmlid = CASE WHEN s.state = 'open' THEN 'stage_in_progress' WHEN s.state IN ('close', 'cancel') THEN 'stage_closed' ELSE 'stage_draft' END;
-- A page has to be of a survey: those of none come together in one of their own, which is closed.
WITH strays AS (
  INSERT INTO survey_survey (create_uid, create_date, write_uid, write_date, title, stage_id, auth_required, users_can_go_back, quizz_mode)
  SELECT 1, now() AT TIME ZONE 'UTC', 1, now() AT TIME ZONE 'UTC', 'Pages without a survey', g.id, true, true, false
    FROM new_survey_stage g WHERE g.xmlid = 'stage_closed' AND EXISTS (SELECT FROM survey_page WHERE survey_id IS NULL)
  RETURNING id
), gathered AS (
  UPDATE survey_page p SET survey_id = s.id FROM strays s WHERE p.survey_id IS NULL RETURNING p.id, p.title
)
INSERT INTO uplift.note (stage, topic, subject, outcome, detail)
SELECT 'hop', 'survey page', title, 'was of no survey: it is of "Pages without a survey" now', jsonb_build_object('id', id) FROM gathered ORDER BY id;
UPDATE survey_page
   SET description = '<p>' || replace(replace(replace(replace(replace(description, '&', '&amp;'), '<', '&lt;'), '>', '&gt;'), E'\r', ''), E'\n', '<br/>') || '</p>'
 WHERE description <> '';

-- Kinds of questions as they were, before they change.
CREATE TEMP TABLE question_kind ON COMMIT DROP AS
SELECT id, type AS kind, type LIKE 'multiple\_choice%' AS chooses, type LIKE 'matrix\_%' OR type = 'rating_scale' AS is_matrix,
       type IN ('multiple_textboxes', 'multiple_textboxes_diff_type', 'numerical_textboxes', 'date', 'date_and_time') AS is_rows
  FROM survey_question;

-- A question with several boxes becomes one question for each box: the first keeps the question's id.
CREATE TEMP TABLE box_question ON COMMIT DROP AS
SELECT q.*, CASE WHEN nth = 1 THEN q.question_id ELSE nextval('survey_question_id_seq')::integer END AS id
  FROM (SELECT a.id AS answer_id, a.question_id, a.answer AS label, a.menu_choice,
               CASE WHEN k.kind = 'numerical_textboxes' OR k.kind = 'multiple_textboxes_diff_type' AND a.type IN ('integer', 'float') THEN 'numerical_box'
                    WHEN k.kind IN ('date', 'date_and_time') OR k.kind = 'multiple_textboxes_diff_type' AND a.type IN ('date', 'datetime') THEN 'datetime'
                    WHEN k.kind = 'multiple_textboxes_diff_type' AND a.type = 'selection' THEN 'simple_choice'
                    ELSE 'textbox' END AS type,
               k.kind = 'multiple_textboxes_diff_type' AND a.type = 'email' AS email,
               row_number() OVER (PARTITION BY a.question_id ORDER BY a.sequence, a.id) AS nth,
               count(*) OVER (PARTITION BY a.question_id) AS boxes
          FROM survey_answer a JOIN question_kind k ON k.id = a.question_id AND k.is_rows
         ORDER BY a.question_id, a.sequence, a.id) q;

-- Choices, rows and columns are labels: of a matrix the answers are the rows, of any other question they are its choices.
CREATE TABLE IF NOT EXISTS survey_label (
  id serial PRIMARY KEY, create_uid integer, create_date timestamp without time zone, write_uid integer,
  write_date timestamp without time zone, question_id integer, question_id_2 integer, sequence integer, value varchar, quizz_mark double precision);
CREATE TEMP TABLE new_label ON COMMIT DROP AS
SELECT q.*, nextval('survey_label_id_seq')::integer AS id
  FROM (SELECT l.*, row_number() OVER (PARTITION BY question_id, is_row ORDER BY given_sequence, old_id, nth) AS sequence
          FROM (SELECT 'survey.answer' AS from_model, a.id AS old_id, 1::bigint AS nth, a.question_id, k.is_matrix AS is_row, a.answer::text AS value,
                       a.sequence AS given_sequence, a.create_uid, a.create_date, a.write_uid, a.write_date
                  FROM survey_answer a JOIN question_kind k ON k.id = a.question_id AND (k.chooses OR k.is_matrix)
                UNION ALL
                SELECT 'survey.question.column.heading', h.id, 1, h.question_id, false, h.title, NULL, h.create_uid, h.create_date, h.write_uid, h.write_date
                  FROM survey_question_column_heading h JOIN question_kind k ON k.id = h.question_id AND k.is_matrix
                UNION ALL
                SELECT 'box', b.answer_id, m.nth, b.id, false, trim(m.value), NULL, 1, now() AT TIME ZONE 'UTC', 1, now() AT TIME ZONE 'UTC'
                  FROM box_question b, regexp_split_to_table(b.menu_choice, E'[\\r\\n]+') WITH ORDINALITY AS m (value, nth)
                 WHERE b.type = 'simple_choice' AND trim(m.value) <> '') l
         ORDER BY question_id, is_row, given_sequence, old_id, nth) q;
INSERT INTO survey_label (id, create_uid, create_date, write_uid, write_date, question_id, question_id_2, sequence, value)
SELECT id, create_uid, create_date, write_uid, write_date, CASE WHEN NOT is_row THEN question_id END, CASE WHEN is_row THEN question_id END,
       sequence, coalesce(nullif(value, ''), '-')
  FROM new_label;
UPDATE ir_translation t SET name = 'survey.label,value', res_id = l.id
  FROM new_label l
 WHERE t.type = 'model' AND t.res_id = l.old_id
   AND t.name = CASE l.from_model WHEN 'survey.answer' THEN 'survey.answer,answer' WHEN 'survey.question.column.heading' THEN 'survey.question.column.heading,title' END;
UPDATE ir_model_data d SET model = 'survey.label', res_id = l.id
  FROM new_label l
 WHERE d.model = l.from_model AND d.res_id = l.old_id AND d.module NOT IN ('survey', 'hr_recruitment', 'hr_evaluation');

-- Fifteen kinds of questions are seven now. A column for each answer of a row needs several answers of a row.
ALTER TABLE survey_question
  ALTER COLUMN question TYPE varchar,
  ADD COLUMN IF NOT EXISTS matrix_subtype varchar,
  ADD COLUMN IF NOT EXISTS column_nb varchar,
  ADD COLUMN IF NOT EXISTS display_mode varchar,
  ADD COLUMN IF NOT EXISTS comments_message varchar,
  ADD COLUMN IF NOT EXISTS validation_email boolean,
  ADD COLUMN IF NOT EXISTS validation_length_min integer,
  ADD COLUMN IF NOT EXISTS validation_length_max integer;
INSERT INTO uplift.note (stage, topic, subject, outcome, detail)
SELECT 'hop', 'survey question', q.question,
       CASE WHEN k.kind = 'descriptive_text' THEN 'was only a text, asks for free text now: put it into the page''s description'
            WHEN k.kind = 'matrix_of_drop_down_menus' THEN 'is a matrix now; which entry of the menus was chosen stands as a comment'
            WHEN b.boxes > 1 THEN 'is one question for each of its boxes now'
            ELSE 'takes free text now' END,
       jsonb_build_object('id', q.id, 'kind', k.kind, 'boxes', b.boxes)
  FROM survey_question q
  JOIN question_kind k ON k.id = q.id
  LEFT JOIN (SELECT DISTINCT question_id, boxes FROM box_question) b ON b.question_id = q.id
 WHERE k.kind IN ('table', 'descriptive_text', 'matrix_of_drop_down_menus') OR b.boxes > 1 OR k.is_rows AND b.boxes IS NULL
 ORDER BY q.id;
INSERT INTO uplift.note (stage, topic, subject, outcome, detail)
SELECT 'hop', 'survey question', question, 'is not checked for being a number or a date any more', jsonb_build_object('id', id, 'check', validation_type)
  FROM survey_question
 WHERE validation_required AND validation_type IN ('must_be_whole_number', 'must_be_decimal_number', 'must_be_date')
   AND type NOT IN ('numerical_textboxes', 'date', 'date_and_time') ORDER BY id;
UPDATE survey_question q
   SET matrix_subtype = CASE WHEN k.kind IN ('matrix_of_choices_only_multi_ans', 'matrix_of_drop_down_menus') THEN 'multiple' ELSE 'simple' END,
       column_nb = '12', display_mode = 'columns',
       comments_message = nullif(q.comment_label, ''),
       description = '<p>' || replace(replace(replace(replace(replace(nullif(q.description, ''), '&', '&amp;'), '<', '&lt;'), '>', '&gt;'), E'\r', ''), E'\n', '<br/>') || '</p>',
       validation_email = (q.validation_required AND q.validation_type = 'must_be_email_address') IS TRUE,
       -- Without limits 8.0 would refuse every text.
       validation_required = (q.validation_required AND q.validation_type = 'must_be_specific_length' AND q.validation_maximum_no > 0) IS TRUE,
       validation_length_min = CASE WHEN q.validation_type = 'must_be_specific_length' THEN q.validation_minimum_no END,
       validation_length_max = CASE WHEN q.validation_type = 'must_be_specific_length' THEN q.validation_maximum_no END,
       constr_mandatory = (q.constr_mandatory AND k.kind <> 'descriptive_text') IS TRUE,
       type = CASE WHEN k.kind = 'multiple_choice_only_one_ans' THEN 'simple_choice'
                   WHEN k.kind = 'multiple_choice_multiple_ans' THEN 'multiple_choice'
                   WHEN k.is_matrix THEN 'matrix'
                   WHEN k.kind = 'single_textbox' THEN 'textbox'
                   WHEN k.kind = 'numerical_textboxes' THEN 'numerical_box'
                   WHEN k.kind IN ('date', 'date_and_time') THEN 'datetime'
                   ELSE 'free_text' END
  FROM question_kind k WHERE k.id = q.id;
INSERT INTO survey_question
  (id, create_uid, create_date, write_uid, write_date, page_id, sequence, question, type, matrix_subtype, column_nb, display_mode,
   comments_allowed, constr_mandatory, constr_error_msg, validation_error_msg)
SELECT b.id, q.create_uid, q.create_date, q.write_uid, q.write_date, q.page_id, q.sequence, q.question, b.type, 'simple', '12', 'columns',
       false, q.constr_mandatory, q.constr_error_msg, q.validation_error_msg
  FROM box_question b JOIN survey_question q ON q.id = b.question_id
 WHERE b.nth > 1 ORDER BY b.id;
UPDATE survey_question q
   SET type = b.type, validation_email = b.email, validation_required = false,
       question = CASE WHEN b.label <> '' AND lower(b.label) <> lower(q.question) THEN q.question || ' – ' || b.label ELSE q.question END
  FROM box_question b WHERE b.id = q.id;
-- Their names in other languages: the question's and the box's, each as far as it was translated.
INSERT INTO ir_translation (name, res_id, lang, type, src, value, module, state)
SELECT 'survey.question,question', n.id, n.lang, 'model', q.question,
       CASE WHEN q.question <> n.old THEN n.value || ' – ' || coalesce(n.box, n.label) ELSE n.value END, n.module, n.state
  FROM (SELECT b.id, b.label, t.lang, t.src AS old, t.value, t.module, t.state, x.value AS box
          FROM box_question b
          JOIN ir_translation t ON t.type = 'model' AND t.name = 'survey.question,question' AND t.res_id = b.question_id AND t.value <> ''
          LEFT JOIN ir_translation x ON x.type = 'model' AND x.name = 'survey.answer,answer' AND x.res_id = b.answer_id AND x.lang = t.lang AND x.value <> ''
         WHERE b.nth > 1) n
  JOIN survey_question q ON q.id = n.id ORDER BY n.id, n.lang;
UPDATE ir_translation t SET src = q.question, value = t.value || ' – ' || coalesce(
         (SELECT max(x.value) FROM ir_translation x
           WHERE x.type = 'model' AND x.name = 'survey.answer,answer' AND x.res_id = b.answer_id AND x.lang = t.lang AND x.value <> ''), b.label)
  FROM box_question b JOIN survey_question q ON q.id = b.question_id
 WHERE b.nth = 1 AND t.type = 'model' AND t.name = 'survey.question,question' AND t.res_id = b.question_id AND t.value <> '' AND q.question <> t.src;

-- Responses are there already (see the facts); invitations without one become responses that nobody has begun. A deadline is a
-- time now: it cannot lie before the invitation, and one of the same day is that day's end.
CREATE TEMP TABLE input_of_request ON COMMIT DROP AS
SELECT r.id AS request_id, coalesce(r.response, nextval('survey_user_input_id_seq')::integer) AS id, r.response IS NULL AS created
  FROM (SELECT id, response FROM survey_request WHERE response IS NOT NULL OR coalesce(state, '') <> 'cancel' ORDER BY id) r;
INSERT INTO survey_user_input (id, create_uid, create_date, write_uid, write_date, survey_id, date_create, deadline, type, state, test_entry, token, partner_id, email)
SELECT i.id, r.create_uid, r.create_date, r.write_uid, r.write_date, r.survey_id, v.invited,
       CASE WHEN r.date_deadline < v.invited THEN greatest(v.invited, r.date_deadline + 1) ELSE r.date_deadline END, 'link', CASE WHEN r.state = 'done' THEN 'done' ELSE 'new' END, false, gen_random_uuid()::varchar, u.partner_id, nullif(r.email, '')
  FROM input_of_request i
  JOIN survey_request r ON r.id = i.request_id
 CROSS JOIN LATERAL (SELECT coalesce(r.create_date, least(r.date_deadline, now() AT TIME ZONE 'UTC')) AS invited) v
  LEFT JOIN res_users u ON u.id = r.user_id
 WHERE i.created ORDER BY i.id;
UPDATE survey_user_input n
   SET deadline = CASE WHEN r.date_deadline < n.date_create THEN greatest(n.date_create, r.date_deadline + 1) ELSE r.date_deadline END,
       email = coalesce(nullif(r.email, ''), n.email)
  FROM (SELECT DISTINCT ON (response) response, date_deadline, email FROM survey_request WHERE response IS NOT NULL ORDER BY response, id) r
 WHERE r.response = n.id;
INSERT INTO uplift.note (stage, topic, subject, outcome, detail)
SELECT 'hop', 'survey', 'survey.request', 'cancelled ones are only kept in schema legacy', jsonb_build_object('rows', count(*))
  FROM survey_request WHERE response IS NULL AND state = 'cancel' HAVING count(*) > 0;

-- What was answered, one line for each choice, cell, box and comment. Numbers and dates that cannot be read stay texts.
CREATE TABLE IF NOT EXISTS survey_user_input_line (
  id serial PRIMARY KEY, create_uid integer, create_date timestamp without time zone, write_uid integer,
  write_date timestamp without time zone, user_input_id integer, question_id integer, survey_id integer,
  date_create timestamp without time zone, skipped boolean, answer_type varchar, value_text varchar, value_number double precision,
  value_date timestamp without time zone, value_free_text text, value_suggested integer, value_suggested_row integer, quizz_mark double precision);
CREATE TEMP TABLE input_line ON COMMIT DROP AS
WITH line AS (
  SELECT l.id, l.question_id, l.single_text, l.comment, k.kind, k.chooses, k.is_matrix, k.is_rows
    FROM survey_response_line l JOIN survey_user_input i ON i.id = l.response_id JOIN question_kind k ON k.id = l.question_id
), given AS (
  SELECT l.*, a.id AS answer_id, a.answer, a.value_choice, a.column_id, own.answer AS label, h.title AS column_title,
         nullif(concat_ws(', ', nullif(a.comment, ''), nullif(a.comment_field, '')), '') AS remark,
         c.id AS label_id, m.id AS column_label_id, b.id AS box_id, b.type AS box_type,
         CASE WHEN a.answer ~ '^\s*[12]\d{3}-(0[1-9]|1[0-2])-(0[1-9]|[12]\d|3[01])(\s+([01]\d|2[0-3]):[0-5]\d(:[0-5]\d)?)?\s*$' THEN trim(a.answer) END AS moment
    FROM line l
    JOIN survey_response_answer a ON a.response_id = l.id
    LEFT JOIN survey_answer own ON own.id = a.answer_id
    LEFT JOIN survey_question_column_heading h ON h.id = a.column_id
    LEFT JOIN new_label c ON c.from_model = 'survey.answer' AND c.old_id = a.answer_id AND c.question_id = l.question_id
    LEFT JOIN new_label m ON m.from_model = 'survey.question.column.heading' AND m.old_id = a.column_id AND m.question_id = l.question_id
    LEFT JOIN box_question b ON b.answer_id = a.answer_id AND b.question_id = l.question_id
), dated AS (
  -- The day of a date that looks like one may still be none: the thirtieth of February.
  SELECT g.*, CASE WHEN extract(month FROM d.day) = substr(moment, 6, 2)::integer THEN d.day + coalesce(nullif(trim(substr(moment, 11)), ''), '00:00')::time END AS value_date
    FROM given g
    LEFT JOIN LATERAL (SELECT make_date(substr(moment, 1, 4)::integer, substr(moment, 6, 2)::integer, 1) + substr(moment, 9, 2)::integer - 1 AS day) d ON moment IS NOT NULL
), said (line_id, branch, answer_id, question_id, answer_type, value_text, value_number, value_date, value_free_text, value_suggested, value_suggested_row) AS (
  SELECT id, 1, 0, question_id, 'text', single_text, NULL::double precision, NULL::timestamp, NULL, NULL::integer, NULL::integer FROM line WHERE single_text <> ''
  UNION ALL
  SELECT id, 2, 0, question_id, CASE WHEN kind = 'comment' THEN 'free_text' ELSE 'text' END, CASE WHEN kind <> 'comment' THEN comment END, NULL, NULL,
         CASE WHEN kind = 'comment' THEN comment END, NULL, NULL
    FROM line WHERE comment <> ''
  UNION ALL
  SELECT id, 3, answer_id, question_id, 'suggestion', NULL, NULL, NULL, NULL, label_id, NULL FROM given WHERE chooses AND label_id IS NOT NULL
  UNION ALL
  SELECT id, 3, answer_id, question_id, 'suggestion', NULL, NULL, NULL, NULL, column_label_id, label_id
    FROM given WHERE is_matrix AND label_id IS NOT NULL AND column_label_id IS NOT NULL
  UNION ALL
  SELECT id, 4, answer_id, question_id, 'text', concat_ws(': ', nullif(concat_ws(' / ', nullif(label, ''), nullif(column_title, '')), ''), value_choice), NULL, NULL, NULL, NULL, NULL
    FROM given WHERE value_choice <> '' AND NOT is_rows
  UNION ALL
  SELECT d.id, 5, d.answer_id, d.box_id,
         CASE WHEN d.box_type = 'simple_choice' AND c.id IS NOT NULL THEN 'suggestion' WHEN d.box_type = 'datetime' AND d.value_date IS NOT NULL THEN 'date'
              WHEN d.box_type = 'numerical_box' AND n.number IS NOT NULL THEN 'number' ELSE 'text' END,
         CASE WHEN d.box_type = 'simple_choice' AND c.id IS NOT NULL OR d.box_type = 'datetime' AND d.value_date IS NOT NULL
                OR d.box_type = 'numerical_box' AND n.number IS NOT NULL THEN NULL ELSE w.said END,
         CASE WHEN d.box_type = 'numerical_box' THEN n.number END, CASE WHEN d.box_type = 'datetime' THEN d.value_date END, NULL,
         CASE WHEN d.box_type = 'simple_choice' THEN c.id END, NULL
    FROM dated d
    CROSS JOIN LATERAL (SELECT coalesce(nullif(d.answer, ''), nullif(d.value_choice, '')) AS said) w
    CROSS JOIN LATERAL (SELECT CASE WHEN w.said ~ '^\s*[-+]?\d{1,30}([.,]\d{1,30})?\s*$' THEN replace(trim(w.said), ',', '.')::double precision END AS number) n
    LEFT JOIN LATERAL (SELECT min(l.id) AS id FROM new_label l WHERE l.from_model = 'box' AND l.old_id = d.answer_id AND l.value = trim(w.said)) c ON true
   WHERE d.box_id IS NOT NULL AND w.said IS NOT NULL
  UNION ALL
  SELECT id, 6, answer_id, question_id, 'text', concat_ws(': ', nullif(label, ''), answer), NULL, NULL, NULL, NULL, NULL
    FROM given
   WHERE answer <> '' AND box_id IS NULL AND NOT (chooses AND label_id IS NOT NULL)
     AND NOT (is_matrix AND label_id IS NOT NULL AND column_label_id IS NOT NULL)
  UNION ALL
  SELECT id, 7, answer_id, question_id, 'text', concat_ws(': ', nullif(label, ''), remark), NULL, NULL, NULL, NULL, NULL FROM given WHERE remark IS NOT NULL
  UNION ALL
  -- A table is a text with a line for each of its rows.
  SELECT t.line_id, 8, 0, t.question_id, 'free_text', NULL, NULL, NULL, string_agg(t.written, E'\n' ORDER BY t.row), NULL, NULL
    FROM (SELECT l.id AS line_id, l.question_id, c.name AS row, string_agg(concat_ws(': ', nullif(h.title, ''), c.value), '; ' ORDER BY c.column_id, c.id) AS written
            FROM line l
            JOIN survey_tbl_column_heading c ON c.response_table_id = l.id
            LEFT JOIN survey_question_column_heading h ON h.id = c.column_id
           WHERE c.value <> '' GROUP BY l.id, l.question_id, c.name) t
   GROUP BY t.line_id, t.question_id
)
SELECT * FROM said
UNION ALL
SELECT id, 9, 0, question_id, NULL, NULL, NULL, NULL, NULL, NULL, NULL FROM line l WHERE NOT EXISTS (SELECT FROM said s WHERE s.line_id = l.id);
INSERT INTO survey_user_input_line
  (create_uid, create_date, write_uid, write_date, user_input_id, question_id, survey_id, date_create, skipped, answer_type,
   value_text, value_number, value_date, value_free_text, value_suggested, value_suggested_row, quizz_mark)
SELECT l.create_uid, l.create_date, l.write_uid, l.write_date, i.id, n.question_id, i.survey_id, coalesce(l.date_create, i.date_create),
       n.answer_type IS NULL, n.answer_type, n.value_text, n.value_number, n.value_date, n.value_free_text, n.value_suggested, n.value_suggested_row, 0
  FROM input_line n
  JOIN survey_response_line l ON l.id = n.line_id
  JOIN survey_user_input i ON i.id = l.response_id
 ORDER BY n.line_id, n.branch, n.answer_id;
