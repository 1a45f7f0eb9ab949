-- The record that an alias belongs to is its parent.
UPDATE mail_alias a SET alias_parent_model_id = m.id, alias_parent_thread_id = r.id
  FROM hr_job r, ir_model m WHERE a.id = r.alias_id AND m.model = 'hr.job';

-- So it is of the general address, whose mails make applicants for no job in particular.
UPDATE mail_alias a SET alias_parent_model_id = m.id
  FROM ir_model m, ir_model_data d
 WHERE m.model = 'hr.job' AND d.module = 'hr_recruitment' AND d.name = 'mail_alias_jobs' AND d.model = 'mail.alias' AND d.res_id = a.id AND a.alias_parent_model_id IS NULL;

-- A stage said by its state that work ends there: 8.0 takes the folded ones for that.
INSERT INTO uplift.note (stage, topic, subject, outcome, detail)
SELECT 'hop', 'stage', name, CASE WHEN state IN ('done', 'cancel') THEN 'closes: it is folded' ELSE 'is open: it is not folded' END,
       jsonb_build_object('model', 'hr.recruitment.stage', 'id', id, 'state', state)
  FROM hr_recruitment_stage WHERE state IS NOT NULL AND coalesce(fold, false) <> (state IN ('done', 'cancel')) ORDER BY id;
UPDATE hr_recruitment_stage SET fold = state IN ('done', 'cancel') WHERE state IS NOT NULL;

-- The day of the last change of stage is that of the message about it; without one the stage is the first one.
ALTER TABLE hr_applicant ADD COLUMN IF NOT EXISTS date_last_stage_update timestamp without time zone;
UPDATE hr_applicant t SET date_last_stage_update = coalesce(s.date, q.create_date)
  FROM hr_applicant q
  LEFT JOIN (SELECT res_id, max(date) AS date FROM last_of_subtype
              WHERE model = 'hr.applicant' AND subtype IN ('hr_recruitment.mt_stage_changed', 'hr_recruitment.mt_applicant_hired', 'hr_recruitment.mt_applicant_refused')
              GROUP BY res_id) s ON s.res_id = q.id
 WHERE q.id = t.id;

-- An applicant's answers are those of the new survey; a response that was deleted is none.
INSERT INTO uplift.note (stage, topic, subject, outcome, detail)
SELECT 'hop', 'survey', 'hr.applicant', 'named responses that were deleted', jsonb_build_object('rows', count(*))
  FROM hr_applicant a
 WHERE a.response_id IS NOT NULL AND NOT EXISTS (SELECT FROM uplift.moved m WHERE m.from_model = 'survey.response' AND a.response_id = m.old_id)
HAVING count(*) > 0;
UPDATE hr_applicant a SET response_id = (SELECT m.new_id FROM uplift.moved m WHERE m.from_model = 'survey.response' AND m.old_id = a.response_id)
 WHERE a.response_id IS NOT NULL;
