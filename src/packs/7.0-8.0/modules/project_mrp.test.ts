import { expect, test } from 'vitest'
import { valuesOf } from '../../../../test/setup/small.ts'
import { halfHop } from '../../../../test/setup/source.ts'

const withTasks = halfHop(['7.0', '8.0'], ['project_mrp'])

test('services made to order become tasks, and the end of a task ends its procurement', () =>
  withTasks(async ({ client, transform }) => {
    await client.query(`
      INSERT INTO product_template (id, name, type, supply_method, procure_method) VALUES
        (1, 'task', 'service', 'produce', 'make_to_order'), (2, 'bought', 'service', 'buy', 'make_to_order'),
        (3, 'at once', 'service', 'produce', 'make_to_stock'), (4, 'goods', 'product', 'produce', 'make_to_order');
      INSERT INTO project_task_type (id, name, state) VALUES (1, 'New', 'draft'), (2, 'Done', 'done'), (3, 'Cancelled', 'cancelled'), (4, 'Open', 'open'), (5, 'None', NULL)`)
    await transform('mail', 'product', 'project', 'project_mrp')
    expect(await valuesOf(client, 'SELECT name FROM product_template WHERE auto_create_task')).toEqual([
      'task',
    ])
    expect(await valuesOf(client, 'SELECT name FROM project_task_type WHERE closed ORDER BY id')).toEqual([
      'Done',
      'Cancelled',
    ])
  }))
