import { expect, test } from 'vitest'
import { rowsOf } from '../../../../test/setup/small.ts'
import { halfHop } from '../../../../test/setup/source.ts'
import { warehouse70 } from '../../../../test/setup/warehouse.ts'

const withRequisitions = halfHop(['7.0', '8.0'], ['purchase_requisition'])

test('a requisition is received in its own warehouse, else in one of its company, else in the first', () =>
  withRequisitions(async ({ client, transform }) => {
    await client.query(`${warehouse70}
      INSERT INTO res_company (id, name, currency_id) VALUES (2, 'Other', 1), (3, 'Without a warehouse', 1);
      INSERT INTO stock_location (id, name, usage, location_id, active) VALUES (12, 'Stock 2', 'internal', NULL, true), (13, 'Stock 3', 'internal', NULL, true);
      INSERT INTO stock_warehouse (id, name, company_id, lot_stock_id, wh_input_stock_loc_id, wh_output_stock_loc_id) VALUES
        (2, 'Annex', 2, 12, 12, 12), (3, 'Shed', 2, 13, 13, 13);
      INSERT INTO purchase_requisition (id, name, company_id, warehouse_id) VALUES (1, 'A', 2, 3), (2, 'B', 2, NULL), (3, 'C', 3, NULL), (4, 'D', NULL, NULL)`)
    await transform('product', 'stock', 'procurement', 'purchase', 'purchase_requisition')
    expect(
      await rowsOf(
        client,
        `SELECT r.id, w.name, t.code FROM purchase_requisition r JOIN stock_picking_type t ON t.id = r.picking_type_id
           JOIN stock_warehouse w ON w.id = t.warehouse_id ORDER BY r.id`,
      ),
    ).toEqual([
      [1, 'Shed', 'incoming'],
      [2, 'Annex', 'incoming'],
      [3, 'House', 'incoming'],
      [4, 'House', 'incoming'],
    ])
  }))
