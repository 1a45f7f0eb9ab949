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
CREATE TABLE IF NOT EXISTS legacy.mrp_bom__components AS SELECT b.*, c.line_id FROM bom_component c JOIN mrp_bom b ON b.id = c.id;
DELETE FROM mrp_bom b USING bom_component c WHERE c.id = b.id AND NOT c.parent_too;

-- Moves into production are its raw materials; a warehouse may be supplied by production, as it was.
ALTER TABLE stock_move ADD COLUMN IF NOT EXISTS raw_material_production_id integer;
UPDATE stock_move m SET raw_material_production_id = r.production_id
  FROM (SELECT move_id, min(production_id) AS production_id FROM mrp_production_move_ids GROUP BY move_id) r
  JOIN stock_move s ON s.id = r.move_id
  JOIN stock_location l ON l.id = s.location_dest_id AND l.usage = 'production'
 WHERE m.id = s.id;
ALTER TABLE stock_warehouse ADD COLUMN IF NOT EXISTS manufacture_to_resupply boolean;
UPDATE stock_warehouse SET manufacture_to_resupply = true WHERE manufacture_to_resupply IS NULL;
ALTER TABLE stock_move ADD COLUMN IF NOT EXISTS procurement_id integer;
UPDATE stock_move m SET procurement_id = p.id
  FROM (SELECT production_id, min(id) AS id FROM procurement_order WHERE production_id IS NOT NULL GROUP BY production_id) p
 WHERE p.production_id = m.production_id AND m.procurement_id IS NULL;
ALTER TABLE product_template ADD COLUMN IF NOT EXISTS track_production boolean;
UPDATE product_template t SET track_production = v.tracked
  FROM (SELECT product_tmpl_id, bool_or(track_production) AS tracked FROM product_product GROUP BY product_tmpl_id) v
 WHERE v.product_tmpl_id = t.id;
