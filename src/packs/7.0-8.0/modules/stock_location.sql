-- Flows of single products: the part of a route that each product has for itself, with push rules where goods arrive and rules
-- where they are needed.
CREATE TABLE IF NOT EXISTS stock_route_product (product_id integer NOT NULL, route_id integer NOT NULL);
CREATE TEMP TABLE flow_route ON COMMIT DROP AS
SELECT q.*, nextval('stock_location_route_id_seq')::integer AS id
  FROM (SELECT t.id AS product_tmpl_id, t.name
          FROM (SELECT product_id FROM stock_location_path WHERE product_id IS NOT NULL UNION SELECT product_id FROM product_pulled_flow) f
          JOIN product_product p ON p.id = f.product_id
          JOIN product_template t ON t.id = p.product_tmpl_id
         GROUP BY t.id, t.name ORDER BY t.id) q;
INSERT INTO stock_location_route
  (id, create_uid, create_date, write_uid, write_date, name, sequence, active, product_selectable, product_categ_selectable, warehouse_selectable)
SELECT id, 1, now() AT TIME ZONE 'UTC', 1, now() AT TIME ZONE 'UTC', name || ': flows', 5, true, true, false, false FROM flow_route;
INSERT INTO stock_route_product (product_id, route_id) SELECT product_tmpl_id, id FROM flow_route;
INSERT INTO uplift.note (stage, topic, subject, outcome, detail)
SELECT 'hop', 'product flow', r.name, 'flows of one variant are those of all', jsonb_build_object('template', r.product_tmpl_id, 'variants', count(*))
  FROM flow_route r JOIN product_product p ON p.product_tmpl_id = r.product_tmpl_id
 GROUP BY r.id, r.name, r.product_tmpl_id HAVING count(*) > 1 ORDER BY r.id;

UPDATE stock_location_path p
   SET route_id = r.id, route_sequence = 5, sequence = 20, active = true, propagate = true, warehouse_id = w.id, delay = coalesce(p.delay, 0),
       picking_type_id = CASE p.picking_type WHEN 'in' THEN w.in_type_id WHEN 'out' THEN w.out_type_id ELSE w.int_type_id END
  FROM stock_location_path q
  LEFT JOIN product_product v ON v.id = q.product_id
  LEFT JOIN flow_route r ON r.product_tmpl_id = v.product_tmpl_id
  LEFT JOIN warehouse_of_location f ON f.location_id = q.location_from_id
  LEFT JOIN warehouse_of_location d ON d.location_id = q.location_dest_id
  LEFT JOIN warehouse_of_company c ON c.company_id = q.company_id
  LEFT JOIN stock_warehouse w ON w.id = coalesce(f.warehouse_id, d.warehouse_id, c.warehouse_id, (SELECT min(id) FROM stock_warehouse))
 WHERE q.id = p.id AND q.picking_type IS NOT NULL;

-- A rule that needs a module which is not there cannot be one.
CREATE TEMP TABLE pulled ON COMMIT DROP AS
SELECT f.*, r.id AS route_id, w.id AS warehouse_id,
       CASE f.picking_type WHEN 'in' THEN w.in_type_id WHEN 'out' THEN w.out_type_id ELSE w.int_type_id END AS type_id,
       CASE f.type_proc WHEN 'move' THEN 'move' WHEN 'buy' THEN CASE WHEN m.purchase THEN 'buy' END WHEN 'produce' THEN CASE WHEN m.mrp THEN 'manufacture' END END AS action
  FROM product_pulled_flow f
  JOIN product_product v ON v.id = f.product_id
  JOIN flow_route r ON r.product_tmpl_id = v.product_tmpl_id
 CROSS JOIN (SELECT coalesce(bool_or(name = 'purchase'), false) AS purchase, coalesce(bool_or(name = 'mrp'), false) AS mrp
               FROM ir_module_module WHERE state IN ('installed', 'to upgrade')) m
  LEFT JOIN warehouse_of_location d ON d.location_id = f.location_id
  LEFT JOIN warehouse_of_location s ON s.location_id = f.location_src_id
  LEFT JOIN warehouse_of_company c ON c.company_id = f.company_id
  LEFT JOIN stock_warehouse w ON w.id = coalesce(d.warehouse_id, s.warehouse_id, c.warehouse_id, (SELECT min(id) FROM stock_warehouse));
INSERT INTO procurement_rule
  (create_uid, create_date, write_uid, write_date, name, sequence, active, company_id, action, group_propagation_option, location_id, location_src_id,
   picking_type_id, delay, warehouse_id, propagate, procure_method, route_sequence, route_id)
SELECT coalesce(create_uid, 1), create_date, coalesce(write_uid, 1), write_date, name, 20, true, company_id, action, 'propagate', location_id, location_src_id,
       type_id, 0, NULL, coalesce(cancel_cascade, false), coalesce(procure_method, 'make_to_stock'), 5, route_id
  FROM pulled WHERE action IS NOT NULL ORDER BY id;
INSERT INTO uplift.note (stage, topic, subject, outcome, detail)
SELECT 'hop', 'product flow', name, 'is kept in schema legacy only: the module that it needs is not installed', jsonb_build_object('id', id, 'kind', type_proc)
  FROM pulled WHERE action IS NULL ORDER BY id;
