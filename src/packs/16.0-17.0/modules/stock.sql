-- What a line reserved and what was done with it are one quantity now, and `picked` says which of the two it is. An open line that
-- was worked on keeps what was done, as if it had been typed and picked; one that was only reserved keeps its reservation.
ALTER TABLE stock_move_line ADD COLUMN IF NOT EXISTS quantity numeric, ADD COLUMN IF NOT EXISTS quantity_product_uom numeric, ADD COLUMN IF NOT EXISTS picked boolean;
ALTER TABLE stock_move ADD COLUMN IF NOT EXISTS quantity numeric, ADD COLUMN IF NOT EXISTS picked boolean, ADD COLUMN IF NOT EXISTS scrap_id integer;

CREATE TEMP TABLE line_quantity ON COMMIT DROP AS
SELECT l.id, q.quantity, l.state = 'done' OR coalesce(l.qty_done, 0) <> 0 AS picked,
       -- A unit's factor says how many of it make one reference unit.
       CASE WHEN l.product_uom_id = t.uom_id OR coalesce(u.factor, 0) = 0 THEN q.quantity
            ELSE round(q.quantity / u.factor * d.factor / d.rounding) * d.rounding END AS quantity_product_uom
  FROM stock_move_line l
 CROSS JOIN LATERAL (SELECT CASE WHEN l.state IN ('done', 'cancel') OR coalesce(l.qty_done, 0) <> 0 THEN coalesce(l.qty_done, 0) ELSE coalesce(l.reserved_uom_qty, 0) END AS quantity) q
  LEFT JOIN product_product p ON p.id = l.product_id
  LEFT JOIN product_template t ON t.id = p.product_tmpl_id
  LEFT JOIN uom_uom u ON u.id = l.product_uom_id
  LEFT JOIN uom_uom d ON d.id = t.uom_id;

-- Where an open line keeps more or less than it had reserved, the stock it reserves follows.
WITH changed AS (
  SELECT l.product_id, l.location_id, l.lot_id, l.package_id, l.owner_id, sum(n.quantity_product_uom - coalesce(l.reserved_qty, 0)) AS by
    FROM stock_move_line l
    JOIN line_quantity n ON n.id = l.id
    JOIN stock_location o ON o.id = l.location_id
    JOIN product_product p ON p.id = l.product_id
    JOIN product_template t ON t.id = p.product_tmpl_id AND t.detailed_type = 'product'
   WHERE l.state NOT IN ('done', 'cancel') AND coalesce(l.qty_done, 0) <> 0
     AND (o.usage = 'internal' OR o.usage = 'transit' AND o.company_id IS NOT NULL) AND NOT coalesce(o.scrap_location, false)
   GROUP BY 1, 2, 3, 4, 5),
place AS (
  SELECT min(q.id) AS id, c.by
    FROM changed c
    JOIN stock_quant q ON q.product_id = c.product_id AND q.location_id = c.location_id AND q.lot_id IS NOT DISTINCT FROM c.lot_id
                      AND q.package_id IS NOT DISTINCT FROM c.package_id AND q.owner_id IS NOT DISTINCT FROM c.owner_id
   WHERE c.by <> 0
   GROUP BY c.product_id, c.location_id, c.lot_id, c.package_id, c.owner_id, c.by)
UPDATE stock_quant q SET reserved_quantity = greatest(0, q.reserved_quantity + place.by) FROM place WHERE place.id = q.id;

UPDATE stock_move_line l SET quantity = n.quantity, quantity_product_uom = n.quantity_product_uom, picked = n.picked FROM line_quantity n WHERE n.id = l.id;

-- A move's quantity is that of its lines, in the move's own unit; done moves keep what they have.
UPDATE stock_move m SET quantity = s.quantity, picked = s.picked
  FROM (SELECT l.move_id, bool_or(l.picked) AS picked,
               sum(CASE WHEN l.product_uom_id = m.product_uom OR coalesce(u.factor, 0) = 0 THEN l.quantity ELSE l.quantity / u.factor * d.factor END) AS quantity
          FROM stock_move_line l
          JOIN stock_move m ON m.id = l.move_id AND m.state NOT IN ('done', 'cancel')
          LEFT JOIN uom_uom u ON u.id = l.product_uom_id
          LEFT JOIN uom_uom d ON d.id = m.product_uom
         GROUP BY l.move_id) s
 WHERE s.move_id = m.id;
UPDATE stock_move SET picked = state = 'done' WHERE picked IS NULL;
UPDATE stock_move SET quantity = 0 WHERE quantity IS NULL;

-- Nothing of these is lost: the quantities above hold them.
ALTER TABLE stock_move_line DROP COLUMN qty_done;

-- A scrap order may have several moves now.
UPDATE stock_move m SET scrap_id = s.id FROM stock_scrap s WHERE s.move_id = m.id;
ALTER TABLE stock_scrap DROP COLUMN move_id;

ALTER TABLE stock_picking ADD COLUMN IF NOT EXISTS return_id integer;
UPDATE stock_picking p SET return_id = r.picking_id
  FROM (SELECT m.picking_id AS returning, max(o.picking_id) AS picking_id
          FROM stock_move m JOIN stock_move o ON o.id = m.origin_returned_move_id
         WHERE m.picking_id IS NOT NULL AND o.picking_id IS NOT NULL AND o.picking_id <> m.picking_id GROUP BY 1) r
 WHERE r.returning = p.id;

ALTER TABLE stock_picking_type ADD COLUMN IF NOT EXISTS default_location_return_id integer;
UPDATE stock_picking_type t SET default_location_return_id = r.default_location_dest_id FROM stock_picking_type r WHERE r.id = t.return_picking_type_id;

-- Where a lot lies, when it lies in one place only.
ALTER TABLE stock_lot ADD COLUMN IF NOT EXISTS location_id integer;
UPDATE stock_lot l SET location_id = q.location_id
  FROM (SELECT lot_id, min(location_id) AS location_id FROM stock_quant WHERE lot_id IS NOT NULL AND quantity > 0
         GROUP BY lot_id HAVING count(DISTINCT location_id) = 1) q
 WHERE q.lot_id = l.id;
