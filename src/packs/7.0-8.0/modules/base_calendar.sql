-- Start and stop of every event, by day for those that last all day. A day is the one of the event's owner; the stop
-- follows from the duration, because the deadline of a recurring event was that of its last one.
ALTER TABLE calendar_event
  ADD COLUMN IF NOT EXISTS start timestamp without time zone,
  ADD COLUMN IF NOT EXISTS stop timestamp without time zone,
  ADD COLUMN IF NOT EXISTS start_date date,
  ADD COLUMN IF NOT EXISTS stop_date date,
  ADD COLUMN IF NOT EXISTS stop_datetime timestamp without time zone,
  ADD COLUMN IF NOT EXISTS display_start varchar,
  ADD COLUMN IF NOT EXISTS final_date date;
-- The date was required and is empty on all-day events now.
ALTER TABLE calendar_event ALTER COLUMN start_datetime DROP NOT NULL;
WITH timed AS (
  SELECT e.id, coalesce(e.allday, false) AS allday, e.start_datetime AS start, e.end_date,
         CASE WHEN z.name IS NULL THEN e.start_datetime ELSE e.start_datetime AT TIME ZONE 'UTC' AT TIME ZONE z.name END::date AS day,
         CASE WHEN e.duration IS NULL THEN greatest(e.date_deadline, e.start_datetime)
              ELSE e.start_datetime + e.duration * interval '1 hour' END AS stop
    FROM calendar_event e
    LEFT JOIN res_users u ON u.id = e.user_id
    LEFT JOIN res_partner p ON p.id = u.partner_id
    LEFT JOIN pg_timezone_names z ON z.name = p.tz
), days AS (
  SELECT *, day + greatest(ceil(extract(epoch FROM stop - start) / 86400)::integer - 1, 0) AS last_day FROM timed
)
UPDATE calendar_event e
   SET start = CASE WHEN d.allday THEN d.day::timestamp ELSE d.start END,
       stop = CASE WHEN d.allday THEN d.last_day::timestamp ELSE d.stop END,
       start_date = CASE WHEN d.allday THEN d.day END,
       stop_date = CASE WHEN d.allday THEN d.last_day END,
       start_datetime = CASE WHEN NOT d.allday THEN d.start END,
       stop_datetime = CASE WHEN NOT d.allday THEN d.stop END,
       display_start = CASE WHEN d.allday THEN to_char(d.day, 'YYYY-MM-DD') ELSE to_char(d.start, 'YYYY-MM-DD HH24:MI:SS') END,
       final_date = d.end_date
  FROM days d WHERE d.id = e.id;
UPDATE calendar_event SET name = '/' WHERE name IS NULL;

-- An attendee belongs to one event; one that several events had is copied for each further one.
ALTER TABLE calendar_attendee ADD COLUMN IF NOT EXISTS event_id integer;
CREATE TEMP TABLE attendance ON COMMIT DROP AS
SELECT attendee_id, event_id, row_number() OVER (PARTITION BY attendee_id ORDER BY event_id) AS nth
  FROM (SELECT attendee_id, event_id FROM meeting_attendee_rel UNION SELECT attendee_id, event_id FROM event_attendee_rel) r;
INSERT INTO calendar_attendee (create_uid, create_date, write_uid, write_date, cn, partner_id, availability, state, email, event_id)
SELECT a.create_uid, a.create_date, a.write_uid, a.write_date, a.cn, a.partner_id, a.availability, a.state, a.email, r.event_id
  FROM attendance r JOIN calendar_attendee a ON a.id = r.attendee_id WHERE r.nth > 1;
UPDATE calendar_attendee a SET event_id = r.event_id FROM attendance r WHERE r.attendee_id = a.id AND r.nth = 1;
DROP TABLE meeting_attendee_rel, event_attendee_rel;

-- Alarms are definitions that events share; those that events used, or that people made, come along.
ALTER TABLE calendar_alarm
  ADD COLUMN IF NOT EXISTS type varchar,
  ADD COLUMN IF NOT EXISTS interval varchar,
  ADD COLUMN IF NOT EXISTS duration_minutes integer;
UPDATE calendar_alarm SET name = coalesce(nullif(name, ''), trigger_duration || ' ' || trigger_interval),
       type = CASE WHEN action = 'email' THEN 'email' ELSE 'notification' END,
       interval = trigger_interval, duration = trigger_duration;
ALTER TABLE calendar_alarm
  ALTER COLUMN trigger_occurs DROP NOT NULL, ALTER COLUMN trigger_related DROP NOT NULL, ALTER COLUMN trigger_duration DROP NOT NULL,
  ALTER COLUMN trigger_interval DROP NOT NULL, ALTER COLUMN action DROP NOT NULL;
CREATE TEMP TABLE kept_alarm ON COMMIT DROP AS
SELECT a.id AS old_id, nextval('calendar_alarm_id_seq')::integer AS id
  FROM res_alarm a
 WHERE EXISTS (SELECT FROM calendar_event e WHERE e.alarm_id = a.id AND e.base_calendar_alarm_id IS NULL)
    OR NOT EXISTS (SELECT FROM ir_model_data d WHERE d.model = 'res.alarm' AND d.res_id = a.id AND d.module IN ('calendar', 'base_calendar'));
INSERT INTO calendar_alarm (id, create_uid, create_date, write_uid, write_date, name, type, interval, duration)
SELECT k.id, a.create_uid, a.create_date, a.write_uid, a.write_date, a.name, 'notification', a.trigger_interval, a.trigger_duration
  FROM kept_alarm k JOIN res_alarm a ON a.id = k.old_id;
UPDATE calendar_alarm SET duration_minutes = duration * CASE interval WHEN 'days' THEN 1440 WHEN 'hours' THEN 60 ELSE 1 END;
CREATE TABLE IF NOT EXISTS calendar_alarm_calendar_event_rel (calendar_event_id integer NOT NULL, calendar_alarm_id integer NOT NULL);
INSERT INTO calendar_alarm_calendar_event_rel (calendar_event_id, calendar_alarm_id)
SELECT e.id, e.base_calendar_alarm_id FROM calendar_event e JOIN calendar_alarm a ON a.id = e.base_calendar_alarm_id
UNION
SELECT e.id, k.id FROM calendar_event e JOIN kept_alarm k ON k.old_id = e.alarm_id WHERE e.base_calendar_alarm_id IS NULL;
INSERT INTO uplift.note (stage, topic, subject, outcome, detail)
SELECT 'hop', 'alarm', 'calendar.alarm', 'rings before the event now', jsonb_build_object('rows', count(*))
  FROM res_alarm a WHERE a.trigger_occurs = 'after' AND a.id IN (SELECT old_id FROM kept_alarm) HAVING count(*) > 0;
