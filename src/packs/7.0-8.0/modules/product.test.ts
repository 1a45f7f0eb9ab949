import fc from 'fast-check'
import type pg from 'pg'
import { describe, expect, test } from 'vitest'
import { rowsOf, valuesOf } from '../../../../test/setup/small.ts'
import { halfHop } from '../../../../test/setup/source.ts'

const withProducts = halfHop(['7.0', '8.0'], ['product'])

const companies = `INSERT INTO res_company (id, name, parent_id) VALUES (1, 'Top', NULL), (2, 'Below', 1), (3, 'Beside', NULL);`
const costField = `INSERT INTO ir_model_fields (model, name) VALUES ('product.template', 'standard_price');`
const values = `
  SELECT p.id, a.name, v.name, x.price_extra::float8
    FROM product_product p
    JOIN product_attribute_value_product_product_rel r ON r.prod_id = p.id
    JOIN product_attribute_value v ON v.id = r.att_id
    JOIN product_attribute a ON a.id = v.attribute_id
    JOIN product_attribute_line l ON l.attribute_id = a.id AND l.product_tmpl_id = p.product_tmpl_id
    JOIN product_attribute_line_product_attribute_value_rel k ON k.line_id = l.id AND k.val_id = v.id
    LEFT JOIN product_attribute_price x ON x.value_id = v.id AND x.product_tmpl_id = p.product_tmpl_id
   ORDER BY p.id`

describe('the transform of products', () => {
  test('runs on empty tables', () =>
    withProducts(async ({ client, transform }) => {
      await transform('product')
      for (const table of ['product_attribute', 'product_price_history', 'ir_property', 'product_ul'])
        expect(await valuesOf(client, `SELECT id FROM ${table}`), table).toEqual([])
    }))

  test('variants become values of an attribute of their template, with what they cost more', () =>
    withProducts(async ({ client, transform }) => {
      await client.query(`
        INSERT INTO product_template (id, name, list_price) VALUES (1, 'Shirt', 20), (2, 'Plain', 20), (3, 'Twins', 1);
        INSERT INTO product_product (id, product_tmpl_id, variants, price_extra, price_margin, active) VALUES
          (1, 1, 'Red', 0, 1, true), (2, 1, 'Red', 5, 0, true), (3, 1, NULL, 2, NULL, false), (4, 1, ' ', 1, 1.5, true),
          (5, 2, NULL, 0, 1, true), (6, 3, '', NULL, NULL, true), (7, 3, NULL, 0, 1, true)`)
      await transform('product')
      expect(await rowsOf(client, values)).toEqual([
        [1, 'Shirt', 'Red', null],
        [2, 'Shirt', 'Red (2)', 5],
        [3, 'Shirt', '2', 2],
        [4, 'Shirt', '11', 11],
      ])
      expect(await valuesOf(client, `SELECT outcome FROM uplift.note WHERE topic = 'variant'`)).toEqual([
        'the margin of its price became an extra of its attribute value',
      ])
    }))

  test('any variants: each template has its price of every variant, and names are unique within an attribute', () =>
    fc.assert(
      fc.asyncProperty(
        fc.array(
          fc.record({
            template: fc.integer({ min: 1, max: 3 }),
            text: fc.constantFrom(null, '', ' ', 'A', 'B', 'a "quoted" one', 'é'),
            extra: fc.constantFrom(null, 0, 1, 2.5),
            margin: fc.constantFrom(null, 0, 1, 2),
          }),
          { maxLength: 12 },
        ),
        (variants) =>
          withProducts(async ({ client, transform }) => {
            await client.query(
              `INSERT INTO product_template (id, name, list_price) VALUES (1, 'One', 10), (2, 'Two', NULL), (3, 'Three', 0)`,
            )
            for (const [i, { template, text, extra, margin }] of variants.entries())
              await client.query(
                'INSERT INTO product_product (id, product_tmpl_id, variants, price_extra, price_margin, active) VALUES ($1, $2, $3, $4, $5, true)',
                [i + 1, template, text, extra, margin],
              )
            const before = await prices(
              client,
              'coalesce(t.list_price, 0) * coalesce(nullif(p.price_margin, 0), 1) + coalesce(p.price_extra, 0)',
            )
            await transform('product')
            const extra = `(SELECT sum(x.price_extra) FROM product_attribute_value_product_product_rel r
                              JOIN product_attribute_price x ON x.value_id = r.att_id AND x.product_tmpl_id = t.id WHERE r.prod_id = p.id)`
            expect(await prices(client, `coalesce(t.list_price, 0) + coalesce(${extra}, 0)`)).toEqual(before)
            expect(
              await rowsOf(
                client,
                'SELECT name, attribute_id FROM product_attribute_value GROUP BY 1, 2 HAVING count(*) > 1',
              ),
            ).toEqual([])
          }),
      ),
      { numRuns: 15 },
    ))

  test('the cost is a value of all companies that saw the product, and history begins with it', () =>
    withProducts(async ({ client, transform }) => {
      await client.query(`${companies}${costField}
        INSERT INTO product_template (id, name, standard_price, company_id) VALUES (1, 'All', 7.5, NULL), (2, 'Below', 2, 2), (3, 'Free', 0, NULL), (4, 'None', NULL, NULL);
        INSERT INTO ir_property (fields_id, company_id, res_id, value_float) SELECT id, 2, 'product.template,1', 9 FROM ir_model_fields`)
      await transform('product')
      expect(
        await rowsOf(client, 'SELECT res_id, company_id, value_float FROM ir_property ORDER BY 1, 2'),
      ).toEqual([
        ['product.template,1', 1, 7.5],
        ['product.template,1', 2, 9],
        ['product.template,1', 3, 7.5],
        ['product.template,2', 1, 2],
        ['product.template,2', 2, 2],
      ])
      expect(
        await rowsOf(
          client,
          'SELECT product_template_id, company_id, cost::float8, datetime < now() FROM product_price_history ORDER BY 1, 2',
        ),
      ).toEqual([
        [1, 1, 7.5, true],
        [1, 2, 7.5, true],
        [1, 3, 7.5, true],
        [2, 1, 2, true],
        [2, 2, 2, true],
      ])
    }))

  test('a company whose currency is not that of the costs is told', () =>
    withProducts(async ({ client, transform }) => {
      await client.query(`${companies}${costField}
        INSERT INTO res_currency (id, name) VALUES (1, 'EUR'), (2, 'USD');
        UPDATE res_company SET currency_id = CASE id WHEN 2 THEN 2 ELSE 1 END;
        INSERT INTO product_price_type (id, name, field, currency_id, active) VALUES (1, 'Cost', 'standard_price', 1, true), (2, 'Price', 'list_price', 2, true);
        INSERT INTO product_template (id, name, standard_price) VALUES (1, 'One', 7.5), (2, 'Two', 3), (3, 'Free', 0)`)
      await transform('product')
      expect(
        await rowsOf(
          client,
          `SELECT detail->'id', detail->'currency', detail->'costs in', detail->'products' FROM uplift.note WHERE topic = 'cost'`,
        ),
      ).toEqual([[2, 'USD', 'EUR', 2]])
    }))

  test('a template has the first picture of its variants, and a variant of several keeps its own', () =>
    withProducts(async ({ client, transform }) => {
      await client.query(`
        INSERT INTO product_template (id, name) VALUES (1, 'Several'), (2, 'Single'), (3, 'Without');
        INSERT INTO product_product (id, product_tmpl_id, active, color, image_variant, image_small) VALUES
          (1, 1, true, 4, NULL, NULL), (2, 1, true, 5, 'two', 's2'), (3, 1, false, 6, 'three', 's3'), (4, 2, false, 7, 'four', 's4')`)
      await transform('product')
      expect(
        await rowsOf(
          client,
          `SELECT id, active, color, convert_from(image, 'UTF8'), convert_from(image_small, 'UTF8') FROM product_template ORDER BY id`,
        ),
      ).toEqual([
        [1, true, 4, 'two', 's2'],
        [2, false, 7, 'four', 's4'],
        [3, true, null, null, null],
      ])
      expect(
        await valuesOf(client, `SELECT convert_from(image_variant, 'UTF8') FROM product_product ORDER BY id`),
      ).toEqual([null, 'two', 'three', null])
    }))

  test('sizes of packagings are those of their logistic unit, which is split where they differ', () =>
    withProducts(async ({ client, transform }) => {
      await client.query(`
        INSERT INTO product_ul (id, name, type) VALUES (1, 'Box', 'box'), (2, 'Pallet', 'pallet'); SELECT setval('product_ul_id_seq', 2);
        INSERT INTO product_template (id, name) VALUES (1, 'a'), (2, 'b');
        INSERT INTO product_product (id, product_tmpl_id) VALUES (10, 1), (20, 2);
        INSERT INTO product_packaging (id, product_id, ul, height, width, length, weight_ul) VALUES
          (1, 10, 1, 1, 2, 3, 4), (2, 20, 1, 1, 2, 3, 4), (3, 20, 1, 1, 2, 3, 5), (4, 10, 1, NULL, 0, NULL, NULL)`)
      await transform('product')
      expect(
        await rowsOf(
          client,
          `SELECT g.id, g.product_tmpl_id, u.name, u.type, u.height, u.width, u.length, u.weight FROM product_packaging g JOIN product_ul u ON u.id = g.ul ORDER BY 1`,
        ),
      ).toEqual([
        [1, 1, 'Box', 'box', 1, 2, 3, 4],
        [2, 2, 'Box', 'box', 1, 2, 3, 4],
        [3, 2, 'Box (2)', 'box', 1, 2, 3, 5],
        [4, 1, 'Box (3)', 'box', null, null, null, null],
      ])
      expect(await valuesOf(client, 'SELECT height FROM product_ul WHERE id = 2')).toEqual([null])
    }))
})

function prices(client: pg.ClientBase, expression: string): Promise<unknown[][]> {
  return rowsOf(
    client,
    `SELECT p.id, round((${expression})::numeric, 4)::float8 FROM product_product p JOIN product_template t ON t.id = p.product_tmpl_id ORDER BY p.id`,
  )
}
