-- A task's state says at once what the kanban state, its stage and the tasks before it said. Tasks in a closing stage stay closed.
ALTER TABLE project_task ADD COLUMN IF NOT EXISTS state varchar, ADD COLUMN IF NOT EXISTS display_in_project boolean;
UPDATE project_task t
   SET state = CASE WHEN coalesce(t.is_closed, s.fold, false)
                    THEN CASE WHEN t.kanban_state = 'blocked' OR EXISTS (
                                SELECT FROM ir_model_data d WHERE d.model = 'project.task.type' AND d.module = 'project' AND d.name = 'project_stage_3' AND d.res_id = t.stage_id)
                              THEN '1_canceled' ELSE '1_done' END
                    WHEN t.kanban_state = 'done' THEN '03_approved'
                    WHEN t.kanban_state = 'blocked' THEN '02_changes_requested'
                    ELSE '01_in_progress' END
  FROM project_task x LEFT JOIN project_task_type s ON s.id = x.stage_id
 WHERE x.id = t.id;
UPDATE project_task t SET state = '04_waiting_normal'
  FROM project_project p
 WHERE p.id = t.project_id AND p.allow_task_dependencies AND t.state NOT IN ('1_done', '1_canceled')
   AND EXISTS (SELECT FROM task_dependencies_rel r JOIN project_task o ON o.id = r.depends_on_id WHERE r.task_id = t.id AND o.state NOT IN ('1_done', '1_canceled'));

-- A subtask belongs to the project where it was shown; one that was shown in none stays with its parent only.
UPDATE project_task SET display_in_project = parent_id IS NULL OR display_project_id IS NOT NULL, project_id = CASE WHEN parent_id IS NULL THEN project_id ELSE coalesce(display_project_id, project_id) END;

-- A task without a project has no subtasks any more, and a subtask does not recur.
WITH freed AS (UPDATE project_task SET parent_id = NULL, display_in_project = true WHERE project_id IS NULL AND parent_id IS NOT NULL RETURNING id)
INSERT INTO uplift.note (stage, topic, subject, outcome, detail)
SELECT 'hop', 'decision', 'project.task', 'subtasks without a project became tasks of their own', jsonb_build_object('ids', jsonb_agg(id)) FROM freed HAVING count(*) > 0;
WITH stopped AS (UPDATE project_task SET recurring_task = false WHERE recurring_task AND parent_id IS NOT NULL RETURNING id)
INSERT INTO uplift.note (stage, topic, subject, outcome, detail)
SELECT 'hop', 'decision', 'project.task', 'recurring subtasks do not recur any more', jsonb_build_object('ids', jsonb_agg(id)) FROM stopped HAVING count(*) > 0;

-- "So many times" became the day of the last time.
UPDATE project_task_recurrence r
   SET repeat_type = 'until',
       repeat_until = (coalesce(t.last, r.next_recurrence_date, r.create_date::date)
                       + (coalesce(r.recurrence_left, 0) * coalesce(r.repeat_interval, 1)) * CASE r.repeat_unit WHEN 'day' THEN interval '1 day' WHEN 'week' THEN interval '1 week' WHEN 'year' THEN interval '1 year' ELSE interval '1 month' END)::date
  FROM project_task_recurrence x
  LEFT JOIN (SELECT recurrence_id, max(date_deadline)::date AS last FROM project_task GROUP BY 1) t ON t.recurrence_id = x.id
 WHERE x.id = r.id AND r.repeat_type = 'after';
