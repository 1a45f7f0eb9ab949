import { expect, it } from 'vitest'
import { rowsOf } from '../../../../test/setup/small.ts'
import { halfHop } from '../../../../test/setup/source.ts'

const withFlows = halfHop(['7.0', '8.0'], ['stock_location'])

const base = `
  INSERT INTO res_company (id, name) VALUES (1, 'One');
  INSERT INTO product_template (id, name, uom_id) VALUES (1, 'Table', 1), (2, 'Chair', 1);
  INSERT INTO product_product (id, product_tmpl_id, active) VALUES (11, 1, true), (12, 1, true), (13, 2, true);
  INSERT INTO stock_location (id, name, usage, company_id, active, chained_location_type, chained_auto_packing)
    VALUES (10, 'Stock', 'internal', 1, true, 'none', 'manual'), (11, 'Check', 'internal', 1, true, 'none', 'manual'), (12, 'Far', 'internal', 1, true, 'none', 'manual');
  INSERT INTO stock_warehouse (id, name, company_id, lot_stock_id, wh_input_stock_loc_id, wh_output_stock_loc_id) VALUES (1, 'One', 1, 10, 10, 10);
  SELECT setval('stock_location_id_seq', 100), setval('stock_warehouse_id_seq', 100);
  INSERT INTO stock_location_path (id, name, product_id, location_from_id, location_dest_id, auto, delay, picking_type, company_id)
    VALUES (1, 'Check it', 11, 11, 10, 'manual', NULL, 'internal', 1);
  INSERT INTO product_pulled_flow (id, name, product_id, location_id, location_src_id, procure_method, type_proc, picking_type, company_id, cancel_cascade)
    VALUES (1, 'From far', 13, 10, 12, 'make_to_order', 'move', 'out', 1, true), (2, 'Make', 13, 12, NULL, 'make_to_stock', 'produce', 'internal', 1, false)`

it('makes flows of products routes of their templates', async () => {
  await withFlows(async ({ client, transform }) => {
    await client.query(base)
    await transform('product', 'stock', 'procurement', 'stock_location')
    const flows = `SELECT r.name, p.product_id FROM stock_location_route r JOIN stock_route_product p ON p.route_id = r.id ORDER BY r.id`
    expect(await rowsOf(client, flows)).toEqual([
      ['Table: flows', 1],
      ['Chair: flows', 2],
    ])
    const paths = `SELECT p.name, r.name, t.name, p.delay, p.active FROM stock_location_path p
      JOIN stock_location_route r ON r.id = p.route_id JOIN stock_picking_type t ON t.id = p.picking_type_id`
    expect(await rowsOf(client, paths)).toEqual([['Check it', 'Table: flows', 'Internal Transfers', 0, true]])
    const rules = `SELECT p.name, p.action, p.location_src_id, p.location_id, t.name, p.procure_method, p.propagate FROM procurement_rule p
      JOIN stock_location_route r ON r.id = p.route_id AND r.name = 'Chair: flows' JOIN stock_picking_type t ON t.id = p.picking_type_id ORDER BY p.id`
    expect(await rowsOf(client, rules)).toEqual([
      ['From far', 'move', 12, 10, 'Delivery Orders', 'make_to_order', true],
    ])
    expect(
      await rowsOf(client, `SELECT subject FROM uplift.note WHERE topic = 'product flow' ORDER BY id`),
    ).toEqual([['Table'], ['Make']])
  })
})

it('has nothing to do without flows', async () => {
  await withFlows(async ({ client, transform }) => {
    await transform('product', 'stock', 'procurement', 'stock_location')
    expect(await rowsOf(client, 'SELECT * FROM stock_location_path')).toEqual([])
  })
})
