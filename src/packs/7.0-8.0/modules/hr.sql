-- Numbers of employees are whole numbers. Those who have left do not count.
ALTER TABLE hr_job
  ALTER COLUMN no_of_recruitment TYPE integer USING round(no_of_recruitment)::integer,
  ALTER COLUMN no_of_employee TYPE integer USING round(no_of_employee)::integer,
  ALTER COLUMN expected_employees TYPE integer USING round(expected_employees)::integer;
UPDATE hr_job j SET no_of_employee = n.employees, expected_employees = n.employees + coalesce(j.no_of_recruitment, 0)
  FROM (SELECT j.id, count(r.id)::integer AS employees
          FROM hr_job j
          LEFT JOIN (hr_employee e JOIN resource_resource r ON r.id = e.resource_id AND r.active) ON e.job_id = j.id
         GROUP BY j.id) n
 WHERE n.id = j.id;
