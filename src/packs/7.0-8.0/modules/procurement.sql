-- A product that is made to order has the route for it, which stock has made: this module does not come without that one.
CREATE TABLE IF NOT EXISTS stock_route_product (product_id integer NOT NULL, route_id integer NOT NULL);
INSERT INTO stock_route_product (product_id, route_id)
SELECT t.id, d.res_id
  FROM product_template t JOIN ir_model_data d ON d.module = 'stock' AND d.name = 'route_warehouse0_mto'
 WHERE t.procure_method = 'make_to_order'
   AND NOT EXISTS (SELECT FROM stock_route_product r WHERE r.product_id = t.id AND r.route_id = d.res_id);

ALTER TABLE procurement_order
  ADD COLUMN IF NOT EXISTS move_dest_id integer,
  ADD COLUMN IF NOT EXISTS orderpoint_id integer,
  ADD COLUMN IF NOT EXISTS warehouse_id integer,
  ADD COLUMN IF NOT EXISTS rule_id integer,
  ADD COLUMN IF NOT EXISTS group_id integer,
  ADD COLUMN IF NOT EXISTS invoice_state varchar;
ALTER TABLE stock_move ADD COLUMN IF NOT EXISTS procurement_id integer;

-- A procurement that makes to order has its requested move wait.
UPDATE stock_move m SET procure_method = 'make_to_order'
  FROM procurement_order o WHERE o.move_id = m.id AND o.procure_method = 'make_to_order' AND m.procure_method <> 'make_to_order';

-- The rule by which a warehouse delivers to a place: from its stock before any other.
CREATE TEMP TABLE delivery_rule ON COMMIT DROP AS
SELECT DISTINCT ON (warehouse_id, location_id) warehouse_id, location_id, id
  FROM procurement_rule WHERE action = 'move' AND active IS NOT FALSE AND warehouse_id IS NOT NULL
 ORDER BY warehouse_id, location_id, procure_method = 'make_to_stock' DESC, id;

-- One that makes to order brings goods for the move it was for. One that takes from stock brings nothing: when that move leaves
-- for a customer it is what the procurement is about, and it runs until the move is done; for any other move, which waits for
-- stock by itself, and for services the work of the procurement is over. Were it still to be run, 8.0 would bring the goods twice.
UPDATE procurement_order o
   SET move_dest_id = CASE WHEN NOT d.delivers THEN q.move_id END,
       location_id = CASE WHEN d.delivers THEN m.location_dest_id ELSE q.location_id END,
       rule_id = CASE WHEN d.delivers THEN r.id END,
       state = CASE WHEN q.state NOT IN ('confirmed', 'exception', 'running') OR q.procure_method = 'make_to_order' THEN q.state
                    WHEN m.state = 'cancel' THEN 'exception'
                    WHEN m.state = 'done' THEN 'done'
                    WHEN d.delivers THEN 'running'
                    WHEN m.id IS NOT NULL OR t.type = 'service' THEN 'done'
                    ELSE q.state END,
       orderpoint_id = p.id,
       warehouse_id = d.warehouse_id,
       invoice_state = coalesce(m.invoice_state, 'none')
  FROM procurement_order q
  LEFT JOIN stock_move m ON m.id = q.move_id
  LEFT JOIN stock_location ml ON ml.id = m.location_dest_id
  LEFT JOIN (SELECT procurement_id, min(id) AS id FROM stock_warehouse_orderpoint WHERE procurement_id IS NOT NULL GROUP BY procurement_id) p ON p.procurement_id = q.id
  LEFT JOIN warehouse_of_location l ON l.location_id = q.location_id
  LEFT JOIN warehouse_of_company c ON c.company_id = q.company_id
  LEFT JOIN product_product pp ON pp.id = q.product_id
  LEFT JOIN product_template t ON t.id = pp.product_tmpl_id
  CROSS JOIN LATERAL (SELECT coalesce(q.procure_method <> 'make_to_order' AND ml.usage = 'customer', false) AS delivers,
                             coalesce(l.warehouse_id, c.warehouse_id) AS warehouse_id) d
  LEFT JOIN delivery_rule r ON r.warehouse_id = d.warehouse_id AND r.location_id = m.location_dest_id
 WHERE q.id = o.id;
UPDATE stock_move m SET procurement_id = o.id
  FROM (SELECT DISTINCT ON (q.move_id) q.move_id, q.id
          FROM procurement_order q
          JOIN stock_move s ON s.id = q.move_id
          JOIN stock_location l ON l.id = s.location_dest_id AND l.usage = 'customer'
         WHERE q.procure_method <> 'make_to_order' ORDER BY q.move_id, q.id) o
 WHERE o.move_id = m.id;
INSERT INTO uplift.note (stage, topic, subject, outcome, detail)
SELECT 'hop', 'state', 'procurement.order', 'takes from stock and brings nothing: runs until its delivery is done, or is over', jsonb_build_object('rows', count(*))
  FROM procurement_order
 WHERE procure_method <> 'make_to_order'
   AND state <> CASE WHEN state_7_0 IN ('draft', 'waiting') THEN 'confirmed' WHEN state_7_0 = 'ready' THEN 'running' ELSE state_7_0 END
HAVING count(*) > 0;

-- What an unfinished procurement was told is a message on it.
INSERT INTO mail_message (create_uid, create_date, write_uid, write_date, type, model, res_id, date, body)
SELECT 1, t.at, 1, t.at, 'notification', 'procurement.order', o.id, t.at,
       '<p>' || replace(replace(replace(o.message, '&', '&amp;'), '<', '&lt;'), '>', '&gt;') || '</p>'
  FROM procurement_order o, LATERAL (VALUES (coalesce(o.write_date, o.create_date))) AS t (at)
 WHERE o.message <> '' AND o.state NOT IN ('done', 'cancel') ORDER BY o.id;

-- Minimum stock is counted in the product's own unit.
ALTER TABLE stock_warehouse_orderpoint
  ALTER COLUMN product_min_qty TYPE numeric, ALTER COLUMN product_max_qty TYPE numeric, ALTER COLUMN qty_multiple TYPE numeric;
UPDATE stock_warehouse_orderpoint o
   SET product_min_qty = o.product_min_qty / u.factor * own.factor,
       product_max_qty = o.product_max_qty / u.factor * own.factor,
       qty_multiple = o.qty_multiple / u.factor * own.factor,
       product_uom = own.id
  FROM product_product p
  JOIN product_template t ON t.id = p.product_tmpl_id
  JOIN product_uom own ON own.id = t.uom_id, product_uom u
 WHERE p.id = o.product_id AND u.id = o.product_uom AND u.id <> own.id AND u.category_id = own.category_id AND u.factor <> 0;

-- The scheduler is not told any more whether it runs by itself, which was first; the next would be taken for a company.
UPDATE ir_cron
   SET args = CASE WHEN args ~ ',\s*\w' THEN regexp_replace(args, '^\s*\(\s*\w+\s*,\s*(\w+)\s*,?\s*\)\s*$', '(\1,)') ELSE '()' END
 WHERE model = 'procurement.order' AND function = 'run_scheduler' AND args ~ '\w';
