-- Files of products are documents of theirs; images and other fields kept as files are not.
CREATE TABLE IF NOT EXISTS product_document (
  id serial, ir_attachment_id integer, active boolean, create_uid integer, create_date timestamp, write_uid integer, write_date timestamp);
INSERT INTO product_document (ir_attachment_id, active, create_uid, create_date, write_uid, write_date)
SELECT id, true, create_uid, create_date, write_uid, write_date
  FROM ir_attachment
 WHERE res_model IN ('product.template', 'product.product') AND res_field IS NULL AND res_id IS NOT NULL AND res_id <> 0
 ORDER BY id;

-- Colours out of a palette of twelve became colours of any kind.
ALTER TABLE product_tag ALTER COLUMN color TYPE varchar USING
  (ARRAY['#777777', '#F06050', '#F4A460', '#F7CD1F', '#6CC1ED', '#814968', '#EB7E7F', '#2C8397', '#475577', '#D6145F', '#30C381', '#9365B8'])[coalesce(color, 0) % 12 + 1];

-- Lists of the same sequence were tried the newest first, and are tried the oldest first now.
UPDATE product_pricelist p SET sequence = o.place
  FROM (SELECT id, row_number() OVER (ORDER BY sequence NULLS LAST, id DESC) AS place FROM product_pricelist) o
 WHERE o.id = p.id;

DO $$
BEGIN
  -- Rules cannot be archived any more. Those of an archived list rest with it; in a list in use they would count again.
  IF EXISTS (SELECT FROM product_pricelist_item i JOIN product_pricelist p ON p.id = i.pricelist_id WHERE NOT i.active AND p.active) THEN
    CREATE TABLE legacy.product_pricelist_item_archived AS
    SELECT i.* FROM product_pricelist_item i JOIN product_pricelist p ON p.id = i.pricelist_id WHERE NOT i.active AND p.active;
    DELETE FROM product_pricelist_item i USING legacy.product_pricelist_item_archived a WHERE a.id = i.id;
    INSERT INTO uplift.taken SELECT 'product_pricelist_item', count(*), 'legacy.product_pricelist_item_archived' FROM legacy.product_pricelist_item_archived;
    INSERT INTO uplift.note (stage, topic, subject, outcome, detail)
    SELECT 'hop', 'decision', 'product.pricelist.item', 'archived rules of lists in use set aside',
           jsonb_build_object('rows', count(*), 'kept in', 'legacy.product_pricelist_item_archived') FROM legacy.product_pricelist_item_archived;
  END IF;

  -- A packaging needs its product now; one without served nothing.
  IF EXISTS (SELECT FROM product_packaging WHERE product_id IS NULL) THEN
    CREATE TABLE legacy.product_packaging_without_product AS SELECT * FROM product_packaging WHERE product_id IS NULL;
    DELETE FROM product_packaging WHERE product_id IS NULL;
    INSERT INTO uplift.taken SELECT 'product_packaging', count(*), 'legacy.product_packaging_without_product' FROM legacy.product_packaging_without_product;
    INSERT INTO uplift.note (stage, topic, subject, outcome, detail)
    SELECT 'hop', 'decision', 'product.packaging', 'packagings without a product set aside',
           jsonb_build_object('rows', count(*), 'kept in', 'legacy.product_packaging_without_product') FROM legacy.product_packaging_without_product;
  END IF;

  -- Days until delivery are whole days now.
  IF EXISTS (SELECT FROM pg_attribute WHERE attrelid = 'product_template'::regclass AND attname = 'sale_delay' AND NOT attisdropped) THEN
    INSERT INTO uplift.note (stage, topic, subject, outcome, detail)
    SELECT 'hop', 'decision', 'product.template', 'sale_delay rounded up to whole days', jsonb_build_object('ids', jsonb_agg(id))
      FROM product_template WHERE sale_delay <> trunc(sale_delay) HAVING count(*) > 0;
    ALTER TABLE product_template ALTER COLUMN sale_delay TYPE integer USING ceil(sale_delay)::integer;
  END IF;
END $$;
