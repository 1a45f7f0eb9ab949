-- The description is rich text.
UPDATE event_event
   SET description = '<p>' || replace(replace(replace(replace(replace(description, '&', '&amp;'), '<', '&lt;'), '>', '&gt;'), E'\r', ''), E'\n', '<br/>') || '</p>'
 WHERE description <> '';

-- Seats are counted by the state of their registrations; free ones only where there is a limit. The time zone is that of who
-- is responsible, else of who made the event.
ALTER TABLE event_event
  ADD COLUMN IF NOT EXISTS seats_reserved integer,
  ADD COLUMN IF NOT EXISTS seats_unconfirmed integer,
  ADD COLUMN IF NOT EXISTS seats_used integer,
  ADD COLUMN IF NOT EXISTS seats_available integer,
  ADD COLUMN IF NOT EXISTS date_tz varchar,
  ADD COLUMN IF NOT EXISTS country_id integer;
UPDATE event_event e
   SET seats_reserved = n.reserved, seats_unconfirmed = n.unconfirmed, seats_used = n.used,
       seats_available = CASE WHEN e.seats_max > 0 THEN e.seats_max - n.reserved - n.used ELSE 0 END,
       country_id = n.country_id, date_tz = coalesce(n.zone, n.zone_of_creator, 'UTC')
  FROM (SELECT e.id, a.country_id, z.name AS zone, y.name AS zone_of_creator,
               coalesce(r.reserved, 0)::integer AS reserved, coalesce(r.unconfirmed, 0)::integer AS unconfirmed, coalesce(r.used, 0)::integer AS used
          FROM event_event e
          LEFT JOIN (SELECT event_id, sum(nb_register) FILTER (WHERE state = 'open') AS reserved,
                            sum(nb_register) FILTER (WHERE state = 'draft') AS unconfirmed, sum(nb_register) FILTER (WHERE state = 'done') AS used
                       FROM event_registration GROUP BY event_id) r ON r.event_id = e.id
          LEFT JOIN res_partner a ON a.id = e.address_id
          LEFT JOIN res_users u ON u.id = e.user_id
          LEFT JOIN res_partner p ON p.id = u.partner_id
          LEFT JOIN pg_timezone_names z ON z.name = p.tz
          LEFT JOIN res_users c ON c.id = e.create_uid
          LEFT JOIN res_partner q ON q.id = c.partner_id
          LEFT JOIN pg_timezone_names y ON y.name = q.tz) n
 WHERE n.id = e.id;

-- Events have no speaker of their own any more.
INSERT INTO uplift.note (stage, topic, subject, outcome, detail)
SELECT 'hop', 'event', e.name, 'its main speaker is kept in schema legacy only',
       jsonb_build_object('id', e.id, 'speaker', p.name, 'confirmed', coalesce(e.speaker_confirmed, false))
  FROM event_event e LEFT JOIN res_partner p ON p.id = e.main_speaker_id WHERE e.main_speaker_id IS NOT NULL ORDER BY e.id;
