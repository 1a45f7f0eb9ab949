-- A procurement that makes to order has its requested move wait; the move it is for becomes the destination of what it brings.
ALTER TABLE procurement_order
  ADD COLUMN IF NOT EXISTS move_dest_id integer,
  ADD COLUMN IF NOT EXISTS orderpoint_id integer,
  ADD COLUMN IF NOT EXISTS warehouse_id integer,
  ADD COLUMN IF NOT EXISTS invoice_state varchar;
UPDATE stock_move m SET procure_method = 'make_to_order'
  FROM procurement_order o WHERE o.move_id = m.id AND o.procure_method = 'make_to_order' AND m.procure_method <> 'make_to_order';
UPDATE procurement_order o
   SET move_dest_id = q.move_id,
       orderpoint_id = p.id,
       warehouse_id = coalesce(l.warehouse_id, c.warehouse_id),
       invoice_state = coalesce(m.invoice_state, 'none')
  FROM procurement_order q
  LEFT JOIN stock_move m ON m.id = q.move_id
  LEFT JOIN (SELECT procurement_id, min(id) AS id FROM stock_warehouse_orderpoint WHERE procurement_id IS NOT NULL GROUP BY procurement_id) p ON p.procurement_id = q.id
  LEFT JOIN warehouse_of_location l ON l.location_id = q.location_id
  LEFT JOIN warehouse_of_company c ON c.company_id = q.company_id
 WHERE q.id = o.id;

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
