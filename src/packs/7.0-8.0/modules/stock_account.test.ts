import { describe, expect, test } from 'vitest'
import { rowsOf, valuesOf } from '../../../../test/setup/small.ts'
import { halfHop } from '../../../../test/setup/source.ts'
import { warehouse70 } from '../../../../test/setup/warehouse.ts'

const withStock = halfHop(['7.0', '8.0'], ['stock'])

describe('the transform of valuation, which a module of its own has from 8.0 on', () => {
  test('cost method and valuation become values of each company where they are not the default', () =>
    withStock(async ({ client, transform }) => {
      await client.query(`${warehouse70}
        INSERT INTO res_company (id, name) VALUES (5, 'Other');
        INSERT INTO ir_model_fields (id, model, model_id, name) VALUES (1, 'product.template', 1, 'cost_method'), (2, 'product.product', 2, 'valuation');
        INSERT INTO ir_model_data (module, name, model, res_id) VALUES ('stock', 'field_product_product_valuation', 'ir.model.fields', 2);
        UPDATE product_template SET cost_method = CASE id WHEN 1 THEN 'average' ELSE 'standard' END, company_id = CASE id WHEN 2 THEN 5 END;
        UPDATE product_product SET valuation = CASE id WHEN 2 THEN 'real_time' ELSE 'manual_periodic' END;
        INSERT INTO product_product (id, product_tmpl_id, valuation) VALUES (4, 1, 'real_time')`)
      await transform('product', 'stock')
      const properties = `SELECT f.model, f.name, p.company_id, p.res_id, p.type, p.value_text
                            FROM ir_property p JOIN ir_model_fields f ON f.id = p.fields_id ORDER BY 2, 4 NULLS FIRST, 3`
      expect(await rowsOf(client, properties)).toEqual([
        ['product.template', 'cost_method', null, null, 'selection', 'standard'],
        ['product.template', 'cost_method', 1, 'product.template,1', 'selection', 'average'],
        ['product.template', 'cost_method', 5, 'product.template,1', 'selection', 'average'],
        ['product.template', 'valuation', null, null, 'selection', 'manual_periodic'],
        ['product.template', 'valuation', 5, 'product.template,2', 'selection', 'real_time'],
      ])
      expect(
        await valuesOf(client, `SELECT name FROM ir_model_data WHERE module = 'stock_account' ORDER BY name`),
      ).toEqual(['default_cost_method', 'default_valuation', 'field_product_template_valuation'])
      expect(await valuesOf(client, `SELECT subject FROM uplift.note WHERE topic = 'valuation'`)).toEqual([
        'From stock, bought',
      ])
    }))

  test('an inventory that is done has the period of its day and company, an ordinary one before a special one', () =>
    withStock(async ({ client, transform }) => {
      await client.query(`${warehouse70}
        INSERT INTO account_period (id, company_id, date_start, date_stop, special) VALUES
          (1, 1, '2014-01-01', '2014-01-01', true), (2, 1, '2014-01-01', '2014-01-31', false), (3, 5, '2014-01-01', '2014-01-31', false);
        INSERT INTO stock_inventory (id, company_id, state, date_done) VALUES
          (1, 1, 'done', '2014-01-01 10:00'), (2, 1, 'confirm', NULL), (3, 1, 'done', '2015-01-01 10:00')`)
      await transform('product', 'stock')
      expect(await rowsOf(client, 'SELECT id, period_id FROM stock_inventory ORDER BY id')).toEqual([
        [1, 2],
        [2, null],
        [3, null],
      ])
    }))
})
