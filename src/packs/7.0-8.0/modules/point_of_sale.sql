-- A point of sale has to have a price list; a database without any gets one of the prices as they are.
WITH wanted AS (
  SELECT coalesce(c.currency_id, (SELECT currency_id FROM res_company WHERE currency_id IS NOT NULL ORDER BY id LIMIT 1)) AS currency_id
    FROM pos_config p JOIN sale_shop s ON s.id = p.shop_id LEFT JOIN res_company c ON c.id = s.company_id
   WHERE s.pricelist_id IS NULL AND NOT EXISTS (SELECT FROM product_pricelist) ORDER BY p.id LIMIT 1
), list AS (
  INSERT INTO product_pricelist (create_uid, create_date, write_uid, write_date, name, active, type, currency_id)
  SELECT 1, now() AT TIME ZONE 'UTC', 1, now() AT TIME ZONE 'UTC', 'Public Pricelist', true, 'sale', currency_id FROM wanted RETURNING id, name
), version AS (
  INSERT INTO product_pricelist_version (create_uid, create_date, write_uid, write_date, name, active, pricelist_id)
  SELECT 1, now() AT TIME ZONE 'UTC', 1, now() AT TIME ZONE 'UTC', name || ' Version', true, id FROM list RETURNING id
), item AS (
  INSERT INTO product_pricelist_item
    (create_uid, create_date, write_uid, write_date, name, price_version_id, sequence, min_quantity, base, price_discount, price_surcharge, price_round)
  SELECT 1, now() AT TIME ZONE 'UTC', 1, now() AT TIME ZONE 'UTC', 'Default Public Pricelist Line', id, 5, 0,
         coalesce((SELECT min(t.id) FROM product_price_type t WHERE t.field = 'list_price'), 1), 0, 0, 0
    FROM version
)
INSERT INTO uplift.note (stage, topic, subject, outcome, detail)
SELECT 'hop', 'price list', name, 'was made, because a point of sale needs one and there was none', jsonb_build_object('id', id) FROM list;

-- A shop told the point of sale its stock, company and price list.
ALTER TABLE pos_config
  ADD COLUMN IF NOT EXISTS stock_location_id integer,
  ADD COLUMN IF NOT EXISTS company_id integer,
  ADD COLUMN IF NOT EXISTS pricelist_id integer,
  ADD COLUMN IF NOT EXISTS picking_type_id integer;
UPDATE pos_config p
   SET stock_location_id = w.lot_stock_id, company_id = coalesce(s.company_id, w.company_id),
       pricelist_id = coalesce(s.pricelist_id, (SELECT l.id FROM product_pricelist l
                                                 ORDER BY l.type = 'sale' DESC NULLS LAST, l.company_id = s.company_id DESC NULLS LAST, l.company_id NULLS FIRST, l.active DESC NULLS LAST, l.id LIMIT 1))
  FROM sale_shop s
  LEFT JOIN warehouse_of_company c ON c.company_id = s.company_id
  JOIN stock_warehouse w ON w.id = coalesce(s.warehouse_id, c.warehouse_id, (SELECT min(id) FROM stock_warehouse))
 WHERE s.id = p.shop_id;

-- Each point of sale has a type of pickings of its own, with its own numbers, from its stock to customers.
CREATE TEMP TABLE till_type ON COMMIT DROP AS
SELECT q.*, nextval('stock_picking_type_id_seq')::integer AS id, nextval('ir_sequence_id_seq')::integer AS sequence_id
  FROM (SELECT p.id AS config_id, p.name, p.company_id, p.stock_location_id,
               row_number() OVER (ORDER BY d.id IS NULL, p.id) = 1 AS first
          FROM pos_config p
          LEFT JOIN ir_model_data d ON d.module = 'point_of_sale' AND d.name = 'pos_config_main' AND d.model = 'pos.config' AND d.res_id = p.id
         WHERE p.picking_type_id IS NULL ORDER BY p.id) q;
INSERT INTO ir_sequence
  (id, create_uid, create_date, write_uid, write_date, name, prefix, padding, number_next, number_increment, implementation, active, company_id)
SELECT sequence_id, 1, now() AT TIME ZONE 'UTC', 1, now() AT TIME ZONE 'UTC', CASE WHEN first THEN 'Picking POS' ELSE left('Picking POS ' || name, 64) END,
       CASE WHEN first THEN 'POS' ELSE 'POS' || config_id || '/' END, 5, 1, 1, 'standard', true, company_id
  FROM till_type;
INSERT INTO stock_picking_type
  (id, create_uid, create_date, write_uid, write_date, name, code, active, sequence_id, default_location_src_id, default_location_dest_id)
SELECT t.id, 1, now() AT TIME ZONE 'UTC', 1, now() AT TIME ZONE 'UTC', CASE WHEN t.first THEN 'PoS Orders' ELSE 'PoS Orders ' || t.name END,
       'outgoing', true, t.sequence_id, t.stock_location_id, c.res_id
  FROM till_type t
  LEFT JOIN ir_model_data c ON c.module = 'stock' AND c.name = 'stock_location_customers' AND c.model = 'stock.location';
UPDATE pos_config p SET picking_type_id = t.id FROM till_type t WHERE t.config_id = p.id;
INSERT INTO ir_model_data (module, name, model, res_id, noupdate)
SELECT 'point_of_sale', n.name, n.model, n.res_id, false
  FROM till_type t, LATERAL (VALUES ('picking_type_posout', 'stock.picking.type', t.id), ('seq_picking_type_posout', 'ir.sequence', t.sequence_id)) AS n (name, model, res_id)
 WHERE t.first AND NOT EXISTS (SELECT FROM ir_model_data d WHERE d.module = 'point_of_sale' AND d.name = n.name);

-- The box beside the till was asked for on the same machine; an address of its own is new.
ALTER TABLE pos_config ADD COLUMN IF NOT EXISTS proxy_ip varchar;
UPDATE pos_config SET proxy_ip = 'http://localhost:8069'
 WHERE proxy_ip IS NULL AND (iface_print_via_proxy OR iface_cashdrawer OR iface_electronic_scale OR iface_payment_terminal);

-- An order's stock is that of its session's point of sale.
ALTER TABLE pos_order ADD COLUMN IF NOT EXISTS location_id integer;
UPDATE pos_order o SET location_id = c.stock_location_id
  FROM pos_session s JOIN pos_config c ON c.id = s.config_id WHERE s.id = o.session_id;

-- What the till knows of a product belongs to the template.
ALTER TABLE product_template
  ADD COLUMN IF NOT EXISTS available_in_pos boolean,
  ADD COLUMN IF NOT EXISTS expense_pdt boolean,
  ADD COLUMN IF NOT EXISTS income_pdt boolean,
  ADD COLUMN IF NOT EXISTS to_weight boolean,
  ADD COLUMN IF NOT EXISTS pos_categ_id integer;
UPDATE product_template t
   SET available_in_pos = v.available, expense_pdt = v.expense, income_pdt = v.income, to_weight = v.weighed, pos_categ_id = v.category
  FROM (SELECT product_tmpl_id, bool_or(available_in_pos) AS available, bool_or(expense_pdt) AS expense, bool_or(income_pdt) AS income,
               bool_or(to_weight) AS weighed, (array_agg(pos_categ_id ORDER BY id) FILTER (WHERE pos_categ_id IS NOT NULL))[1] AS category
          FROM product_product GROUP BY product_tmpl_id) v
 WHERE v.product_tmpl_id = t.id;
