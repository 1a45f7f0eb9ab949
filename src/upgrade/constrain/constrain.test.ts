import type pg from 'pg'
import { describe, expect, test } from 'vitest'
import { rowsOf, smallDatabase, valuesOf } from '../../../test/setup/small.ts'
import type { Deferred } from '../../load/report.ts'
import { diffSchema } from '../../schema/diff.ts'
import { extractSchema } from '../../schema/extract.ts'
import type { Schema } from '../../schema/schema.ts'
import { readNotes } from '../notes.ts'
import { constrain } from './constrain.ts'
import { restoreOwn } from './own.ts'
import type { Violation } from './violations.ts'

const withSmallDatabase = smallDatabase()

/** The tables without anything that constrains them, and with all of it. */
const bare = `
  CREATE TABLE res_users (id serial);
  CREATE TABLE a (id serial, name varchar, "order" integer, user_id integer, other integer);
  CREATE TABLE child (extra integer) INHERITS (a);`
const whole = `
  CREATE TABLE res_users (id serial PRIMARY KEY);
  CREATE TABLE a (id serial PRIMARY KEY, name varchar NOT NULL, "order" integer, user_id integer, other integer,
    CONSTRAINT a_order_check CHECK ("order" > 0
      OR "order" = -7), CONSTRAINT name UNIQUE (name, "order"),
    CONSTRAINT a_user_fk FOREIGN KEY (user_id) REFERENCES res_users (id) ON DELETE SET NULL);
  CREATE TABLE child (extra integer NOT NULL) INHERITS (a);
  CREATE UNIQUE INDEX a_other_index ON a (other, lower(name)) WHERE "order" > 5;
  CREATE INDEX a_user_index ON a (user_id);
  CREATE VIEW first AS SELECT id FROM a;
  CREATE VIEW a_second AS SELECT id FROM first;
  CREATE MATERIALIZED VIEW third AS SELECT id FROM a_second`

async function constrained(
  rows: string,
  work: (violations: Violation[], client: pg.Client, wanted: Schema) => Promise<void>,
  large?: number,
): Promise<void> {
  await withSmallDatabase(bare, async (client, others) => {
    await client.query('CREATE SCHEMA wanted; SET search_path TO wanted')
    await client.query(whole)
    const wanted = await extractSchema(client, 'wanted')
    await client.query('SET search_path TO public')
    await client.query(rows)
    await work(await constrain([client, ...others], wanted, { large }), client, wanted)
  })
}

const good = `INSERT INTO res_users SELECT FROM generate_series(1, 3); INSERT INTO a (id, name, "order", user_id, other) VALUES (40, 'x', 1, 1, 1), (41, 'x', 2, NULL, 1)`

describe.each([
  ['all tables at once', undefined],
  ['foreign keys of large tables apart', 0],
])('%s', (_, large) => {
  test('all of the target is in place, and sequences give ids that are free', () =>
    constrained(
      good,
      async (violations, client, wanted) => {
        expect(violations).toEqual([])
        expect(diffSchema(wanted, await extractSchema(client))).toEqual([])
        const invalid = 'SELECT conname FROM pg_constraint WHERE NOT convalidated'
        expect(await valuesOf(client, invalid)).toEqual([])
        expect(await valuesOf(client, `INSERT INTO a (name) VALUES ('new') RETURNING id`)).toEqual([42])
        expect(await valuesOf(client, `INSERT INTO res_users DEFAULT VALUES RETURNING id`)).toEqual([4])
      },
      large,
    ))

  test('what breaks one is named with its rows, and everything else is in place', () =>
    constrained(
      `${good};
       INSERT INTO a (id, name, "order", user_id, other) VALUES
         (1, NULL, 1, NULL, 2), (2, 'y', 0, NULL, 3), (3, 'z', 1, NULL, 4), (4, 'z', 1, NULL, 5), (5, 'u', 1, 77, 6),
         (6, 'i', 7, NULL, 8), (7, 'I', 8, NULL, 8), (8, 'I', 3, NULL, 8)`,
      async (violations, client, wanted) => {
        const named = violations.map(({ constraint, rows, ids }) => [constraint, rows, ids])
        // A constraint and a column may be called the same.
        expect(named.sort()).toEqual([
          ['a_order_check', 1, [2]],
          ['a_other_index', 2, [6, 7]],
          ['a_user_fk', 1, [5]],
          ['name', 1, [1]],
          ['name', 2, [3, 4]],
        ])
        expect(violations.every(({ message }) => message.length > 10)).toBe(true)
        const unproven = 'SELECT conname FROM pg_constraint WHERE NOT convalidated'
        expect(await valuesOf(client, unproven)).toEqual([])
        const missing = diffSchema(wanted, await extractSchema(client)).map(({ name }) => name)
        expect(missing.sort()).toEqual([
          'a.name',
          'a: a_order_check',
          'a: a_other_index',
          'a: a_user_fk',
          'a: name',
        ])
      },
      large,
    ))
})

test('a primary key is broken by ids that are there twice, and by none', () =>
  constrained(
    `${good}; ALTER TABLE res_users ALTER id DROP NOT NULL; INSERT INTO res_users VALUES (2), (NULL)`,
    async (violations) => {
      const found = violations.map(({ constraint, rows }) => [constraint, rows])
      expect(found).toContainEqual(['res_users_pkey', 3])
      // Nothing can refer to it then, which is told and does not stop the rest.
      expect(found).toContainEqual(['a_user_fk', 0])
    },
    0,
  ))

test('sequences do not go back', () =>
  constrained(`${good}; SELECT setval('a_id_seq', 100)`, async (_, client) => {
    expect(await valuesOf(client, `INSERT INTO a (name) VALUES ('new') RETURNING id`)).toEqual([101])
  }))

test('a view that reads what is not there is told', () =>
  withSmallDatabase('CREATE TABLE a (id integer)', async (client) => {
    const schema = await extractSchema(client)
    schema.views = {
      good: { definition: 'SELECT id FROM a', materialized: false },
      bad: { definition: 'SELECT none FROM a', materialized: false },
    }
    const violations = await constrain([client], schema)
    expect(violations.map(({ table }) => table)).toEqual(['bad'])
    expect(await rowsOf(client, 'SELECT * FROM good')).toEqual([])
  }))

test("the customer's own keys and views come back, and what does not fit any more is told", () =>
  withSmallDatabase(
    `CREATE TABLE own (id integer, code varchar, x_gone integer); CREATE TABLE a (id integer, name varchar, x_code varchar)`,
    async (client) => {
      const deferred = (
        kind: Deferred['kind'],
        table: string,
        name: string,
        columns: string[],
        sql: string,
      ): Deferred => ({
        ...{ kind, schema: 'public', table, name, columns, sql, definition: sql },
      })
      await restoreOwn(
        client,
        [
          deferred('view', 'own_view', 'own_view', [], 'CREATE VIEW own_view AS SELECT code FROM own'),
          deferred(
            'primaryKey',
            'own',
            'own_pkey',
            ['id'],
            'ALTER TABLE own ADD CONSTRAINT own_pkey PRIMARY KEY (id)',
          ),
          deferred('unique', 'a', 'a_x', ['x_code'], 'ALTER TABLE a ADD CONSTRAINT a_x UNIQUE (x_code)'),
          deferred('unique', 'a', 'a_name', ['name'], 'ALTER TABLE a ADD CONSTRAINT a_name UNIQUE (name)'),
          deferred('index', 'own', 'own_none', ['none'], 'CREATE INDEX own_none ON own (none)'),
          deferred('view', 'odoos', 'odoos', [], 'CREATE VIEW odoos AS SELECT 1'),
        ],
        {
          ownsTable: (table) => table === 'own',
          ownsColumn: (table, column) => table === 'own' || column.startsWith('x_'),
        },
        new Set(['odoos']),
      )
      const { tables, views } = await extractSchema(client)
      expect(Object.keys(views)).toEqual(['own_view'])
      expect(Object.keys(tables.own!.constraints)).toEqual(['own_pkey'])
      expect(Object.keys(tables.a!.constraints)).toEqual(['a_x'])
      expect((await readNotes(client)).map(({ subject }) => subject)).toEqual(['own: own_none'])
    },
  ))
