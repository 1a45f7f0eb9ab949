-- Whether a product is a registration, and to which kind of event, belongs to the template.
ALTER TABLE product_template ADD COLUMN IF NOT EXISTS event_ok boolean, ADD COLUMN IF NOT EXISTS event_type_id integer;
UPDATE product_template t SET event_ok = v.ok, event_type_id = v.kind
  FROM (SELECT product_tmpl_id, bool_or(event_ok) AS ok, (array_agg(event_type_id ORDER BY id) FILTER (WHERE event_type_id IS NOT NULL))[1] AS kind
          FROM product_product GROUP BY product_tmpl_id) v
 WHERE v.product_tmpl_id = t.id;

-- Each event has one ticket, with the event's limit, at the price of the product that it was sold with most, else of one for
-- its type of event. An event without such a product gets a free one, for the product that 8.0 brings along; where there is no
-- product at all it has no ticket, which 8.0 allows. Its registrations and the lines that sold it are of that ticket. 8.0 takes
-- the sum of the tickets' limits for the event's.
CREATE TABLE IF NOT EXISTS event_event_ticket (
  id serial PRIMARY KEY, create_uid integer, create_date timestamp without time zone, write_uid integer,
  write_date timestamp without time zone, name varchar, event_id integer, product_id integer, price numeric, deadline date,
  seats_max integer);
CREATE TEMP TABLE new_ticket ON COMMIT DROP AS
WITH sold AS (
  SELECT event_id, product_id, count(*) AS lines FROM sale_order_line
   WHERE event_id IS NOT NULL AND product_id IS NOT NULL GROUP BY event_id, product_id
), offer AS (
  SELECT e.id AS event_id, p.id AS product_id, 0 AS lines, p.active
    FROM event_event e JOIN product_template t ON t.event_ok AND t.event_type_id = e.type JOIN product_product p ON p.product_tmpl_id = t.id
  UNION ALL
  SELECT s.event_id, p.id, s.lines, p.active FROM sold s JOIN product_product p ON p.id = s.product_id
)
SELECT DISTINCT ON (e.id) e.id AS event_id, o.product_id, t.name, t.list_price, coalesce(e.seats_max, 0) AS seats_max
  FROM event_event e
  LEFT JOIN offer o ON o.event_id = e.id
  LEFT JOIN product_product p ON p.id = o.product_id
  LEFT JOIN product_template t ON t.id = p.product_tmpl_id
 ORDER BY e.id, o.lines DESC NULLS LAST, o.active IS TRUE DESC, o.product_id;
INSERT INTO event_event_ticket (create_uid, create_date, write_uid, write_date, name, event_id, product_id, price, seats_max)
SELECT 1, now() AT TIME ZONE 'UTC', 1, now() AT TIME ZONE 'UTC', coalesce(n.name, 'Registration'), n.event_id, n.product_id, coalesce(n.list_price, 0), n.seats_max
  FROM new_ticket n WHERE EXISTS (SELECT FROM product_product) ORDER BY n.event_id;
UPDATE event_event e SET seats_max = n.seats_max FROM new_ticket n WHERE n.event_id = e.id;
ALTER TABLE event_registration ADD COLUMN IF NOT EXISTS event_ticket_id integer;
UPDATE event_registration r SET event_ticket_id = t.id FROM event_event_ticket t WHERE t.event_id = r.event_id;
ALTER TABLE sale_order_line ADD COLUMN IF NOT EXISTS event_ticket_id integer;
UPDATE sale_order_line l SET event_ticket_id = t.id FROM event_event_ticket t WHERE t.event_id = l.event_id;
INSERT INTO uplift.note (stage, topic, subject, outcome, detail)
SELECT 'hop', 'event', 'event.event.ticket',
       CASE WHEN EXISTS (SELECT FROM product_product) THEN 'no product is for these events: their tickets are free' ELSE 'there is no product: these events have no ticket' END,
       jsonb_build_object('rows', count(*), 'events', jsonb_agg(event_id ORDER BY event_id))
  FROM new_ticket WHERE product_id IS NULL HAVING count(*) > 0;
