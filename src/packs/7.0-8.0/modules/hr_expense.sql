-- Whether a product is an expense belongs to the template.
ALTER TABLE product_template ADD COLUMN IF NOT EXISTS hr_expense_ok boolean;
UPDATE product_template t SET hr_expense_ok = v.ok
  FROM (SELECT product_tmpl_id, bool_or(hr_expense_ok) AS ok FROM product_product GROUP BY product_tmpl_id) v
 WHERE v.product_tmpl_id = t.id;

-- The amount of an expense is stored.
ALTER TABLE hr_expense_expense ADD COLUMN IF NOT EXISTS amount numeric;
UPDATE hr_expense_expense x SET amount = t.amount
  FROM (SELECT e.id, coalesce(sum(l.unit_amount * l.unit_quantity), 0) AS amount
          FROM hr_expense_expense e LEFT JOIN hr_expense_line l ON l.expense_id = e.id GROUP BY e.id) t
 WHERE t.id = x.id;
