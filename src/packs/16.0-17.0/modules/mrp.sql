-- Planned and real dates are one pair now: what really happened counts where it is known.
ALTER TABLE mrp_production ALTER COLUMN date_start DROP NOT NULL;
UPDATE mrp_production SET date_start = coalesce(date_start, date_planned_start, create_date), date_finished = coalesce(date_finished, date_planned_finished);
UPDATE mrp_workorder SET date_start = coalesce(date_start, date_planned_start), date_finished = coalesce(date_finished, date_planned_finished);
ALTER TABLE mrp_workorder ADD COLUMN IF NOT EXISTS barcode varchar;
UPDATE mrp_workorder w SET barcode = p.name || '/' || w.id FROM mrp_production p WHERE p.id = w.production_id;

-- How long making a product takes is said by its bills of materials.
ALTER TABLE mrp_bom ADD COLUMN IF NOT EXISTS produce_delay integer, ADD COLUMN IF NOT EXISTS days_to_prepare_mo integer;
UPDATE mrp_bom b SET produce_delay = ceil(coalesce(t.produce_delay, 0))::integer, days_to_prepare_mo = ceil(coalesce(t.days_to_prepare_mo, 0))::integer
  FROM product_template t WHERE t.id = b.product_tmpl_id;
