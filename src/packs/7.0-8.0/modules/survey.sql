-- Fifteen kinds of questions are seven now; those without a counterpart take free text, and the notes name them.
ALTER TABLE survey_question ADD COLUMN IF NOT EXISTS matrix_subtype varchar;
INSERT INTO uplift.note (stage, topic, subject, outcome, detail)
SELECT 'hop', 'survey question', q.question, 'takes free text now', jsonb_build_object('id', q.id, 'kind', q.type)
  FROM survey_question q WHERE q.type IN ('multiple_textboxes', 'multiple_textboxes_diff_type', 'table', 'descriptive_text') ORDER BY q.id;
UPDATE survey_question
   SET matrix_subtype = CASE WHEN type = 'matrix_of_choices_only_multi_ans' THEN 'multiple'
                             WHEN type LIKE 'matrix\_%' OR type = 'rating_scale' THEN 'simple' END,
       type = CASE WHEN type = 'multiple_choice_only_one_ans' THEN 'simple_choice'
                   WHEN type = 'multiple_choice_multiple_ans' THEN 'multiple_choice'
                   WHEN type LIKE 'matrix\_%' OR type = 'rating_scale' THEN 'matrix'
                   WHEN type = 'single_textbox' THEN 'textbox'
                   WHEN type = 'numerical_textboxes' THEN 'numerical_box'
                   WHEN type IN ('date', 'date_and_time') THEN 'datetime'
                   ELSE 'free_text' END
 WHERE type NOT IN ('free_text', 'textbox', 'numerical_box', 'datetime', 'simple_choice', 'multiple_choice', 'matrix');
