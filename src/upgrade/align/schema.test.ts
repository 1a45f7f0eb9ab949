import fc from 'fast-check'
import type pg from 'pg'
import { describe, expect, test } from 'vitest'
import { rowsOf, smallDatabase, valuesOf } from '../../../test/setup/small.ts'
import { ident, identList, literal } from '../../postgres/sql.ts'
import { diffSchema } from '../../schema/diff.ts'
import { extractSchema } from '../../schema/extract.ts'
import type { Schema } from '../../schema/schema.ts'
import { readNotes } from '../notes.ts'
import { conversion } from './convert.ts'
import { alignSchema } from './schema.ts'
import { keptName, type Ownership } from './schema-plan.ts'

const withSmallDatabase = smallDatabase()
const nothing: Ownership = { ownsTable: () => false, ownsColumn: () => false }

/** The shape that these statements make, read from a schema of its own that is dropped again. */
async function shapeOf(client: pg.ClientBase, sql: string): Promise<Schema> {
  await client.query('CREATE SCHEMA wanted; SET search_path TO wanted')
  await client.query(sql)
  const schema = await extractSchema(client, 'wanted')
  await client.query('DROP SCHEMA wanted CASCADE; SET search_path TO public')
  return schema
}

/** What is different but for what follows when the data is filled: NOT NULL, keys, indexes, views. */
async function differences(client: pg.ClientBase, target: Schema): Promise<unknown[]> {
  return diffSchema(withoutRules(target), withoutRules(await extractSchema(client)))
}

function withoutRules(schema: Schema): Schema {
  const tables = Object.entries(schema.tables).map(([name, table]) => {
    const columns = Object.entries(table.columns).map(([column, shape]) => [
      column,
      { ...shape, notNull: false },
    ])
    return [name, { ...table, columns: Object.fromEntries(columns), constraints: {}, indexes: {} }]
  })
  return { ...schema, tables: Object.fromEntries(tables), views: {} }
}

/** Aligns a database made by `source` to the shape that `target` makes, and gives a look at the result. */
function aligned<T>(
  source: string,
  target: string,
  work: (client: pg.Client, schema: Schema) => Promise<T>,
  own: Ownership = nothing,
): Promise<T> {
  return withSmallDatabase(source, async (client) => {
    const schema = await shapeOf(client, target)
    await alignSchema(client, schema, own, ['en_US'])
    return work(client, schema)
  })
}

describe('tables and columns', () => {
  test('new ones are made with their defaults, which rows that are there do not take', () =>
    aligned(
      `CREATE TABLE a (id serial, name varchar); INSERT INTO a (name) VALUES ('x')`,
      `CREATE TABLE a (id serial, name varchar, active boolean DEFAULT true); CREATE TABLE b (id serial, a_id integer)`,
      async (client, schema) => {
        expect(await differences(client, schema)).toEqual([])
        expect(await rowsOf(client, 'SELECT id, name, active FROM a')).toEqual([[1, 'x', null]])
        expect(await valuesOf(client, 'INSERT INTO b (a_id) VALUES (1) RETURNING id')).toEqual([1])
      },
    ))

  test('a type changes with its values and its default', () =>
    aligned(
      `CREATE TABLE a (id integer, name varchar DEFAULT 'x', n integer DEFAULT 3, "order" date); INSERT INTO a VALUES (1, 'dog', 7, '2013-03-31')`,
      `CREATE TABLE a (id integer, name jsonb, n numeric DEFAULT 4, "order" timestamp)`,
      async (client, schema) => {
        expect(await differences(client, schema)).toEqual([])
        expect(await rowsOf(client, `SELECT name, n, "order"::text FROM a`)).toEqual([
          [{ en_US: 'dog' }, '7', '2013-03-31 00:00:00'],
        ])
      },
    ))

  test('what the target has no place for is kept by id, and told', () =>
    aligned(
      `CREATE TABLE a (id integer, name varchar, old varchar, empty integer);
       INSERT INTO a VALUES (1, 'x', 'kept', NULL), (2, 'y', NULL, NULL);
       CREATE TABLE gone (id integer, name varchar); INSERT INTO gone VALUES (1, 'z');
       CREATE TABLE gone_empty (id integer)`,
      `CREATE TABLE a (id integer, name varchar)`,
      async (client, schema) => {
        expect(await differences(client, schema)).toEqual([])
        expect(await rowsOf(client, 'SELECT id, old, empty FROM legacy.a__columns')).toEqual([
          [1, 'kept', null],
        ])
        expect(await rowsOf(client, 'SELECT id, name FROM legacy.gone')).toEqual([[1, 'z']])
        expect(await valuesOf(client, `SELECT to_regclass('legacy.gone_empty')`)).toEqual([null])
        expect((await readNotes(client)).map(({ subject, detail }) => [subject, detail])).toEqual([
          ['a', { table: 'a__columns', columns: ['old', 'empty'], rows: 1 }],
          ['gone', { table: 'gone', columns: null, rows: 1 }],
        ])
      },
    ))

  test('a column of a type without a safe rule is kept, and the new one starts empty', () =>
    aligned(
      `CREATE TABLE a (id integer, ul varchar); INSERT INTO a VALUES (1, 'box')`,
      `CREATE TABLE a (id integer, ul integer)`,
      async (client, schema) => {
        expect(await differences(client, schema)).toEqual([])
        expect(await rowsOf(client, 'SELECT id, ul FROM a')).toEqual([[1, null]])
        expect(await rowsOf(client, 'SELECT id, ul FROM legacy.a__columns')).toEqual([[1, 'box']])
      },
    ))

  test('values that the new type cuts off are kept whole', () =>
    aligned(
      `CREATE TABLE a (id integer, name varchar, at timestamp); INSERT INTO a VALUES (1, 'too long', '2013-03-31 10:00'), (2, 'ok', '2013-03-31')`,
      `CREATE TABLE a (id integer, name varchar(4), at date)`,
      async (client, schema) => {
        expect(await differences(client, schema)).toEqual([])
        expect(await rowsOf(client, 'SELECT id, name, at::text FROM a ORDER BY id')).toEqual([
          [1, 'too ', '2013-03-31'],
          [2, 'ok', '2013-03-31'],
        ])
        expect(await rowsOf(client, 'SELECT * FROM legacy.a__name')).toEqual([[1, 'too long']])
        expect(await rowsOf(client, 'SELECT id, at::text FROM legacy.a__at')).toEqual([
          [1, '2013-03-31 10:00:00'],
        ])
      },
    ))

  test('a table of links that loses its id keeps the ids aside', () =>
    aligned(
      `CREATE TABLE ab (id serial, a integer, b integer); INSERT INTO ab (a, b) VALUES (5, 6)`,
      `CREATE TABLE ab (a integer, b integer)`,
      async (client, schema) => {
        expect(await differences(client, schema)).toEqual([])
        expect(await rowsOf(client, 'SELECT * FROM legacy.ab__columns')).toEqual([[1]])
      },
    ))

  test('more columns than a function takes arguments', () => {
    const many = Array.from({ length: 130 }, (_, i) => `c${i} integer`).join(', ')
    return aligned(
      `CREATE TABLE a (id integer, ${many}); INSERT INTO a (id, c129) VALUES (1, 9)`,
      `CREATE TABLE a (id integer)`,
      async (client) =>
        expect(await rowsOf(client, 'SELECT id, c129 FROM legacy.a__columns')).toEqual([[1, 9]]),
    )
  })

  test('two tables whose long names begin alike do not meet in schema legacy', () => {
    const [one, two] = [`${'x'.repeat(60)}_a`, `${'x'.repeat(60)}_b`]
    const table = (name: string, extra = '') => `CREATE TABLE ${name} (id integer${extra})`
    return aligned(
      [one, two]
        .map((name, i) => `${table(name, ', old integer')}; INSERT INTO ${name} VALUES (1, ${i})`)
        .join(';'),
      [one, two].map((name) => table(name)).join(';'),
      async (client) => {
        const kept = [one, two].map((name) => keptName(name, 'columns'))
        expect(kept.every((name) => Buffer.byteLength(name) <= 63)).toBe(true)
        for (const [i, name] of kept.entries())
          expect(await valuesOf(client, `SELECT old FROM legacy.${name}`)).toEqual([i])
      },
    )
  })

  test("the customer's own tables and columns stay as they are", () =>
    aligned(
      `CREATE TABLE a (id integer, x_own varchar); INSERT INTO a VALUES (1, 'mine');
       CREATE TABLE own_table (id integer, name varchar, CHECK (id > 0)); INSERT INTO own_table VALUES (1, 'too')`,
      `CREATE TABLE a (id integer)`,
      async (client) => {
        expect(await rowsOf(client, 'SELECT * FROM a')).toEqual([[1, 'mine']])
        expect(await rowsOf(client, 'SELECT * FROM own_table')).toEqual([[1, 'too']])
      },
      {
        ownsTable: (table) => table === 'own_table',
        ownsColumn: (table, column) => table === 'own_table' || column === 'x_own',
      },
    ))

  test('tables of another schema are not touched', () =>
    aligned(
      `CREATE SCHEMA theirs; CREATE TABLE theirs.a (id integer, old integer); INSERT INTO theirs.a VALUES (1, 2); CREATE TABLE a (id integer)`,
      `CREATE TABLE a (id integer)`,
      async (client) => expect(await rowsOf(client, 'SELECT * FROM theirs.a')).toEqual([[1, 2]]),
    ))

  test('views of the source are no hindrance, nor are its checks', () =>
    aligned(
      `CREATE TABLE a (id integer, n integer, CHECK (n > 0)); INSERT INTO a VALUES (1, 1);
       CREATE VIEW v AS SELECT id, n FROM a; CREATE MATERIALIZED VIEW w AS SELECT * FROM v`,
      `CREATE TABLE a (id integer, n numeric)`,
      async (client, schema) => expect(await differences(client, schema)).toEqual([]),
    ))
})

describe('sequences', () => {
  test('those of ids go on with the table, stand-alone ones follow the target, those of records stay', () =>
    aligned(
      `CREATE TABLE a (id serial); INSERT INTO a DEFAULT VALUES; INSERT INTO a DEFAULT VALUES;
       CREATE SEQUENCE old_signal; CREATE SEQUENCE own_one; CREATE SEQUENCE ir_sequence_007; CREATE SEQUENCE ir_sequence_007_012`,
      `CREATE TABLE a (id serial); CREATE TABLE b (id serial); CREATE SEQUENCE new_signal`,
      async (client) => {
        const { sequences } = await extractSchema(client)
        expect(sequences).toEqual({
          a_id_seq: { ownedBy: 'a.id' },
          b_id_seq: { ownedBy: 'b.id' },
          ir_sequence_007: { ownedBy: null },
          ir_sequence_007_012: { ownedBy: null },
          new_signal: { ownedBy: null },
          own_one: { ownedBy: null },
        })
        expect(await valuesOf(client, 'INSERT INTO a DEFAULT VALUES RETURNING id')).toEqual([3])
      },
      { ...nothing, ownsSequence: (name) => name === 'own_one' },
    ))
})

describe('tables that inherit', () => {
  const family = (actions: string, window: string) =>
    `CREATE TABLE ir_actions (id serial, ${actions}); CREATE TABLE ir_act_window (${window}) INHERITS (ir_actions)`

  test('types change on the parent for all of them', () =>
    aligned(
      `${family('name varchar', 'res_model varchar')}; INSERT INTO ir_act_window (name, res_model) VALUES ('Partners', 'res.partner'); INSERT INTO ir_actions (name) VALUES ('Other')`,
      family('name jsonb, help jsonb', 'res_model varchar, target varchar'),
      async (client, schema) => {
        expect(await differences(client, schema)).toEqual([])
        expect(await valuesOf(client, 'SELECT name FROM ir_actions ORDER BY id')).toEqual([
          { en_US: 'Partners' },
          { en_US: 'Other' },
        ])
      },
    ))

  test('a column of the table alone becomes one with its parent, with another type', () =>
    aligned(
      `${family('name varchar', 'help text')}; INSERT INTO ir_act_window (name, help) VALUES ('Partners', 'Click')`,
      family('name varchar, help jsonb', ''),
      async (client, schema) => {
        expect(await differences(client, schema)).toEqual([])
        expect(await valuesOf(client, 'SELECT help FROM ir_actions')).toEqual([{ en_US: 'Click' }])
      },
    ))

  test('a column of the parent becomes one of the table alone', () =>
    aligned(
      `${family('name varchar, usage varchar', '')}; CREATE TABLE ir_act_url (url varchar) INHERITS (ir_actions);
       INSERT INTO ir_act_window (name, usage) VALUES ('Partners', 'menu'); INSERT INTO ir_act_url (usage) VALUES ('link')`,
      `${family('name varchar', 'usage varchar(64)')}; CREATE TABLE ir_act_url (url varchar) INHERITS (ir_actions)`,
      async (client, schema) => {
        expect(await differences(client, schema)).toEqual([])
        expect(await valuesOf(client, 'SELECT usage FROM ir_act_window')).toEqual(['menu'])
        expect(await rowsOf(client, 'SELECT * FROM legacy.ir_actions__columns ORDER BY id')).toEqual([
          [1, 'menu'],
          [2, 'link'],
        ])
      },
    ))

  test('defaults are of each table', () =>
    aligned(
      `${family("type varchar DEFAULT 'a'", '')}; CREATE TABLE ir_act_url () INHERITS (ir_actions)`,
      `${family("type varchar DEFAULT 'b'", '')}; CREATE TABLE ir_act_url () INHERITS (ir_actions);
       ALTER TABLE ir_act_window ALTER type SET DEFAULT 'w'; ALTER TABLE ir_act_url ALTER type DROP DEFAULT`,
      async (client, schema) => expect(await differences(client, schema)).toEqual([]),
    ))

  test('a new one is made with what it inherits, and one that is gone is no part of its parent any more', () =>
    aligned(
      `${family('name varchar', '')}; CREATE TABLE ir_act_wizard () INHERITS (ir_actions); INSERT INTO ir_act_wizard (name) VALUES ('w')`,
      `${family('name varchar', '')}; CREATE TABLE ir_act_client (tag varchar) INHERITS (ir_actions)`,
      async (client, schema) => {
        expect(await differences(client, schema)).toEqual([])
        expect(await valuesOf(client, 'SELECT name FROM ir_actions')).toEqual([])
        expect(await valuesOf(client, 'SELECT name FROM legacy.ir_act_wizard')).toEqual(['w'])
      },
    ))
})

/** Values of each type, that can be recognised in any form that a conversion gives them. */
const samples: Readonly<Record<string, readonly string[]>> = {
  'character varying': ['a', 'b c'],
  'character varying(3)': ['a', 'xyz'],
  text: ['t', 'longer text'],
  integer: ['1', '7'],
  'double precision': ['1.5', '3'],
  'numeric(16,2)': ['2.25'],
  boolean: ['true', 'false'],
  date: ['2013-03-31'],
  'timestamp without time zone': ['2013-03-31 10:00:00', '2013-03-31 00:00:00'],
  jsonb: ['{"en_US": "dog", "fr_FR": "chien"}', '{"en_US": "cat"}'],
  bytea: ['\\x00ff'],
}

const column = fc.record({ type: fc.constantFrom(...Object.keys(samples)), notNull: fc.boolean() })
const columnNames = ['a', 'order', 'Big one', 'é']
const tables = fc.dictionary(
  fc.constantFrom('t1', 't2', 'user'),
  fc.dictionary(fc.constantFrom(...columnNames), column, { maxKeys: 4 }),
  { maxKeys: 3 },
)
type Tables = Record<string, Record<string, { type: string; notNull: boolean }>>

function creating(shape: Tables): string {
  return Object.entries(shape)
    .map(([table, columns]) => {
      const definitions = Object.entries(columns).map(
        ([name, { type, notNull }]) => `, ${ident(name)} ${type}${notNull ? ' NOT NULL' : ''}`,
      )
      return `CREATE TABLE ${ident(table)} (id serial${definitions.join('')});`
    })
    .join('\n')
}

function filling(shape: Tables): string {
  return Object.entries(shape)
    .flatMap(([table, columns]) =>
      Object.entries(columns).map(([name, { type }]) => {
        const all = Object.entries(columns).filter(([other, { notNull }]) => notNull || other === name)
        const first = all.map(([other, shape]) =>
          literal(samples[shape.type]![other === name ? samples[type]!.length - 1 : 0]!),
        )
        return `INSERT INTO ${ident(table)} (${identList(all.map(([other]) => other))}) VALUES (${first.join(', ')});`
      }),
    )
    .join('\n')
}

test('any shape becomes any other, and every value is in the new place or aside', () =>
  withSmallDatabase('', (client) =>
    fc.assert(
      fc.asyncProperty(tables, tables, async (source: Tables, target: Tables) => {
        await client.query(
          'DROP SCHEMA public CASCADE; DROP SCHEMA legacy CASCADE; CREATE SCHEMA public; CREATE SCHEMA legacy; TRUNCATE uplift.note',
        )
        await client.query('SET search_path TO public')
        const schema = await shapeOf(client, creating(target))
        await client.query(creating(source) + filling(source))
        const before = await contents(client, source)
        await alignSchema(client, schema, nothing, ['fr_FR'])
        expect(await differences(client, schema)).toEqual([])
        for (const [place, values] of before)
          expect(await keptValues(client, place, target), place.join('.')).toEqual(values)
      }),
      { numRuns: 30 },
    ),
  ))

type Place = [table: string, column: string, type: string]

async function contents(client: pg.ClientBase, shape: Tables): Promise<[Place, unknown[][]][]> {
  const found: [Place, unknown[][]][] = []
  for (const [table, columns] of Object.entries(shape))
    for (const [name, { type }] of Object.entries(columns)) {
      const query = `SELECT id, ${ident(name)}::text FROM ${ident(table)} WHERE ${ident(name)} IS NOT NULL ORDER BY id`
      found.push([[table, name, type], await rowsOf(client, query)])
    }
  return found
}

/** The values of a column as they were: where they were set aside or kept whole, and else in their place, converted back. */
async function keptValues(
  client: pg.ClientBase,
  [table, name, type]: Place,
  target: Tables,
): Promise<unknown[][]> {
  const there = async (place: string): Promise<boolean> =>
    (await valuesOf(client, `SELECT to_regclass(${literal(place)}) IS NOT NULL`))[0] === true
  const read = (place: string, expression: string, condition = 'true') =>
    rowsOf(
      client,
      `SELECT id, (${expression})::text FROM ${place} WHERE ${ident(name)} IS NOT NULL AND ${condition} ORDER BY id`,
    )
  const now = target[table]?.[name]?.type
  if (!target[table]) return read(`legacy.${ident(table)}`, ident(name))
  if (now === undefined || conversion(type, now, 'c', []) === null)
    return read(`legacy.${ident(keptName(table, 'columns'))}`, ident(name)).catch(() => [])
  const whole = `legacy.${ident(keptName(table, name))}`
  const aside = (await there(whole)) ? await read(whole, ident(name)) : []
  const ids = aside.map(([id]) => id)
  const unwrapped = now === 'jsonb' && type !== 'jsonb' ? `${ident(name)} ->> 'en_US'` : ident(name)
  const isWhole = /^(int|bigint)/.test(type)
  // A whole number has decimals in a column of decimals, and is a truth in one of truths.
  const back =
    isWhole && now.startsWith('numeric')
      ? `trim_scale(${unwrapped})`
      : isWhole && now === 'boolean'
        ? `(${unwrapped})::integer`
        : unwrapped
  const place = await read(
    ident(table),
    type === 'jsonb' && now !== 'jsonb' ? `jsonb_build_object('en_US', ${back})` : `(${back})::text::${type}`,
    `NOT id = ANY ('{${ids.join(',')}}')`,
  )
  return [...aside, ...place].sort((a, b) => Number(a[0]) - Number(b[0]))
}
