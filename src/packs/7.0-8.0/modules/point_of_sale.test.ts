import { describe, expect, test } from 'vitest'
import { rowsOf, valuesOf } from '../../../../test/setup/small.ts'
import { halfHop } from '../../../../test/setup/source.ts'
import { warehouse70 } from '../../../../test/setup/warehouse.ts'

const withTills = halfHop(['7.0', '8.0'], ['point_of_sale'])
const modules = ['product', 'stock', 'procurement', 'sale', 'sale_stock', 'point_of_sale']

describe('the transform of points of sale', () => {
  test('runs on empty tables', () =>
    withTills(async ({ client, transform }) => {
      await transform(...modules)
      expect(await valuesOf(client, 'SELECT id FROM pos_config')).toEqual([])
    }))

  test('a point of sale has the stock of its shop and pickings of its own, and its orders lie there', () =>
    withTills(async ({ client, transform }) => {
      await client.query(`${warehouse70}
        INSERT INTO product_pricelist (id, name, type, active) VALUES (1, 'Public', 'sale', true);
        INSERT INTO sale_shop (id, name, warehouse_id, company_id, pricelist_id) VALUES (1, 'Shop', 1, 1, 1);
        INSERT INTO pos_config (id, name, shop_id, iface_cashdrawer) VALUES (1, 'Other', 1, false), (2, 'Main', 1, true);
        INSERT INTO ir_model_data (module, name, model, res_id) VALUES ('point_of_sale', 'pos_config_main', 'pos.config', 2);
        INSERT INTO pos_session (id, config_id) VALUES (1, 2);
        INSERT INTO pos_order (id, session_id) VALUES (1, 1), (2, NULL)`)
      await transform(...modules)
      expect(
        await rowsOf(
          client,
          `SELECT p.name, p.stock_location_id, p.company_id, p.pricelist_id, p.proxy_ip, t.name, t.code, t.default_location_src_id, t.default_location_dest_id, s.prefix, d.name
             FROM pos_config p JOIN stock_picking_type t ON t.id = p.picking_type_id JOIN ir_sequence s ON s.id = t.sequence_id
             LEFT JOIN ir_model_data d ON d.module = 'point_of_sale' AND d.model = 'stock.picking.type' AND d.res_id = t.id ORDER BY p.id`,
        ),
      ).toEqual([
        ['Other', 2, 1, 1, null, 'PoS Orders Other', 'outgoing', 2, 9, 'POS1/', null],
        [
          'Main',
          2,
          1,
          1,
          'http://localhost:8069',
          'PoS Orders',
          'outgoing',
          2,
          9,
          'POS',
          'picking_type_posout',
        ],
      ])
      expect(await valuesOf(client, 'SELECT location_id FROM pos_order ORDER BY id')).toEqual([2, null])
    }))

  test('a point of sale gets a price list where there is none at all, and only there', () =>
    withTills(async ({ client, transform }) => {
      await client.query(`${warehouse70}
        UPDATE res_company SET currency_id = 3 WHERE id = 1;
        INSERT INTO product_price_type (id, name, field) VALUES (4, 'Public Price', 'list_price'), (5, 'Cost', 'standard_price');
        INSERT INTO sale_shop (id, name, warehouse_id, company_id) VALUES (1, 'Shop', 1, 1);
        INSERT INTO pos_config (id, name, shop_id) VALUES (1, 'Main', 1), (2, 'Other', 1)`)
      await transform(...modules)
      expect(
        await rowsOf(
          client,
          `SELECT p.id, l.name, l.type, l.currency_id, v.active, i.base, i.price_discount::float8
             FROM pos_config p JOIN product_pricelist l ON l.id = p.pricelist_id JOIN product_pricelist_version v ON v.pricelist_id = l.id
             JOIN product_pricelist_item i ON i.price_version_id = v.id ORDER BY p.id`,
        ),
      ).toEqual([
        [1, 'Public Pricelist', 'sale', 3, true, 4, 0],
        [2, 'Public Pricelist', 'sale', 3, true, 4, 0],
      ])
      expect(await valuesOf(client, `SELECT subject FROM uplift.note WHERE topic = 'price list'`)).toEqual([
        'Public Pricelist',
      ])
    }))

  test('what the till knows of a product belongs to the template', () =>
    withTills(async ({ client, transform }) => {
      await client.query(`${warehouse70}
        UPDATE product_product SET available_in_pos = id = 1, pos_categ_id = id, to_weight = false;
        INSERT INTO product_product (id, product_tmpl_id, to_weight, pos_categ_id) VALUES (4, 1, true, 9)`)
      await transform(...modules)
      expect(
        await rowsOf(
          client,
          'SELECT id, available_in_pos, to_weight, pos_categ_id FROM product_template ORDER BY id',
        ),
      ).toEqual([
        [1, true, true, 1],
        [2, false, false, 2],
        [3, false, false, 3],
      ])
    }))
})
