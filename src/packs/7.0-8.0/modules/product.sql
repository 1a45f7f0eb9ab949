-- A template is in use as long as one of its variants is; pictures and colour belong to it: the colour of its first variant,
-- the picture of the first one that has any.
ALTER TABLE product_template
  ADD COLUMN IF NOT EXISTS active boolean,
  ADD COLUMN IF NOT EXISTS color integer,
  ADD COLUMN IF NOT EXISTS image bytea,
  ADD COLUMN IF NOT EXISTS image_medium bytea,
  ADD COLUMN IF NOT EXISTS image_small bytea;
UPDATE product_template t
   SET active = v.active, color = f.color, image = i.image_variant, image_medium = i.image_medium, image_small = i.image_small
  FROM (SELECT product_tmpl_id, bool_or(coalesce(active, false)) AS active, (array_agg(id ORDER BY active DESC NULLS LAST, id))[1] AS first,
               (array_agg(id ORDER BY active DESC NULLS LAST, id) FILTER (WHERE image_variant IS NOT NULL))[1] AS pictured
          FROM product_product GROUP BY product_tmpl_id) v
  JOIN product_product f ON f.id = v.first
  LEFT JOIN product_product i ON i.id = v.pictured
 WHERE v.product_tmpl_id = t.id;
-- A template without any variant was never shown by the older version either.
UPDATE product_template SET active = true WHERE active IS NULL;
-- The picture of a single variant is its template's alone.
UPDATE product_product p SET image_variant = NULL
 WHERE image_variant IS NOT NULL AND NOT EXISTS (SELECT FROM product_product o WHERE o.product_tmpl_id = p.product_tmpl_id AND o.id <> p.id);

-- The text of a variant and what it costs more are a value of an attribute of its template. All variants of a template get
-- one as soon as one of them needs it, because a variant without a value would not belong to the template any more.
CREATE TABLE IF NOT EXISTS product_attribute (
  id serial PRIMARY KEY, create_uid integer, create_date timestamp without time zone, write_uid integer,
  write_date timestamp without time zone, name varchar);
CREATE TABLE IF NOT EXISTS product_attribute_value (
  id serial PRIMARY KEY, create_uid integer, create_date timestamp without time zone, write_uid integer,
  write_date timestamp without time zone, name varchar, sequence integer, attribute_id integer);
CREATE TABLE IF NOT EXISTS product_attribute_line (
  id serial PRIMARY KEY, create_uid integer, create_date timestamp without time zone, write_uid integer,
  write_date timestamp without time zone, product_tmpl_id integer, attribute_id integer);
CREATE TABLE IF NOT EXISTS product_attribute_price (
  id serial PRIMARY KEY, create_uid integer, create_date timestamp without time zone, write_uid integer,
  write_date timestamp without time zone, product_tmpl_id integer, value_id integer, price_extra numeric);
CREATE TABLE IF NOT EXISTS product_attribute_line_product_attribute_value_rel (line_id integer NOT NULL, val_id integer NOT NULL);
CREATE TABLE IF NOT EXISTS product_attribute_value_product_product_rel (att_id integer NOT NULL, prod_id integer NOT NULL);

-- A margin multiplied the list price before the extra was added; 8.0 has no margin, so its share goes into the extra.
CREATE TEMP TABLE variant_extra ON COMMIT DROP AS
SELECT p.id, p.product_tmpl_id, nullif(btrim(p.variants), '') AS named,
       trim_scale(round(coalesce(p.price_extra, 0) + coalesce(t.list_price, 0) * (coalesce(nullif(p.price_margin, 0), 1) - 1), 6)) AS extra
  FROM product_product p JOIN product_template t ON t.id = p.product_tmpl_id;
INSERT INTO uplift.note (stage, topic, subject, outcome, detail)
SELECT 'hop', 'variant', t.name, 'the margin of its price became an extra of its attribute value', jsonb_build_object('id', p.id, 'margin', p.price_margin, 'extra', v.extra)
  FROM variant_extra v JOIN product_product p ON p.id = v.id JOIN product_template t ON t.id = v.product_tmpl_id
 WHERE coalesce(nullif(p.price_margin, 0), 1) <> 1 AND coalesce(t.list_price, 0) <> 0 ORDER BY p.id;

CREATE TEMP TABLE template_attribute ON COMMIT DROP AS
SELECT q.*, nextval('product_attribute_id_seq')::integer AS attribute_id, nextval('product_attribute_line_id_seq')::integer AS line_id
  FROM (SELECT t.id AS product_tmpl_id, t.name FROM product_template t
         WHERE t.id IN (SELECT product_tmpl_id FROM variant_extra WHERE named IS NOT NULL OR extra <> 0) ORDER BY t.id) q;
-- Names are unique within an attribute: of variants of one name, the later ones carry a number that no other has.
CREATE TEMP TABLE variant_value ON COMMIT DROP AS
WITH named AS (
  SELECT v.id AS product_id, v.extra, a.product_tmpl_id, a.attribute_id, a.line_id,
         coalesce(v.named, v.extra::text) AS name
    FROM variant_extra v JOIN template_attribute a ON a.product_tmpl_id = v.product_tmpl_id
), numbered AS (
  SELECT *, row_number() OVER (PARTITION BY product_tmpl_id ORDER BY product_id) AS sequence,
         row_number() OVER (PARTITION BY product_tmpl_id, name ORDER BY product_id) AS nth FROM named
)
SELECT q.*, nextval('product_attribute_value_id_seq')::integer AS value_id
  FROM (SELECT product_id, extra, product_tmpl_id, attribute_id, line_id, sequence,
               CASE WHEN nth = 1 THEN name ELSE name || ' (' || product_id || ')' END AS name
          FROM numbered ORDER BY product_tmpl_id, product_id) q;

INSERT INTO product_attribute (id, create_uid, create_date, write_uid, write_date, name)
SELECT attribute_id, 1, now() AT TIME ZONE 'UTC', 1, now() AT TIME ZONE 'UTC', name FROM template_attribute;
INSERT INTO product_attribute_line (id, create_uid, create_date, write_uid, write_date, product_tmpl_id, attribute_id)
SELECT line_id, 1, now() AT TIME ZONE 'UTC', 1, now() AT TIME ZONE 'UTC', product_tmpl_id, attribute_id FROM template_attribute;
INSERT INTO product_attribute_value (id, create_uid, create_date, write_uid, write_date, name, sequence, attribute_id)
SELECT value_id, 1, now() AT TIME ZONE 'UTC', 1, now() AT TIME ZONE 'UTC', name, sequence, attribute_id FROM variant_value;
INSERT INTO product_attribute_line_product_attribute_value_rel (line_id, val_id) SELECT line_id, value_id FROM variant_value;
INSERT INTO product_attribute_value_product_product_rel (att_id, prod_id) SELECT value_id, product_id FROM variant_value;
INSERT INTO product_attribute_price (create_uid, create_date, write_uid, write_date, product_tmpl_id, value_id, price_extra)
SELECT 1, now() AT TIME ZONE 'UTC', 1, now() AT TIME ZONE 'UTC', product_tmpl_id, value_id, extra
  FROM variant_value WHERE extra <> 0 ORDER BY value_id;

-- Values of each company are given to all companies whose people saw the product: its own, those above and those below it,
-- and every company when it has none. `of` is 0 for a product without a company.
CREATE TEMP TABLE company_that_sees ON COMMIT DROP AS
WITH RECURSIVE above (company_id, id, depth) AS (
  SELECT id, id, 0 FROM res_company
  UNION
  SELECT a.company_id, c.parent_id, a.depth + 1 FROM above a JOIN res_company c ON c.id = a.id WHERE c.parent_id IS NOT NULL AND a.depth < 20
)
SELECT company_id AS of, id AS company_id FROM above
UNION SELECT id, company_id FROM above
UNION SELECT 0, id FROM res_company;

-- The cost of a product is a value of each company, with a history that begins with what it is now.
INSERT INTO ir_property (create_uid, create_date, write_uid, write_date, name, type, value_float, company_id, fields_id, res_id)
SELECT 1, now() AT TIME ZONE 'UTC', 1, now() AT TIME ZONE 'UTC', 'standard_price', 'float', t.standard_price::double precision, c.company_id, f.id, 'product.template,' || t.id
  FROM product_template t
  JOIN company_that_sees c ON c.of = coalesce(t.company_id, 0)
  JOIN ir_model_fields f ON f.model = 'product.template' AND f.name = 'standard_price'
  LEFT JOIN ir_property p ON p.fields_id = f.id AND p.company_id = c.company_id AND p.res_id = 'product.template,' || t.id
 WHERE t.standard_price <> 0 AND p.id IS NULL
 ORDER BY t.id, c.company_id;
CREATE TABLE IF NOT EXISTS product_price_history (
  id serial PRIMARY KEY, create_uid integer, create_date timestamp without time zone, write_uid integer,
  write_date timestamp without time zone, company_id integer, product_template_id integer, datetime timestamp without time zone,
  cost numeric);
INSERT INTO product_price_history (create_uid, create_date, write_uid, write_date, company_id, product_template_id, datetime, cost)
SELECT 1, now() AT TIME ZONE 'UTC', 1, now() AT TIME ZONE 'UTC', c.company_id, t.id, timestamp '1970-01-01', t.standard_price
  FROM product_template t JOIN company_that_sees c ON c.of = coalesce(t.company_id, 0)
 WHERE t.standard_price <> 0
 ORDER BY t.id, c.company_id;

-- 7.0 had one cost in the currency of its price type and converted it for companies with another one; 8.0 takes each company's as its own.
INSERT INTO uplift.note (stage, topic, subject, outcome, detail)
SELECT 'hop', 'cost', c.name, 'has the costs that stood in another currency: 8.0 takes them for amounts in the company''s own',
       jsonb_build_object('id', c.id, 'currency', own.name, 'costs in', theirs.name, 'products', count(*))
  FROM product_price_type y
  JOIN res_currency theirs ON theirs.id = y.currency_id
  JOIN res_company c ON c.currency_id <> y.currency_id
  JOIN res_currency own ON own.id = c.currency_id
  JOIN product_price_history h ON h.company_id = c.id
 WHERE y.field = 'standard_price' AND y.active IS NOT FALSE
 GROUP BY c.id, c.name, own.name, theirs.name ORDER BY c.id;

-- A packaging belongs to the template; which variant it was made for is kept with the columns that are set aside.
ALTER TABLE product_packaging ADD COLUMN IF NOT EXISTS product_tmpl_id integer;
UPDATE product_packaging g SET product_tmpl_id = p.product_tmpl_id FROM product_product p WHERE p.id = g.product_id;

-- Size and weight are of the logistic unit. One that had several sizes is as many units: the first size in use stays with it.
ALTER TABLE product_ul
  ALTER COLUMN name TYPE varchar,
  ADD COLUMN IF NOT EXISTS height double precision,
  ADD COLUMN IF NOT EXISTS width double precision,
  ADD COLUMN IF NOT EXISTS length double precision,
  ADD COLUMN IF NOT EXISTS weight double precision;
CREATE TEMP TABLE unit_size ON COMMIT DROP AS
WITH sized AS (
  SELECT id, ul, coalesce(height, 0) AS height, coalesce(width, 0) AS width, coalesce(length, 0) AS length, coalesce(weight_ul, 0) AS weight
    FROM product_packaging WHERE ul IS NOT NULL
), ranked AS (
  SELECT ul, height, width, length, weight, array_agg(id) AS packagings,
         row_number() OVER (PARTITION BY ul ORDER BY min(id)) AS nth
    FROM sized GROUP BY ul, height, width, length, weight
)
SELECT r.*, CASE WHEN r.nth = 1 THEN r.ul ELSE nextval('product_ul_id_seq')::integer END AS id
  FROM (SELECT * FROM ranked ORDER BY ul, nth) r;
INSERT INTO product_ul (id, create_uid, create_date, write_uid, write_date, name, type)
SELECT s.id, u.create_uid, u.create_date, u.write_uid, u.write_date, u.name || ' (' || s.nth || ')', u.type
  FROM unit_size s JOIN product_ul u ON u.id = s.ul WHERE s.nth > 1 ORDER BY s.id;
UPDATE product_ul u
   SET height = nullif(s.height, 0), width = nullif(s.width, 0), length = nullif(s.length, 0), weight = nullif(s.weight, 0)
  FROM unit_size s WHERE s.id = u.id;
UPDATE product_packaging g SET ul = s.id FROM unit_size s WHERE s.nth > 1 AND g.id = ANY (s.packagings);
INSERT INTO uplift.note (stage, topic, subject, outcome, detail)
SELECT 'hop', 'logistic unit', u.name, 'made for packagings of another size', jsonb_build_object('id', s.id, 'of', s.ul, 'packagings', cardinality(s.packagings))
  FROM unit_size s JOIN product_ul u ON u.id = s.id WHERE s.nth > 1 ORDER BY s.id;
