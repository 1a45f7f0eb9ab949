-- The day of the last change of stage is that of the message about it; without one the stage is the first one.
ALTER TABLE project_issue ADD COLUMN IF NOT EXISTS date_last_stage_update timestamp without time zone;
UPDATE project_issue t SET date_last_stage_update = coalesce(s.date, q.create_date)
  FROM project_issue q
  LEFT JOIN (SELECT res_id, max(date) AS date FROM last_of_subtype
              WHERE model = 'project.issue' AND subtype IN ('project_issue.mt_issue_new', 'project_issue.mt_issue_started', 'project_issue.mt_issue_closed', 'project_issue.mt_issue_stage')
              GROUP BY res_id) s ON s.res_id = q.id
 WHERE q.id = t.id;

-- The channel of an issue is a text now.
ALTER TABLE project_issue ADD COLUMN IF NOT EXISTS channel varchar;
UPDATE project_issue i SET channel = c.name FROM crm_tracking_medium c WHERE c.id = i.channel_id;
