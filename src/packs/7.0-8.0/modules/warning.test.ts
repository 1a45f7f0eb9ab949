import { expect, test } from 'vitest'
import { rowsOf } from '../../../../test/setup/small.ts'
import { halfHop } from '../../../../test/setup/source.ts'

const withWarnings = halfHop(['7.0', '8.0'], ['warning'])
const warnings =
  'SELECT id, sale_line_warn, sale_line_warn_msg, purchase_line_warn, purchase_line_warn_msg FROM product_template ORDER BY id'

test('a template warns as its sternest variant, with each text once; one without variants does not warn', () =>
  withWarnings(async ({ client, transform }) => {
    await client.query(`
      INSERT INTO product_template (id, name) VALUES (1, 'Two variants'), (2, 'Nothing to say'), (3, 'No variant'), (4, 'NULLs');
      INSERT INTO product_product (id, product_tmpl_id, sale_line_warn, sale_line_warn_msg, purchase_line_warn, purchase_line_warn_msg) VALUES
        (1, 1, 'warning', 'Fragile', 'no-message', ''), (2, 1, 'block', 'Sold out', 'warning', 'Dear'), (3, 1, 'no-message', 'Fragile', 'warning', 'Dear'),
        (4, 2, 'no-message', NULL, 'no-message', NULL), (5, 4, NULL, NULL, NULL, NULL)`)
    await transform('warning')
    expect(await rowsOf(client, warnings)).toEqual([
      [1, 'block', 'Fragile\nSold out', 'warning', 'Dear'],
      [2, 'no-message', null, 'no-message', null],
      [3, 'no-message', null, 'no-message', null],
      [4, 'no-message', null, 'no-message', null],
    ])
  }))
