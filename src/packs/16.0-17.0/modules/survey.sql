-- A question may be asked upon any of several answers.
CREATE TABLE IF NOT EXISTS survey_question_survey_question_answer_rel (survey_question_id integer NOT NULL, survey_question_answer_id integer NOT NULL);
INSERT INTO survey_question_survey_question_answer_rel SELECT id, triggering_answer_id FROM survey_question WHERE is_conditional AND triggering_answer_id IS NOT NULL;
