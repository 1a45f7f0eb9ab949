-- A template is in use as long as one of its variants is; pictures and colour belong to it, taken from its first variant.
ALTER TABLE product_template
  ADD COLUMN IF NOT EXISTS active boolean,
  ADD COLUMN IF NOT EXISTS color integer,
  ADD COLUMN IF NOT EXISTS image bytea,
  ADD COLUMN IF NOT EXISTS image_medium bytea,
  ADD COLUMN IF NOT EXISTS image_small bytea;
UPDATE product_template t
   SET active = v.active, color = f.color, image = f.image_variant, image_medium = f.image_medium, image_small = f.image_small
  FROM (SELECT product_tmpl_id, bool_or(coalesce(active, false)) AS active, (array_agg(id ORDER BY active DESC NULLS LAST, id))[1] AS first
          FROM product_product GROUP BY product_tmpl_id) v
  JOIN product_product f ON f.id = v.first
 WHERE v.product_tmpl_id = t.id;
-- A template without any variant was never shown by the older version either.
UPDATE product_template SET active = true WHERE active IS NULL;
-- The picture of a single variant is its template's alone.
UPDATE product_product p SET image_variant = NULL
 WHERE image_variant IS NOT NULL AND NOT EXISTS (SELECT FROM product_product o WHERE o.product_tmpl_id = p.product_tmpl_id AND o.id <> p.id);

-- The cost of a product is a value of each company.
INSERT INTO ir_property (create_uid, create_date, write_uid, write_date, name, type, value_float, company_id, fields_id, res_id)
SELECT 1, now() AT TIME ZONE 'UTC', 1, now() AT TIME ZONE 'UTC', 'standard_price', 'float', t.standard_price::double precision, c.id, f.id, 'product.template,' || t.id
  FROM product_template t
  JOIN res_company c ON t.company_id IS NULL OR t.company_id = c.id
  JOIN ir_model_fields f ON f.model = 'product.template' AND f.name = 'standard_price'
 WHERE t.standard_price IS NOT NULL AND t.standard_price <> 0
   AND NOT EXISTS (SELECT FROM ir_property p WHERE p.fields_id = f.id AND p.company_id = c.id AND p.res_id = 'product.template,' || t.id);

-- A packaging belongs to the template; which variant it was made for is kept with the columns that are set aside.
ALTER TABLE product_packaging ADD COLUMN IF NOT EXISTS product_tmpl_id integer;
UPDATE product_packaging g SET product_tmpl_id = p.product_tmpl_id FROM product_product p WHERE p.id = g.product_id;
