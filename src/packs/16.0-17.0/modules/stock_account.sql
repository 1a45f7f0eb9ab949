ALTER TABLE stock_valuation_layer ADD COLUMN IF NOT EXISTS categ_id integer;
UPDATE stock_valuation_layer l SET categ_id = t.categ_id
  FROM product_product p JOIN product_template t ON t.id = p.product_tmpl_id WHERE p.id = l.product_id;
CREATE TABLE IF NOT EXISTS account_analytic_line_stock_move_rel (account_analytic_line_id integer NOT NULL, stock_move_id integer NOT NULL);
INSERT INTO account_analytic_line_stock_move_rel SELECT analytic_account_line_id, id FROM stock_move WHERE analytic_account_line_id IS NOT NULL;
ALTER TABLE stock_move DROP COLUMN analytic_account_line_id;
