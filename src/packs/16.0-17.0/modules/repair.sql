-- Repairs are operations of a type by now; each warehouse gets one, counting on from nothing.
ALTER TABLE stock_picking_type ADD COLUMN IF NOT EXISTS default_remove_location_dest_id integer, ADD COLUMN IF NOT EXISTS default_recycle_location_dest_id integer;
ALTER TABLE stock_warehouse ADD COLUMN IF NOT EXISTS repair_type_id integer;
CREATE TEMP TABLE repair_type ON COMMIT DROP AS
SELECT w.id AS warehouse_id, w.company_id, w.code, w.lot_stock_id, nextval('ir_sequence_id_seq')::integer AS sequence_id, nextval('stock_picking_type_id_seq')::integer AS type_id,
       (SELECT l.id FROM stock_location l WHERE l.usage = 'production' AND (l.company_id = w.company_id OR l.company_id IS NULL) ORDER BY l.company_id NULLS LAST, l.id LIMIT 1) AS production_id,
       (SELECT l.id FROM stock_location l WHERE l.scrap_location AND (l.company_id = w.company_id OR l.company_id IS NULL) ORDER BY l.company_id NULLS LAST, l.id LIMIT 1) AS scrap_id
  FROM stock_warehouse w;
INSERT INTO ir_sequence (id, name, implementation, prefix, padding, number_increment, number_next, company_id, active, use_date_range)
SELECT sequence_id, code || ' Sequence repair', 'standard', code || '/RO/', 5, 1, 1, company_id, true, false FROM repair_type;
INSERT INTO stock_picking_type (id, name, code, sequence_code, sequence_id, sequence, warehouse_id, company_id, active, create_backorder, reservation_method, use_create_lots, use_existing_lots,
                                default_location_src_id, default_location_dest_id, default_remove_location_dest_id, default_recycle_location_dest_id)
SELECT type_id, '{"en_US": "Repairs"}', 'repair_operation', 'RO', sequence_id, (SELECT coalesce(max(sequence), 0) FROM stock_picking_type) + 1, warehouse_id, company_id, true, 'ask', 'at_confirm', true, true,
       lot_stock_id, production_id, scrap_id, lot_stock_id
  FROM repair_type;
UPDATE stock_warehouse w SET repair_type_id = t.type_id FROM repair_type t WHERE t.warehouse_id = w.id;

-- An order takes the type of the warehouse it lies in, else the first of its company.
ALTER TABLE repair_order ADD COLUMN IF NOT EXISTS picking_type_id integer, ADD COLUMN IF NOT EXISTS location_dest_id integer,
  ADD COLUMN IF NOT EXISTS parts_location_id integer, ADD COLUMN IF NOT EXISTS recycle_location_id integer;
UPDATE repair_order r
   SET picking_type_id = t.type_id, location_dest_id = coalesce(t.production_id, r.location_id), parts_location_id = coalesce(t.scrap_id, r.location_id),
       recycle_location_id = t.lot_stock_id, schedule_date = coalesce(r.schedule_date, r.create_date::date, CURRENT_DATE)
  FROM (SELECT DISTINCT ON (o.id) o.id AS order_id, k.*
          FROM repair_order o
          JOIN repair_type k ON k.company_id = o.company_id
          JOIN stock_warehouse w ON w.id = k.warehouse_id
          LEFT JOIN stock_location v ON v.id = w.view_location_id
          LEFT JOIN stock_location l ON l.id = o.location_id
         ORDER BY o.id, coalesce(l.parent_path LIKE v.parent_path || '%', false) DESC, w.id) t
 WHERE t.order_id = r.id;
-- Invoicing is no state of a repair any more: what was to be invoiced is done or still to do.
UPDATE repair_order SET state = CASE WHEN repaired THEN 'done' ELSE 'confirmed' END WHERE state__before = '2binvoiced';
ALTER TABLE repair_order DROP COLUMN state__before;

-- Lines are stock moves (moves of the facts): those of done lines were there, the others came new.
ALTER TABLE stock_move ADD COLUMN IF NOT EXISTS repair_line_type varchar;
UPDATE stock_move m
   SET repair_id = l.repair_id, repair_line_type = l.type, picking_type_id = coalesce(m.picking_type_id, o.picking_type_id)
  FROM uplift.moved u JOIN legacy.repair_line l ON l.id = u.old_id JOIN repair_order o ON o.id = l.repair_id
 WHERE u.from_model = 'repair.line' AND u.new_id = m.id;
