-- Warnings of a product belong to the template: the sternest one of its variants, each text once.
ALTER TABLE product_template
  ADD COLUMN IF NOT EXISTS sale_line_warn varchar,
  ADD COLUMN IF NOT EXISTS sale_line_warn_msg text,
  ADD COLUMN IF NOT EXISTS purchase_line_warn varchar,
  ADD COLUMN IF NOT EXISTS purchase_line_warn_msg text;
UPDATE product_template t
   SET sale_line_warn = v.sale_line_warn, sale_line_warn_msg = v.sale_line_warn_msg,
       purchase_line_warn = v.purchase_line_warn, purchase_line_warn_msg = v.purchase_line_warn_msg
  FROM (SELECT product_tmpl_id,
               CASE WHEN bool_or(sale_line_warn = 'block') THEN 'block' WHEN bool_or(sale_line_warn = 'warning') THEN 'warning' ELSE 'no-message' END AS sale_line_warn,
               CASE WHEN bool_or(purchase_line_warn = 'block') THEN 'block' WHEN bool_or(purchase_line_warn = 'warning') THEN 'warning' ELSE 'no-message' END AS purchase_line_warn,
               string_agg(DISTINCT nullif(sale_line_warn_msg, ''), E'\n') AS sale_line_warn_msg,
               string_agg(DISTINCT nullif(purchase_line_warn_msg, ''), E'\n') AS purchase_line_warn_msg
          FROM product_product GROUP BY product_tmpl_id) v
 WHERE v.product_tmpl_id = t.id;
UPDATE product_template SET sale_line_warn = coalesce(sale_line_warn, 'no-message'), purchase_line_warn = coalesce(purchase_line_warn, 'no-message')
 WHERE num_nonnulls(sale_line_warn, purchase_line_warn) < 2;
