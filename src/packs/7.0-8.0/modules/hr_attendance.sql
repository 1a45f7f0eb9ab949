-- The hours that end with a sign-out, in whole minutes since the last sign-in before it. 8.0 leaves out whole days between them.
ALTER TABLE hr_attendance ADD COLUMN IF NOT EXISTS worked_hours numeric;
UPDATE hr_attendance a
   SET worked_hours = CASE WHEN w.action = 'sign_in' OR w.since IS NULL THEN 0
                           ELSE floor(mod(extract(epoch FROM w.name - w.since), 86400) / 60) / 60 END
  FROM (SELECT id, name, action,
               max(name) FILTER (WHERE action = 'sign_in')
                 OVER (PARTITION BY employee_id ORDER BY name GROUPS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING) AS since
          FROM hr_attendance) w
 WHERE w.id = a.id AND w.action IN ('sign_in', 'sign_out');
