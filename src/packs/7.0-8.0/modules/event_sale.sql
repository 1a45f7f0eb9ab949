-- Whether a product is a registration, and to which kind of event, belongs to the template.
ALTER TABLE product_template ADD COLUMN IF NOT EXISTS event_ok boolean, ADD COLUMN IF NOT EXISTS event_type_id integer;
UPDATE product_template t SET event_ok = v.ok, event_type_id = v.kind
  FROM (SELECT product_tmpl_id, bool_or(event_ok) AS ok, (array_agg(event_type_id ORDER BY id) FILTER (WHERE event_type_id IS NOT NULL))[1] AS kind
          FROM product_product GROUP BY product_tmpl_id) v
 WHERE v.product_tmpl_id = t.id;
