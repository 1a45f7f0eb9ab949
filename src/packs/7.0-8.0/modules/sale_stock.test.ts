import { describe, expect, test } from 'vitest'
import { rowsOf, valuesOf } from '../../../../test/setup/small.ts'
import { halfHop } from '../../../../test/setup/source.ts'
import { warehouse70 } from '../../../../test/setup/warehouse.ts'

const withSales = halfHop(['7.0', '8.0'], ['sale_stock'])
const modules = ['product', 'stock', 'procurement', 'sale', 'sale_stock']

describe('the transform of sales', () => {
  test('runs on empty tables', () =>
    withSales(async ({ client, transform }) => {
      await transform(...modules)
      expect(await valuesOf(client, 'SELECT id FROM procurement_group')).toEqual([])
    }))

  test('an order has the warehouse of its shop and the midnight of its salesperson', () =>
    withSales(async ({ client, transform }) => {
      await client.query(`${warehouse70}
        INSERT INTO stock_warehouse (id, name, company_id, lot_stock_id) VALUES (2, 'Shop', 1, 2);
        INSERT INTO sale_shop (id, name, warehouse_id) VALUES (1, 'Shop', 2);
        INSERT INTO sale_order (id, name, shop_id, company_id, user_id, create_uid, date_order) VALUES
          (1, 'a', 1, 1, 2, 1, '2014-07-01'), (2, 'b', NULL, 1, NULL, 1, '2014-01-01'), (3, 'c', 1, 1, 3, 1, '2014-01-01'), (4, 'd', 1, 1, 2, 1, NULL)`)
      await transform(...modules)
      expect(
        await rowsOf(client, 'SELECT id, warehouse_id, date_order::text FROM sale_order ORDER BY id'),
      ).toEqual([
        [1, 2, '2014-07-01 04:00:00'],
        [2, 1, '2013-12-31 23:00:00'],
        [3, 2, '2014-01-01 00:00:00'],
        [4, 2, null],
      ])
    }))

  test('a group holds an order together, and each line has a procurement that its deliveries are of', () =>
    withSales(async ({ client, transform }) => {
      await client.query(`${warehouse70}
        INSERT INTO sale_order (id, name, company_id, picking_policy) VALUES (1, 'SO1', 1, 'one'), (2, 'SO2', 1, NULL);
        INSERT INTO sale_order_line (id, order_id, product_id, type, procurement_id) VALUES
          (1, 1, 1, 'make_to_stock', 1), (2, 1, 2, 'make_to_order', 2), (3, 1, 2, 'make_to_stock', 3), (4, 2, 1, 'make_to_stock', NULL);
        INSERT INTO stock_picking (id, name, sale_id, type, company_id) VALUES (1, 'OUT1', 1, 'out', 1);
        INSERT INTO stock_move (id, state, location_id, location_dest_id, product_id, product_uom, product_uom_qty, company_id, picking_id, sale_line_id) VALUES
          (1, 'confirmed', 2, 9, 1, 1, 1, 1, 1, 1), (2, 'done', 2, 9, 1, 1, 1, 1, 1, 1), (3, 'done', 2, 9, 2, 1, 1, 1, 1, 2), (4, 'confirmed', 2, 2, 2, 1, 1, 1, NULL, 3),
          (5, 'assigned', 2, 9, 1, 1, 1, 1, 1, 3);
        INSERT INTO procurement_order (id, name, state, state_7_0, procure_method, move_id, location_id, product_id, product_qty, company_id) VALUES
          (1, 'one', 'done', 'done', 'make_to_stock', 1, 2, 1, 2, 1), (2, 'two', 'running', 'running', 'make_to_order', 3, 2, 2, 1, 1),
          (3, 'kit', 'confirmed', 'waiting', 'make_to_stock', 4, 2, 2, 1, 1), (4, 'of the kit', 'confirmed', 'confirmed', 'make_to_stock', 5, 2, 1, 1, 1);
        SELECT setval('procurement_order_id_seq', 4)`)
      await transform(...modules)
      const group = await valuesOf(client, 'SELECT id FROM procurement_group')
      expect(group).toHaveLength(1)
      expect(await rowsOf(client, 'SELECT name, move_type FROM procurement_group')).toEqual([['SO1', 'one']])
      expect(await valuesOf(client, 'SELECT procurement_group_id FROM sale_order ORDER BY id')).toEqual([
        ...group,
        null,
      ])
      expect(await valuesOf(client, 'SELECT group_id FROM stock_picking')).toEqual(group)
      expect(
        await rowsOf(
          client,
          'SELECT id, sale_line_id, state, location_id, move_dest_id, group_id IS NOT NULL, product_qty::float8 FROM procurement_order ORDER BY id',
        ),
      ).toEqual([
        [1, 1, 'done', 9, null, true, 2],
        [2, null, 'running', 2, 3, true, 1],
        [3, 3, 'running', 9, null, true, 1],
        [4, null, 'done', 9, null, false, 1],
        [5, 2, 'done', 9, null, true, 1],
      ])
      expect(await rowsOf(client, 'SELECT id, procurement_id FROM stock_move ORDER BY id')).toEqual([
        [1, 1],
        [2, 1],
        [3, 5],
        [4, null],
        [5, 3],
      ])
      expect(
        await rowsOf(
          client,
          `SELECT l.id, d.name FROM sale_order_line l JOIN ir_model_data d ON d.res_id = l.route_id AND d.model = 'stock.location.route'`,
        ),
      ).toEqual([[2, 'route_warehouse0_mto']])
    }))
})
