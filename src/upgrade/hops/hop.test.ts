import { describe, expect, test } from 'vitest'
import { allXmlids, loaded, packOf, smallHop } from '../../../test/setup/hop.ts'
import { xmlids } from '../../../test/setup/registry.ts'
import { rowsOf, smallDatabase, valuesOf } from '../../../test/setup/small.ts'
import { readNotes } from '../notes.ts'
import { runHop } from './hop.ts'

const hopped = smallHop()
const withSmallDatabase = smallDatabase()

const modulesIn = `SELECT name, state FROM ir_module_module WHERE name <> 'base' ORDER BY name`

describe('modules', () => {
  const modules = (states: Record<string, string>) =>
    Object.entries(states)
      .map(([name, state]) => `INSERT INTO ir_module_module (name, state) VALUES ('${name}', '${state}')`)
      .join(';')

  test('a renamed one keeps its state and its records', () =>
    hopped(
      `${modules({ old: 'installed' })}; ${xmlids({ 'old.a': ['res.partner', 1], 'base.module_old': ['ir.module.module', 2] })}`,
      { modules: { renamed: { old: 'fresh' }, merged: {}, removed: [] } },
      async (client) => {
        expect(await rowsOf(client, modulesIn)).toEqual([['fresh', 'installed']])
        expect(await rowsOf(client, allXmlids)).toEqual([
          ['fresh.a', 'res.partner', 1],
          ['base.module_fresh', 'ir.module.module', 2],
        ])
        expect(await readNotes(client)).toMatchObject([
          { subject: 'old', outcome: 'renamed', detail: { into: 'fresh' } },
        ])
      },
    ))

  test('one that goes into another makes it installed; a name that both had is not there twice', () =>
    hopped(
      `${modules({ one: 'installed', two: 'installed', into: 'uninstalled' })};
       ${xmlids({ 'one.a': ['res.partner', 1], 'two.a': ['res.partner', 2], 'into.b': ['res.partner', 3], 'one.b': ['res.partner', 4] })}`,
      { modules: { renamed: {}, merged: { one: 'into', two: 'into' }, removed: [] } },
      async (client) => {
        expect(await rowsOf(client, modulesIn)).toEqual([
          ['into', 'installed'],
          ['one', 'uninstalled'],
          ['two', 'uninstalled'],
        ])
        expect(await rowsOf(client, allXmlids)).toEqual([
          ['into.a', 'res.partner', 1],
          ['into.two__a', 'res.partner', 2],
          ['into.b', 'res.partner', 3],
          ['into.one__b', 'res.partner', 4],
        ])
      },
    ))

  test('two that go into one that is not listed leave it once', () =>
    hopped(
      modules({ one: 'installed', two: 'installed' }),
      { modules: { renamed: {}, merged: { one: 'into', two: 'into' }, removed: [] } },
      async (client) =>
        expect(await valuesOf(client, `SELECT state FROM ir_module_module WHERE name = 'into'`)).toEqual([
          'installed',
        ]),
    ))
})

describe('tables and columns', () => {
  test('a table goes with its sequence; what stands in the way is kept in schema legacy', () =>
    hopped(
      `CREATE TABLE old (id serial, name varchar); INSERT INTO old (name) VALUES ('old');
       CREATE TABLE fresh (id serial, name varchar); INSERT INTO fresh (name) VALUES ('in the way')`,
      { tables: { old: 'fresh', absent: 'other' } },
      async (client) => {
        expect(await valuesOf(client, 'SELECT name FROM fresh')).toEqual(['old'])
        expect(await valuesOf(client, 'SELECT name FROM legacy.fresh')).toEqual(['in the way'])
        expect(await valuesOf(client, `SELECT pg_get_serial_sequence('fresh', 'id')`)).toEqual([
          'public.fresh_id_seq',
        ])
      },
    ))

  test('a table may take the name of one that is renamed itself, in whichever order they stand', () =>
    hopped(
      `CREATE TABLE a (id integer); INSERT INTO a VALUES (1); CREATE TABLE b (id integer); INSERT INTO b VALUES (2)`,
      { tables: { a: 'b', b: 'c' } },
      async (client) => expect(await rowsOf(client, 'SELECT b.id, c.id FROM b, c')).toEqual([[1, 2]]),
    ))

  test('of two tables under one name the first is kept in schema legacy', () =>
    hopped(
      `CREATE TABLE a (id integer); INSERT INTO a VALUES (1); CREATE TABLE b (id integer); INSERT INTO b VALUES (2)`,
      { tables: { a: 'c', b: 'c' } },
      async (client) =>
        expect(await rowsOf(client, 'SELECT c.id, l.id FROM c, legacy.c l')).toEqual([[2, 1]]),
    ))

  test('a column that stands in the way keeps its values under another name', () =>
    hopped(
      `CREATE TABLE a (old integer, "order" integer); INSERT INTO a VALUES (1, 2)`,
      {
        columns: [
          ['a', 'old', 'order'],
          ['a', 'absent', 'old'],
          ['none', 'a', 'b'],
        ],
      },
      async (client) =>
        expect(await rowsOf(client, 'SELECT "order", order__before FROM a')).toEqual([[1, 2]]),
    ))

  test('columns change names in the order given', () =>
    hopped(
      `CREATE TABLE a (x integer, y integer); INSERT INTO a VALUES (1, 2)`,
      {
        columns: [
          ['a', 'y', 'z'],
          ['a', 'x', 'y'],
        ],
      },
      async (client) => expect(await rowsOf(client, 'SELECT y, z FROM a')).toEqual([[1, 2]]),
    ))
})

test('values that people chose for records to come are renamed too', () =>
  hopped(
    `CREATE TABLE acme_job (id integer, state varchar);
     CREATE TABLE ir_values (id integer, key varchar, model varchar, name varchar, value text);
     INSERT INTO ir_values VALUES (1, 'default', 'acme.job', 'state', E'S''open''\\np0\\n.'), (2, 'default', 'acme.job', 'state', E'Vdone\\np0\\n.'),
       (3, 'default', 'acme.job', 'other', E'Vopen\\np0\\n.'), (4, 'default', 'acme.other', 'state', E'Vopen\\np0\\n.'), (5, 'default', 'acme.job', 'state', E'Vopened\\np0\\n.'),
       (6, 'action', 'acme.job', 'state', E'Vopen\\np0\\n.'), (7, 'default', 'acme.job', 'state', E'I1\\n.');
     INSERT INTO ir_model_fields (id, model, name) VALUES (901, 'acme.job', 'state'), (902, 'acme.job', 'other');
     CREATE TABLE ir_default (id integer, field_id integer, json_value varchar);
     INSERT INTO ir_default VALUES (1, 901, '"open"'), (2, 902, '"open"'), (3, 901, '"opened"');
     CREATE TABLE ir_server_object_lines (id integer, col1 integer, type varchar, value text);
     INSERT INTO ir_server_object_lines VALUES (1, 901, 'value', 'open'), (2, 901, 'equation', 'open'), (3, 902, 'value', 'open')`,
    {
      values: [{ table: 'acme_job', column: 'state', values: { open: 'done', done: 'open', same: 'same' } }],
    },
    async (client) => {
      expect(await valuesOf(client, 'SELECT value FROM ir_values ORDER BY id')).toEqual([
        "S'done'\np0\n.",
        'Vopen\np0\n.',
        'Vopen\np0\n.',
        'Vopen\np0\n.',
        'Vopened\np0\n.',
        'Vopen\np0\n.',
        'I1\n.',
      ])
      expect(await valuesOf(client, 'SELECT json_value FROM ir_default ORDER BY id')).toEqual([
        '"done"',
        '"open"',
        '"opened"',
      ])
      expect(await valuesOf(client, 'SELECT value FROM ir_server_object_lines ORDER BY id')).toEqual([
        'done',
        'open',
        'open',
      ])
    },
  ))

test('values are renamed all at once, so that they may swap', () =>
  hopped(
    `CREATE TABLE a (id integer, state varchar); INSERT INTO a VALUES (1, 'open'), (2, 'done'), (3, 'other'), (4, NULL)`,
    {
      values: [
        { table: 'a', column: 'state', values: { open: 'done', done: 'open' }, keptAs: 'was' },
        { table: 'a', column: 'none', values: {} },
      ],
    },
    async (client) =>
      expect(await rowsOf(client, 'SELECT id, state, was FROM a ORDER BY id')).toEqual([
        [1, 'done', 'open'],
        [2, 'open', 'done'],
        [3, 'other', 'other'],
        [4, null, null],
      ]),
  ))

describe('the SQL of modules', () => {
  const transform = (module: string, sql: string) => ({ module, file: '', sql })

  test('runs for the modules that are installed, each after those it depends on', () =>
    withSmallDatabase(`${loaded} CREATE TABLE log (id serial, name varchar)`, async (client) => {
      const log = (module: string) => transform(module, `INSERT INTO log (name) VALUES ('${module}')`)
      const pack = packOf(
        {
          pending: [
            { module: 'sale', what: 'a' },
            { module: 'crm', what: 'b' },
          ],
        },
        ['sale', 'base', 'crm'].map(log),
      )
      await runHop(client, pack, ['base', 'sale'])
      expect(await valuesOf(client, 'SELECT name FROM log ORDER BY id')).toEqual(['base', 'sale'])
      expect((await readNotes(client)).map(({ subject, outcome }) => [subject, outcome])).toEqual([
        ['sale', 'a'],
      ])
    }))

  test('that fails is named, and nothing of the hop stays', () =>
    withSmallDatabase(`${loaded} CREATE TABLE old (id integer)`, async (client) => {
      const failing = runHop(
        client,
        packOf({ tables: { old: 'fresh' } }, [transform('base', 'SELECT 1/0')]),
        ['base'],
      )
      await expect(failing).rejects.toMatchObject({
        detail: { module: 'base', database: 'division by zero' },
      })
      expect(await valuesOf(client, `SELECT to_regclass('old')::text`)).toEqual(['old'])
    }))

  test('workflows of models that have none any more go with what runs of them', () =>
    hopped(
      `CREATE TABLE wkf (id serial, osv varchar); INSERT INTO wkf (osv) VALUES ('crm.lead'), ('sale.order');
       CREATE TABLE wkf_activity (id serial, wkf_id integer, subflow_id integer); INSERT INTO wkf_activity (wkf_id, subflow_id) VALUES (1, NULL), (1, NULL), (2, 1);
       CREATE TABLE wkf_transition (id serial, act_from integer, act_to integer); INSERT INTO wkf_transition (act_from, act_to) VALUES (1, 2), (3, 3);
       CREATE TABLE wkf_instance (id serial, wkf_id integer, res_type varchar, res_id integer); INSERT INTO wkf_instance (wkf_id) VALUES (1), (2);
       CREATE TABLE wkf_workitem (id serial, inst_id integer, subflow_id integer); INSERT INTO wkf_workitem (inst_id, subflow_id) VALUES (1, NULL), (2, 1);
       CREATE TABLE wkf_triggers (id serial, instance_id integer, model varchar, res_id integer); INSERT INTO wkf_triggers (instance_id) VALUES (1), (2);
       CREATE TABLE wkf_witm_trans (inst_id integer, trans_id integer); INSERT INTO wkf_witm_trans VALUES (1, 1), (2, 2);
       ${xmlids({ 'crm.wkf': ['workflow', 1], 'sale.wkf': ['workflow', 2], 'crm.act': ['workflow.activity', 1], 'crm.trans': ['workflow.transition', 1] })}`,
      { workflowsRemoved: ['crm.lead'] },
      async (client) => {
        const tables = [
          'wkf',
          'wkf_activity',
          'wkf_transition',
          'wkf_instance',
          'wkf_workitem',
          'wkf_triggers',
        ]
        for (const table of tables)
          expect(await valuesOf(client, `SELECT id FROM ${table}`), table).toHaveLength(1)
        expect(await rowsOf(client, 'SELECT inst_id, trans_id FROM wkf_witm_trans')).toEqual([[2, 2]])
        expect(
          await valuesOf(
            client,
            'SELECT subflow_id FROM wkf_workitem UNION ALL SELECT subflow_id FROM wkf_activity',
          ),
        ).toEqual([null, null])
        expect(await valuesOf(client, `SELECT module || '.' || name FROM ir_model_data`)).toEqual([
          'sale.wkf',
        ])
      },
    ))
})
