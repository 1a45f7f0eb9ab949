import { describe, expect, test } from 'vitest'
import { rowsOf, valuesOf } from '../../../../test/setup/small.ts'
import { halfHop } from '../../../../test/setup/source.ts'
import { warehouse70 } from '../../../../test/setup/warehouse.ts'

const withPurchases = halfHop(['7.0', '8.0'], ['purchase'])
const modules = ['product', 'stock', 'procurement', 'purchase']

describe('the transform of purchases', () => {
  test('runs on empty tables', () =>
    withPurchases(async ({ client, transform }) => {
      await transform(...modules)
      expect(await valuesOf(client, 'SELECT id FROM procurement_rule')).toEqual([])
    }))

  test('every warehouse buys what has the route for it', () =>
    withPurchases(async ({ client, transform }) => {
      await client.query(warehouse70)
      await transform(...modules)
      expect(
        await rowsOf(
          client,
          `SELECT r.action, r.location_id, r.picking_type_id = w.in_type_id, r.procure_method, s.name, w.buy_to_resupply
             FROM stock_warehouse w JOIN procurement_rule r ON r.id = w.buy_pull_id JOIN stock_location_route s ON s.id = r.route_id`,
        ),
      ).toEqual([['buy', 2, true, 'make_to_stock', 'Buy', true]])
      expect(
        await valuesOf(
          client,
          `SELECT r.product_id FROM stock_route_product r JOIN stock_location_route s ON s.id = r.route_id AND s.name = 'Buy' ORDER BY 1`,
        ),
      ).toEqual([1, 3])
    }))

  test('an order has receipts, a currency and a moment; its procurements know their lines and receipts', () =>
    withPurchases(async ({ client, transform }) => {
      await client.query(`${warehouse70}
        INSERT INTO product_pricelist (id, name, currency_id) VALUES (1, 'Dollars', 2);
        INSERT INTO purchase_order (id, name, pricelist_id, company_id, location_id, warehouse_id, create_uid, date_order) VALUES
          (1, 'PO1', 1, 1, 2, 1, 2, '2014-07-01'), (2, 'PO2', NULL, 1, 2, NULL, 3, '2014-07-01');
        INSERT INTO purchase_order_line (id, order_id, product_id, move_dest_id) VALUES (1, 1, 1, NULL), (2, 1, 1, 30), (3, 1, 2, NULL);
        INSERT INTO stock_picking (id, name, type, company_id, invoice_state) VALUES (1, 'IN1', 'in', 1, '2binvoiced');
        INSERT INTO stock_move (id, state, location_id, location_dest_id, product_id, product_uom, product_uom_qty, company_id, purchase_line_id, picking_id) VALUES
          (20, 'assigned', 8, 2, 1, 1, 1, 1, 1, 1), (21, 'assigned', 8, 2, 1, 1, 1, 1, 2, 1), (30, 'waiting', 2, 9, 1, 1, 1, 1, NULL, NULL);
        INSERT INTO procurement_order (id, state, state_7_0, procure_method, move_id, location_id, product_id, company_id, purchase_id) VALUES
          (1, 'running', 'running', 'make_to_order', 30, 2, 1, 1, 1), (2, 'running', 'running', 'make_to_order', NULL, 2, 1, 1, 1)`)
      await transform(...modules)
      expect(
        await rowsOf(
          client,
          `SELECT o.id, t.code, o.currency_id, o.date_order::text FROM purchase_order o JOIN stock_picking_type t ON t.id = o.picking_type_id ORDER BY 1`,
        ),
      ).toEqual([
        [1, 'incoming', 2, '2014-07-01 04:00:00'],
        [2, 'incoming', 1, '2014-07-01 00:00:00'],
      ])
      expect(
        await rowsOf(
          client,
          `SELECT p.id, p.purchase_line_id, p.move_dest_id, p.invoice_state, r.action FROM procurement_order p JOIN procurement_rule r ON r.id = p.rule_id ORDER BY 1`,
        ),
      ).toEqual([
        [1, 2, 30, '2binvoiced', 'buy'],
        [2, 1, null, '2binvoiced', 'buy'],
      ])
      expect(await rowsOf(client, 'SELECT id, procurement_id FROM stock_move ORDER BY id')).toEqual([
        [20, 2],
        [21, 1],
        [30, null],
      ])
    }))

  test('a receipt to come is priced in the product unit and the currency of the company, at the rate of its order', () =>
    withPurchases(async ({ client, transform }) => {
      await client.query(`${warehouse70}
        INSERT INTO res_currency_rate (currency_id, name, rate) VALUES (1, '2000-01-01', 1), (2, '2014-01-01', 1.25), (2, '2014-08-01', 5);
        INSERT INTO res_currency (id, name) VALUES (3, 'XXX');
        INSERT INTO product_pricelist (id, name, currency_id) VALUES (1, 'Dollars', 2), (2, 'Without a rate', 3), (3, 'Euros', 1);
        INSERT INTO purchase_order (id, name, pricelist_id, company_id, location_id, warehouse_id, date_order) VALUES
          (1, 'PO1', 1, 1, 2, 1, '2014-07-01'), (2, 'PO2', 2, 1, 2, 1, '2014-07-01'), (3, 'PO3', 3, 1, 2, 1, '2014-07-01');
        INSERT INTO purchase_order_line (id, order_id, product_id) VALUES (1, 1, 1), (2, 2, 1), (3, 3, 1);
        INSERT INTO stock_move (id, state, location_id, location_dest_id, product_id, product_uom, product_uom_qty, company_id, purchase_line_id, price_unit, price_currency_id) VALUES
          (1, 'assigned', 8, 2, 1, 1, 1, 1, 1, 10, NULL), (2, 'confirmed', 8, 2, 1, 2, 1, 1, 1, 1200, NULL), (3, 'done', 8, 2, 1, 2, 1, 1, 1, 1200, NULL),
          (4, 'assigned', 8, 2, 1, 1, 1, 1, 2, 10, NULL), (5, 'assigned', 8, 2, 1, 2, 1, 1, 3, 12, NULL), (6, 'assigned', 8, 2, 1, 1, 1, 1, 3, 25, 2),
          (7, 'assigned', 8, 2, 1, 2, 1, 1, NULL, 12, NULL)`)
      await transform(...modules)
      expect(
        await rowsOf(client, 'SELECT id, round(price_unit::numeric, 6)::float8 FROM stock_move ORDER BY id'),
      ).toEqual([
        [1, 8],
        [2, 80],
        [3, 1200],
        [4, 10],
        [5, 1],
        [6, 20],
        [7, 12],
      ])
      expect(
        await rowsOf(
          client,
          `SELECT subject, detail->'moves' FROM uplift.note WHERE topic = 'purchase order'`,
        ),
      ).toEqual([['PO2', [4]]])
    }))

  test('an open order waits for its receipt in the workflow, once', () =>
    withPurchases(async ({ client, transform }) => {
      await client.query(`${warehouse70}
        INSERT INTO ir_model_data (module, name, model, res_id) VALUES ('purchase', 'act_picking', 'workflow.activity', 5), ('purchase', 'act_picking_done', 'workflow.activity', 6);
        INSERT INTO purchase_order (id, name, company_id, location_id, state) SELECT n, 'PO' || n, 1, 2, CASE n WHEN 4 THEN 'draft' ELSE 'approved' END FROM generate_series(1, 5) n;
        INSERT INTO purchase_order_line (id, order_id, product_id) SELECT n, n, 1 FROM generate_series(1, 5) n;
        INSERT INTO stock_move (id, state, location_id, location_dest_id, product_id, product_uom, product_uom_qty, company_id, purchase_line_id)
        SELECT n, CASE n WHEN 5 THEN 'done' ELSE 'assigned' END, 8, 2, 1, 1, 1, 1, n FROM generate_series(1, 5) n;
        INSERT INTO wkf_instance (id, res_type, res_id, state) SELECT n, 'purchase.order', n, 'active' FROM generate_series(1, 5) n;
        INSERT INTO wkf_workitem (id, inst_id, act_id, state) VALUES (1, 1, 5, 'running'), (2, 2, 6, 'complete'); SELECT setval('wkf_workitem_id_seq', 2)`)
      await transform(...modules)
      expect(await rowsOf(client, 'SELECT inst_id, act_id, state FROM wkf_workitem ORDER BY id')).toEqual([
        [1, 5, 'complete'],
        [2, 6, 'complete'],
        [3, 5, 'complete'],
      ])
    }))
})
