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
