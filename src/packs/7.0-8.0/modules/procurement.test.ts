import { describe, expect, test } from 'vitest'
import { rowsOf, valuesOf } from '../../../../test/setup/small.ts'
import { halfHop } from '../../../../test/setup/source.ts'
import { warehouse70 } from '../../../../test/setup/warehouse.ts'

const withProcurement = halfHop(['7.0', '8.0'], ['procurement'])
const modules = ['product', 'stock', 'procurement']

describe('the transform of procurements', () => {
  test('runs on empty tables', () =>
    withProcurement(async ({ client, transform }) => {
      await transform(...modules)
      expect(await valuesOf(client, 'SELECT id FROM procurement_order')).toEqual([])
    }))

  test('what is made to order has the route for it', () =>
    withProcurement(async ({ client, transform }) => {
      await client.query(warehouse70)
      await transform(...modules)
      expect(
        await rowsOf(
          client,
          `SELECT r.product_id, s.name FROM stock_route_product r JOIN stock_location_route s ON s.id = r.route_id
             JOIN ir_model_data d ON d.res_id = s.id AND d.module = 'stock' AND d.name = 'route_warehouse0_mto'`,
        ),
      ).toEqual([[2, 'Make To Order']])
    }))

  // Order, place: a delivery from stock; another move from stock; to order; a service; one that is over; a cancelled move.
  const orders = `
    INSERT INTO stock_move (id, state, location_id, location_dest_id, product_id, product_uom, product_uom_qty, company_id) VALUES
      (1, 'confirmed', 2, 9, 1, 1, 1, 1), (2, 'confirmed', 2, 7, 1, 1, 1, 1), (3, 'waiting', 2, 9, 2, 1, 1, 1), (5, 'done', 2, 9, 1, 1, 1, 1),
      (6, 'cancel', 2, 9, 1, 1, 1, 1);
    INSERT INTO procurement_order (id, state, state_7_0, procure_method, move_id, location_id, product_id, company_id, message) VALUES
      (1, 'exception', 'exception', 'make_to_stock', 1, 2, 1, 1, 'a < b'), (2, 'confirmed', 'waiting', 'make_to_stock', 2, 2, 1, 1, NULL),
      (3, 'confirmed', 'confirmed', 'make_to_order', 3, 2, 2, 1, NULL), (4, 'confirmed', 'confirmed', 'make_to_stock', NULL, 2, 3, 1, NULL),
      (5, 'done', 'done', 'make_to_stock', 5, 2, 1, 1, 'reserved'), (6, 'confirmed', 'confirmed', 'make_to_stock', 6, 2, 1, 1, NULL),
      (7, 'confirmed', 'draft', 'make_to_stock', NULL, 2, 1, 1, NULL)`

  test('what takes from stock follows its delivery or is over, what makes to order brings goods for its move', () =>
    withProcurement(async ({ client, transform }) => {
      await client.query(`${warehouse70}${orders}`)
      await transform(...modules)
      const all =
        'SELECT id, state, location_id, move_dest_id, warehouse_id FROM procurement_order ORDER BY id'
      expect(await rowsOf(client, all)).toEqual([
        [1, 'running', 9, null, 1],
        [2, 'done', 2, 2, 1],
        [3, 'confirmed', 2, 3, 1],
        [4, 'done', 2, null, 1],
        [5, 'done', 9, null, 1],
        [6, 'exception', 9, null, 1],
        [7, 'confirmed', 2, null, 1],
      ])
      expect(
        await rowsOf(client, 'SELECT id, procurement_id, procure_method FROM stock_move ORDER BY id'),
      ).toEqual([
        [1, 1, 'make_to_stock'],
        [2, null, 'make_to_stock'],
        [3, null, 'make_to_order'],
        [5, 5, 'make_to_stock'],
        [6, 6, 'make_to_stock'],
      ])
      expect(await rowsOf(client, 'SELECT res_id, body FROM mail_message')).toEqual([[1, '<p>a &lt; b</p>']])
    }))

  test('no move leads in a circle to the procurement that it is of', () =>
    withProcurement(async ({ client, transform }) => {
      await client.query(`${warehouse70}${orders}`)
      await transform(...modules)
      expect(
        await valuesOf(
          client,
          'SELECT p.id FROM procurement_order p JOIN stock_move m ON m.procurement_id = p.id AND p.move_dest_id = m.id',
        ),
      ).toEqual([])
    }))

  test('a delivery goes by the rule of its warehouse', () =>
    withProcurement(async ({ client, transform }) => {
      await client.query(`${warehouse70}${orders}`)
      await transform(...modules)
      expect(
        await rowsOf(
          client,
          `SELECT p.id, r.warehouse_id, r.location_id, r.procure_method FROM procurement_order p JOIN procurement_rule r ON r.id = p.rule_id
            WHERE r.action = 'move' ORDER BY p.id`,
        ),
      ).toEqual([
        [1, 1, 9, 'make_to_stock'],
        [5, 1, 9, 'make_to_stock'],
        [6, 1, 9, 'make_to_stock'],
      ])
    }))

  test('minimum stock is in the unit of the product, and names its procurement the other way round', () =>
    withProcurement(async ({ client, transform }) => {
      await client.query(`${warehouse70}${orders};
        INSERT INTO stock_warehouse_orderpoint (id, product_id, product_uom, product_min_qty, product_max_qty, qty_multiple, procurement_id) VALUES
          (1, 1, 2, 1, 2, 1, 7), (2, 2, 1, 5, 6, 1, NULL)`)
      await transform(...modules)
      expect(
        await rowsOf(
          client,
          'SELECT id, round(product_min_qty, 3)::float8, round(product_max_qty, 3)::float8, product_uom FROM stock_warehouse_orderpoint ORDER BY id',
        ),
      ).toEqual([
        [1, 12, 24, 1],
        [2, 5, 6, 1],
      ])
      expect(await valuesOf(client, 'SELECT id FROM procurement_order WHERE orderpoint_id = 1')).toEqual([7])
    }))

  test('the scheduler is not told whether it runs by itself', () =>
    withProcurement(async ({ client, transform }) => {
      await client.query(`INSERT INTO ir_cron (id, name, model, function, args) VALUES
        (1, 'a', 'procurement.order', 'run_scheduler', '(False,True)'), (2, 'b', 'procurement.order', 'run_scheduler', '(True,)'),
        (3, 'c', 'procurement.order', 'run_scheduler', '()'), (4, 'd', 'procurement.order', 'run_scheduler', NULL), (5, 'e', 'procurement.order', 'search', '(False,True)')`)
      await transform(...modules)
      expect(await valuesOf(client, 'SELECT args FROM ir_cron ORDER BY id')).toEqual([
        '(True,)',
        '()',
        '()',
        null,
        '(False,True)',
      ])
    }))
})
