-- The record that an alias belongs to is its parent.
UPDATE mail_alias a SET alias_parent_model_id = m.id, alias_parent_thread_id = r.id
  FROM project_project r, ir_model m WHERE a.id = r.alias_id AND m.model = 'project.project';

-- A stage said by its state that work ends there: 8.0 takes the folded ones for that.
INSERT INTO uplift.note (stage, topic, subject, outcome, detail)
SELECT 'hop', 'stage', name, CASE WHEN state IN ('done', 'cancelled') THEN 'closes: it is folded' ELSE 'is open: it is not folded' END,
       jsonb_build_object('model', 'project.task.type', 'id', id, 'state', state)
  FROM project_task_type WHERE state IS NOT NULL AND coalesce(fold, false) <> (state IN ('done', 'cancelled')) ORDER BY id;
UPDATE project_task_type SET fold = state IN ('done', 'cancelled') WHERE state IS NOT NULL;

-- The day of the last change of stage is that of the message about it; without one the stage is the first one.
ALTER TABLE project_task ADD COLUMN IF NOT EXISTS date_last_stage_update timestamp without time zone;
UPDATE project_task t SET date_last_stage_update = coalesce(s.date, q.create_date)
  FROM project_task q
  LEFT JOIN (SELECT res_id, max(date) AS date FROM last_of_subtype
              WHERE model = 'project.task' AND subtype IN ('project.mt_task_new', 'project.mt_task_started', 'project.mt_task_closed', 'project.mt_task_stage')
              GROUP BY res_id) s ON s.res_id = q.id
 WHERE q.id = t.id;

-- Work on a task in a closed stage is through.
UPDATE project_task t
   SET progress = CASE WHEN y.fold THEN 100 WHEN round(q.total_hours::numeric, 2) <> 0 THEN round(least(100 * q.effective_hours / q.total_hours, 99.99)::numeric, 2) ELSE 0 END
  FROM project_task q LEFT JOIN project_task_type y ON y.id = q.stage_id
 WHERE q.id = t.id;

-- Hours of a project are those of its tasks in open stages and of the projects below it.
WITH RECURSIVE parent AS (
  SELECT DISTINCT ON (p.id) p.id, u.id AS parent_id
    FROM project_project p
    JOIN account_analytic_account a ON a.id = p.analytic_account_id
    JOIN project_project u ON u.analytic_account_id = a.parent_id
   ORDER BY p.id, u.id
), up (id, above) AS (
  SELECT id, id FROM project_project
  UNION
  SELECT u.id, p.parent_id FROM up u JOIN parent p ON p.id = u.above
), worked AS (
  SELECT t.project_id, sum(t.planned_hours) AS planned, sum(t.total_hours) AS total, sum(t.effective_hours) AS effective
    FROM project_task t JOIN project_task_type y ON y.id = t.stage_id AND NOT y.fold GROUP BY t.project_id
), hours AS (
  SELECT p.id, coalesce(sum(w.planned), 0) AS planned, coalesce(sum(w.total), 0) AS total, coalesce(sum(w.effective), 0) AS effective
    FROM project_project p
    LEFT JOIN (up u JOIN worked w ON w.project_id = u.id) ON u.above = p.id
   GROUP BY p.id
)
UPDATE project_project p
   SET planned_hours = h.planned, total_hours = h.total, effective_hours = h.effective,
       progress_rate = CASE WHEN h.total <> 0 THEN round((100 * h.effective / h.total)::numeric, 2) ELSE 0 END
  FROM hours h WHERE h.id = p.id;
