-- An order that was done is a sale order that is locked.
ALTER TABLE sale_order ADD COLUMN IF NOT EXISTS locked boolean;
UPDATE sale_order SET locked = state__before = 'done';
ALTER TABLE sale_order DROP COLUMN state__before;

-- The product of down payments was a parameter for all companies.
ALTER TABLE res_company ADD COLUMN IF NOT EXISTS sale_down_payment_product_id integer;
UPDATE res_company c SET sale_down_payment_product_id = p.id
  FROM ir_config_parameter k, product_product p JOIN product_template t ON t.id = p.product_tmpl_id
 WHERE k.key = 'sale.default_deposit_product_id' AND p.id::text = k.value AND (t.company_id IS NULL OR t.company_id = c.id);
