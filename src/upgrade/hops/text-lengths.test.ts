import { expect, test } from 'vitest'
import { loaded, packOf } from '../../../test/setup/hop.ts'
import { rowsOf, smallDatabase, valuesOf } from '../../../test/setup/small.ts'
import { runHop } from './hop.ts'
import { liftTextLengths } from './text-lengths.ts'

const withSmallDatabase = smallDatabase()

const column = (type: string) => ({ type, notNull: false, default: null, inherited: false })
const table = (types: Record<string, string>) => ({
  columns: Object.fromEntries(Object.entries(types).map(([name, type]) => [name, column(type)])),
  constraints: {},
  indexes: {},
  inherits: [],
})
const target = {
  tables: {
    place: table({
      free: 'character varying',
      text: 'text',
      longer: 'character varying(20)',
      same: 'character varying(10)',
      shorter: 'character varying(5)',
      number: 'integer',
      absent: 'character varying',
    }),
    elsewhere: table({ name: 'character varying' }),
  },
}
const typesOf = `SELECT attname, format_type(atttypid, atttypmod) FROM pg_attribute WHERE attrelid = 'place'::regclass AND attnum > 0 ORDER BY attname`

test('a text gets the length that it has in the target where that is longer, in place', () =>
  withSmallDatabase(
    `CREATE TABLE place (free varchar(10), text varchar(10), longer varchar(10), same varchar(10), shorter varchar(10), number varchar(10), x_own varchar(10));
     INSERT INTO place (free) VALUES ('as it was')`,
    async (client) => {
      const file = `SELECT pg_relation_filenode('place')`
      const before = await valuesOf(client, file)
      await liftTextLengths(client, target)
      expect(Object.fromEntries(await rowsOf(client, typesOf))).toEqual({
        free: 'character varying',
        text: 'character varying',
        longer: 'character varying(20)',
        same: 'character varying(10)',
        shorter: 'character varying(10)',
        number: 'character varying(10)',
        x_own: 'character varying(10)',
      })
      expect(await valuesOf(client, file)).toEqual(before)
      await liftTextLengths(client, target)
    },
  ))

test('a transform may write what only the target has room for, also into a table that was renamed', () =>
  withSmallDatabase(
    `${loaded} CREATE TABLE old_place (free varchar(10)); INSERT INTO old_place VALUES ('0123456789')`,
    async (client) => {
      const sql = `UPDATE place SET free = free || ' and more'`
      const pack = packOf({ tables: { old_place: 'place' } }, [{ module: 'base', file: '', sql }])
      await runHop(client, pack, ['base'], target)
      expect(await valuesOf(client, 'SELECT free FROM place')).toEqual(['0123456789 and more'])
    },
  ))
