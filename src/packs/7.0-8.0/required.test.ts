import { expect, test } from 'vitest'
import { rowsOf } from '../../../test/setup/small.ts'
import { halfHop } from '../../../test/setup/source.ts'
import { warehouse70 } from '../../../test/setup/warehouse.ts'
import { fillRequired } from '../../upgrade/fill/required.ts'
import { loadPack } from '../load.ts'

const withRepairs = halfHop(['7.0', '8.0'], ['mrp_repair', 'delivery'])

async function requiredOf(...tables: string[]) {
  const { facts } = await loadPack('7.0', '8.0')
  return (facts.required ?? []).filter(({ table }) => tables.includes(table))
}

test('a repair is of one product in its unit, and stands where it goes to, else in the stock of its company', () =>
  withRepairs(async ({ client }) => {
    await client.query(`${warehouse70}
      INSERT INTO res_company (id, name, currency_id) VALUES (2, 'Other', 1);
      INSERT INTO stock_location (id, name, usage, active) VALUES (12, 'Stock 2', 'internal', true);
      INSERT INTO stock_warehouse (id, name, company_id, lot_stock_id) VALUES (2, 'Annex', 2, 12);
      UPDATE product_template SET uom_id = 2 WHERE id = 2;
      ALTER TABLE mrp_repair ADD COLUMN product_qty numeric, ADD COLUMN product_uom integer;
      INSERT INTO mrp_repair (id, product_id, company_id, location_id, location_dest_id) VALUES
        (1, 1, 1, 2, 9), (2, 2, 2, NULL, NULL), (3, 2, 1, NULL, 9), (4, 1, 1, 12, NULL)`)
    await fillRequired(client, await requiredOf('mrp_repair'))
    expect(
      await rowsOf(
        client,
        'SELECT id, product_qty::integer, product_uom, location_id, location_dest_id FROM mrp_repair ORDER BY id',
      ),
    ).toEqual([
      [1, 1, 1, 2, 9],
      [2, 1, 2, 12, 12],
      [3, 1, 2, 9, 9],
      [4, 1, 1, 12, 12],
    ])
    expect(
      await rowsOf(
        client,
        `SELECT subject, (detail->>'rows')::integer FROM uplift.note WHERE topic = 'required value' ORDER BY 1`,
      ),
    ).toEqual([
      ['mrp_repair.location_dest_id', 2],
      ['mrp_repair.location_id', 2],
      ['mrp_repair.product_qty', 4],
      ['mrp_repair.product_uom', 4],
    ])
  }))

test('lines of a delivery grid have the newer default as their place; one that has a place keeps it', () =>
  withRepairs(async ({ client }) => {
    await client.query(`
      ALTER TABLE delivery_grid_line ADD COLUMN IF NOT EXISTS sequence integer;
      INSERT INTO delivery_grid_line (id, name, sequence) VALUES (1, 'Light', NULL), (2, 'Heavy', 3)`)
    await fillRequired(client, await requiredOf('delivery_grid_line'))
    expect(await rowsOf(client, 'SELECT id, sequence FROM delivery_grid_line ORDER BY id')).toEqual([
      [1, 10],
      [2, 3],
    ])
  }))
