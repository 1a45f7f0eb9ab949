-- The date of an order is a moment: midnight where its salesperson is, or who made it when it has none.
ALTER TABLE sale_order ALTER COLUMN date_order TYPE timestamp without time zone;
UPDATE sale_order o SET date_order = o.date_order AT TIME ZONE z.name AT TIME ZONE 'UTC'
  FROM res_users u
  JOIN res_partner p ON p.id = u.partner_id
  JOIN (SELECT name FROM pg_timezone_names WHERE name IN (SELECT DISTINCT tz FROM res_partner WHERE tz <> '')) z ON z.name = p.tz
 WHERE u.id = coalesce(o.user_id, o.create_uid);
