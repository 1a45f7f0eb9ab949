-- An interview was a request for a survey with more columns; it stands for itself now, and names the response it asks for.
ALTER TABLE hr_evaluation_interview
  ALTER COLUMN request_id DROP NOT NULL,
  ADD COLUMN IF NOT EXISTS user_id integer,
  ADD COLUMN IF NOT EXISTS state varchar,
  ADD COLUMN IF NOT EXISTS phase_id integer;
-- Its phase is the one of the plan that asks the same survey, else the plan's first one, else any of that survey.
CREATE TEMP TABLE interview_phase ON COMMIT DROP AS
SELECT DISTINCT ON (i.id) i.id, p.id AS phase_id, p.plan_id = e.plan_id AND p.survey_id = r.survey_id AS exact
  FROM hr_evaluation_interview i
  JOIN survey_request r ON r.id = i.request_id
  LEFT JOIN hr_evaluation_evaluation e ON e.id = i.evaluation_id
  JOIN hr_evaluation_plan_phase p ON true
 ORDER BY i.id, (p.plan_id = e.plan_id AND p.survey_id = r.survey_id) IS TRUE DESC, (p.plan_id = e.plan_id) IS TRUE DESC,
          (p.survey_id = r.survey_id) IS TRUE DESC, p.sequence, p.id;
INSERT INTO uplift.note (stage, topic, subject, outcome, detail)
SELECT 'hop', 'interview', 'hr.evaluation.interview', 'asks a survey that no phase of its plan has: it got another phase', jsonb_build_object('id', id, 'phase', phase_id)
  FROM interview_phase WHERE exact IS NOT TRUE ORDER BY id;
UPDATE hr_evaluation_interview i
   SET user_id = r.user_id, state = coalesce(r.state, 'draft'), phase_id = p.phase_id,
       request_id = (SELECT n.id FROM input_of_request n WHERE n.request_id = r.id)
  FROM survey_request r LEFT JOIN interview_phase p ON true
 WHERE r.id = i.request_id AND p.id = i.id;

-- An interview has to be of an appraisal and of a phase: one that is of none cannot be shown.
CREATE TABLE legacy.hr_evaluation_interview__of_none AS SELECT * FROM hr_evaluation_interview WHERE evaluation_id IS NULL OR phase_id IS NULL;
DELETE FROM hr_evaluation_interview WHERE evaluation_id IS NULL OR phase_id IS NULL;
INSERT INTO uplift.taken
SELECT 'hr_evaluation_interview', count(*), 'schema legacy: interviews of no appraisal or phase' FROM legacy.hr_evaluation_interview__of_none HAVING count(*) > 0;
INSERT INTO uplift.note (stage, topic, subject, outcome, detail)
SELECT 'hop', 'legacy', 'hr_evaluation_interview', 'kept in schema legacy',
       jsonb_build_object('table', 'hr_evaluation_interview__of_none', 'rows', count(*), 'because', 'an interview has to be of an appraisal and of a phase of its plan')
  FROM legacy.hr_evaluation_interview__of_none HAVING count(*) > 0;
