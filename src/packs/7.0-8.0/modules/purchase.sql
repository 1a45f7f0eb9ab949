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

-- Products that were bought have the route for it, and every warehouse is supplied by purchases, as it was.
WITH made AS (
  INSERT INTO stock_location_route (create_uid, create_date, write_uid, write_date, name, sequence, active, product_selectable, product_categ_selectable, warehouse_selectable)
  SELECT 1, now() AT TIME ZONE 'UTC', 1, now() AT TIME ZONE 'UTC', 'Buy', 5, true, true, false, false
   WHERE NOT EXISTS (SELECT FROM ir_model_data WHERE module = 'purchase' AND name = 'route_warehouse0_buy')
  RETURNING id
)
INSERT INTO ir_model_data (module, name, model, res_id, noupdate)
SELECT 'purchase', 'route_warehouse0_buy', 'stock.location.route', id, true FROM made;
INSERT INTO stock_route_product (product_id, route_id)
SELECT t.id, d.res_id
  FROM product_template t JOIN ir_model_data d ON d.module = 'purchase' AND d.name = 'route_warehouse0_buy'
 WHERE t.supply_method = 'buy'
   AND NOT EXISTS (SELECT FROM stock_route_product r WHERE r.product_id = t.id AND r.route_id = d.res_id);
ALTER TABLE stock_warehouse ADD COLUMN IF NOT EXISTS buy_to_resupply boolean, ADD COLUMN IF NOT EXISTS buy_pull_id integer;
CREATE TEMP TABLE buy_rule ON COMMIT DROP AS
SELECT w.id AS warehouse_id, nextval('procurement_rule_id_seq')::integer AS id
  FROM (SELECT id FROM stock_warehouse WHERE buy_pull_id IS NULL ORDER BY id) w;
INSERT INTO procurement_rule
  (id, create_uid, create_date, write_uid, write_date, name, sequence, active, company_id, action, group_propagation_option, location_id, picking_type_id,
   delay, warehouse_id, propagate, procure_method, route_sequence, route_id)
SELECT r.id, 1, now() AT TIME ZONE 'UTC', 1, now() AT TIME ZONE 'UTC', w.name || ': Buy', 20, true, w.company_id, 'buy', 'propagate',
       coalesce(t.default_location_dest_id, w.lot_stock_id), w.in_type_id, 0, w.id, true, 'make_to_stock', s.sequence, s.id
  FROM buy_rule r
  JOIN stock_warehouse w ON w.id = r.warehouse_id
  LEFT JOIN stock_picking_type t ON t.id = w.in_type_id
  JOIN ir_model_data d ON d.module = 'purchase' AND d.name = 'route_warehouse0_buy'
  JOIN stock_location_route s ON s.id = d.res_id;
UPDATE stock_warehouse w SET buy_to_resupply = true, buy_pull_id = r.id FROM buy_rule r WHERE r.warehouse_id = w.id;

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
UPDATE procurement_order p
   SET rule_id = w.buy_pull_id, invoice_state = coalesce(m.invoice_state, p.invoice_state)
  FROM procurement_order q
  LEFT JOIN stock_warehouse w ON w.id = q.warehouse_id
  LEFT JOIN (SELECT procurement_id, max(invoice_state) AS invoice_state FROM stock_move
              WHERE procurement_id IS NOT NULL AND purchase_line_id IS NOT NULL GROUP BY procurement_id) m ON m.procurement_id = q.id
 WHERE q.id = p.id AND q.purchase_line_id IS NOT NULL;

-- An order that waited for the workflow of its receipt now waits by itself until the receipt tells it.
UPDATE wkf_workitem i SET state = 'complete', subflow_id = NULL
  FROM ir_model_data d
 WHERE d.module = 'purchase' AND d.name = 'act_picking' AND d.model = 'workflow.activity' AND i.act_id = d.res_id AND i.state = 'running';
-- So does an approved one whose goods have not all come, if its workflow has nothing that is about its receipt.
INSERT INTO wkf_workitem (inst_id, act_id, state)
SELECT i.id, a.res_id, 'complete'
  FROM wkf_instance i
  JOIN purchase_order o ON o.id = i.res_id AND o.state = 'approved'
  JOIN ir_model_data a ON a.module = 'purchase' AND a.name = 'act_picking' AND a.model = 'workflow.activity'
 WHERE i.res_type = 'purchase.order' AND i.state = 'active'
   AND EXISTS (SELECT FROM purchase_order_line l JOIN stock_move m ON m.purchase_line_id = l.id
                WHERE l.order_id = o.id AND m.state NOT IN ('done', 'cancel'))
   AND NOT EXISTS (SELECT FROM wkf_workitem w JOIN ir_model_data d ON d.module = 'purchase' AND d.model = 'workflow.activity' AND d.res_id = w.act_id
                    WHERE w.inst_id = i.id AND d.name IN ('act_picking', 'act_picking_done', 'act_except_picking', 'act_cancel', 'act_done'))
 ORDER BY i.id;

-- Receipts are priced in the currency of their order, unless they name another one; units cost the company's own, at the rate of the day.
UPDATE stock_quant q SET cost = q.cost / theirs.rate::double precision * ours.rate::double precision
  FROM new_quant i
  JOIN heap h ON h.no = i.no
  JOIN done_move d ON d.nth = h.first AND d.from_usage = 'supplier' AND d.price_unit > 0 AND d.price_currency_id IS NULL
  JOIN stock_move m ON m.id = d.id
  JOIN purchase_order_line l ON l.id = m.purchase_line_id
  JOIN purchase_order o ON o.id = l.order_id
  JOIN res_company c ON c.id = m.company_id AND c.currency_id <> o.currency_id
 CROSS JOIN LATERAL (SELECT r.rate FROM rate_by_day r WHERE r.currency_id = o.currency_id AND r.name <= d.date ORDER BY r.name DESC, r.id LIMIT 1) theirs
 CROSS JOIN LATERAL (SELECT r.rate FROM rate_by_day r WHERE r.currency_id = c.currency_id AND r.name <= d.date ORDER BY r.name DESC, r.id LIMIT 1) ours
 WHERE i.id = q.id AND theirs.rate <> 0;

-- The price of a receipt that is still to come is that of the product's unit in the company's currency, at the rate of its order's day.
CREATE TEMP TABLE receipt_price ON COMMIT DROP AS
SELECT m.id, o.id AS order_id, foreign_price AND (theirs.rate IS NULL OR ours.rate IS NULL) AS unknown,
       m.price_unit * CASE WHEN u.factor > 0 AND own.factor > 0 THEN u.factor / own.factor ELSE 1 END
                    * CASE WHEN foreign_price THEN coalesce(ours.rate / theirs.rate, 1) ELSE 1 END AS price
  FROM stock_move m
  JOIN purchase_order_line l ON l.id = m.purchase_line_id
  JOIN purchase_order o ON o.id = l.order_id
  JOIN res_company c ON c.id = coalesce(m.company_id, o.company_id)
  LEFT JOIN product_product p ON p.id = m.product_id
  LEFT JOIN product_template t ON t.id = p.product_tmpl_id
  LEFT JOIN product_uom own ON own.id = t.uom_id
  LEFT JOIN product_uom u ON u.id = m.product_uom AND u.category_id = own.category_id
 CROSS JOIN LATERAL (SELECT coalesce(m.price_currency_id, o.currency_id) AS currency_id, coalesce(m.price_currency_id, o.currency_id) <> c.currency_id AS foreign_price) k
  LEFT JOIN LATERAL (SELECT nullif(r.rate, 0) AS rate FROM rate_by_day r
                      WHERE foreign_price AND r.currency_id = k.currency_id AND r.name <= coalesce(o.date_approve, o.date_order) ORDER BY r.name DESC, r.id LIMIT 1) theirs ON true
  LEFT JOIN LATERAL (SELECT nullif(r.rate, 0) AS rate FROM rate_by_day r
                      WHERE foreign_price AND r.currency_id = c.currency_id AND r.name <= coalesce(o.date_approve, o.date_order) ORDER BY r.name DESC, r.id LIMIT 1) ours ON true
 WHERE m.state NOT IN ('done', 'cancel') AND m.price_unit <> 0 AND (foreign_price OR u.factor <> own.factor);
UPDATE stock_move m SET price_unit = r.price FROM receipt_price r WHERE r.id = m.id;
INSERT INTO uplift.note (stage, topic, subject, outcome, detail)
SELECT 'hop', 'purchase order', o.name, 'prices of its open receipts are in its own currency still: there is no rate of its day',
       jsonb_build_object('id', o.id, 'moves', jsonb_agg(r.id ORDER BY r.id))
  FROM receipt_price r JOIN purchase_order o ON o.id = r.order_id WHERE r.unknown GROUP BY o.id, o.name ORDER BY o.id;

-- An order tells where its receipts arrive, and a receipt whether it is what its order is invoiced by.
ALTER TABLE purchase_order ADD COLUMN IF NOT EXISTS related_location_id integer;
UPDATE purchase_order o SET related_location_id = t.default_location_dest_id
  FROM stock_picking_type t WHERE t.id = o.picking_type_id;
ALTER TABLE stock_picking ADD COLUMN IF NOT EXISTS reception_to_invoice boolean;
UPDATE stock_picking p SET reception_to_invoice = r.to_invoice
  FROM (SELECT m.picking_id,
               coalesce(bool_or(o.invoice_method = 'picking' AND f.id IS NULL), false) AS to_invoice
          FROM stock_move m
          LEFT JOIN (SELECT DISTINCT move_dest_id AS id FROM stock_move WHERE move_dest_id IS NOT NULL) f ON f.id = m.id
          JOIN purchase_order_line l ON l.id = m.purchase_line_id
          JOIN purchase_order o ON o.id = l.order_id
         WHERE m.picking_id IS NOT NULL GROUP BY m.picking_id) r
 WHERE r.picking_id = p.id;
