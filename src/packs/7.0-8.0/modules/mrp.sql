-- A bill of materials is of a template; its components are lines now. A component with components of its own is both;
-- one that was not in use stays a bill that is not in use, because a line cannot be switched off.
ALTER TABLE mrp_bom ADD COLUMN IF NOT EXISTS product_tmpl_id integer;
UPDATE mrp_bom b SET product_tmpl_id = p.product_tmpl_id FROM product_product p WHERE p.id = b.product_id;

CREATE TABLE IF NOT EXISTS mrp_bom_line (
  id serial PRIMARY KEY, create_uid integer, create_date timestamp without time zone, write_uid integer,
  write_date timestamp without time zone, bom_id integer, product_id integer, product_qty numeric, product_uom integer,
  product_uos integer, product_uos_qty double precision, product_efficiency double precision,
  product_rounding double precision, routing_id integer, sequence integer, type varchar, date_start date, date_stop date);
CREATE TEMP TABLE bom_component ON COMMIT DROP AS
SELECT b.id, b.bom_id, nextval('mrp_bom_line_id_seq')::integer AS line_id,
       EXISTS (SELECT FROM mrp_bom c WHERE c.bom_id = b.id) AS parent_too
  FROM (SELECT * FROM mrp_bom WHERE bom_id IS NOT NULL AND active IS NOT FALSE ORDER BY id) b;
INSERT INTO mrp_bom_line
  (id, create_uid, create_date, write_uid, write_date, bom_id, product_id, product_qty, product_uom, product_uos, product_uos_qty,
   product_efficiency, product_rounding, routing_id, sequence, type, date_start, date_stop)
SELECT c.line_id, b.create_uid, b.create_date, b.write_uid, b.write_date, b.bom_id, b.product_id, b.product_qty, b.product_uom, b.product_uos, b.product_uos_qty,
       b.product_efficiency, b.product_rounding, b.routing_id, b.sequence, b.type, b.date_start, b.date_stop
  FROM bom_component c JOIN mrp_bom b ON b.id = c.id;

CREATE TABLE IF NOT EXISTS mrp_bom_line_mrp_property_rel (mrp_bom_line_id integer NOT NULL, mrp_property_id integer NOT NULL);
INSERT INTO mrp_bom_line_mrp_property_rel
SELECT c.line_id, r.mrp_property_id FROM mrp_bom_mrp_property_rel r JOIN bom_component c ON c.id = r.mrp_bom_id;
DELETE FROM mrp_bom_mrp_property_rel r USING bom_component c WHERE c.id = r.mrp_bom_id AND NOT c.parent_too;

-- Messages and files of a component hang on the bill that it is part of; its followers follow the bill already and stay with the line.
UPDATE mail_followers f SET res_model = 'mrp.bom.line', res_id = c.line_id FROM bom_component c WHERE f.res_model = 'mrp.bom' AND f.res_id = c.id AND NOT c.parent_too;
UPDATE mail_message m SET res_id = c.bom_id FROM bom_component c WHERE m.model = 'mrp.bom' AND m.res_id = c.id AND NOT c.parent_too;
UPDATE ir_attachment a SET res_id = c.bom_id FROM bom_component c WHERE a.res_model = 'mrp.bom' AND a.res_id = c.id AND NOT c.parent_too;
UPDATE ir_model_data d SET model = 'mrp.bom.line', res_id = c.line_id FROM bom_component c WHERE d.model = 'mrp.bom' AND d.res_id = c.id AND NOT c.parent_too;
INSERT INTO uplift.note (stage, topic, subject, outcome, detail)
SELECT 'hop', 'model', 'mrp.bom', 'rows moved', jsonb_build_object('into', 'mrp.bom.line', 'rows', count(*)) FROM bom_component HAVING count(*) > 0;
-- A component without components of its own makes nothing: what named it as its bill has none.
WITH unbilled AS (
  UPDATE mrp_production p SET bom_id = NULL FROM bom_component c WHERE p.bom_id = c.id AND NOT c.parent_too RETURNING p.id, p.name, c.id AS bom_id
)
INSERT INTO uplift.note (stage, topic, subject, outcome, detail)
SELECT 'hop', 'production', name, 'was made by a mere component, which is no bill any more', jsonb_build_object('id', id, 'component', bom_id) FROM unbilled ORDER BY id;
UPDATE procurement_order p SET bom_id = NULL FROM bom_component c WHERE p.bom_id = c.id AND NOT c.parent_too;
CREATE TABLE IF NOT EXISTS legacy.mrp_bom__components AS SELECT b.*, c.line_id FROM bom_component c JOIN mrp_bom b ON b.id = c.id;
DELETE FROM mrp_bom b USING bom_component c WHERE c.id = b.id AND NOT c.parent_too;
-- 7.0 used the components of such a component, 8.0 uses the component itself unless it is a phantom.
INSERT INTO uplift.note (stage, topic, subject, outcome, detail)
SELECT 'hop', 'bill of materials', t.name, 'is a component with components: productions use the product itself now, and its components make it',
       jsonb_build_object('id', b.id, 'of', b.bom_id, 'line', c.line_id, 'product', b.product_id)
  FROM bom_component c
  JOIN mrp_bom b ON b.id = c.id
  LEFT JOIN product_product p ON p.id = b.product_id
  LEFT JOIN product_template t ON t.id = p.product_tmpl_id
 WHERE c.parent_too AND b.type IS DISTINCT FROM 'phantom' ORDER BY b.id;
-- A phantom whose product has no bill was used as it is; 8.0 would break off.
WITH plain AS (
  UPDATE mrp_bom_line l SET type = 'normal'
    FROM bom_component c
   WHERE c.line_id = l.id AND l.type = 'phantom'
     AND NOT EXISTS (SELECT FROM mrp_bom b WHERE b.product_id = l.product_id AND b.active IS NOT FALSE)
  RETURNING l.id, l.bom_id, l.product_id
)
INSERT INTO uplift.note (stage, topic, subject, outcome, detail)
SELECT 'hop', 'bill of materials', t.name, 'was a phantom without a bill: it is used as it is, as it was', jsonb_build_object('id', l.bom_id, 'line', l.id, 'product', l.product_id)
  FROM plain l LEFT JOIN product_product p ON p.id = l.product_id LEFT JOIN product_template t ON t.id = p.product_tmpl_id ORDER BY l.id;

-- Moves into production are its raw materials.
ALTER TABLE stock_move ADD COLUMN IF NOT EXISTS raw_material_production_id integer;
UPDATE stock_move m SET raw_material_production_id = r.production_id
  FROM (SELECT move_id, min(production_id) AS production_id FROM mrp_production_move_ids GROUP BY move_id) r
  JOIN stock_move s ON s.id = r.move_id
  JOIN stock_location l ON l.id = s.location_dest_id AND l.usage = 'production'
 WHERE m.id = s.id;

-- Products that were made have the route for it, and every warehouse is supplied by production, as it was.
WITH made AS (
  INSERT INTO stock_location_route (create_uid, create_date, write_uid, write_date, name, sequence, active, product_selectable, product_categ_selectable, warehouse_selectable)
  SELECT 1, now() AT TIME ZONE 'UTC', 1, now() AT TIME ZONE 'UTC', 'Manufacture', 5, true, true, false, false
   WHERE NOT EXISTS (SELECT FROM ir_model_data WHERE module = 'mrp' AND name = 'route_warehouse0_manufacture')
  RETURNING id
)
INSERT INTO ir_model_data (module, name, model, res_id, noupdate)
SELECT 'mrp', 'route_warehouse0_manufacture', 'stock.location.route', id, true FROM made;
INSERT INTO stock_route_product (product_id, route_id)
SELECT t.id, d.res_id
  FROM product_template t JOIN ir_model_data d ON d.module = 'mrp' AND d.name = 'route_warehouse0_manufacture'
 WHERE t.supply_method = 'produce'
   AND NOT EXISTS (SELECT FROM stock_route_product r WHERE r.product_id = t.id AND r.route_id = d.res_id);
ALTER TABLE stock_warehouse ADD COLUMN IF NOT EXISTS manufacture_to_resupply boolean, ADD COLUMN IF NOT EXISTS manufacture_pull_id integer;
CREATE TEMP TABLE manufacture_rule ON COMMIT DROP AS
SELECT w.id AS warehouse_id, nextval('procurement_rule_id_seq')::integer AS id
  FROM (SELECT id FROM stock_warehouse WHERE manufacture_pull_id IS NULL ORDER BY id) w;
INSERT INTO procurement_rule
  (id, create_uid, create_date, write_uid, write_date, name, sequence, active, company_id, action, group_propagation_option, location_id, picking_type_id,
   delay, warehouse_id, propagate, procure_method, route_sequence, route_id)
SELECT r.id, 1, now() AT TIME ZONE 'UTC', 1, now() AT TIME ZONE 'UTC', w.name || ': Manufacture', 20, true, w.company_id, 'manufacture', 'propagate',
       w.lot_stock_id, w.int_type_id, 0, w.id, false, 'make_to_stock', s.sequence, s.id
  FROM manufacture_rule r
  JOIN stock_warehouse w ON w.id = r.warehouse_id
  JOIN ir_model_data d ON d.module = 'mrp' AND d.name = 'route_warehouse0_manufacture'
  JOIN stock_location_route s ON s.id = d.res_id;
UPDATE stock_warehouse w SET manufacture_to_resupply = true, manufacture_pull_id = r.id FROM manufacture_rule r WHERE r.warehouse_id = w.id;
UPDATE procurement_order p SET rule_id = w.manufacture_pull_id
  FROM stock_warehouse w WHERE w.id = p.warehouse_id AND p.production_id IS NOT NULL;

-- What a production makes for a procurement is that procurement's.
UPDATE stock_move m SET procurement_id = p.id
  FROM (SELECT production_id, min(id) AS id FROM procurement_order WHERE production_id IS NOT NULL GROUP BY production_id) p
 WHERE p.production_id = m.production_id AND m.procurement_id IS NULL;
ALTER TABLE product_template ADD COLUMN IF NOT EXISTS track_production boolean;
UPDATE product_template t SET track_production = v.tracked
  FROM (SELECT product_tmpl_id, bool_or(track_production) AS tracked FROM product_product GROUP BY product_tmpl_id) v
 WHERE v.product_tmpl_id = t.id;

-- A production that waited for its picking is a confirmed one that waits for its materials; one whose picking failed is a draft.
UPDATE wkf_workitem i SET state = 'complete', subflow_id = NULL
  FROM ir_model_data d
 WHERE d.module = 'mrp' AND d.name = 'prod_act_confirmed' AND d.model = 'workflow.activity' AND i.act_id = d.res_id AND i.state = 'running';
UPDATE wkf_workitem i SET act_id = t.res_id
  FROM ir_model_data d, ir_model_data t
 WHERE d.module = 'mrp' AND d.name = 'prod_act_picking_exception' AND d.model = 'workflow.activity' AND i.act_id = d.res_id
   AND t.module = 'mrp' AND t.name = 'prod_act_draft' AND t.model = 'workflow.activity';

-- A picking without a name goes by what it was for, and by its number when another of the company has that name.
WITH unnamed AS (
  SELECT p.id, p.company_id, p.origin, row_number() OVER (PARTITION BY p.company_id, p.origin ORDER BY p.id) AS nth
    FROM stock_picking p WHERE (p.name IS NULL OR p.name IN ('', '/')) AND p.origin <> ''
)
UPDATE stock_picking p
   SET name = CASE WHEN u.nth = 1 AND o.id IS NULL THEN u.origin ELSE u.origin || ' (' || u.id || ')' END
  FROM unnamed u
  LEFT JOIN stock_picking o ON o.name = u.origin AND o.company_id = u.company_id
 WHERE u.id = p.id;

-- A production whose materials are all reserved can be made.
ALTER TABLE mrp_production ADD COLUMN IF NOT EXISTS ready_production boolean;
UPDATE mrp_production p SET ready_production = m.ready
  FROM (SELECT raw_material_production_id AS id, bool_and(state = 'assigned') AS ready
          FROM stock_move WHERE raw_material_production_id IS NOT NULL AND state NOT IN ('done', 'cancel')
         GROUP BY raw_material_production_id) m
 WHERE m.id = p.id;
