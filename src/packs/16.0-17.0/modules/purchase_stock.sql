CREATE TABLE IF NOT EXISTS stock_move_created_purchase_line_rel (move_id integer NOT NULL, created_purchase_line_id integer NOT NULL);
INSERT INTO stock_move_created_purchase_line_rel SELECT id, created_purchase_line_id FROM stock_move WHERE created_purchase_line_id IS NOT NULL;
ALTER TABLE stock_move DROP COLUMN created_purchase_line_id;
