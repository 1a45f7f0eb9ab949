ALTER TABLE hr_leave ADD COLUMN IF NOT EXISTS company_id integer, ADD COLUMN IF NOT EXISTS resource_calendar_id integer, ADD COLUMN IF NOT EXISTS number_of_hours double precision;
UPDATE hr_leave l
   SET company_id = coalesce(e.company_id, l.mode_company_id, d.company_id, u.company_id),
       resource_calendar_id = coalesce(e.resource_calendar_id, c.resource_calendar_id),
       number_of_hours = coalesce(l.number_of_days, 0) * coalesce(nullif(k.hours_per_day, 0), 8)
  FROM hr_leave x
  LEFT JOIN hr_employee e ON e.id = x.employee_id
  LEFT JOIN hr_department d ON d.id = x.department_id
  LEFT JOIN res_users u ON u.id = x.user_id
  LEFT JOIN res_company c ON c.id = coalesce(e.company_id, x.mode_company_id, d.company_id, u.company_id)
  LEFT JOIN resource_calendar k ON k.id = coalesce(e.resource_calendar_id, c.resource_calendar_id)
 WHERE x.id = l.id;

-- Any number of people may be told of a kind of leave.
CREATE TABLE IF NOT EXISTS hr_leave_type_res_users_rel (hr_leave_type_id integer NOT NULL, res_users_id integer NOT NULL);
INSERT INTO hr_leave_type_res_users_rel SELECT id, responsible_id FROM hr_leave_type WHERE responsible_id IS NOT NULL;

-- What of unused time goes into the next year: all of it, or as many days as the level said.
UPDATE hr_leave_accrual_level SET action_with_unused_accruals = CASE WHEN coalesce(postpone_max_days, 0) > 0 THEN 'maximum' ELSE 'all' END
 WHERE action_with_unused_accruals = 'postponed';
-- Unit and worked time are the same for all levels of a plan: its first one says them.
ALTER TABLE hr_leave_accrual_plan ADD COLUMN IF NOT EXISTS is_based_on_worked_time boolean, ADD COLUMN IF NOT EXISTS added_value_type varchar, ADD COLUMN IF NOT EXISTS company_id integer;
UPDATE hr_leave_accrual_plan p SET is_based_on_worked_time = l.worked, added_value_type = l.added_value_type
  FROM (SELECT accrual_plan_id, bool_or(coalesce(is_based_on_worked_time, false)) AS worked, (array_agg(added_value_type ORDER BY sequence, id))[1] AS added_value_type
          FROM hr_leave_accrual_level GROUP BY 1) l
 WHERE l.accrual_plan_id = p.id;
-- A level had a maximum where it named one.
ALTER TABLE hr_leave_accrual_level ADD COLUMN IF NOT EXISTS cap_accrued_time boolean;
UPDATE hr_leave_accrual_level SET cap_accrued_time = coalesce(maximum_leave, 0) > 0;
ALTER TABLE hr_leave_allocation ADD COLUMN IF NOT EXISTS already_accrued boolean;
UPDATE hr_leave_allocation SET already_accrued = true WHERE allocation_type = 'accrual' AND state = 'validate';
