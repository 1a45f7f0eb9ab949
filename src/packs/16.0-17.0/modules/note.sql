-- Notes are tasks without a project by now, their stages personal stages of their users, their tags tags of tasks (moves of the facts).
ALTER TABLE project_task ADD COLUMN IF NOT EXISTS state varchar, ADD COLUMN IF NOT EXISTS display_in_project boolean;
UPDATE project_task t SET state = '01_in_progress', display_in_project = true FROM uplift.moved m WHERE m.from_model = 'note.note' AND m.new_id = t.id;

CREATE TABLE IF NOT EXISTS project_task_user_rel (
  id serial, task_id integer, user_id integer, stage_id integer, create_uid integer, create_date timestamp, write_uid integer, write_date timestamp);
INSERT INTO project_task_user_rel (task_id, user_id, stage_id, create_uid, create_date, write_uid, write_date)
SELECT DISTINCT ON (u.task_id, u.user_id) u.task_id, u.user_id, u.stage_id, u.create_uid, u.create_date, u.write_uid, u.write_date
  FROM (SELECT m.new_id AS task_id, s.user_id, s.id AS stage_id, n.create_uid, n.create_date, n.write_uid, n.write_date
          FROM uplift.moved m
          JOIN legacy.note_note n ON n.id = m.old_id
          JOIN note_stage_rel r ON r.note_id = m.new_id
          JOIN project_task_type s ON s.id = r.stage_id
         WHERE m.from_model = 'note.note' AND s.user_id IS NOT NULL
        UNION ALL
        SELECT m.new_id, n.user_id, NULL, n.create_uid, n.create_date, n.write_uid, n.write_date
          FROM uplift.moved m JOIN legacy.note_note n ON n.id = m.old_id
         WHERE m.from_model = 'note.note' AND n.user_id IS NOT NULL) u
 ORDER BY u.task_id, u.user_id, u.stage_id NULLS LAST;
DROP TABLE note_stage_rel;
