ALTER TABLE event_registration ADD COLUMN IF NOT EXISTS sale_status varchar;
UPDATE event_registration r
   SET sale_status = CASE WHEN l.id IS NULL OR coalesce(l.price_total, 0) = 0 THEN 'free' WHEN o.state = 'sale' THEN 'sold' ELSE 'to_pay' END
  FROM event_registration x
  LEFT JOIN sale_order_line l ON l.id = x.sale_order_line_id
  LEFT JOIN sale_order o ON o.id = l.order_id
 WHERE x.id = r.id;
