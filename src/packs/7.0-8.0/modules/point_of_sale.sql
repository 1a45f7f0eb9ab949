-- A shop told the point of sale its stock, company and price list.
ALTER TABLE pos_config
  ADD COLUMN IF NOT EXISTS stock_location_id integer,
  ADD COLUMN IF NOT EXISTS company_id integer,
  ADD COLUMN IF NOT EXISTS pricelist_id integer,
  ADD COLUMN IF NOT EXISTS picking_type_id integer;
UPDATE pos_config p
   SET stock_location_id = w.lot_stock_id, company_id = coalesce(s.company_id, w.company_id),
       pricelist_id = coalesce(s.pricelist_id, (SELECT min(l.id) FROM product_pricelist l WHERE l.active AND l.type = 'sale' AND (l.company_id IS NULL OR l.company_id = s.company_id))), picking_type_id = w.out_type_id
  FROM sale_shop s
  LEFT JOIN warehouse_of_company c ON c.company_id = s.company_id
  JOIN stock_warehouse w ON w.id = coalesce(s.warehouse_id, c.warehouse_id, (SELECT min(id) FROM stock_warehouse))
 WHERE s.id = p.shop_id;

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
