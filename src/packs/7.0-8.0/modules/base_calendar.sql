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
CREATE TEMP TABLE event_time ON COMMIT DROP AS
WITH timed AS (
  SELECT e.id, coalesce(e.allday, false) AS allday, e.start_datetime AS start, e.end_date,
         CASE WHEN z.name IS NULL THEN e.start_datetime ELSE e.start_datetime AT TIME ZONE 'UTC' AT TIME ZONE z.name END::date AS day,
         CASE WHEN e.duration IS NULL THEN greatest(e.date_deadline, e.start_datetime)
              ELSE e.start_datetime + e.duration * interval '1 hour' END AS stop
    FROM calendar_event e
    LEFT JOIN res_users u ON u.id = e.user_id
    LEFT JOIN res_partner p ON p.id = u.partner_id
    LEFT JOIN pg_timezone_names z ON z.name = p.tz
)
SELECT *, day + greatest(ceil(extract(epoch FROM stop - start) / 86400)::integer - 1, 0) AS last_day FROM timed;
UPDATE calendar_event e
   SET start = CASE WHEN d.allday THEN d.day::timestamp ELSE d.start END,
       stop = CASE WHEN d.allday THEN d.last_day::timestamp ELSE d.stop END,
       start_date = CASE WHEN d.allday THEN d.day END,
       stop_date = CASE WHEN d.allday THEN d.last_day END,
       start_datetime = CASE WHEN NOT d.allday THEN d.start END,
       stop_datetime = CASE WHEN NOT d.allday THEN d.stop END,
       display_start = CASE WHEN d.allday THEN to_char(d.day, 'YYYY-MM-DD') ELSE to_char(d.start, 'YYYY-MM-DD HH24:MI:SS') END,
       final_date = d.end_date,
       name = coalesce(e.name, '/')
  FROM event_time d WHERE d.id = e.id;

-- Which time of a recurrence an event stands for: both versions compare the very moment in UTC, of an event that lasts all
-- day midnight of its day now. 8.0 needs it of every event that belongs to a recurrence.
UPDATE calendar_event e
   SET recurrent_id_date = CASE WHEN e.recurrent_id_date IS NULL THEN e.start WHEN t.allday THEN t.day + round(extract(epoch FROM e.recurrent_id_date - t.start) / 86400)::integer ELSE e.recurrent_id_date END
  FROM calendar_event q LEFT JOIN event_time t ON t.id = q.recurrent_id
 WHERE q.id = e.id AND e.recurrent_id <> 0 AND (e.recurrent_id_date IS NULL OR t.allday);

-- Times that were left out of a recurrence are cancelled events: inactive ones of their own, with the same partners and tags.
-- The lists name times as eight digits of a day and, mostly, six of an hour; what is no time was never left out.
CREATE TEMP TABLE left_out ON COMMIT DROP AS
WITH said AS (
  SELECT e.id, t.allday, t.day, t.last_day, t.start, t.stop, regexp_replace(x.time, '\D', '', 'g') AS digits
    FROM calendar_event e
    JOIN event_time t ON t.id = e.id
    CROSS JOIN LATERAL regexp_split_to_table(e.exdate, ',') AS x (time)
   WHERE e.exdate <> '' AND e.recurrency AND t.start IS NOT NULL AND t.stop IS NOT NULL
), read AS (
  SELECT s.*, d.day + CASE WHEN length(s.digits) = 14 THEN make_time(substr(s.digits, 9, 2)::integer, substr(s.digits, 11, 2)::integer, substr(s.digits, 13, 2)::integer) ELSE '00:00' END AS moment
    FROM said s
    CROSS JOIN LATERAL (
      SELECT CASE WHEN s.digits ~ '^[12]\d{3}(0[1-9]|1[0-2])(0[1-9]|[12]\d|3[01])(([01]\d|2[0-3])[0-5]\d[0-5]\d)?$'
                  THEN make_date(substr(s.digits, 1, 4)::integer, substr(s.digits, 5, 2)::integer, 1) + substr(s.digits, 7, 2)::integer - 1 END AS day) d
   WHERE to_char(d.day, 'DD') = substr(s.digits, 7, 2)
), found AS (
  SELECT DISTINCT r.id AS event_id, r.allday, r.last_day - r.day AS days, r.stop - r.start AS lasts,
         CASE WHEN r.allday THEN r.day + round(extract(epoch FROM r.moment - r.start) / 86400)::integer ELSE r.moment END AS start
    FROM read r
)
SELECT f.*, nextval('calendar_event_id_seq')::integer AS id
  FROM (SELECT f.* FROM found f
         WHERE NOT EXISTS (SELECT FROM calendar_event o WHERE o.recurrent_id = f.event_id AND o.recurrent_id_date = f.start)
         ORDER BY f.event_id, f.start) f;
INSERT INTO calendar_event
  (id, create_uid, create_date, write_uid, write_date, name, description, location, user_id, class, show_as, state, allday, duration,
   start, stop, start_date, stop_date, start_datetime, stop_datetime, display_start, date_deadline,
   recurrent_id, recurrent_id_date, recurrency, rrule, end_type, count, interval, month_by, active)
SELECT l.id, e.create_uid, e.create_date, e.write_uid, e.write_date, e.name, e.description, e.location, e.user_id, e.class, e.show_as, e.state, e.allday, e.duration,
       l.start, s.stop, CASE WHEN l.allday THEN l.start::date END, CASE WHEN l.allday THEN s.stop::date END,
       CASE WHEN NOT l.allday THEN l.start END, CASE WHEN NOT l.allday THEN s.stop END,
       to_char(l.start, CASE WHEN l.allday THEN 'YYYY-MM-DD' ELSE 'YYYY-MM-DD HH24:MI:SS' END), s.stop,
       l.event_id, l.start, false, '', 'count', e.count, e.interval, e.month_by, false
  FROM left_out l
  JOIN calendar_event e ON e.id = l.event_id
  CROSS JOIN LATERAL (SELECT CASE WHEN l.allday THEN l.start + l.days * interval '1 day' ELSE l.start + l.lasts END AS stop) s;
INSERT INTO calendar_event_res_partner_rel (calendar_event_id, res_partner_id)
SELECT l.id, r.res_partner_id FROM left_out l JOIN calendar_event_res_partner_rel r ON r.calendar_event_id = l.event_id;
INSERT INTO meeting_category_rel (event_id, type_id)
SELECT l.id, r.type_id FROM left_out l JOIN meeting_category_rel r ON r.event_id = l.event_id;
INSERT INTO uplift.note (stage, topic, subject, outcome, detail)
SELECT 'hop', 'event', 'calendar.event', 'times left out of a recurrence became cancelled events', jsonb_build_object('rows', count(*)) FROM left_out HAVING count(*) > 0;
INSERT INTO uplift.note (stage, topic, subject, outcome, detail)
SELECT 'hop', 'event', name, 'its rule of exceptions has no counterpart: what it left out takes place', jsonb_build_object('id', id, 'rule', exrule)
  FROM calendar_event WHERE exrule <> '' AND recurrency ORDER BY id;

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
-- The link in an invitation names its attendee by a token.
ALTER TABLE calendar_attendee ADD COLUMN IF NOT EXISTS access_token varchar;
UPDATE calendar_attendee SET access_token = replace(gen_random_uuid()::varchar, '-', '') WHERE access_token IS NULL;

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

-- Reminders are sent by another method than alarms were.
UPDATE ir_cron SET model = 'calendar.alarm_manager', function = 'get_next_mail', args = '()'
 WHERE model = 'calendar.alarm' AND function = 'do_run_scheduler';
