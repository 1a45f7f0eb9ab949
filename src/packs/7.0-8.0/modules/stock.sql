-- Pickings, orders and requisitions need a warehouse: where all were removed, the first company gets one at the first stock.
WITH place AS (
  INSERT INTO stock_location (create_uid, create_date, write_uid, write_date, name, usage, active, chained_location_type, chained_auto_packing)
  SELECT 1, now() AT TIME ZONE 'UTC', 1, now() AT TIME ZONE 'UTC', 'Stock', 'internal', true, 'none', 'manual'
   WHERE NOT EXISTS (SELECT FROM stock_warehouse) AND NOT EXISTS (SELECT FROM stock_location WHERE usage = 'internal')
  RETURNING id
), made AS (
  INSERT INTO stock_warehouse (create_uid, create_date, write_uid, write_date, name, company_id, lot_stock_id, wh_input_stock_loc_id, wh_output_stock_loc_id)
  SELECT 1, now() AT TIME ZONE 'UTC', 1, now() AT TIME ZONE 'UTC', c.name, c.id, l.id, l.id, l.id
    FROM (SELECT id, name FROM res_company ORDER BY id LIMIT 1) c
   CROSS JOIN (SELECT coalesce((SELECT id FROM stock_location WHERE usage = 'internal' ORDER BY active DESC NULLS LAST, id LIMIT 1), (SELECT id FROM place)) AS id) l
   WHERE NOT EXISTS (SELECT FROM stock_warehouse)
  RETURNING id, name, lot_stock_id
)
INSERT INTO uplift.note (stage, topic, subject, outcome, detail)
SELECT 'hop', 'warehouse', name, 'was made, because there was none', jsonb_build_object('id', id, 'location', lot_stock_id) FROM made;

-- Warehouses of 8.0 have a short name, a view location over their stock, input and output, steps and types of pickings.
ALTER TABLE stock_warehouse
  ADD COLUMN IF NOT EXISTS code varchar(5),
  ADD COLUMN IF NOT EXISTS view_location_id integer,
  ADD COLUMN IF NOT EXISTS wh_qc_stock_loc_id integer,
  ADD COLUMN IF NOT EXISTS wh_pack_stock_loc_id integer,
  ADD COLUMN IF NOT EXISTS reception_steps varchar,
  ADD COLUMN IF NOT EXISTS delivery_steps varchar,
  ADD COLUMN IF NOT EXISTS in_type_id integer,
  ADD COLUMN IF NOT EXISTS out_type_id integer,
  ADD COLUMN IF NOT EXISTS int_type_id integer,
  ADD COLUMN IF NOT EXISTS pack_type_id integer,
  ADD COLUMN IF NOT EXISTS pick_type_id integer;

-- The code is unique within a company: the letters of the name, and a number where these are taken.
WITH named AS (
  SELECT w.id, w.company_id, d.id IS NOT NULL AS of_module,
         CASE WHEN d.id IS NOT NULL THEN 'WH'
              ELSE coalesce(nullif(left(upper(regexp_replace(w.name, '[^[:alnum:]]', '', 'g')), 5), ''), 'WH') END AS code
    FROM stock_warehouse w
    LEFT JOIN ir_model_data d ON d.module = 'stock' AND d.name = 'warehouse0' AND d.model = 'stock.warehouse' AND d.res_id = w.id
), ranked AS (
  SELECT *, row_number() OVER (PARTITION BY company_id, code ORDER BY of_module DESC, id) > 1 AS taken FROM named
), numbered AS (
  SELECT *, (row_number() OVER (PARTITION BY company_id, taken ORDER BY id) + 1)::text AS number FROM ranked
)
UPDATE stock_warehouse w
   SET code = CASE WHEN n.taken THEN left(n.code, 4 - length(n.number)) || '-' || n.number ELSE n.code END
  FROM numbered n WHERE n.id = w.id;

-- So is the name now: of warehouses that shared one, the later ones carry their code.
CREATE TEMP TABLE same_name ON COMMIT DROP AS
SELECT id, name FROM (SELECT id, name, row_number() OVER (PARTITION BY company_id, name ORDER BY id) AS nth FROM stock_warehouse) w WHERE nth > 1;
INSERT INTO uplift.note (stage, topic, subject, outcome, detail)
SELECT 'hop', 'warehouse', w.name, 'carries its code, because another one of the company has its name', jsonb_build_object('id', w.id, 'code', w.code)
  FROM stock_warehouse w JOIN same_name s ON s.id = w.id ORDER BY w.id;
ALTER TABLE stock_warehouse ALTER COLUMN name TYPE varchar;
UPDATE stock_warehouse w SET name = w.name || ' (' || w.code || ')' FROM same_name s WHERE s.id = w.id;

-- One place per stock location; its parent is the view when it is one and no other warehouse's stock lies below it.
CREATE TEMP TABLE stock_place ON COMMIT DROP AS
WITH RECURSIVE above (stock_id, id) AS (
  SELECT DISTINCT w.lot_stock_id, l.location_id
    FROM stock_warehouse w JOIN stock_location l ON l.id = w.lot_stock_id WHERE l.location_id IS NOT NULL
  UNION
  SELECT a.stock_id, l.location_id FROM above a JOIN stock_location l ON l.id = a.id WHERE l.location_id IS NOT NULL
), shared AS (
  SELECT id FROM above GROUP BY id HAVING count(*) > 1
), first AS (
  -- What several companies share belongs to none of them.
  SELECT DISTINCT ON (w.lot_stock_id) w.lot_stock_id AS stock_id, w.code,
         CASE WHEN min(w.company_id) OVER same_stock = max(w.company_id) OVER same_stock THEN w.company_id END AS company_id,
         w.wh_input_stock_loc_id AS input_id, w.wh_output_stock_loc_id AS output_id
    FROM stock_warehouse w WINDOW same_stock AS (PARTITION BY w.lot_stock_id) ORDER BY w.lot_stock_id, w.id
)
SELECT f.*, s.location_id AS parent_id,
       CASE WHEN p.usage = 'view' AND p.location_id IS NOT NULL AND p.id NOT IN (SELECT id FROM shared) THEN p.id END AS view_id,
       false AS created, NULL::integer AS quality_id, NULL::integer AS pack_id
  FROM first f
  JOIN stock_location s ON s.id = f.stock_id
  LEFT JOIN stock_location p ON p.id = s.location_id;

-- Input and output that belong to the place alone stay; those it shares with another place, or with its own stock, do not count.
UPDATE stock_place p
   SET input_id = CASE WHEN p.input_id <> p.stock_id AND (i.location_id = p.view_id OR NOT EXISTS (
         SELECT FROM stock_warehouse w
          WHERE w.lot_stock_id <> p.stock_id AND p.input_id IN (w.lot_stock_id, w.wh_input_stock_loc_id, w.wh_output_stock_loc_id)))
         THEN p.input_id END,
       output_id = CASE WHEN p.output_id <> p.stock_id AND (o.location_id = p.view_id OR NOT EXISTS (
         SELECT FROM stock_warehouse w
          WHERE w.lot_stock_id <> p.stock_id AND p.output_id IN (w.lot_stock_id, w.wh_input_stock_loc_id, w.wh_output_stock_loc_id)))
         THEN p.output_id END
  FROM stock_place q
  LEFT JOIN stock_location i ON i.id = q.input_id
  LEFT JOIN stock_location o ON o.id = q.output_id
 WHERE q.stock_id = p.stock_id;

-- A chain that made a move of its own is a step; a transparent one was none.
UPDATE stock_warehouse w
   SET reception_steps = CASE WHEN i.chained_location_type <> 'none' AND i.chained_auto_packing <> 'transparent' THEN 'two_steps' ELSE 'one_step' END,
       delivery_steps = CASE WHEN o.chained_location_type <> 'none' AND o.chained_auto_packing <> 'transparent' THEN 'pick_ship' ELSE 'ship_only' END
  FROM stock_place p
  LEFT JOIN stock_location i ON i.id = p.input_id
  LEFT JOIN stock_location o ON o.id = p.output_id
 WHERE p.stock_id = w.lot_stock_id;

UPDATE stock_place SET view_id = nextval('stock_location_id_seq'), created = true WHERE view_id IS NULL;
UPDATE stock_place SET quality_id = nextval('stock_location_id_seq'), pack_id = nextval('stock_location_id_seq');

CREATE TEMP TABLE new_location ON COMMIT DROP AS
SELECT p.view_id AS id, p.code::varchar AS name, 'view'::varchar AS usage, p.parent_id AS location_id, p.company_id, true AS active
  FROM stock_place p WHERE p.created
UNION ALL SELECT p.quality_id, 'Quality Control', 'internal', p.view_id, p.company_id, false FROM stock_place p
UNION ALL SELECT p.pack_id, 'Packing Zone', 'internal', p.view_id, p.company_id, false FROM stock_place p
UNION ALL SELECT nextval('stock_location_id_seq'), 'Input', 'internal', p.view_id, p.company_id, false FROM stock_place p WHERE p.input_id IS NULL
UNION ALL SELECT nextval('stock_location_id_seq'), 'Output', 'internal', p.view_id, p.company_id, false FROM stock_place p WHERE p.output_id IS NULL;

INSERT INTO stock_location
  (id, create_uid, create_date, write_uid, write_date, name, usage, location_id, company_id, active, scrap_location,
   posx, posy, posz, chained_auto_packing, chained_location_type)
SELECT id, 1, now() AT TIME ZONE 'UTC', 1, now() AT TIME ZONE 'UTC', name, usage, location_id, company_id, active, false, 0, 0, 0, 'manual', 'none'
  FROM new_location;

-- What the place owns beside its stock moves below the new view with it.
UPDATE stock_location l SET location_id = p.view_id
  FROM stock_place p
 WHERE p.created AND (l.id = p.stock_id OR (l.id IN (p.input_id, p.output_id) AND l.location_id IS NOT DISTINCT FROM p.parent_id));

UPDATE stock_place p SET input_id = n.id FROM new_location n WHERE p.input_id IS NULL AND n.location_id = p.view_id AND n.name = 'Input';
UPDATE stock_place p SET output_id = n.id FROM new_location n WHERE p.output_id IS NULL AND n.location_id = p.view_id AND n.name = 'Output';

UPDATE stock_warehouse w
   SET view_location_id = p.view_id, wh_input_stock_loc_id = p.input_id, wh_output_stock_loc_id = p.output_id,
       wh_qc_stock_loc_id = p.quality_id, wh_pack_stock_loc_id = p.pack_id
  FROM stock_place p WHERE p.stock_id = w.lot_stock_id;

-- Full names below the new views; without parent_left the tree is numbered anew.
WITH RECURSIVE tree (id, path, touched) AS (
  SELECT l.id, l.name::text, l.id IN (SELECT id FROM new_location) FROM stock_location l WHERE l.location_id IS NULL
  UNION ALL
  SELECT l.id, t.path || ' / ' || l.name, t.touched OR l.id IN (SELECT id FROM new_location)
    FROM tree t JOIN stock_location l ON l.location_id = t.id
)
UPDATE stock_location l SET complete_name = left(t.path, 256), parent_left = NULL, parent_right = NULL
  FROM tree t WHERE t.id = l.id AND t.touched;

-- The names that 8.0 gives the locations of the first warehouse. What was the company's view in 7.0 is its input there.
UPDATE ir_model_data SET name = 'stock_location_company_view', noupdate = true
 WHERE module = 'stock' AND name = 'stock_location_company'
   AND EXISTS (SELECT FROM ir_model_data d JOIN stock_warehouse w ON w.id = d.res_id
                WHERE d.module = 'stock' AND d.name = 'warehouse0' AND d.model = 'stock.warehouse')
   AND NOT EXISTS (SELECT FROM ir_model_data d WHERE d.module = 'stock' AND d.name = 'stock_location_company_view');
INSERT INTO ir_model_data (create_uid, create_date, write_uid, write_date, module, name, model, res_id, noupdate, date_init, date_update)
SELECT 1, t.at, 1, t.at, 'stock', n.name, 'stock.location', n.res_id, true, t.at, t.at
  FROM (SELECT now() AT TIME ZONE 'UTC' AS at) t, ir_model_data d
  JOIN stock_warehouse w ON w.id = d.res_id,
  LATERAL (VALUES ('stock_location_company', w.wh_input_stock_loc_id), ('stock_location_output', w.wh_output_stock_loc_id),
                  ('location_pack_zone', w.wh_pack_stock_loc_id), ('stock_location_stock', w.lot_stock_id)) AS n (name, res_id)
 WHERE d.module = 'stock' AND d.name = 'warehouse0' AND d.model = 'stock.warehouse'
   AND NOT EXISTS (SELECT FROM ir_model_data t WHERE t.module = 'stock' AND t.name = n.name);

-- Five types of pickings for each warehouse, each with a sequence that goes on where the one of the company is.
CREATE TABLE IF NOT EXISTS stock_picking_type (
  id serial PRIMARY KEY, create_uid integer, create_date timestamp without time zone, write_uid integer,
  write_date timestamp without time zone, name varchar, code varchar, sequence integer, color integer, active boolean,
  warehouse_id integer, sequence_id integer, default_location_src_id integer, default_location_dest_id integer,
  return_picking_type_id integer);

CREATE TEMP TABLE new_type ON COMMIT DROP AS
SELECT q.*, nextval('stock_picking_type_id_seq')::integer AS id, nextval('ir_sequence_id_seq')::integer AS sequence_id
  FROM (SELECT w.id AS warehouse_id, w.name AS warehouse, w.code AS warehouse_code, w.company_id, k.*,
               row_number() OVER (PARTITION BY k.kind ORDER BY w.id) - 1 AS nth
          FROM stock_warehouse w
         CROSS JOIN (VALUES (1, 'in', 'incoming', 'Receipts', 'in', 'IN', 1, 'stock.picking.in'),
                            (2, 'out', 'outgoing', 'Delivery Orders', 'out', 'OUT', 4, 'stock.picking.out'),
                            (3, 'int', 'internal', 'Internal Transfers', 'internal', 'INT', 2, 'stock.picking'),
                            (4, 'pack', 'internal', 'Pack', 'packing', 'PACK', 3, NULL),
                            (5, 'pick', 'internal', 'Pick', 'picking', 'PICK', 2, NULL))
               AS k (place, kind, code, name, word, prefix, sequence, counted_by)
         WHERE NOT EXISTS (SELECT FROM stock_picking_type t WHERE t.warehouse_id = w.id)
         ORDER BY w.id, k.place) q;

INSERT INTO ir_sequence
  (id, create_uid, create_date, write_uid, write_date, name, prefix, padding, number_next, number_increment, implementation, active, company_id)
SELECT n.sequence_id, 1, now() AT TIME ZONE 'UTC', 1, now() AT TIME ZONE 'UTC',
       left(n.warehouse || ' Sequence ' || n.word, 64), n.warehouse_code || '/' || n.prefix || '/', 5,
       coalesce(greatest(old.next, used.next), 1), 1, 'standard', true, n.company_id
  FROM new_type n
  LEFT JOIN LATERAL (
    SELECT s.prefix, CASE WHEN s.implementation = 'standard' THEN coalesce(c.last_value + c.increment_by, c.start_value, s.number_next) ELSE s.number_next END AS next
      FROM ir_sequence s
      LEFT JOIN pg_sequences c ON c.schemaname = 'public' AND c.sequencename = 'ir_sequence_' || lpad(s.id::text, greatest(3, length(s.id::text)), '0')
     WHERE s.code = n.counted_by AND (s.company_id = n.company_id OR s.company_id IS NULL)
     ORDER BY s.active DESC NULLS LAST, s.company_id NULLS LAST, s.id LIMIT 1) old ON true
  LEFT JOIN LATERAL (
    SELECT max(substring(p.name FROM '([0-9]{1,9})$')::integer) + 1 AS next
      FROM stock_picking p WHERE old.prefix <> '' AND starts_with(p.name, old.prefix)) used ON true;

INSERT INTO stock_picking_type
  (id, create_uid, create_date, write_uid, write_date, name, code, sequence, color, active, warehouse_id, sequence_id,
   default_location_src_id, default_location_dest_id, return_picking_type_id)
SELECT n.id, 1, now() AT TIME ZONE 'UTC', 1, now() AT TIME ZONE 'UTC', n.name, n.code, n.sequence + 4 * n.nth, (n.nth + 3) % 9,
       CASE n.kind WHEN 'pack' THEN false WHEN 'pick' THEN w.delivery_steps <> 'ship_only' ELSE true END,
       w.id, n.sequence_id,
       CASE n.kind WHEN 'in' THEN suppliers.res_id WHEN 'pack' THEN w.wh_pack_stock_loc_id
                   WHEN 'out' THEN CASE WHEN w.delivery_steps = 'ship_only' THEN w.lot_stock_id ELSE w.wh_output_stock_loc_id END
                   ELSE w.lot_stock_id END,
       CASE n.kind WHEN 'in' THEN CASE WHEN i.active THEN i.id ELSE w.lot_stock_id END
                   WHEN 'out' THEN customers.res_id
                   WHEN 'int' THEN w.lot_stock_id
                   WHEN 'pack' THEN CASE WHEN w.delivery_steps = 'ship_only' THEN w.lot_stock_id ELSE w.wh_output_stock_loc_id END
                   ELSE CASE WHEN w.delivery_steps = 'pick_ship' THEN w.wh_output_stock_loc_id ELSE w.wh_pack_stock_loc_id END END,
       back.id
  FROM new_type n
  JOIN stock_warehouse w ON w.id = n.warehouse_id
  LEFT JOIN stock_location i ON i.id = w.wh_input_stock_loc_id
  LEFT JOIN new_type back ON back.warehouse_id = n.warehouse_id
        AND back.kind = CASE n.kind WHEN 'in' THEN 'out' WHEN 'out' THEN 'in' END
  LEFT JOIN ir_model_data suppliers ON suppliers.module = 'stock' AND suppliers.name = 'stock_location_suppliers' AND suppliers.model = 'stock.location'
  LEFT JOIN ir_model_data customers ON customers.module = 'stock' AND customers.name = 'stock_location_customers' AND customers.model = 'stock.location';

UPDATE stock_warehouse w
   SET in_type_id = t.ids[1], out_type_id = t.ids[2], int_type_id = t.ids[3], pack_type_id = t.ids[4], pick_type_id = t.ids[5]
  FROM (SELECT warehouse_id, array_agg(id ORDER BY place) AS ids FROM new_type GROUP BY warehouse_id) t
 WHERE t.warehouse_id = w.id;

INSERT INTO ir_model_data (create_uid, create_date, write_uid, write_date, module, name, model, res_id, noupdate, date_init, date_update)
SELECT 1, t.at, 1, t.at, 'stock', n.name, 'stock.picking.type', n.res_id, false, t.at, t.at
  FROM (SELECT now() AT TIME ZONE 'UTC' AS at) t, ir_model_data d
  JOIN stock_warehouse w ON w.id = d.res_id,
  LATERAL (VALUES ('picking_type_in', w.in_type_id), ('picking_type_out', w.out_type_id), ('picking_type_internal', w.int_type_id)) AS n (name, res_id)
 WHERE d.module = 'stock' AND d.name = 'warehouse0' AND d.model = 'stock.warehouse'
   AND NOT EXISTS (SELECT FROM ir_model_data t WHERE t.module = 'stock' AND t.name = n.name);

-- Which warehouse a location belongs to: the nearest above it. Which one a company falls back on: its first, else that of the company above.
CREATE TEMP TABLE warehouse_of_location ON COMMIT DROP AS
WITH RECURSIVE below (location_id, warehouse_id, depth) AS (
  SELECT l.id, w.id, 0 FROM stock_warehouse w, LATERAL (VALUES (w.lot_stock_id), (w.view_location_id), (w.wh_input_stock_loc_id), (w.wh_output_stock_loc_id)) AS l (id)
  UNION
  SELECT l.id, b.warehouse_id, b.depth + 1 FROM below b JOIN stock_location l ON l.location_id = b.location_id WHERE b.depth < 50
)
SELECT DISTINCT ON (location_id) location_id, warehouse_id FROM below ORDER BY location_id, depth, warehouse_id;

CREATE TEMP TABLE warehouse_of_company ON COMMIT DROP AS
WITH RECURSIVE above (company_id, id, depth) AS (
  SELECT id, id, 0 FROM res_company
  UNION
  SELECT a.company_id, c.parent_id, a.depth + 1 FROM above a JOIN res_company c ON c.id = a.id WHERE c.parent_id IS NOT NULL AND a.depth < 20
)
SELECT c.id AS company_id, coalesce(near.warehouse_id, (SELECT min(id) FROM stock_warehouse)) AS warehouse_id
  FROM res_company c
  LEFT JOIN LATERAL (
    SELECT w.id AS warehouse_id FROM above a JOIN stock_warehouse w ON w.company_id = a.id
     WHERE a.company_id = c.id ORDER BY a.depth, w.id LIMIT 1) near ON true;
ANALYZE warehouse_of_location, warehouse_of_company;

-- Routes of a warehouse: how goods come in, how they leave, and a short way through it that is not in use until someone
-- switches it on. Between its places rules make the moves; each one of a delivery after the first waits for the one before.
CREATE TABLE IF NOT EXISTS stock_location_route (id serial PRIMARY KEY);
ALTER TABLE stock_location_route
  ADD COLUMN IF NOT EXISTS create_uid integer, ADD COLUMN IF NOT EXISTS create_date timestamp without time zone,
  ADD COLUMN IF NOT EXISTS write_uid integer, ADD COLUMN IF NOT EXISTS write_date timestamp without time zone,
  ADD COLUMN IF NOT EXISTS name varchar, ADD COLUMN IF NOT EXISTS sequence integer, ADD COLUMN IF NOT EXISTS active boolean,
  ADD COLUMN IF NOT EXISTS company_id integer, ADD COLUMN IF NOT EXISTS product_selectable boolean,
  ADD COLUMN IF NOT EXISTS product_categ_selectable boolean, ADD COLUMN IF NOT EXISTS warehouse_selectable boolean;
CREATE TABLE IF NOT EXISTS stock_route_warehouse (warehouse_id integer NOT NULL, route_id integer NOT NULL);
CREATE TABLE IF NOT EXISTS procurement_rule (id serial PRIMARY KEY);
ALTER TABLE procurement_rule
  ADD COLUMN IF NOT EXISTS create_uid integer, ADD COLUMN IF NOT EXISTS create_date timestamp without time zone,
  ADD COLUMN IF NOT EXISTS write_uid integer, ADD COLUMN IF NOT EXISTS write_date timestamp without time zone,
  ADD COLUMN IF NOT EXISTS name varchar, ADD COLUMN IF NOT EXISTS sequence integer, ADD COLUMN IF NOT EXISTS active boolean,
  ADD COLUMN IF NOT EXISTS company_id integer, ADD COLUMN IF NOT EXISTS action varchar,
  ADD COLUMN IF NOT EXISTS group_propagation_option varchar, ADD COLUMN IF NOT EXISTS location_id integer,
  ADD COLUMN IF NOT EXISTS location_src_id integer, ADD COLUMN IF NOT EXISTS picking_type_id integer,
  ADD COLUMN IF NOT EXISTS delay integer, ADD COLUMN IF NOT EXISTS warehouse_id integer, ADD COLUMN IF NOT EXISTS propagate boolean,
  ADD COLUMN IF NOT EXISTS procure_method varchar, ADD COLUMN IF NOT EXISTS route_sequence numeric,
  ADD COLUMN IF NOT EXISTS route_id integer;
ALTER TABLE stock_warehouse
  ADD COLUMN IF NOT EXISTS reception_route_id integer, ADD COLUMN IF NOT EXISTS delivery_route_id integer,
  ADD COLUMN IF NOT EXISTS crossdock_route_id integer, ADD COLUMN IF NOT EXISTS mto_pull_id integer, ADD COLUMN IF NOT EXISTS resupply_from_wh boolean;

-- The route of what is made to order is one for all companies.
WITH made AS (
  INSERT INTO stock_location_route (create_uid, create_date, write_uid, write_date, name, sequence, active, product_selectable, product_categ_selectable, warehouse_selectable)
  SELECT 1, now() AT TIME ZONE 'UTC', 1, now() AT TIME ZONE 'UTC', 'Make To Order', 10, true, true, false, false
   WHERE NOT EXISTS (SELECT FROM ir_model_data WHERE module = 'stock' AND name = 'route_warehouse0_mto')
  RETURNING id
)
INSERT INTO ir_model_data (module, name, model, res_id, noupdate)
SELECT 'stock', 'route_warehouse0_mto', 'stock.location.route', id, true FROM made;

CREATE TEMP TABLE new_route ON COMMIT DROP AS
SELECT q.*, nextval('stock_location_route_id_seq')::integer AS id
  FROM (SELECT w.id AS warehouse_id, w.company_id, k.*,
               w.name || ': ' || CASE k.kind WHEN 'in' THEN CASE w.reception_steps WHEN 'two_steps' THEN 'Receipt in 2 steps' ELSE 'Receipt in 1 step' END
                                             WHEN 'out' THEN CASE w.delivery_steps WHEN 'pick_ship' THEN 'Pick + Ship' ELSE 'Ship Only' END
                                             ELSE 'Cross-Dock' END AS name
          FROM stock_warehouse w
         CROSS JOIN (VALUES (1, 'in', 10, true, false), (2, 'out', 10, true, false), (3, 'cross', 20, false, true)) AS k (place, kind, sequence, active, product_selectable)
         WHERE w.delivery_route_id IS NULL
         ORDER BY w.id, k.place) q;
INSERT INTO stock_location_route
  (id, create_uid, create_date, write_uid, write_date, name, sequence, active, company_id, product_selectable, product_categ_selectable, warehouse_selectable)
SELECT id, 1, now() AT TIME ZONE 'UTC', 1, now() AT TIME ZONE 'UTC', name, sequence, active, company_id, product_selectable, true, false FROM new_route;
INSERT INTO stock_route_warehouse (warehouse_id, route_id) SELECT warehouse_id, id FROM new_route;

CREATE TEMP TABLE new_rule ON COMMIT DROP AS
SELECT q.*, nextval('procurement_rule_id_seq')::integer AS id
  FROM (SELECT w.id AS warehouse_id, k.*, r.id AS route_id, r.sequence AS route_sequence, r.active,
               w.code || ': ' || coalesce(f.name, '?') || ' -> ' || coalesce(t.name, '?') || CASE WHEN k.kind = 'mto' THEN ' MTO' ELSE '' END AS name
          FROM stock_warehouse w
         CROSS JOIN LATERAL (
           SELECT coalesce((SELECT res_id FROM ir_model_data WHERE module = 'stock' AND name = 'stock_location_customers' AND model = 'stock.location'),
                           (SELECT min(id) FROM stock_location WHERE usage = 'customer')) AS id) c
         CROSS JOIN LATERAL (VALUES
           (1, 'out', w.lot_stock_id, CASE WHEN w.delivery_steps = 'pick_ship' THEN w.wh_output_stock_loc_id ELSE c.id END,
            CASE WHEN w.delivery_steps = 'pick_ship' THEN w.pick_type_id ELSE w.out_type_id END, 'make_to_stock'),
           (2, 'out', CASE WHEN w.delivery_steps = 'pick_ship' THEN w.wh_output_stock_loc_id END, c.id, w.out_type_id, 'make_to_order'),
           (3, 'mto', w.lot_stock_id, CASE WHEN w.delivery_steps = 'pick_ship' THEN w.wh_output_stock_loc_id ELSE c.id END,
            CASE WHEN w.delivery_steps = 'pick_ship' THEN w.pick_type_id ELSE w.out_type_id END, 'make_to_order'),
           (4, 'cross', w.wh_input_stock_loc_id, w.wh_output_stock_loc_id, w.int_type_id, 'make_to_order'),
           (5, 'cross', w.wh_output_stock_loc_id, c.id, w.out_type_id, 'make_to_order')
         ) AS k (place, kind, from_id, to_id, type_id, method)
          JOIN (SELECT warehouse_id, kind, id, sequence, active FROM new_route
                UNION ALL SELECT n.warehouse_id, 'mto', s.id, s.sequence, true
                  FROM new_route n
                  JOIN ir_model_data d ON d.module = 'stock' AND d.name = 'route_warehouse0_mto'
                  JOIN stock_location_route s ON s.id = d.res_id
                 WHERE n.kind = 'out') r ON r.warehouse_id = w.id AND r.kind = k.kind
          LEFT JOIN stock_location f ON f.id = k.from_id
          LEFT JOIN stock_location t ON t.id = k.to_id
         WHERE k.from_id IS NOT NULL
         ORDER BY w.id, k.place) q;
INSERT INTO procurement_rule
  (id, create_uid, create_date, write_uid, write_date, name, sequence, active, action, group_propagation_option, location_id, location_src_id,
   picking_type_id, delay, warehouse_id, propagate, procure_method, route_sequence, route_id)
SELECT id, 1, now() AT TIME ZONE 'UTC', 1, now() AT TIME ZONE 'UTC', name, 20, active, 'move', 'propagate', to_id, from_id, type_id, 0, warehouse_id, true, method,
       route_sequence, route_id
  FROM new_rule;
UPDATE stock_warehouse w
   SET reception_route_id = r.ids[1], delivery_route_id = r.ids[2], crossdock_route_id = r.ids[3], mto_pull_id = m.id, resupply_from_wh = coalesce(w.resupply_from_wh, false)
  FROM (SELECT warehouse_id, array_agg(id ORDER BY place) AS ids FROM new_route GROUP BY warehouse_id) r
  LEFT JOIN new_rule m ON m.warehouse_id = r.warehouse_id AND m.kind = 'mto'
 WHERE r.warehouse_id = w.id;

-- What arrives in a chained location goes on to a fixed one by a rule of its own; of a warehouse's input, by the route of its
-- receipts. A chain to "the customer" is not one that a rule can name.
CREATE TABLE IF NOT EXISTS stock_location_path (id serial PRIMARY KEY);
ALTER TABLE stock_location_path
  ADD COLUMN IF NOT EXISTS create_uid integer, ADD COLUMN IF NOT EXISTS create_date timestamp without time zone,
  ADD COLUMN IF NOT EXISTS write_uid integer, ADD COLUMN IF NOT EXISTS write_date timestamp without time zone,
  ADD COLUMN IF NOT EXISTS name varchar, ADD COLUMN IF NOT EXISTS location_from_id integer, ADD COLUMN IF NOT EXISTS location_dest_id integer,
  ADD COLUMN IF NOT EXISTS auto varchar, ADD COLUMN IF NOT EXISTS delay integer, ADD COLUMN IF NOT EXISTS company_id integer,
  ADD COLUMN IF NOT EXISTS picking_type_id integer, ADD COLUMN IF NOT EXISTS warehouse_id integer, ADD COLUMN IF NOT EXISTS route_id integer,
  ADD COLUMN IF NOT EXISTS route_sequence numeric, ADD COLUMN IF NOT EXISTS sequence integer, ADD COLUMN IF NOT EXISTS active boolean,
  ADD COLUMN IF NOT EXISTS propagate boolean, ADD COLUMN IF NOT EXISTS invoice_state varchar,
  ADD COLUMN IF NOT EXISTS picking_type varchar;
-- Flows of single products had to tell a kind of picking; a chain's rule names its type.
ALTER TABLE stock_location_path ALTER COLUMN picking_type DROP NOT NULL;
CREATE TEMP TABLE chain ON COMMIT DROP AS
SELECT l.id, l.name, l.chained_location_type, l.chained_location_id, t.name AS to_name, l.chained_auto_packing, l.chained_delay,
       coalesce(l.chained_company_id, l.company_id) AS company_id, l.active, w.id AS warehouse_id,
       CASE l.chained_picking_type WHEN 'in' THEN w.in_type_id WHEN 'out' THEN w.out_type_id ELSE w.int_type_id END AS type_id,
       CASE WHEN w.wh_input_stock_loc_id = l.id AND w.reception_steps = 'two_steps' THEN w.reception_route_id END AS route_id
  FROM stock_location l
  LEFT JOIN stock_location t ON t.id = l.chained_location_id AND l.chained_location_type = 'fixed'
  LEFT JOIN warehouse_of_location f ON f.location_id = l.id
  LEFT JOIN warehouse_of_location d ON d.location_id = t.id
  LEFT JOIN warehouse_of_company c ON c.company_id = coalesce(l.chained_company_id, l.company_id)
  LEFT JOIN stock_warehouse w ON w.id = coalesce(f.warehouse_id, d.warehouse_id, c.warehouse_id, (SELECT min(id) FROM stock_warehouse))
 WHERE l.chained_location_type <> 'none';
INSERT INTO stock_location_path
  (create_uid, create_date, write_uid, write_date, name, location_from_id, location_dest_id, auto, delay, company_id, picking_type_id, warehouse_id,
   route_id, route_sequence, sequence, active, propagate, invoice_state)
SELECT 1, now() AT TIME ZONE 'UTC', 1, now() AT TIME ZONE 'UTC', c.name || ' -> ' || c.to_name, c.id, c.chained_location_id, c.chained_auto_packing, coalesce(c.chained_delay, 0),
       c.company_id, c.type_id, c.warehouse_id, c.route_id, r.sequence, 20, c.active IS NOT FALSE, true, 'none'
  FROM chain c
  LEFT JOIN stock_location_route r ON r.id = c.route_id
 WHERE c.to_name IS NOT NULL AND c.type_id IS NOT NULL AND c.chained_location_id <> c.id
 ORDER BY c.id;
INSERT INTO uplift.note (stage, topic, subject, outcome, detail)
SELECT 'hop', 'chained location', name, CASE chained_location_type WHEN 'customer' THEN 'chain to the customer''s own location has no counterpart and is kept in schema legacy'
                                             ELSE 'chain leads nowhere and is kept in schema legacy' END,
       jsonb_build_object('id', id, 'step', chained_auto_packing)
  FROM chain WHERE to_name IS NULL OR type_id IS NULL OR chained_location_id = id ORDER BY id;

-- Pickings
ALTER TABLE stock_picking
  ADD COLUMN IF NOT EXISTS picking_type_id integer,
  ADD COLUMN IF NOT EXISTS priority varchar,
  ADD COLUMN IF NOT EXISTS recompute_pack_op boolean;
WITH placed AS (
  SELECT DISTINCT ON (m.picking_id) m.picking_id, l.warehouse_id
    FROM stock_move m
    JOIN stock_picking p ON p.id = m.picking_id
    JOIN warehouse_of_location l ON l.location_id = CASE p.type WHEN 'in' THEN m.location_dest_id ELSE m.location_id END
   ORDER BY m.picking_id, m.id
), urgency AS (
  SELECT picking_id, max(priority) AS priority FROM stock_move WHERE picking_id IS NOT NULL GROUP BY picking_id
)
UPDATE stock_picking p
   SET picking_type_id = CASE p.type WHEN 'in' THEN w.in_type_id WHEN 'out' THEN w.out_type_id ELSE w.int_type_id END,
       priority = coalesce(u.priority, '1'),
       -- What is to be packed is found when someone works on it, from what its moves hold.
       recompute_pack_op = q.state NOT IN ('draft', 'done', 'cancel')
  FROM stock_picking q
  LEFT JOIN placed l ON l.picking_id = q.id
  LEFT JOIN urgency u ON u.picking_id = q.id
  LEFT JOIN warehouse_of_company c ON c.company_id = q.company_id
  JOIN stock_warehouse w ON w.id = coalesce(l.warehouse_id, c.warehouse_id, (SELECT min(id) FROM stock_warehouse))
 WHERE q.id = p.id;

-- Moves: a move that another one leads to waits for it. The quantity in the product's own unit stands beside the one that was ordered.
ALTER TABLE stock_move
  ADD COLUMN IF NOT EXISTS procure_method varchar,
  ADD COLUMN IF NOT EXISTS invoice_state varchar,
  ADD COLUMN IF NOT EXISTS propagate boolean,
  ADD COLUMN IF NOT EXISTS picking_type_id integer,
  ADD COLUMN IF NOT EXISTS warehouse_id integer,
  ADD COLUMN IF NOT EXISTS inventory_id integer,
  ADD COLUMN IF NOT EXISTS restrict_lot_id integer,
  ADD COLUMN IF NOT EXISTS product_qty numeric;
WITH fed AS (
  SELECT DISTINCT move_dest_id AS id FROM stock_move WHERE move_dest_id IS NOT NULL AND state <> 'cancel'
), counted AS (
  SELECT move_id, min(inventory_id) AS inventory_id FROM stock_inventory_move_rel GROUP BY move_id
)
UPDATE stock_move m
   SET procure_method = CASE WHEN f.id IS NULL THEN 'make_to_stock' ELSE 'make_to_order' END,
       invoice_state = coalesce(p.invoice_state, 'none'),
       propagate = true,
       picking_type_id = p.picking_type_id,
       warehouse_id = t.warehouse_id,
       inventory_id = c.inventory_id,
       restrict_lot_id = CASE WHEN s.state NOT IN ('done', 'cancel') THEN s.prodlot_id END,
       product_qty = CASE WHEN s.product_uom = pt.uom_id OR u.factor IS NULL OR own.factor IS NULL OR u.factor = 0 THEN s.product_uom_qty
                          ELSE ceil(round((s.product_uom_qty / u.factor * own.factor / coalesce(nullif(own.rounding, 0), 0.000001))::numeric, 6))
                               * coalesce(nullif(own.rounding, 0), 0.000001) END
  FROM stock_move s
  LEFT JOIN fed f ON f.id = s.id
  LEFT JOIN counted c ON c.move_id = s.id
  LEFT JOIN stock_picking p ON p.id = s.picking_id
  LEFT JOIN stock_picking_type t ON t.id = p.picking_type_id
  LEFT JOIN product_product pp ON pp.id = s.product_id
  LEFT JOIN product_template pt ON pt.id = pp.product_tmpl_id
  LEFT JOIN product_uom own ON own.id = pt.uom_id
  LEFT JOIN product_uom u ON u.id = s.product_uom AND u.category_id = own.category_id
 WHERE s.id = m.id;

-- An inventory in progress had its moves already; 8.0 makes them when it is validated, and stops at those that are there.
INSERT INTO uplift.note (stage, topic, subject, outcome, detail)
SELECT 'hop', 'inventory', i.name, 'is in progress: cancel its moves before it is validated, 8.0 makes them anew then',
       jsonb_build_object('id', i.id, 'moves', jsonb_agg(m.id ORDER BY m.id))
  FROM stock_inventory i JOIN stock_move m ON m.inventory_id = i.id
 WHERE i.state = 'confirm' AND m.state NOT IN ('draft', 'done', 'cancel')
 GROUP BY i.id, i.name ORDER BY i.id;

-- The state of an open picking is that of its moves: the most hindered one's where all goes together, else the furthest one's.
UPDATE stock_picking p
   SET state = CASE WHEN m.ready = m.open THEN 'assigned'
                    WHEN p.move_type = 'one' THEN CASE WHEN m.unavailable > 0 THEN 'confirmed' ELSE 'waiting' END
                    WHEN m.ready > 0 THEN 'partially_available'
                    WHEN m.waiting > 0 THEN 'waiting' ELSE 'confirmed' END
  FROM (SELECT picking_id, count(*) FILTER (WHERE state IN ('confirmed', 'waiting', 'assigned')) AS open,
               count(*) FILTER (WHERE state = 'assigned') AS ready,
               count(*) FILTER (WHERE state = 'waiting') AS waiting,
               count(*) FILTER (WHERE state = 'confirmed') AS unavailable
          FROM stock_move WHERE picking_id IS NOT NULL
         GROUP BY picking_id HAVING NOT bool_or(state IS NULL OR state = 'draft')) m
 WHERE m.picking_id = p.id AND m.open > 0 AND p.state IN ('confirmed', 'waiting', 'assigned');

-- 8.0 transfers a picking from one place to one place.
INSERT INTO uplift.note (stage, topic, subject, outcome, detail)
SELECT 'hop', 'picking', p.name, 'is of several places: in 8.0 its moves have to be done in pickings of their own', jsonb_build_object('id', p.id, 'moves', m.moves)
  FROM (SELECT picking_id, count(*) AS moves FROM stock_move
         WHERE picking_id IS NOT NULL AND state NOT IN ('draft', 'done', 'cancel')
         GROUP BY picking_id HAVING count(DISTINCT location_id) > 1 OR count(DISTINCT location_dest_id) > 1) m
  JOIN stock_picking p ON p.id = m.picking_id ORDER BY p.id;

-- Inventories: the deepest location that has all their lines, else the stock of the company's warehouse.
ALTER TABLE stock_inventory ADD COLUMN IF NOT EXISTS location_id integer, ADD COLUMN IF NOT EXISTS filter varchar;
WITH RECURSIVE counted AS (
  SELECT DISTINCT inventory_id, location_id FROM stock_inventory_line WHERE location_id IS NOT NULL
), above (inventory_id, line_location, id, depth) AS (
  SELECT inventory_id, location_id, location_id, 0 FROM counted
  UNION
  SELECT a.inventory_id, a.line_location, l.location_id, a.depth + 1
    FROM above a JOIN stock_location l ON l.id = a.id WHERE l.location_id IS NOT NULL
), common AS (
  SELECT a.inventory_id, a.id, min(a.depth) AS depth
    FROM above a
    JOIN (SELECT inventory_id, count(*) AS locations FROM counted GROUP BY inventory_id) n ON n.inventory_id = a.inventory_id
   GROUP BY a.inventory_id, a.id, n.locations
  HAVING count(DISTINCT a.line_location) = n.locations
), chosen AS (
  SELECT DISTINCT ON (inventory_id) inventory_id, id FROM common ORDER BY inventory_id, depth, id
)
UPDATE stock_inventory i SET filter = 'none', location_id = coalesce(c.id, w.lot_stock_id)
  FROM stock_inventory j
  LEFT JOIN chosen c ON c.inventory_id = j.id
  LEFT JOIN warehouse_of_company o ON o.company_id = j.company_id
  LEFT JOIN stock_warehouse w ON w.id = coalesce(o.warehouse_id, (SELECT min(id) FROM stock_warehouse))
 WHERE j.id = i.id;

-- What was there when an inventory was counted is what was counted without what its moves brought; known where a product's lot
-- stands on one line, in the product's own unit. Names stand on the lines, for lists that are sorted by them.
ALTER TABLE stock_inventory_line
  ADD COLUMN IF NOT EXISTS theoretical_qty numeric,
  ADD COLUMN IF NOT EXISTS location_name varchar,
  ADD COLUMN IF NOT EXISTS product_name varchar,
  ADD COLUMN IF NOT EXISTS product_code varchar,
  ADD COLUMN IF NOT EXISTS prodlot_name varchar;
WITH counted AS (
  SELECT min(l.id) AS id, l.inventory_id, l.product_id, l.location_id, l.prod_lot_id, min(l.product_qty) AS quantity
    FROM stock_inventory_line l
    JOIN stock_inventory i ON i.id = l.inventory_id AND i.state = 'done'
   GROUP BY l.inventory_id, l.product_id, l.location_id, l.prod_lot_id
  HAVING count(*) = 1
), moved AS (
  SELECT m.inventory_id, m.product_id, side.location_id, m.prodlot_id, sum(side.sign * m.product_qty) AS quantity
    FROM stock_move m
   CROSS JOIN LATERAL (VALUES (m.location_id, -1), (m.location_dest_id, 1)) AS side (location_id, sign)
   WHERE m.inventory_id IS NOT NULL AND m.state = 'done'
   GROUP BY m.inventory_id, m.product_id, side.location_id, m.prodlot_id
), named AS (
  SELECT l.id, o.complete_name AS location_name, t.name AS product_name, p.default_code AS product_code, n.name AS prodlot_name,
         CASE WHEN c.id IS NOT NULL AND t.uom_id = l.product_uom_id THEN c.quantity - coalesce(m.quantity, 0) END AS theoretical_qty
    FROM stock_inventory_line l
    LEFT JOIN stock_location o ON o.id = l.location_id
    LEFT JOIN product_product p ON p.id = l.product_id
    LEFT JOIN product_template t ON t.id = p.product_tmpl_id
    LEFT JOIN stock_production_lot n ON n.id = l.prod_lot_id
    LEFT JOIN counted c ON c.id = l.id
    LEFT JOIN moved m ON m.inventory_id = c.inventory_id AND m.product_id = c.product_id AND m.location_id = c.location_id
          AND m.prodlot_id IS NOT DISTINCT FROM c.prod_lot_id
)
UPDATE stock_inventory_line l
   SET location_name = n.location_name, product_name = n.product_name, product_code = n.product_code, prodlot_name = n.prodlot_name,
       theoretical_qty = n.theoretical_qty
  FROM named n WHERE n.id = l.id;

-- A lot's prefix was shown before its number.
ALTER TABLE stock_production_lot ALTER COLUMN name TYPE varchar;
UPDATE stock_production_lot SET name = prefix || '/' || name WHERE prefix <> '';

-- Revisions of a lot are messages on it, by their author.
INSERT INTO mail_message (create_uid, create_date, write_uid, write_date, type, model, res_id, date, author_id, subject, body)
SELECT coalesce(r.create_uid, 1), r.create_date, coalesce(r.write_uid, 1), r.write_date, 'comment', 'stock.production.lot', r.lot_id,
       coalesce(r.date::timestamp, r.create_date, now() AT TIME ZONE 'UTC'), u.partner_id, r.name || coalesce(' (' || nullif(r.indice, '') || ')', ''),
       '<p>' || replace(replace(replace(replace(coalesce(nullif(r.description, ''), r.name), '&', '&amp;'), '<', '&lt;'), '>', '&gt;'), E'\n', '<br/>') || '</p>'
  FROM stock_production_lot_revision r
  JOIN stock_production_lot l ON l.id = r.lot_id
  LEFT JOIN res_users u ON u.id = coalesce(r.author_id, r.create_uid)
 ORDER BY r.id;

-- Which products are tracked belongs to the template.
ALTER TABLE product_template ADD COLUMN IF NOT EXISTS track_incoming boolean, ADD COLUMN IF NOT EXISTS track_outgoing boolean;
UPDATE product_template t SET track_incoming = v.incoming, track_outgoing = v.outgoing
  FROM (SELECT product_tmpl_id, bool_or(track_incoming) AS incoming, bool_or(track_outgoing) AS outgoing FROM product_product GROUP BY product_tmpl_id) v
 WHERE v.product_tmpl_id = t.id;

-- How products are valued is a value of each company, of the template, where it is not the default; stock_account has it now.
UPDATE ir_model_fields f SET model = 'product.template', model_id = m.id
  FROM ir_model m
 WHERE f.model = 'product.product' AND f.name = 'valuation' AND m.model = 'product.template'
   AND NOT EXISTS (SELECT FROM ir_model_fields o WHERE o.model = 'product.template' AND o.name = 'valuation');
UPDATE ir_model_data SET module = 'stock_account', name = 'field_product_template_valuation'
 WHERE module = 'stock' AND name = 'field_product_product_valuation' AND model = 'ir.model.fields'
   AND NOT EXISTS (SELECT FROM ir_model_data WHERE module = 'stock_account' AND name = 'field_product_template_valuation');
WITH made AS (
  INSERT INTO ir_property (create_uid, create_date, write_uid, write_date, name, type, value_text, fields_id)
  SELECT 1, now() AT TIME ZONE 'UTC', 1, now() AT TIME ZONE 'UTC', k.title, 'selection', k.value, f.id
    FROM (VALUES (1, 'cost_method', 'standard', 'Cost Method Property', 'default_cost_method'),
                 (2, 'valuation', 'manual_periodic', 'Valuation Property', 'default_valuation')) AS k (place, name, value, title, xmlid)
    JOIN ir_model_fields f ON f.model = 'product.template' AND f.name = k.name
   WHERE NOT EXISTS (SELECT FROM ir_model_data d WHERE d.module = 'stock_account' AND d.name = k.xmlid)
   ORDER BY k.place
  RETURNING id, value_text
)
INSERT INTO ir_model_data (module, name, model, res_id, noupdate)
SELECT 'stock_account', CASE value_text WHEN 'standard' THEN 'default_cost_method' ELSE 'default_valuation' END, 'ir.property', id, true FROM made;
CREATE TEMP TABLE template_valuation ON COMMIT DROP AS
SELECT product_tmpl_id, (array_agg(valuation ORDER BY active DESC NULLS LAST, id))[1] AS valuation, count(DISTINCT valuation) AS kinds
  FROM product_product WHERE valuation <> '' GROUP BY product_tmpl_id;
INSERT INTO uplift.note (stage, topic, subject, outcome, detail)
SELECT 'hop', 'valuation', t.name, 'its variants were valued in different ways: the first one''s is the template''s', jsonb_build_object('id', t.id, 'valuation', v.valuation)
  FROM template_valuation v JOIN product_template t ON t.id = v.product_tmpl_id WHERE v.kinds > 1 ORDER BY t.id;
INSERT INTO ir_property (create_uid, create_date, write_uid, write_date, name, type, value_text, company_id, fields_id, res_id)
SELECT 1, now() AT TIME ZONE 'UTC', 1, now() AT TIME ZONE 'UTC', k.name, 'selection', k.value, c.company_id, f.id, 'product.template,' || t.id
  FROM product_template t
  LEFT JOIN template_valuation v ON v.product_tmpl_id = t.id
  JOIN company_that_sees c ON c.of = coalesce(t.company_id, 0),
  LATERAL (VALUES (1, 'cost_method', nullif(t.cost_method, 'standard')), (2, 'valuation', nullif(v.valuation, 'manual_periodic'))) AS k (place, name, value)
  JOIN ir_model_fields f ON f.model = 'product.template' AND f.name = k.name
 WHERE k.value <> ''
   AND NOT EXISTS (SELECT FROM ir_property p WHERE p.fields_id = f.id AND p.company_id = c.company_id AND p.res_id = 'product.template,' || t.id)
 ORDER BY t.id, k.place, c.company_id;

-- An inventory was booked in the period in which it was done.
ALTER TABLE stock_inventory ADD COLUMN IF NOT EXISTS period_id integer;
UPDATE stock_inventory i SET period_id = p.id
  FROM (SELECT DISTINCT ON (j.id) j.id AS inventory_id, a.id
          FROM stock_inventory j
          JOIN account_period a ON a.company_id = j.company_id AND j.date_done::date BETWEEN a.date_start AND a.date_stop
         WHERE j.state = 'done' ORDER BY j.id, a.special IS TRUE, a.date_start DESC, a.id) p
 WHERE p.inventory_id = i.id;

-- Quants. The units of a product that one done move brings into a place leave it in the order in which they came: the n-th
-- unit that leaves is the n-th that arrived. So cumulated quantities of what came and of what left, laid over each other,
-- tell which part of a move went on with which part of another; where more left than came stock is negative, and what comes
-- later settles the oldest of it first. Places that make stock (suppliers, production, inventory) give new units each time.
CREATE TEMP TABLE moved ON COMMIT DROP AS
SELECT row_number() OVER (ORDER BY q.date, q.id)::integer AS nth, q.id, q.product_id, q.lot_id, q.pack_id, q.company_id, q.date,
       q.from_id, f.usage AS from_usage, f.usage NOT IN ('supplier', 'production', 'inventory') AS from_stock, q.to_id, q.quantity, q.price_unit, q.price_currency_id
  FROM (SELECT c.id, c.product_id, coalesce(c.prodlot_id, 0) AS lot_id, coalesce(c.tracking_id, 0) AS pack_id, c.company_id, c.date,
               CASE WHEN c.exact < 0 THEN c.location_dest_id ELSE c.location_id END AS from_id,
               CASE WHEN c.exact < 0 THEN c.location_id ELSE c.location_dest_id END AS to_id,
               -- A factor of twelve digits makes twelve pieces of a dozen and a trace more.
               abs(CASE WHEN abs(c.exact - round(c.exact, 6)) <= 0.00000001 THEN round(c.exact, 6) ELSE round(c.exact, 12) END) AS quantity,
               c.price_unit * c.product_uom_qty / nullif(c.exact, 0) AS price_unit, c.price_currency_id
          FROM (SELECT m.*, CASE WHEN u.id IS NULL OR u.factor = 0 THEN m.product_uom_qty ELSE m.product_uom_qty / u.factor * own.factor END AS exact
                  FROM stock_move m
                  JOIN product_product p ON p.id = m.product_id
                  JOIN product_template t ON t.id = p.product_tmpl_id
                  LEFT JOIN product_uom own ON own.id = t.uom_id
                  LEFT JOIN product_uom u ON u.id = m.product_uom AND u.id <> own.id AND u.category_id = own.category_id
                 WHERE m.state = 'done' AND m.location_id <> m.location_dest_id) c) q
  JOIN stock_location f ON f.id = q.from_id
 WHERE q.quantity > 0;

-- A place: one product of one lot in one location; goods pass it when some came and some left.
CREATE TEMP TABLE place ON COMMIT DROP AS
SELECT row_number() OVER (ORDER BY product_id, location_id, lot_id)::integer AS id, product_id, location_id, lot_id,
       bool_or(enters) AND bool_or(leaves) AS passed
  FROM (SELECT product_id, to_id AS location_id, lot_id, true AS enters, false AS leaves FROM moved
        UNION ALL SELECT product_id, from_id, lot_id, false, true FROM moved WHERE from_stock) e
 GROUP BY product_id, location_id, lot_id;
ANALYZE moved, place;
CREATE TEMP TABLE done_move ON COMMIT DROP AS
SELECT m.*, t.id AS to_place, t.passed AS to_passed, f.id AS from_place, f.passed AS from_passed
  FROM moved m
  JOIN place t ON t.product_id = m.product_id AND t.location_id = m.to_id AND t.lot_id = m.lot_id
  LEFT JOIN place f ON m.from_stock AND f.product_id = m.product_id AND f.location_id = m.from_id AND f.lot_id = m.lot_id;
CREATE UNIQUE INDEX ON done_move (nth);

-- First within the same pack and company: each side's moves one behind the other. What ends first, of whichever side, ends a
-- piece, and the piece is of the next move to end on each side. Of a place, pack and company the leaving moves are numbered first.
CREATE TEMP TABLE side ON COMMIT DROP AS
SELECT row_number() OVER (ORDER BY place, pack_id, company_id, enters, nth) AS no, place, pack_id, company_id, enters, nth, quantity,
       sum(quantity) OVER (PARTITION BY place, pack_id, company_id, enters ORDER BY nth) AS till
  FROM (SELECT to_place AS place, pack_id, company_id, true AS enters, nth, quantity FROM done_move WHERE to_passed
        UNION ALL SELECT from_place, pack_id, company_id, false, nth, quantity FROM done_move WHERE from_passed) s;
CREATE TEMP TABLE first_piece ON COMMIT DROP AS
SELECT place, till, till - since AS quantity, since,
       CASE WHEN came < number - leaving THEN first + leaving + came END AS came_no, CASE WHEN gone < leaving THEN first + gone END AS gone_no
  FROM (SELECT place, till, lag(till, 1, 0::numeric) OVER ends AS since,
               count(*) FILTER (WHERE enters) OVER (ends ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING) AS came,
               count(*) FILTER (WHERE NOT enters) OVER (ends ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING) AS gone,
               min(no) OVER alike AS first, count(*) OVER alike AS number, count(*) FILTER (WHERE NOT enters) OVER alike AS leaving
          FROM side
        WINDOW alike AS (PARTITION BY place, pack_id, company_id), ends AS (PARTITION BY place, pack_id, company_id ORDER BY till, enters)) p
 WHERE till > since;
ANALYZE side, first_piece;
CREATE TEMP TABLE first_hop ON COMMIT DROP AS
SELECT p.place, i.nth AS came, p.since - i.till + i.quantity AS came_from, o.nth AS gone, p.since - o.till + o.quantity AS gone_from, p.quantity
  FROM first_piece p
  LEFT JOIN side i ON i.no = p.came_no
  LEFT JOIN side o ON o.no = p.gone_no;

-- Then what is left over of both sides of a place, whatever pack and company.
CREATE TEMP TABLE hop ON COMMIT DROP AS
WITH both_left AS (
  SELECT place FROM first_hop WHERE came IS NULL OR gone IS NULL GROUP BY place HAVING count(came) > 0 AND count(gone) > 0
), item AS (
  SELECT h.place, h.came IS NOT NULL AS enters, coalesce(h.came, h.gone) AS nth, coalesce(h.came_from, h.gone_from) AS start, h.quantity,
         sum(h.quantity) OVER w AS till, row_number() OVER w AS rank
    FROM first_hop h JOIN both_left USING (place) WHERE h.came IS NULL OR h.gone IS NULL
  WINDOW w AS (PARTITION BY h.place, h.came IS NOT NULL ORDER BY coalesce(h.came, h.gone), coalesce(h.came_from, h.gone_from))
), piece AS (
  SELECT place, till, lag(till, 1, 0::numeric) OVER w AS since,
         1 + count(*) FILTER (WHERE enters) OVER (w ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING) AS came,
         1 + count(*) FILTER (WHERE NOT enters) OVER (w ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING) AS gone
    FROM item WINDOW w AS (PARTITION BY place ORDER BY till, enters)
)
SELECT i.nth AS came, p.since - i.till + i.quantity + i.start AS came_from, o.nth AS gone, p.since - o.till + o.quantity + o.start AS gone_from, p.till - p.since AS quantity
  FROM piece p
  LEFT JOIN item i ON i.enters AND i.place = p.place AND i.rank = p.came
  LEFT JOIN item o ON NOT o.enters AND o.place = p.place AND o.rank = p.gone
 WHERE p.till > p.since
UNION ALL SELECT came, came_from, gone, gone_from, quantity FROM first_hop
 WHERE (came IS NOT NULL AND gone IS NOT NULL) OR place NOT IN (SELECT place FROM both_left)
UNION ALL SELECT nth, 0, NULL, NULL, quantity FROM done_move WHERE NOT to_passed
UNION ALL SELECT NULL, NULL, nth, 0, quantity FROM done_move WHERE NOT from_passed;
CREATE INDEX ON hop (came, came_from);
CREATE TEMP TABLE missing ON COMMIT DROP AS
SELECT row_number() OVER (ORDER BY gone, gone_from)::integer AS no, gone AS nth, gone_from AS start, quantity FROM hop WHERE came IS NULL;
ANALYZE hop, missing;

-- From where units begin they are followed move by move, all of them at once: as many rounds as the longest way has moves.
-- None goes in a circle, because each unit of a move has one unit before it at most. The index is the only plan that does
-- not read everything anew in each round.
SET LOCAL enable_hashjoin = off;
SET LOCAL enable_mergejoin = off;
CREATE TEMP TABLE way ON COMMIT DROP AS
WITH RECURSIVE walk (missing, path, nth, start, quantity) AS (
  (SELECT NULL::integer, ARRAY[nth], nth, 0::numeric, quantity FROM done_move WHERE NOT from_stock
   UNION ALL
   SELECT no, ARRAY[nth], nth, start, quantity FROM missing)
  UNION ALL
  SELECT w.missing, w.path || h.gone, h.gone, h.gone_from + greatest(w.start - h.came_from, 0),
         least(w.start + w.quantity, h.came_from + h.quantity) - greatest(w.start, h.came_from)
    FROM walk w
    JOIN hop h ON h.came = w.nth AND h.came_from < w.start + w.quantity AND h.came_from + h.quantity > w.start AND h.gone IS NOT NULL
)
SELECT w.missing, w.path, least(w.start + w.quantity, h.came_from + h.quantity) - greatest(w.start, h.came_from) AS quantity
  FROM walk w
  JOIN hop h ON h.came = w.nth AND h.came_from < w.start + w.quantity AND h.came_from + h.quantity > w.start AND h.gone IS NULL;
SET LOCAL enable_hashjoin TO DEFAULT;
SET LOCAL enable_mergejoin TO DEFAULT;

-- What it cost to get a unit: the price of the receipt in the company's currency on its day, else the product's cost.
CREATE TEMP TABLE rate_by_day ON COMMIT DROP AS SELECT currency_id, name, id, rate FROM res_currency_rate;
CREATE INDEX ON rate_by_day (currency_id, name DESC, id);
ANALYZE rate_by_day;
CREATE TEMP TABLE unit_cost ON COMMIT DROP AS
SELECT m.nth,
       coalesce(CASE WHEN m.from_usage = 'supplier' AND m.price_unit > 0 AND (m.price_currency_id IS NULL OR m.price_currency_id = c.currency_id) THEN m.price_unit
                     WHEN m.from_usage = 'supplier' AND m.price_unit > 0 THEN m.price_unit / nullif(theirs.rate, 0) * ours.rate END,
                t.standard_price, 0)::double precision AS cost
  FROM done_move m
  JOIN product_product p ON p.id = m.product_id
  JOIN product_template t ON t.id = p.product_tmpl_id
  JOIN res_company c ON c.id = m.company_id
  -- The condition stands within, so that rates are only looked up where there is a price in another currency.
  LEFT JOIN LATERAL (SELECT r.rate FROM rate_by_day r
                      WHERE m.from_usage = 'supplier' AND m.price_currency_id <> c.currency_id AND r.currency_id = m.price_currency_id AND r.name <= m.date
                      ORDER BY r.name DESC, r.id LIMIT 1) theirs ON true
  LEFT JOIN LATERAL (SELECT r.rate FROM rate_by_day r
                      WHERE m.from_usage = 'supplier' AND m.price_currency_id <> c.currency_id AND r.currency_id = c.currency_id AND r.name <= m.date
                      ORDER BY r.name DESC, r.id LIMIT 1) ours ON true
 WHERE m.nth IN (SELECT path[1] FROM way) OR m.nth IN (SELECT nth FROM missing);
ANALYZE way, unit_cost;

-- A pack lies where it was brought last; what was taken out of it before lies there without it.
CREATE TEMP TABLE heap ON COMMIT DROP AS
WITH pack AS (
  SELECT DISTINCT ON (pack_id) pack_id, to_id AS location_id FROM done_move WHERE pack_id <> 0 ORDER BY pack_id, nth DESC
), ends AS (
  SELECT w.missing, w.path, w.path[1] AS first, w.path[array_upper(w.path, 1)] AS last, w.quantity, 1 AS sign FROM way w
  UNION ALL
  SELECT m.no, ARRAY[m.nth], m.nth, m.nth, m.quantity, -1 FROM missing m JOIN done_move d ON d.nth = m.nth AND d.from_usage IN ('internal', 'transit')
), lain AS (
  SELECT e.*, CASE WHEN e.sign > 0 THEN l.to_place ELSE l.from_place END AS place, CASE WHEN e.sign > 0 THEN l.to_id ELSE l.from_id END AS location_id,
         l.product_id, nullif(l.lot_id, 0) AS lot_id, CASE WHEN e.sign > 0 THEN k.pack_id END AS pack_id, l.company_id AS mover_id, f.date AS in_date, u.cost
    FROM ends e
    JOIN done_move l ON l.nth = e.last
    JOIN done_move f ON f.nth = e.first
    JOIN unit_cost u ON u.nth = e.first
    LEFT JOIN pack k ON k.pack_id = l.pack_id AND k.location_id = l.to_id
), whole AS (
  -- Traces that factors leave go to the greatest quantity of the place, so that its total stays.
  SELECT l.*, sum(l.quantity) OVER (PARTITION BY place, sign) AS total,
         coalesce(sum(l.quantity) FILTER (WHERE l.quantity < 0.0000005) OVER (PARTITION BY place, sign), 0) AS traces,
         row_number() OVER (PARTITION BY place, sign ORDER BY l.quantity DESC, l.first, l.last, l.path) AS size
    FROM lain l
)
SELECT row_number() OVER (ORDER BY w.product_id, w.location_id, w.lot_id NULLS FIRST, w.in_date, w.first, w.path, w.missing, w.quantity)::integer AS no,
       w.product_id, w.location_id, w.lot_id, w.pack_id, coalesce(l.company_id, w.mover_id) AS company_id, w.in_date, w.cost, w.path, w.missing, w.sign,
       w.first, CASE WHEN w.size = 1 AND w.quantity >= 0.0000005 THEN w.quantity + w.traces WHEN w.size = 1 THEN w.traces ELSE w.quantity END AS quantity
  FROM whole w
  JOIN stock_location l ON l.id = w.location_id
 WHERE w.total >= 0.0000005 AND (w.quantity >= 0.0000005 OR w.size = 1);

-- Assigned moves hold what lies in their location or below it, the oldest first: those of one lot before those of any. A quant
-- serves the nearest location above it that has such a move.
CREATE TEMP TABLE wanted ON COMMIT DROP AS
SELECT row_number() OVER (ORDER BY m.priority DESC NULLS LAST, m.date_expected, m.id) AS nth, m.id, m.product_id, m.location_id, m.company_id,
       m.restrict_lot_id AS lot_id, m.product_qty AS quantity
  FROM stock_move m JOIN stock_location l ON l.id = m.location_id AND l.usage IN ('internal', 'transit')
 WHERE m.state = 'assigned' AND m.product_qty > 0;
CREATE TEMP TABLE offered ON COMMIT DROP AS
WITH RECURSIVE above (location_id, id, depth) AS (
  SELECT id, id, 0 FROM stock_location WHERE usage IN ('internal', 'transit')
  UNION ALL
  SELECT a.location_id, l.location_id, a.depth + 1 FROM above a JOIN stock_location l ON l.id = a.id WHERE l.location_id IS NOT NULL AND a.depth < 50
)
SELECT q.no, q.product_id, q.company_id, q.lot_id, q.quantity, q.in_date, a.id AS location_id, a.depth
  FROM heap q
  JOIN above a ON a.location_id = q.location_id
 WHERE q.sign > 0 AND EXISTS (SELECT FROM wanted w WHERE w.product_id = q.product_id AND w.location_id = a.id AND w.company_id = q.company_id);
CREATE TEMP TABLE held_by_lot ON COMMIT DROP AS
WITH near AS (
  SELECT DISTINCT ON (o.no) o.* FROM offered o
   WHERE EXISTS (SELECT FROM wanted w WHERE w.product_id = o.product_id AND w.location_id = o.location_id AND w.company_id = o.company_id AND w.lot_id = o.lot_id)
   ORDER BY o.no, o.depth
), stock AS (
  SELECT *, sum(quantity) OVER (PARTITION BY product_id, location_id, company_id, lot_id ORDER BY depth, in_date, no) AS till FROM near
), demand AS (
  SELECT *, sum(quantity) OVER (PARTITION BY product_id, location_id, company_id, lot_id ORDER BY nth) AS till FROM wanted WHERE lot_id IS NOT NULL
)
SELECT s.no, d.id AS move_id, least(s.till, d.till) - greatest(s.till - s.quantity, d.till - d.quantity) AS quantity
  FROM stock s
  JOIN demand d ON d.product_id = s.product_id AND d.location_id = s.location_id AND d.company_id = s.company_id AND d.lot_id = s.lot_id
       AND d.till - d.quantity < s.till AND s.till - s.quantity < d.till;
CREATE TEMP TABLE held ON COMMIT DROP AS
WITH near AS (
  SELECT DISTINCT ON (o.no) o.*, o.quantity - coalesce(h.quantity, 0) AS free
    FROM offered o
    LEFT JOIN (SELECT no, sum(quantity) AS quantity FROM held_by_lot GROUP BY no) h ON h.no = o.no
   WHERE o.quantity - coalesce(h.quantity, 0) >= 0.0000005
     AND EXISTS (SELECT FROM wanted w WHERE w.product_id = o.product_id AND w.location_id = o.location_id AND w.company_id = o.company_id AND w.lot_id IS NULL)
   ORDER BY o.no, o.depth
), stock AS (
  SELECT *, sum(free) OVER (PARTITION BY product_id, location_id, company_id ORDER BY depth, lot_id IS NOT NULL, in_date, no) AS till FROM near
), demand AS (
  SELECT *, sum(quantity) OVER (PARTITION BY product_id, location_id, company_id ORDER BY nth) AS till FROM wanted WHERE lot_id IS NULL
), taken AS (
  SELECT s.no, d.id AS move_id, least(s.till, d.till) - greatest(s.till - s.free, d.till - d.quantity) AS quantity
    FROM stock s
    JOIN demand d ON d.product_id = s.product_id AND d.location_id = s.location_id AND d.company_id = s.company_id
         AND d.till - d.quantity < s.till AND s.till - s.free < d.till
  UNION ALL SELECT * FROM held_by_lot
)
SELECT * FROM taken WHERE quantity >= 0.0000005;
INSERT INTO uplift.note (stage, topic, subject, outcome, detail)
SELECT 'hop', 'reservation', 'stock.move', 'assigned, but less lies there than the moves are for: check them for availability',
       jsonb_build_object('moves', count(*), 'first', (array_agg(w.id ORDER BY w.id))[1:50])
  FROM wanted w LEFT JOIN (SELECT move_id, sum(quantity) AS quantity FROM held GROUP BY move_id) h ON h.move_id = w.id
 WHERE w.quantity - coalesce(h.quantity, 0) >= 0.0000005
HAVING count(*) > 0;
ANALYZE held;

CREATE TABLE IF NOT EXISTS stock_quant (
  id serial PRIMARY KEY, create_uid integer, create_date timestamp without time zone, write_uid integer,
  write_date timestamp without time zone, product_id integer, location_id integer, lot_id integer, company_id integer, package_id integer,
  owner_id integer, reservation_id integer, propagated_from_id integer, negative_move_id integer, packaging_type_id integer,
  qty double precision, cost double precision, in_date timestamp without time zone);
CREATE TABLE IF NOT EXISTS stock_quant_move_rel (quant_id integer NOT NULL, move_id integer NOT NULL);
-- What is held of a quant is a quant of its own, with the same history.
CREATE TEMP TABLE new_quant ON COMMIT DROP AS
SELECT row_number() OVER (ORDER BY p.no, p.move_id NULLS LAST)::integer AS id, p.no, p.move_id, p.quantity
  FROM (SELECT h.no, h.move_id, h.quantity + CASE WHEN r.rest < 0.0000005 AND row_number() OVER (PARTITION BY h.no ORDER BY h.quantity DESC, h.move_id) = 1 THEN r.rest ELSE 0 END AS quantity
          FROM held h
          JOIN (SELECT q.no, q.quantity - sum(t.quantity) AS rest FROM held t JOIN heap q ON q.no = t.no GROUP BY q.no, q.quantity) r ON r.no = h.no
        UNION ALL
        SELECT q.no, NULL, q.quantity - coalesce(t.quantity, 0)
          FROM heap q LEFT JOIN (SELECT no, sum(quantity) AS quantity FROM held GROUP BY no) t ON t.no = q.no
         WHERE q.quantity - coalesce(t.quantity, 0) >= 0.0000005) p;
ANALYZE new_quant, heap;
INSERT INTO stock_quant
  (id, create_uid, create_date, write_uid, write_date, product_id, location_id, lot_id, company_id, package_id, qty, cost, in_date,
   reservation_id, propagated_from_id, negative_move_id)
SELECT i.id, 1, now() AT TIME ZONE 'UTC', 1, now() AT TIME ZONE 'UTC', q.product_id, q.location_id, q.lot_id, q.company_id, q.pack_id,
       (q.sign * i.quantity)::double precision, q.cost, q.in_date, i.move_id, n.id, CASE WHEN q.sign < 0 THEN m.id END
  FROM new_quant i
  JOIN heap q ON q.no = i.no
  JOIN done_move m ON m.nth = q.first
  LEFT JOIN (SELECT g.missing, k.id FROM heap g JOIN new_quant k ON k.no = g.no WHERE g.sign < 0) n ON q.sign > 0 AND n.missing = q.missing
 ORDER BY i.id;
SELECT setval('stock_quant_id_seq', max(id)) FROM stock_quant HAVING max(id) IS NOT NULL;
INSERT INTO stock_quant_move_rel (quant_id, move_id)
SELECT DISTINCT i.id, m.id FROM new_quant i JOIN heap q ON q.no = i.no, unnest(q.path) AS step (nth) JOIN done_move m ON m.nth = step.nth ORDER BY 1, 2;

-- Packs lie where their contents lie; what they hold has the company.
ALTER TABLE stock_quant_package ADD COLUMN IF NOT EXISTS location_id integer, ADD COLUMN IF NOT EXISTS company_id integer;
UPDATE stock_quant_package p SET location_id = q.location_id, company_id = q.company_id
  FROM (SELECT package_id, min(location_id) AS location_id, min(company_id) AS company_id FROM stock_quant WHERE package_id IS NOT NULL GROUP BY package_id) q
 WHERE q.package_id = p.id;

-- An inventory that is not finished is held against what is there now: 8.0 books the difference. What is counted without a lot
-- counts all lots that have no line of their own, as it did.
WITH line AS (
  SELECT l.id, l.inventory_id, l.product_id, l.location_id, l.prod_lot_id, i.company_id,
         CASE WHEN u.factor > 0 AND own.factor > 0 THEN u.factor / own.factor ELSE 1 END AS units
    FROM stock_inventory_line l
    JOIN stock_inventory i ON i.id = l.inventory_id AND i.state IN ('draft', 'confirm')
    LEFT JOIN product_product p ON p.id = l.product_id
    LEFT JOIN product_template t ON t.id = p.product_tmpl_id
    LEFT JOIN product_uom own ON own.id = t.uom_id
    LEFT JOIN product_uom u ON u.id = l.product_uom_id AND u.category_id = own.category_id
), there AS (
  SELECT l.id, round((sum(q.qty) * l.units)::numeric, 6) AS quantity
    FROM line l
    JOIN stock_quant q ON q.product_id = l.product_id AND q.location_id = l.location_id AND (q.company_id = l.company_id OR l.company_id IS NULL)
         AND (q.lot_id = l.prod_lot_id OR l.prod_lot_id IS NULL
              AND NOT EXISTS (SELECT FROM line o WHERE o.inventory_id = l.inventory_id AND o.product_id = l.product_id
                                                   AND o.location_id = l.location_id AND o.prod_lot_id = q.lot_id))
   GROUP BY l.id, l.units
)
UPDATE stock_inventory_line l SET theoretical_qty = coalesce(t.quantity, 0)
  FROM line n LEFT JOIN there t ON t.id = n.id WHERE n.id = l.id;
