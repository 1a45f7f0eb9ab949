-- The date of an order is a moment: midnight where its salesperson is.
ALTER TABLE sale_order ALTER COLUMN date_order TYPE timestamp without time zone;
UPDATE sale_order o SET date_order = o.date_order AT TIME ZONE z.name AT TIME ZONE 'UTC'
  FROM res_users u
  JOIN res_partner p ON p.id = u.partner_id
  JOIN pg_timezone_names z ON z.name = p.tz
 WHERE u.id = o.user_id;
