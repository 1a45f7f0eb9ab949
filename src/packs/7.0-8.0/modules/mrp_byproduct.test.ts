import { expect, test } from 'vitest'
import { rowsOf } from '../../../../test/setup/small.ts'
import { halfHop } from '../../../../test/setup/source.ts'
import { warehouse70 } from '../../../../test/setup/warehouse.ts'

const withByproducts = halfHop(['7.0', '8.0'], ['mrp_byproduct'])

test('by-products of a mere component are those of its bill; a component with components keeps its own', () =>
  withByproducts(async ({ client, transform }) => {
    await client.query(`${warehouse70}
      INSERT INTO mrp_bom (id, product_id, bom_id, product_qty, product_uom, active, type) VALUES
        (1, 2, NULL, 1, 1, true, 'normal'), (2, 1, 1, 3, 1, true, 'normal'), (3, 2, 1, 1, 1, true, 'phantom'), (4, 1, 3, 2, 1, true, 'normal');
      INSERT INTO mrp_subproduct (id, product_id, product_qty, product_uom, subproduct_type, bom_id) VALUES
        (1, 1, 1, 1, 'fixed', 1), (2, 1, 2, 1, 'fixed', 2), (3, 1, 3, 1, 'variable', 3), (4, 1, 4, 1, 'variable', 4)`)
    await transform('product', 'stock', 'procurement', 'mrp', 'mrp_byproduct')
    expect(
      await rowsOf(client, 'SELECT id, bom_id, product_qty::float8 FROM mrp_subproduct ORDER BY id'),
    ).toEqual([
      [1, 1, 1],
      [2, 1, 2],
      [3, 3, 3],
      [4, 3, 4],
    ])
  }))
