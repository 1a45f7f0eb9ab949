CREATE TABLE IF NOT EXISTS pos_category_product_template_rel (product_template_id integer NOT NULL, pos_category_id integer NOT NULL);
INSERT INTO pos_category_product_template_rel (product_template_id, pos_category_id) SELECT id, pos_categ_id FROM product_template WHERE pos_categ_id IS NOT NULL;
ALTER TABLE product_template DROP COLUMN pos_categ_id;

ALTER TABLE pos_order ADD COLUMN IF NOT EXISTS config_id integer, ADD COLUMN IF NOT EXISTS shipping_date date;
UPDATE pos_order o SET config_id = s.config_id, shipping_date = CASE WHEN o.to_ship THEN o.date_order::date END FROM pos_session s WHERE s.id = o.session_id;

-- The invoice of a refund names those of the orders that it refunds.
CREATE TABLE IF NOT EXISTS refunded_invoices (refund_account_move integer NOT NULL, original_account_move integer NOT NULL);
INSERT INTO refunded_invoices (refund_account_move, original_account_move)
SELECT DISTINCT r.account_move, o.account_move
  FROM pos_order_line l
  JOIN pos_order r ON r.id = l.order_id
  JOIN pos_order_line x ON x.id = l.refunded_orderline_id
  JOIN pos_order o ON o.id = x.order_id
 WHERE r.account_move IS NOT NULL AND o.account_move IS NOT NULL;

ALTER TABLE pos_payment_method ADD COLUMN IF NOT EXISTS sequence integer;
UPDATE pos_payment_method SET sequence = id;
