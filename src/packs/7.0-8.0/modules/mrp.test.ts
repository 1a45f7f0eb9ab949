import { describe, expect, test } from 'vitest'
import { rowsOf, valuesOf } from '../../../../test/setup/small.ts'
import { halfHop } from '../../../../test/setup/source.ts'
import { warehouse70 } from '../../../../test/setup/warehouse.ts'

const withProduction = halfHop(['7.0', '8.0'], ['mrp'])
const modules = ['product', 'stock', 'procurement', 'mrp']

describe('the transform of production', () => {
  test('runs on empty tables', () =>
    withProduction(async ({ client, transform }) => {
      await transform(...modules)
      expect(await valuesOf(client, 'SELECT id FROM mrp_bom_line')).toEqual([])
    }))

  test('components are lines of their bill; one with components is a bill too, one out of use stays one', () =>
    withProduction(async ({ client, transform }) => {
      await client.query(`${warehouse70}
        INSERT INTO mrp_bom (id, product_id, bom_id, product_qty, product_uom, active, type) VALUES
          (1, 2, NULL, 1, 1, true, 'normal'), (2, 1, 1, 3, 1, true, 'normal'), (3, 2, 1, 1, 1, true, 'phantom'), (4, 1, 3, 2, 1, true, 'normal'),
          (5, 1, 1, 9, 1, false, 'normal');
        INSERT INTO mrp_bom_mrp_property_rel VALUES (2, 7), (1, 8)`)
      await transform(...modules)
      expect(
        await rowsOf(
          client,
          'SELECT bom_id, product_id, product_qty::float8, type FROM mrp_bom_line ORDER BY id',
        ),
      ).toEqual([
        [1, 1, 3, 'normal'],
        [1, 2, 1, 'phantom'],
        [3, 1, 2, 'normal'],
      ])
      expect(await rowsOf(client, 'SELECT id, product_tmpl_id FROM mrp_bom ORDER BY id')).toEqual([
        [1, 2],
        [3, 2],
        [5, 1],
      ])
      expect(
        await rowsOf(
          client,
          'SELECT l.product_id, r.mrp_property_id FROM mrp_bom_line_mrp_property_rel r JOIN mrp_bom_line l ON l.id = r.mrp_bom_line_id',
        ),
      ).toEqual([[1, 7]])
    }))

  test('a component with components is told, and a phantom without a bill is used as it is', () =>
    withProduction(async ({ client, transform }) => {
      await client.query(`${warehouse70}
        INSERT INTO product_template (id, name, uom_id, type) VALUES (4, 'Assembly', 1, 'product'), (5, 'Kit', 1, 'product');
        INSERT INTO product_product (id, product_tmpl_id, active) VALUES (4, 4, true), (5, 5, true);
        INSERT INTO mrp_bom (id, product_id, bom_id, product_qty, product_uom, active, type) VALUES
          (1, 2, NULL, 1, 1, true, 'normal'), (2, 4, 1, 1, 1, true, 'normal'), (3, 1, 2, 5, 1, true, 'normal'), (4, 1, 1, 1, 1, true, 'phantom'),
          (5, 5, 1, 1, 1, true, 'phantom'), (6, 5, NULL, 1, 1, true, 'phantom'), (7, 1, NULL, 1, 1, false, 'normal')`)
      await transform(...modules)
      expect(await rowsOf(client, 'SELECT bom_id, product_id, type FROM mrp_bom_line ORDER BY id')).toEqual([
        [1, 4, 'normal'],
        [2, 1, 'normal'],
        [1, 1, 'normal'],
        [1, 5, 'phantom'],
      ])
      expect(
        await rowsOf(
          client,
          `SELECT subject, left(outcome, 13) FROM uplift.note WHERE topic = 'bill of materials' ORDER BY id`,
        ),
      ).toEqual([
        ['Assembly', 'is a componen'],
        ['From stock, bought', 'was a phantom'],
      ])
    }))

  test('every warehouse makes what has the route for it, and moves know their production and procurement', () =>
    withProduction(async ({ client, transform }) => {
      await client.query(`${warehouse70}
        INSERT INTO mrp_production (id, name, state) VALUES (1, 'MO1', 'confirmed');
        INSERT INTO stock_move (id, state, location_id, location_dest_id, product_id, product_uom, product_uom_qty, company_id, production_id) VALUES
          (1, 'waiting', 7, 2, 2, 1, 1, 1, 1), (2, 'waiting', 2, 7, 1, 1, 1, 1, NULL), (3, 'waiting', 2, 9, 2, 1, 1, 1, NULL), (4, 'done', 2, 2, 2, 1, 1, 1, NULL);
        INSERT INTO mrp_production_move_ids (production_id, move_id) VALUES (1, 2), (1, 4);
        INSERT INTO procurement_order (id, state, state_7_0, procure_method, move_id, location_id, product_id, company_id, production_id) VALUES
          (1, 'running', 'running', 'make_to_order', 3, 2, 2, 1, 1)`)
      await transform(...modules)
      expect(
        await rowsOf(
          client,
          `SELECT r.action, r.location_id, r.picking_type_id = w.int_type_id, s.name, w.manufacture_to_resupply, p.id
             FROM stock_warehouse w JOIN procurement_rule r ON r.id = w.manufacture_pull_id JOIN stock_location_route s ON s.id = r.route_id
             JOIN procurement_order p ON p.rule_id = r.id`,
        ),
      ).toEqual([['manufacture', 2, true, 'Manufacture', true, 1]])
      expect(
        await valuesOf(
          client,
          `SELECT r.product_id FROM stock_route_product r JOIN stock_location_route s ON s.id = r.route_id AND s.name = 'Manufacture'`,
        ),
      ).toEqual([2])
      expect(
        await rowsOf(
          client,
          'SELECT id, raw_material_production_id, procurement_id FROM stock_move ORDER BY id',
        ),
      ).toEqual([
        [1, null, 1],
        [2, 1, null],
        [3, null, null],
        [4, null, null],
      ])
    }))

  test('a production that waited for its picking is confirmed in the workflow, one whose picking failed is a draft', () =>
    withProduction(async ({ client, transform }) => {
      await client.query(`
        INSERT INTO ir_model_data (module, name, model, res_id) VALUES ('mrp', 'prod_act_draft', 'workflow.activity', 4),
          ('mrp', 'prod_act_confirmed', 'workflow.activity', 5), ('mrp', 'prod_act_picking_exception', 'workflow.activity', 6);
        INSERT INTO wkf_workitem (id, inst_id, act_id, state) VALUES (1, 1, 5, 'running'), (2, 2, 6, 'complete')`)
      await transform(...modules)
      expect(await rowsOf(client, 'SELECT inst_id, act_id, state FROM wkf_workitem ORDER BY id')).toEqual([
        [1, 5, 'complete'],
        [2, 4, 'complete'],
      ])
    }))

  test('a picking without a name goes by its origin, under a name that no other of the company has', () =>
    withProduction(async ({ client, transform }) => {
      await client.query(`
        INSERT INTO stock_picking (id, name, origin, company_id) VALUES (1, NULL, 'MO1', 1), (2, '/', 'MO1', 1), (3, '/', 'INT1', 1), (4, 'INT1', NULL, 1),
          (5, NULL, NULL, 1), (6, '', 'MO1', 2)`)
      await transform(...modules)
      expect(await valuesOf(client, 'SELECT name FROM stock_picking ORDER BY id')).toEqual([
        ...['MO1', 'MO1 (2)', 'INT1 (3)', 'INT1', null, 'MO1'],
      ])
    }))
})
