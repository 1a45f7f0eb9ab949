-- Receipts of the order's warehouse, else of its location's, else of its company's; the currency of its price list.
ALTER TABLE purchase_order ADD COLUMN IF NOT EXISTS picking_type_id integer, ADD COLUMN IF NOT EXISTS currency_id integer;
ALTER TABLE purchase_order ALTER COLUMN date_order TYPE timestamp without time zone;
UPDATE purchase_order o
   SET picking_type_id = w.in_type_id,
       currency_id = coalesce(l.currency_id, co.currency_id),
       date_order = CASE WHEN z.name IS NULL THEN q.date_order ELSE q.date_order AT TIME ZONE z.name AT TIME ZONE 'UTC' END
  FROM purchase_order q
  LEFT JOIN product_pricelist l ON l.id = q.pricelist_id
  LEFT JOIN res_company co ON co.id = q.company_id
  LEFT JOIN res_users u ON u.id = q.create_uid
  LEFT JOIN res_partner up ON up.id = u.partner_id
  LEFT JOIN (SELECT name FROM pg_timezone_names WHERE name IN (SELECT DISTINCT tz FROM res_partner WHERE tz <> '')) z ON z.name = up.tz
  LEFT JOIN warehouse_of_location wl ON wl.location_id = q.location_id
  LEFT JOIN warehouse_of_company wc ON wc.company_id = q.company_id
  LEFT JOIN stock_warehouse w ON w.id = coalesce(q.warehouse_id, wl.warehouse_id, wc.warehouse_id, (SELECT min(id) FROM stock_warehouse))
 WHERE q.id = o.id;

-- Every warehouse may be supplied by purchases, as it was.
ALTER TABLE stock_warehouse ADD COLUMN IF NOT EXISTS buy_to_resupply boolean;
UPDATE stock_warehouse SET buy_to_resupply = true WHERE buy_to_resupply IS NULL;

-- The procurement that a purchase line answers: by the move it feeds, else by the product.
ALTER TABLE procurement_order ADD COLUMN IF NOT EXISTS purchase_line_id integer;
UPDATE procurement_order p SET purchase_line_id = l.id
  FROM (SELECT order_id, move_dest_id, min(id) AS id FROM purchase_order_line WHERE move_dest_id IS NOT NULL GROUP BY order_id, move_dest_id) l
 WHERE p.purchase_id = l.order_id AND p.move_id = l.move_dest_id;
UPDATE procurement_order p SET purchase_line_id = n.line_id
  FROM (SELECT q.id, l.id AS line_id
          FROM (SELECT id, purchase_id, product_id, row_number() OVER (PARTITION BY purchase_id, product_id ORDER BY id) AS nth
                  FROM procurement_order WHERE purchase_id IS NOT NULL AND purchase_line_id IS NULL) q
          JOIN (SELECT id, order_id, product_id, row_number() OVER (PARTITION BY order_id, product_id ORDER BY id) AS nth
                  FROM purchase_order_line WHERE id NOT IN (SELECT purchase_line_id FROM procurement_order WHERE purchase_line_id IS NOT NULL)) l
            ON l.order_id = q.purchase_id AND l.product_id = q.product_id AND l.nth = q.nth) n
 WHERE n.id = p.id;
ALTER TABLE stock_move ADD COLUMN IF NOT EXISTS procurement_id integer;
UPDATE stock_move m SET procurement_id = p.id
  FROM (SELECT purchase_line_id, min(id) AS id FROM procurement_order WHERE purchase_line_id IS NOT NULL GROUP BY purchase_line_id) p
 WHERE p.purchase_line_id = m.purchase_line_id;
