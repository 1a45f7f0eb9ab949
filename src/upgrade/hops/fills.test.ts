import { expect, test } from 'vitest'
import { rowsOf, smallDatabase } from '../../../test/setup/small.ts'
import { readInventory } from '../../schema/inventory.ts'
import { fillColumns } from './fills.ts'

const withSmallDatabase = smallDatabase()

const fills = [
  {
    module: 'mail',
    column: 'last',
    type: 'date',
    from: 'newest',
    models: { a: 'model.a', b: 'model.b', absent: 'model.absent' },
  },
]
const tables = `
  CREATE TABLE a (id integer); INSERT INTO a VALUES (1), (2);
  CREATE TABLE b (id integer, last date); INSERT INTO b VALUES (1, NULL), (2, '2010-01-01');`
const newest = `CREATE TEMP TABLE newest AS SELECT * FROM (VALUES
  ('model.a', 1, date '2014-01-01'), ('model.b', 1, '2014-02-01'), ('model.b', 2, '2014-03-01'), ('model.absent', 1, '2014-04-01')) v (model, res_id, value)`

test('a column of many models is made and filled in the tables that there are', () =>
  withSmallDatabase(tables, async (client) => {
    await client.query(newest)
    await fillColumns(client, fills, ['mail'], await readInventory(client))
    expect(await rowsOf(client, 'SELECT id, last::text FROM a ORDER BY id')).toEqual([
      [1, '2014-01-01'],
      [2, null],
    ])
    expect(await rowsOf(client, 'SELECT id, last::text FROM b ORDER BY id')).toEqual([
      [1, '2014-02-01'],
      [2, '2010-01-01'],
    ])
  }))

test('without the module that tells the values nothing is filled', () =>
  withSmallDatabase(tables, async (client) => {
    await fillColumns(client, fills, ['base'], await readInventory(client))
    expect(await rowsOf(client, 'SELECT * FROM a ORDER BY id')).toEqual([[1], [2]])
  }))
