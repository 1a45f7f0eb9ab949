-- Whether a product is an expense belongs to the template.
ALTER TABLE product_template ADD COLUMN IF NOT EXISTS hr_expense_ok boolean;
UPDATE product_template t SET hr_expense_ok = v.ok
  FROM (SELECT product_tmpl_id, bool_or(hr_expense_ok) AS ok FROM product_product GROUP BY product_tmpl_id) v
 WHERE v.product_tmpl_id = t.id;
