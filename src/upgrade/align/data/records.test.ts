import { describe, expect, test } from 'vitest'
import { smallAlignment } from '../../../../test/setup/alignment.ts'
import { models, xmlids } from '../../../../test/setup/registry.ts'
import { rowsOf, valuesOf } from '../../../../test/setup/small.ts'
import { fillLifted } from '../../fill/lifted.ts'
import { readNotes } from '../../notes.ts'

const aligned = smallAlignment()

const view = (name: string, arch: string, extra: Record<string, string> = {}) =>
  `INSERT INTO ir_ui_view (name, arch, ${['mode', ...Object.keys(extra)].join(', ')}) VALUES ('${name}', '${arch}', ${["'primary'", ...Object.values(extra)].join(', ')})`

describe('records that modules own', () => {
  test('take the content of the target, with its references', () =>
    aligned(
      {
        customer: `${view('a', '<old/>')}; ${view('b', '<old/>')}; ${xmlids({ 'base.a': ['ir.ui.view', 2], 'base.b': ['ir.ui.view', 1] })}`,
        reference: `${view('a', '<a/>')}; ${view('b', '<b/>', { inherit_id: '1001' })}; ${xmlids({ 'base.a': ['ir.ui.view', 1001], 'base.b': ['ir.ui.view', 1002] })}`,
      },
      async (client) =>
        expect(await rowsOf(client, 'SELECT id, name, arch, inherit_id FROM ir_ui_view ORDER BY id')).toEqual(
          [
            [1, 'b', '<b/>', 2],
            [2, 'a', '<a/>', null],
          ],
        ),
    ))

  test('that are protected from updates on either side stay as he has them, and are protected from then on', () =>
    aligned(
      {
        customer: `${view('a', '<mine/>')}; ${view('b', '<mine/>')}; ${xmlids({ 'base.a': ['ir.ui.view', 1, true], 'base.b': ['ir.ui.view', 2] })}`,
        reference: `${view('a', '<a/>')}; ${view('b', '<b/>')}; ${view('c', '<c/>')};
                    ${xmlids({ 'base.a': ['ir.ui.view', 1001], 'base.b': ['ir.ui.view', 1002, true], 'base.c': ['ir.ui.view', 1003, true] })}`,
      },
      async (client) => {
        expect(await valuesOf(client, 'SELECT arch FROM ir_ui_view ORDER BY id')).toEqual([
          '<mine/>',
          '<mine/>',
          '<c/>',
        ])
        expect(
          await rowsOf(
            client,
            `SELECT name, noupdate FROM ir_model_data WHERE model = 'ir.ui.view' ORDER BY name`,
          ),
        ).toEqual([
          ['a', true],
          ['b', true],
          ['c', true],
        ])
      },
    ))

  test('are neither protected nor open to updates where the target has not decided', () =>
    aligned(
      {
        customer: `${view('a', '<a/>')}; ${xmlids({ 'base.a': ['ir.ui.view', 1] })}`,
        reference: `${view('a', '<a/>')}; ${view('b', '<b/>')}; ${view('c', '<c/>')};
                    ${xmlids({ 'base.a': ['ir.ui.view', 1001], 'base.b': ['ir.ui.view', 1002], 'base.c': ['ir.ui.view', 1003] })};
                    UPDATE ir_model_data SET noupdate = NULL WHERE name = 'b'; UPDATE ir_model_data SET noupdate = false WHERE name = 'c'`,
      },
      async (client) =>
        expect(
          await rowsOf(
            client,
            `SELECT name, noupdate FROM ir_model_data WHERE name IN ('b', 'c') ORDER BY name`,
          ),
        ).toEqual([
          ['b', null],
          ['c', false],
        ]),
    ))

  test('that he edited are kept as they were, and named', () =>
    aligned(
      {
        customer: `${view('a', '<edited/>', { write_date: `'2013-05-01'` })}; ${view('b', '<old/>', { write_date: `'2013-01-01'` })};
                   ${xmlids({ 'base.a': ['ir.ui.view', 1], 'base.b': ['ir.ui.view', 2] })}; UPDATE ir_model_data SET date_update = '2013-01-01'`,
        reference: `${view('a', '<a/>')}; ${view('b', '<b/>')}; ${xmlids({ 'base.a': ['ir.ui.view', 1001], 'base.b': ['ir.ui.view', 1002] })}`,
      },
      async (client) => {
        expect(await valuesOf(client, 'SELECT arch FROM ir_ui_view ORDER BY id')).toEqual(['<a/>', '<b/>'])
        expect(await rowsOf(client, 'SELECT id, xmlid, arch FROM legacy.ir_ui_view_customised')).toEqual([
          [1, 'base.a', '<edited/>'],
        ])
        const notes = (await readNotes(client)).filter(({ topic }) => topic === 'view')
        expect(notes.map(({ subject }) => subject)).toEqual(['base.a'])
      },
    ))

  test("buttons that name an action by its number name the customer's", () =>
    aligned(
      {
        customer: `INSERT INTO ir_act_window (name) VALUES ('own'), ('w'); ${xmlids({ 'base.w': ['ir.actions.act_window', 2] })}`,
        reference: `INSERT INTO ir_act_window (name) VALUES ('w'); ${xmlids({ 'base.w': ['ir.actions.act_window', 1001], 'base.a': ['ir.ui.view', 1001] })};
                    ${view('a', '<form><button name="1001"/><field name="amount"/></form>')}`,
      },
      async (client) =>
        expect(await valuesOf(client, 'SELECT arch FROM ir_ui_view')).toEqual([
          '<form><button name="2"/><field name="amount"/></form>',
        ]),
    ))
})

test('a column that the source did not have takes the value of the reference where the record is the same one', () =>
  aligned(
    {
      customer: `INSERT INTO res_partner (name) VALUES ('ACME'), ('other'); ${xmlids({ 'base.main_partner': ['res.partner', 1] })}`,
      reference: `INSERT INTO res_country (code) VALUES ('BE'); INSERT INTO res_partner (name, country_id) VALUES ('My Company', 1001);
                  ${xmlids({ 'base.main_partner': ['res.partner', 1001], 'base.be': ['res.country', 1001] })}`,
      added: [['res_partner', 'country_id']],
    },
    async (client) =>
      expect(await rowsOf(client, 'SELECT name, country_id FROM res_partner ORDER BY id')).toEqual([
        ['ACME', 2],
        ['other', null],
      ]),
  ))

test('a column that has to have a value and that the reference does not know takes what most have, or stays empty and is told', () =>
  aligned(
    {
      customer: `ALTER TABLE res_partner ADD own_kind varchar, ADD own_code varchar, ADD own_note varchar NOT NULL DEFAULT 'none';
                 INSERT INTO res_partner (name, own_kind, own_code) VALUES ('a', 'firm', '1'), ('b', 'firm', '2'), ('c', 'aunt', '3');
                 ALTER TABLE res_partner ALTER own_kind SET NOT NULL, ALTER own_code SET NOT NULL`,
      reference: `INSERT INTO res_partner (name) VALUES ('new'); ${xmlids({ 'base.new': ['res.partner', 1001] })}`,
    },
    async (client) => {
      await fillLifted(client)
      expect(
        await rowsOf(client, 'SELECT name, own_kind, own_code, own_note FROM res_partner ORDER BY id'),
      ).toEqual([
        ['a', 'firm', '1', 'none'],
        ['b', 'firm', '2', 'none'],
        ['c', 'aunt', '3', 'none'],
        ['new', 'firm', null, 'none'],
      ])
      const required = `SELECT attname FROM pg_attribute WHERE attrelid = 'res_partner'::regclass AND attname LIKE 'own%' AND attnotnull ORDER BY 1`
      expect(await valuesOf(client, required)).toEqual(['own_kind', 'own_note'])
      const told = (await readNotes(client)).filter(({ stage }) => stage === 'fill')
      expect(told.map(({ topic, subject, detail }) => [topic, subject, detail.rows])).toEqual([
        ['not adapted', 'res_partner.own_code', 1],
        ['required value', 'res_partner.own_kind', 1],
      ])
    },
  ))

describe('links', () => {
  const groups = (names: readonly string[]) =>
    names.map((name) => `INSERT INTO res_groups (name) VALUES ('${name}')`).join(';')

  test('between records of modules follow the target; those of the customer stay', () =>
    aligned(
      {
        customer: `${groups(['user', 'manager', 'own'])}; INSERT INTO ir_ui_menu (name) VALUES ('a'), ('protected');
                   INSERT INTO ir_ui_menu_group_rel VALUES (1, 1), (1, 3), (2, 1);
                   ${xmlids({ 'base.user': ['res.groups', 1], 'base.manager': ['res.groups', 2], 'base.a': ['ir.ui.menu', 1], 'base.b': ['ir.ui.menu', 2, true] })}`,
        reference: `${groups(['manager', 'user'])}; INSERT INTO ir_ui_menu (name) VALUES ('b'), ('a'); INSERT INTO ir_ui_menu_group_rel VALUES (1002, 1001), (1001, 1001);
                    ${xmlids({ 'base.user': ['res.groups', 1002], 'base.manager': ['res.groups', 1001], 'base.a': ['ir.ui.menu', 1002], 'base.b': ['ir.ui.menu', 1001] })}`,
      },
      async (client) =>
        expect(await rowsOf(client, 'SELECT menu_id, gid FROM ir_ui_menu_group_rel ORDER BY 1, 2')).toEqual([
          [1, 2],
          [1, 3],
          [2, 1],
        ]),
    ))

  test('members of a group are members of all that it implies now', () =>
    aligned(
      {
        customer: `${groups(['manager', 'user'])}; INSERT INTO res_partner (name) VALUES ('p'); INSERT INTO res_users (login, partner_id) VALUES ('a', 1);
                   INSERT INTO res_groups_users_rel VALUES (1, 1); ${xmlids({ 'base.manager': ['res.groups', 1], 'base.user': ['res.groups', 2] })}`,
        reference: `${groups(['manager', 'user', 'public'])}; INSERT INTO res_groups_implied_rel VALUES (1001, 1002), (1002, 1003);
                    ${xmlids({ 'base.manager': ['res.groups', 1001], 'base.user': ['res.groups', 1002], 'base.public': ['res.groups', 1003] })}`,
      },
      async (client) => {
        expect(await rowsOf(client, 'SELECT gid, hid FROM res_groups_implied_rel ORDER BY 1')).toEqual([
          [1, 2],
          [2, 3],
        ])
        expect(await rowsOf(client, 'SELECT gid, uid FROM res_groups_users_rel ORDER BY 1')).toEqual([
          [1, 1],
          [2, 1],
          [3, 1],
        ])
      },
    ))
})

test('terms: his own stay, those of modules follow the target and keep his translation', () =>
  aligned(
    {
      customer: `${view('a', '<a/>')}; INSERT INTO res_partner (name) VALUES ('p'); INSERT INTO res_lang (code) VALUES ('fr_FR'), ('eo');
                 INSERT INTO ir_translation (lang, type, name, src, value, res_id, module) VALUES
                   ('fr_FR', 'model', 'ir.ui.view,name', 'a', 'his own', 1, 'base'), ('fr_FR', 'model', 'ir.ui.view,name', 'gone', 'old', 1, 'base'),
                   ('fr_FR', 'model', 'res.partner,name', 'p', 'partenaire', 1, NULL), ('eo', 'model', 'ir.ui.view,name', 'gone', 'eo', 1, 'base'),
                   ('fr_FR', 'code', 'addons/own/x.py', 'mine', 'le mien', 0, 'own'), ('fr_FR', 'model', 'ir.ui.view,name', 'dead', 'x', 99, 'base');
                 ${xmlids({ 'base.a': ['ir.ui.view', 1] })}`,
      reference: `${view('a', '<a/>')}; ${view('b', '<b/>')}; INSERT INTO res_lang (code) VALUES ('fr_FR');
                  INSERT INTO ir_translation (lang, type, name, src, value, res_id, module) VALUES
                    ('fr_FR', 'model', 'ir.ui.view,name', 'a', 'official', 1001, 'base'), ('fr_FR', 'model', 'ir.ui.view,name', 'b', 'nouveau', 1002, 'base');
                  ${xmlids({ 'base.a': ['ir.ui.view', 1001], 'base.b': ['ir.ui.view', 1002] })}`,
    },
    async (client) =>
      expect(
        await rowsOf(client, 'SELECT lang, src, value, res_id FROM ir_translation ORDER BY value'),
      ).toEqual([
        ['eo', 'gone', 'eo', 1],
        ['fr_FR', 'a', 'his own', 1],
        ['fr_FR', 'mine', 'le mien', 0],
        ['fr_FR', 'b', 'nouveau', 2],
        ['fr_FR', 'p', 'partenaire', 1],
      ]),
  ))

test('the module list is that of the target: installed with its versions, own ones as they were, gone ones gone', () =>
  aligned(
    {
      customer: `INSERT INTO ir_module_module (name, state, latest_version) VALUES ('gone', 'installed', '7.0'), ('own', 'installed', '7.0.1'), ('crm', 'uninstalled', NULL)`,
      reference: `INSERT INTO ir_module_module (name, state, latest_version) VALUES ('sale', 'installed', '8.0.1'), ('crm', 'installed', '8.0.1'), ('bad', 'uninstallable', NULL);
                  ${xmlids({ 'base.module_sale': ['ir.module.module', 1002], 'base.module_crm': ['ir.module.module', 1003], 'base.module_bad': ['ir.module.module', 1004] })}`,
      plan: { targetModules: ['base', 'sale'] },
    },
    async (client) => {
      expect(
        await rowsOf(client, 'SELECT name, state, latest_version FROM ir_module_module ORDER BY name'),
      ).toEqual([
        ['bad', 'uninstallable', null],
        ['base', 'installed', '8.0.1.3'],
        ['crm', 'uninstalled', null],
        ['own', 'installed', '7.0.1'],
        ['sale', 'installed', '8.0.1'],
      ])
      const notes = (await readNotes(client)).filter(({ topic }) => topic === 'module')
      expect(notes.map(({ subject, outcome }) => [subject, outcome])).toEqual([
        ['gone', 'gone'],
        ['sale', 'new'],
        ['own', 'your own'],
      ])
    },
  ))

test('constraints that modules declare are replaced, those of his own modules stay', () =>
  aligned(
    {
      customer: `INSERT INTO ir_module_module (name, state) VALUES ('own', 'installed');
                 INSERT INTO ir_model_constraint (name, model, module) SELECT 'old', m.id, 1 FROM ir_model m WHERE model = 'res.partner';
                 INSERT INTO ir_model_constraint (name, model, module) SELECT 'own', m.id, 2 FROM ir_model m WHERE model = 'res.partner'`,
      reference: `INSERT INTO ir_model_constraint (name, model, module) SELECT 'fresh', m.id, 1001 FROM ir_model m WHERE model = 'res.partner'`,
    },
    async (client) =>
      expect(
        await rowsOf(
          client,
          'SELECT c.name, m.model, c.module FROM ir_model_constraint c JOIN ir_model m ON m.id = c.model ORDER BY c.name',
        ),
      ).toEqual([
        ['fresh', 'res.partner', 1],
        ['own', 'res.partner', 2],
      ]),
  ))

test('tables that not every version has may be absent', () =>
  aligned(
    {
      customer: `${view('a', '<old/>')}; ${xmlids({ 'base.a': ['ir.ui.view', 1], 'base.gone': ['ir.ui.view', 2] })}; ${view('gone', '<old/>')}; ${models('gone', { 'gone.model': { name: 'char' } })}`,
      reference: `${view('a', '<a/>')}; ${xmlids({ 'base.a': ['ir.ui.view', 1001] })}`,
      without: [
        'ir_translation',
        'ir_values',
        'res_groups_implied_rel',
        'ir_ui_menu_group_rel',
        'ir_model_constraint',
        'ir_ui_menu',
      ],
    },
    async (client) => {
      expect(await valuesOf(client, 'SELECT arch FROM ir_ui_view')).toEqual(['<a/>'])
      expect(await valuesOf(client, `SELECT count(*)::int FROM ir_model WHERE model = 'gone.model'`)).toEqual(
        [0],
      )
    },
  ))
