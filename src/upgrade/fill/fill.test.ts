import { expect, test } from 'vitest'
import { rowsOf, smallDatabase, valuesOf } from '../../../test/setup/small.ts'
import { readInventory } from '../../schema/inventory.ts'
import { readNotes } from '../notes.ts'
import { createRecordSequences } from './record-sequences.ts'
import { fillRequired } from './required.ts'

const withSmallDatabase = smallDatabase()

test('required values go where there is none, by the row, and are told', () =>
  withSmallDatabase(
    `CREATE TABLE a (id integer, "order" varchar); INSERT INTO a VALUES (1, 'own'), (2, NULL), (3, NULL)`,
    async (client) => {
      await fillRequired(client, [
        { table: 'a', column: 'order', value: `'row ' || t.id`, because: 'default' },
        { table: 'a', column: 'none', value: '1', because: '' },
        { table: 'none', column: 'a', value: '1', because: '' },
      ])
      expect(await valuesOf(client, 'SELECT "order" FROM a ORDER BY id')).toEqual(['own', 'row 2', 'row 3'])
      expect((await readNotes(client)).map(({ subject, detail }) => [subject, detail])).toEqual([
        ['a.order', { rows: 2, because: 'default' }],
      ])
    },
  ))

test('record sequences are made where they lack, and go on at the number that the record says', () =>
  withSmallDatabase(
    `CREATE TABLE ir_sequence (id integer, implementation varchar, number_next integer, number_increment integer);
     INSERT INTO ir_sequence VALUES (7, 'standard', 12, 5), (8, 'no_gap', 1, 1), (9, 'standard', 1, 1), (1234, 'standard', 0, 0);
     CREATE TABLE ir_sequence_date_range (id integer, sequence_id integer, number_next integer); INSERT INTO ir_sequence_date_range VALUES (3, 7, 40), (4, 8, 1);
     CREATE SEQUENCE ir_sequence_009 START WITH 77`,
    async (client) => {
      await createRecordSequences(client, await readInventory(client))
      const next = async (name: string) => Number((await valuesOf(client, `SELECT nextval('${name}')`))[0])
      expect([await next('ir_sequence_007'), await next('ir_sequence_007')]).toEqual([12, 17])
      expect(await next('ir_sequence_007_003')).toBe(40)
      expect(await next('ir_sequence_009')).toBe(77)
      expect(await next('ir_sequence_1234')).toBe(1)
      const made = `SELECT relname FROM pg_class WHERE relkind = 'S' AND relnamespace = 'public'::regnamespace ORDER BY 1`
      expect(await rowsOf(client, made)).toHaveLength(4)
    },
  ))
