import { describe, expect, test } from 'vitest'
import { rowsOf } from '../../../../test/setup/small.ts'
import { halfHop } from '../../../../test/setup/source.ts'
import { warehouse70 } from '../../../../test/setup/warehouse.ts'
import { readNotes } from '../../../upgrade/notes.ts'

const withMaking = halfHop(['7.0', '8.0'], ['purchase', 'mrp'])
const modules = ['product', 'stock', 'procurement', 'purchase', 'mrp']

/** Moves of pickings out of stock, each with its state. */
const moves = (states: Readonly<Record<number, readonly string[]>>) =>
  Object.entries(states)
    .flatMap(([picking, list]) => list.map((state) => `('${state}', ${picking})`))
    .map((row) => row.replace(')', ', 2, 9, 1, 1, 1, 1)'))
    .join(', ')

describe('what 8.0 computes and keeps', () => {
  test('new places of a stock belong to the company of its warehouses, or to none where several share it', () =>
    withMaking(async ({ client, transform }) => {
      await client.query(`${warehouse70}
        INSERT INTO res_company (id, name, currency_id) VALUES (2, 'Other', 1);
        INSERT INTO stock_location (id, name, usage, location_id, chained_location_type, active) VALUES (10, 'Shared', 'internal', 1, 'none', true);
        INSERT INTO stock_warehouse (id, name, company_id, lot_stock_id, wh_input_stock_loc_id, wh_output_stock_loc_id) VALUES (2, 'Mine', 1, 10, 10, 10), (3, 'Yours', 2, 10, 10, 10);
        SELECT setval('stock_warehouse_id_seq', 3)`)
      await transform(...modules)
      expect(
        await rowsOf(
          client,
          `SELECT w.id, array_agg(DISTINCT coalesce(l.company_id, 0)) FROM stock_warehouse w
             JOIN stock_location l ON l.id IN (w.view_location_id, w.wh_input_stock_loc_id, w.wh_qc_stock_loc_id, w.wh_pack_stock_loc_id, w.wh_output_stock_loc_id)
            GROUP BY 1 ORDER BY 1`,
        ),
      ).toEqual([
        [1, [1]],
        [2, [0]],
        [3, [0]],
      ])
    }))

  test('an open picking has the state of its moves; a finished one and one that is a draft keep their own', () =>
    withMaking(async ({ client, transform }) => {
      await client.query(`${warehouse70}
        INSERT INTO stock_picking (id, name, type, company_id, move_type, state) VALUES
          (1, 'all ready', 'out', 1, 'direct', 'confirmed'), (2, 'some ready', 'out', 1, 'direct', 'assigned'),
          (3, 'together', 'out', 1, 'one', 'assigned'), (4, 'waits', 'out', 1, 'direct', 'confirmed'),
          (5, 'nothing there', 'out', 1, 'direct', 'assigned'), (6, 'together waits', 'out', 1, 'one', 'confirmed'),
          (7, 'over', 'out', 1, 'direct', 'done'), (8, 'not begun', 'out', 1, 'direct', 'draft'), (9, 'without moves', 'out', 1, 'direct', 'assigned'),
          (10, 'rest is done', 'out', 1, 'direct', 'confirmed');
        INSERT INTO stock_move (state, picking_id, location_id, location_dest_id, product_id, product_uom, product_uom_qty, company_id) VALUES
          ${moves({
            1: ['assigned', 'assigned', 'cancel'],
            2: ['assigned', 'confirmed'],
            3: ['assigned', 'confirmed'],
            4: ['confirmed', 'waiting'],
            5: ['confirmed'],
            6: ['assigned', 'waiting'],
            7: ['confirmed'],
            8: ['assigned'],
            10: ['done', 'assigned'],
          })}`)
      await transform(...modules)
      expect(Object.fromEntries(await rowsOf(client, 'SELECT name, state FROM stock_picking'))).toEqual({
        'all ready': 'assigned',
        'some ready': 'partially_available',
        together: 'confirmed',
        waits: 'waiting',
        'nothing there': 'confirmed',
        'together waits': 'waiting',
        over: 'done',
        'not begun': 'draft',
        'without moves': 'assigned',
        'rest is done': 'assigned',
      })
    }))

  test('an open picking of several places is told', () =>
    withMaking(async ({ client, transform }) => {
      await client.query(`${warehouse70}
        INSERT INTO stock_picking (id, name, type, company_id, state) VALUES (1, 'one place', 'out', 1, 'confirmed'), (2, 'two places', 'out', 1, 'confirmed'), (3, 'over', 'out', 1, 'done'),
          (4, NULL, 'out', 1, 'confirmed');
        INSERT INTO stock_move (state, picking_id, location_id, location_dest_id, product_id, product_uom, product_uom_qty, company_id) VALUES
          ${moves({ 1: ['confirmed', 'confirmed'], 2: ['confirmed'], 3: ['done'], 4: ['confirmed'] })},
          ('assigned', 2, 8, 9, 1, 1, 1, 1), ('done', 3, 8, 9, 1, 1, 1, 1), ('assigned', 4, 8, 9, 1, 1, 1, 1)`)
      await transform(...modules)
      const told = (await readNotes(client)).filter(({ topic }) => topic === 'picking')
      expect(told.map(({ subject }) => subject)).toEqual(['two places', '#4'])
    }))

  test('an inventory in progress is held against what is there now, and its moves are told', () =>
    withMaking(async ({ client, transform }) => {
      await client.query(`${warehouse70}
        INSERT INTO stock_production_lot (id, name, product_id) VALUES (1, 'with a line', 1), (2, 'without', 1);
        INSERT INTO stock_inventory (id, name, state, company_id) VALUES (1, 'in progress', 'confirm', 1), (2, 'over', 'cancel', 1);
        INSERT INTO stock_inventory_line (id, inventory_id, product_id, location_id, product_qty, product_uom_id, prod_lot_id) VALUES
          (1, 1, 1, 2, 10, 1, NULL), (2, 1, 1, 2, 4, 1, 1), (3, 1, 2, 2, 5, 2, NULL), (4, 2, 1, 2, 5, 1, NULL), (5, 1, 2, 9, 5, 2, NULL);
        INSERT INTO stock_move (id, state, location_id, location_dest_id, product_id, product_uom, product_uom_qty, company_id, prodlot_id) VALUES
          (1, 'done', 8, 2, 1, 1, 3, 1, NULL), (2, 'done', 8, 2, 1, 1, 20, 1, 1), (3, 'done', 8, 2, 1, 1, 100, 1, 2),
          (4, 'confirmed', 7, 2, 1, 1, 7, 1, NULL), (5, 'assigned', 2, 7, 1, 1, 16, 1, 1), (6, 'confirmed', 8, 2, 1, 1, 1, 1, NULL),
          (7, 'done', 8, 2, 2, 1, 24, 1, NULL);
        INSERT INTO stock_inventory_move_rel (inventory_id, move_id) VALUES (1, 4), (1, 5)`)
      await transform(...modules)
      expect(
        await rowsOf(client, 'SELECT id, theoretical_qty::float8 FROM stock_inventory_line ORDER BY id'),
      ).toEqual([
        [1, 103],
        [2, 20],
        [3, 2],
        [4, null],
        [5, 0],
      ])
      expect(
        await rowsOf(client, 'SELECT id, state FROM stock_move WHERE id BETWEEN 4 AND 6 ORDER BY id'),
      ).toEqual([
        [4, 'confirmed'],
        [5, 'assigned'],
        [6, 'confirmed'],
      ])
      expect(
        await rowsOf(client, `SELECT subject, detail->'moves' FROM uplift.note WHERE topic = 'inventory'`),
      ).toEqual([['in progress', [4, 5]]])
    }))

  test('a finished inventory knows what was there: what was counted without what its moves brought', () =>
    withMaking(async ({ client, transform }) => {
      await client.query(`${warehouse70}
        UPDATE product_product SET default_code = 'CODE' || id; UPDATE stock_location SET complete_name = 'Physical / ' || name;
        INSERT INTO stock_production_lot (id, name, product_id) VALUES (1, 'lot', 2);
        INSERT INTO stock_inventory (id, name, state, company_id) VALUES (1, 'done', 'done', 1), (2, 'open', 'draft', 1);
        INSERT INTO stock_inventory_line (id, inventory_id, product_id, location_id, product_qty, product_uom_id, prod_lot_id) VALUES
          (1, 1, 1, 2, 10, 1, NULL), (2, 1, 2, 2, 4, 1, 1), (3, 1, 3, 2, 5, 1, NULL), (4, 2, 1, 2, 7, 1, NULL), (5, 1, 2, 2, 1, 2, NULL);
        INSERT INTO stock_move (id, state, location_id, location_dest_id, product_id, product_uom, product_uom_qty, company_id, prodlot_id) VALUES
          (1, 'done', 7, 2, 1, 1, 3, 1, NULL), (2, 'done', 2, 7, 2, 1, 2, 1, 1);
        INSERT INTO stock_inventory_move_rel (inventory_id, move_id) VALUES (1, 1), (1, 2)`)
      await transform(...modules)
      expect(
        await rowsOf(
          client,
          'SELECT id, theoretical_qty::float8, location_name, product_name, product_code, prodlot_name FROM stock_inventory_line ORDER BY id',
        ),
      ).toEqual([
        [1, 7, 'Physical / HOUSE / Stock', 'From stock, bought', 'CODE1', null],
        [2, 6, 'Physical / HOUSE / Stock', 'To order, made', 'CODE2', 'lot'],
        [3, 5, 'Physical / HOUSE / Stock', 'Work', 'CODE3', null],
        // Of an inventory that is not finished, what is there now; of one counted in another unit, nothing.
        [4, 3, 'Physical / HOUSE / Stock', 'From stock, bought', 'CODE1', null],
        [5, null, 'Physical / HOUSE / Stock', 'To order, made', 'CODE2', null],
      ])
    }))

  test('orders tell where they arrive, receipts whether they are invoiced by, productions whether they can be made', () =>
    withMaking(async ({ client, transform }) => {
      await client.query(`${warehouse70}
        INSERT INTO purchase_order (id, name, company_id, location_id, warehouse_id, create_uid, invoice_method) VALUES
          (1, 'by receipt', 1, 2, 1, 2, 'picking'), (2, 'by order', 1, 2, 1, 2, 'order');
        INSERT INTO purchase_order_line (id, order_id, product_id) VALUES (1, 1, 1), (2, 2, 1);
        INSERT INTO stock_picking (id, name, type, company_id) VALUES (1, 'IN1', 'in', 1), (2, 'IN2', 'in', 1), (3, 'OUT', 'out', 1);
        INSERT INTO stock_move (id, state, picking_id, purchase_line_id, location_id, location_dest_id, product_id, product_uom, product_uom_qty, company_id) VALUES
          (1, 'assigned', 1, 1, 8, 2, 1, 1, 1, 1), (2, 'assigned', 2, 2, 8, 2, 1, 1, 1, 1), (3, 'assigned', 3, NULL, 2, 9, 1, 1, 1, 1);
        INSERT INTO mrp_production (id, name, product_id, product_uom, product_qty, location_src_id, location_dest_id, state) VALUES
          (1, 'ready', 2, 1, 1, 2, 2, 'ready'), (2, 'lacks', 2, 1, 1, 2, 2, 'confirmed'), (3, 'without', 2, 1, 1, 2, 2, 'draft');
        INSERT INTO stock_move (id, state, location_id, location_dest_id, product_id, product_uom, product_uom_qty, company_id) VALUES
          (11, 'assigned', 2, 7, 1, 1, 1, 1), (12, 'assigned', 2, 7, 1, 1, 1, 1), (13, 'confirmed', 2, 7, 1, 1, 1, 1);
        INSERT INTO mrp_production_move_ids (production_id, move_id) VALUES (1, 11), (2, 12), (2, 13)`)
      await transform(...modules)
      expect(
        await rowsOf(
          client,
          `SELECT o.name, o.related_location_id = t.default_location_dest_id FROM purchase_order o JOIN stock_picking_type t ON t.id = o.picking_type_id ORDER BY o.id`,
        ),
      ).toEqual([
        ['by receipt', true],
        ['by order', true],
      ])
      expect(
        await rowsOf(client, 'SELECT name, reception_to_invoice FROM stock_picking ORDER BY id'),
      ).toEqual([
        ['IN1', true],
        ['IN2', false],
        ['OUT', null],
      ])
      expect(await rowsOf(client, 'SELECT name, ready_production FROM mrp_production ORDER BY id')).toEqual([
        ['ready', true],
        ['lacks', false],
        ['without', null],
      ])
    }))
})
