-- A service that was made to order became a task, whose end ended its procurement: the product and the stage say so now.
ALTER TABLE product_template ADD COLUMN IF NOT EXISTS auto_create_task boolean;
UPDATE product_template SET auto_create_task = true
 WHERE type = 'service' AND supply_method = 'produce' AND procure_method = 'make_to_order';
ALTER TABLE project_task_type ADD COLUMN IF NOT EXISTS closed boolean;
UPDATE project_task_type SET closed = true WHERE state IN ('done', 'cancelled');
