-- A shop told the warehouse; its other values were defaults that every order has already.
ALTER TABLE sale_order ADD COLUMN IF NOT EXISTS warehouse_id integer;
UPDATE sale_order o SET warehouse_id = coalesce(s.warehouse_id, c.warehouse_id, (SELECT min(id) FROM stock_warehouse))
  FROM sale_order q
  LEFT JOIN sale_shop s ON s.id = q.shop_id
  LEFT JOIN warehouse_of_company c ON c.company_id = q.company_id
 WHERE q.id = o.id;

-- Procurements point to their order line, no longer the line to its procurement.
ALTER TABLE procurement_order ADD COLUMN IF NOT EXISTS sale_line_id integer;
UPDATE procurement_order p SET sale_line_id = l.id
  FROM (SELECT procurement_id, min(id) AS id FROM sale_order_line WHERE procurement_id IS NOT NULL GROUP BY procurement_id) l
 WHERE l.procurement_id = p.id;

-- One group holds an order's procurements, moves and pickings together.
CREATE TABLE IF NOT EXISTS procurement_group (
  id serial PRIMARY KEY, create_uid integer, create_date timestamp without time zone, write_uid integer,
  write_date timestamp without time zone, name varchar, partner_id integer, move_type varchar);
ALTER TABLE sale_order ADD COLUMN IF NOT EXISTS procurement_group_id integer;
ALTER TABLE procurement_order ADD COLUMN IF NOT EXISTS group_id integer;
ALTER TABLE stock_picking ADD COLUMN IF NOT EXISTS group_id integer;
ALTER TABLE stock_move ADD COLUMN IF NOT EXISTS group_id integer;
UPDATE sale_order SET procurement_group_id = nextval('procurement_group_id_seq')
 WHERE procurement_group_id IS NULL
   AND (id IN (SELECT l.order_id FROM sale_order_line l WHERE l.procurement_id IS NOT NULL)
        OR id IN (SELECT sale_id FROM stock_picking WHERE sale_id IS NOT NULL));
INSERT INTO procurement_group (id, create_uid, create_date, write_uid, write_date, name, partner_id, move_type)
SELECT o.procurement_group_id, 1, now() AT TIME ZONE 'UTC', 1, now() AT TIME ZONE 'UTC', o.name, o.partner_shipping_id, coalesce(o.picking_policy, 'direct')
  FROM sale_order o WHERE o.procurement_group_id IS NOT NULL;
UPDATE procurement_order p SET group_id = o.procurement_group_id
  FROM sale_order_line l JOIN sale_order o ON o.id = l.order_id WHERE l.id = p.sale_line_id;
UPDATE stock_picking p SET group_id = o.procurement_group_id FROM sale_order o WHERE o.id = p.sale_id;
UPDATE stock_move m SET group_id = p.group_id FROM stock_picking p WHERE p.id = m.picking_id AND p.group_id IS NOT NULL;
