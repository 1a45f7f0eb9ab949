-- A shop told the warehouse; its other values were defaults that every order has already.
ALTER TABLE sale_order ADD COLUMN IF NOT EXISTS warehouse_id integer;
UPDATE sale_order o SET warehouse_id = coalesce(s.warehouse_id, c.warehouse_id, (SELECT min(id) FROM stock_warehouse))
  FROM sale_order q
  LEFT JOIN sale_shop s ON s.id = q.shop_id
  LEFT JOIN warehouse_of_company c ON c.company_id = q.company_id
 WHERE q.id = o.id;

-- A line that is made to order goes the route for it.
ALTER TABLE sale_order_line ADD COLUMN IF NOT EXISTS route_id integer;
UPDATE sale_order_line l SET route_id = d.res_id
  FROM ir_model_data d
 WHERE d.module = 'stock' AND d.name = 'route_warehouse0_mto' AND d.model = 'stock.location.route' AND l.type = 'make_to_order';

-- Procurements point to their order line, no longer the line to its procurement.
ALTER TABLE procurement_order ADD COLUMN IF NOT EXISTS sale_line_id integer;
UPDATE procurement_order p SET sale_line_id = l.id
  FROM (SELECT procurement_id, min(id) AS id FROM sale_order_line WHERE procurement_id IS NOT NULL GROUP BY procurement_id) l
 WHERE l.procurement_id = p.id;

-- One group holds an order's procurements, moves and pickings together.
CREATE TABLE IF NOT EXISTS procurement_group (
  id serial PRIMARY KEY, create_uid integer, create_date timestamp without time zone, write_uid integer,
  write_date timestamp without time zone, name varchar, partner_id integer, move_type varchar);
ALTER TABLE procurement_group ADD COLUMN IF NOT EXISTS partner_id integer;
ALTER TABLE sale_order ADD COLUMN IF NOT EXISTS procurement_group_id integer;
ALTER TABLE stock_picking ADD COLUMN IF NOT EXISTS group_id integer;
ALTER TABLE stock_move ADD COLUMN IF NOT EXISTS group_id integer;
CREATE TEMP TABLE order_group ON COMMIT DROP AS
SELECT q.*, nextval('procurement_group_id_seq')::integer AS group_id
  FROM (SELECT o.id AS order_id, o.name, o.partner_shipping_id, o.picking_policy FROM sale_order o
         WHERE o.procurement_group_id IS NULL
           AND (o.id IN (SELECT l.order_id FROM sale_order_line l WHERE l.procurement_id IS NOT NULL)
                OR o.id IN (SELECT sale_id FROM stock_picking WHERE sale_id IS NOT NULL))
         ORDER BY o.id) q;
INSERT INTO procurement_group (id, create_uid, create_date, write_uid, write_date, name, partner_id, move_type)
SELECT group_id, 1, now() AT TIME ZONE 'UTC', 1, now() AT TIME ZONE 'UTC', name, partner_shipping_id, coalesce(picking_policy, 'direct') FROM order_group;
UPDATE sale_order o SET procurement_group_id = g.group_id FROM order_group g WHERE g.order_id = o.id;
UPDATE procurement_order p SET group_id = o.procurement_group_id
  FROM sale_order_line l JOIN sale_order o ON o.id = l.order_id WHERE l.id = p.sale_line_id;
UPDATE stock_picking p SET group_id = o.procurement_group_id FROM sale_order o WHERE o.id = p.sale_id;
UPDATE stock_move m SET group_id = p.group_id FROM stock_picking p WHERE p.id = m.picking_id AND p.group_id IS NOT NULL;

-- The deliveries of a line are the moves of its procurement: deliveries are priced and invoiced by it, and an order is shipped
-- when its procurements are done. When the procurement brings goods in, the line gets another one for its deliveries.
CREATE TEMP TABLE line_delivery ON COMMIT DROP AS
SELECT q.*, CASE WHEN q.brings_in THEN nextval('procurement_order_id_seq')::integer ELSE q.procurement_id END AS delivers_id
  FROM (SELECT p.sale_line_id, p.id AS procurement_id, p.procure_method = 'make_to_order' AS brings_in,
               min(m.location_dest_id) AS location_id, max(m.invoice_state) AS invoice_state,
               CASE WHEN bool_and(m.state = 'cancel') THEN 'cancel' WHEN bool_and(m.state IN ('done', 'cancel')) THEN 'done' ELSE 'running' END AS state
          FROM procurement_order p
          JOIN stock_move m ON m.sale_line_id = p.sale_line_id
          JOIN stock_location l ON l.id = m.location_dest_id AND l.usage = 'customer'
         GROUP BY p.id, p.sale_line_id, p.procure_method ORDER BY p.sale_line_id, p.id) q;
INSERT INTO procurement_order
  (id, create_uid, create_date, write_uid, write_date, name, origin, company_id, priority, state, state_7_0, product_id, product_qty, product_uom,
   product_uos, product_uos_qty, date_planned, location_id, warehouse_id, rule_id, group_id, invoice_state, sale_line_id, procure_method)
SELECT d.delivers_id, p.create_uid, p.create_date, p.write_uid, p.write_date, p.name, p.origin, p.company_id, p.priority, d.state, d.state, p.product_id, p.product_qty, p.product_uom,
       p.product_uos, p.product_uos_qty, p.date_planned, d.location_id, p.warehouse_id, r.id, p.group_id, d.invoice_state, p.sale_line_id, 'make_to_stock'
  FROM line_delivery d
  JOIN procurement_order p ON p.id = d.procurement_id
  LEFT JOIN delivery_rule r ON r.warehouse_id = p.warehouse_id AND r.location_id = d.location_id
 WHERE d.brings_in ORDER BY d.delivers_id;
UPDATE procurement_order p SET sale_line_id = NULL FROM line_delivery d WHERE d.procurement_id = p.id AND d.brings_in;
-- The requested move of a kit was one within the stock; its components leave for the customer.
UPDATE procurement_order p
   SET move_dest_id = NULL, location_id = d.location_id, rule_id = r.id,
       state = CASE WHEN p.state IN ('confirmed', 'exception', 'running', 'done') AND p.state_7_0 <> 'done' AND d.state <> 'cancel' THEN d.state ELSE p.state END
  FROM line_delivery d
  JOIN procurement_order q ON q.id = d.procurement_id
  LEFT JOIN delivery_rule r ON r.warehouse_id = q.warehouse_id AND r.location_id = d.location_id
 WHERE p.id = d.procurement_id AND NOT d.brings_in;
UPDATE stock_move m SET procurement_id = d.delivers_id
  FROM (SELECT DISTINCT ON (sale_line_id) sale_line_id, delivers_id FROM line_delivery ORDER BY sale_line_id, procurement_id) d, stock_location l
 WHERE m.sale_line_id = d.sale_line_id AND l.id = m.location_dest_id AND l.usage = 'customer';
-- A component of a kit had a procurement of its own, whose move is the line's now.
UPDATE procurement_order p SET state = 'done'
  FROM stock_move m
 WHERE m.id = p.move_id AND m.procurement_id <> p.id AND p.state = 'running' AND p.procure_method <> 'make_to_order';
