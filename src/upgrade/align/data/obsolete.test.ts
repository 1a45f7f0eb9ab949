import { describe, expect, test } from 'vitest'
import { smallAlignment } from '../../../../test/setup/alignment.ts'
import { models, xmlids } from '../../../../test/setup/registry.ts'
import { rowsOf, valuesOf } from '../../../../test/setup/small.ts'
import { readNotes } from '../../notes.ts'

const aligned = smallAlignment()

const ids = (table: string) => `SELECT id FROM ${table} ORDER BY id`
const named = `SELECT module || '.' || name, noupdate FROM ir_model_data WHERE model NOT LIKE 'ir.model%' AND model <> 'ir.module.module' ORDER BY 1`

describe('records that modules do not bring any more', () => {
  test('technical ones go with what hangs on them', () =>
    aligned(
      {
        customer: `
          INSERT INTO ir_ui_view (name, inherit_id) VALUES ('parent', NULL), ('child', 1);
          INSERT INTO ir_act_window (name, view_id) VALUES ('uses', 1), ('gone', 1);
          INSERT INTO ir_ui_menu (name, action, parent_id) VALUES ('top', NULL, NULL), ('gone', 'ir.actions.act_window,2', 1);
          INSERT INTO res_groups (name) VALUES ('own'); INSERT INTO ir_ui_menu_group_rel VALUES (2, 1);
          INSERT INTO ir_act_server (name) VALUES ('job'); INSERT INTO ir_cron (name, action_id) VALUES ('runs', 3);
          ${xmlids({
            ...{
              'base.parent': ['ir.ui.view', 1],
              'gone.child': ['ir.ui.view', 2],
              'base.act': ['ir.actions.act_window', 2],
            },
            ...{
              'base.menu': ['ir.ui.menu', 2],
              'base.job': ['ir.actions.server', 3],
              'base.cron': ['ir.cron', 1],
              'base.uses': ['ir.actions.act_window', 1],
            },
          })}`,
        reference: `INSERT INTO ir_act_window (name) VALUES ('uses'); ${xmlids({ 'base.uses': ['ir.actions.act_window', 1001] })}`,
      },
      async (client) => {
        expect(await rowsOf(client, ids('ir_ui_view'))).toEqual([])
        expect(await rowsOf(client, 'SELECT id, view_id FROM ir_act_window')).toEqual([[1, null]])
        expect(await valuesOf(client, ids('ir_ui_menu'))).toEqual([1])
        expect(await rowsOf(client, 'SELECT * FROM ir_ui_menu_group_rel')).toEqual([])
        expect(await valuesOf(client, ids('ir_cron'))).toEqual([])
        expect(await valuesOf(client, ids('ir_act_server'))).toEqual([])
        expect(await rowsOf(client, named)).toEqual([['base.uses', false]])
        const removed = (await readNotes(client)).filter(({ outcome }) => outcome === 'removed')
        expect(removed.map(({ subject, detail }) => [subject, detail.rows])).toContainEqual(['ir_ui_view', 2])
      },
    ))

  test("stay while the customer's own record needs them, with what they need, and are told", () =>
    aligned(
      {
        customer: `
          INSERT INTO ir_act_server (name) VALUES ('in use'), ('not in use'); INSERT INTO ir_cron (name, action_id) VALUES ('own', 1);
          INSERT INTO ir_act_window (name) VALUES ('of a menu'); INSERT INTO ir_ui_menu (name, action) VALUES ('own', 'ir.actions.act_window,3');
          ${xmlids({ 'base.used': ['ir.actions.server', 1], 'base.unused': ['ir.actions.server', 2], 'base.opened': ['ir.actions.act_window', 3] })}`,
        reference: '',
      },
      async (client) => {
        expect(await valuesOf(client, ids('ir_act_server'))).toEqual([1])
        expect(await valuesOf(client, ids('ir_act_window'))).toEqual([3])
        expect(await valuesOf(client, ids('ir_cron'))).toEqual([1])
        // No update of the module may remove them either.
        expect(await rowsOf(client, named)).toEqual([
          ['base.opened', true],
          ['base.used', true],
        ])
        const kept = (await readNotes(client)).filter(({ topic }) => topic === 'kept against the target')
        expect(kept.map(({ subject, detail }) => [subject, detail['used by']])).toEqual([
          ['base.opened', 'ir_ui_menu.action'],
          ['base.used', 'ir_cron.action_id'],
        ])
      },
    ))

  test('stay as far up as the chain goes that his own record hangs on', () =>
    aligned(
      {
        customer: `INSERT INTO ir_ui_menu (name, parent_id) VALUES ('top', NULL), ('middle', 1), ('own', 2), ('other', 1);
                   ${xmlids({ 'base.top': ['ir.ui.menu', 1], 'base.middle': ['ir.ui.menu', 2], 'base.other': ['ir.ui.menu', 4] })}`,
        reference: '',
      },
      async (client) => expect(await valuesOf(client, ids('ir_ui_menu'))).toEqual([1, 2, 3]),
    ))

  test('business records stay, and no update of a module can remove them', () =>
    aligned(
      {
        customer: `INSERT INTO res_partner (name) VALUES ('demo'), ('of a module that is gone'); ${xmlids({ 'base.demo': ['res.partner', 1], 'gone.partner': ['res.partner', 2], 'own.partner': ['res.partner', 2] })}`,
        reference: '',
      },
      async (client) => {
        expect(await valuesOf(client, ids('res_partner'))).toEqual([1, 2])
        expect(await rowsOf(client, named)).toEqual([
          ['base.demo', true],
          ['gone.partner', true],
          ['own.partner', false],
        ])
      },
    ))

  test("records of the customer's modules are none of them, nor are those he made himself", () =>
    aligned(
      {
        customer: `INSERT INTO ir_ui_menu (name) VALUES ('of his module'), ('made by hand'); ${xmlids({ 'own.menu': ['ir.ui.menu', 1] })}`,
        reference: '',
      },
      async (client) => {
        expect(await valuesOf(client, ids('ir_ui_menu'))).toEqual([1, 2])
        expect(await rowsOf(client, named)).toEqual([['own.menu', false]])
      },
    ))

  test('a record that another xmlid of the target names only loses the old one', () =>
    aligned(
      {
        customer: `INSERT INTO ir_ui_menu (name) VALUES ('a'); ${xmlids({ 'base.a': ['ir.ui.menu', 1], 'base.alias': ['ir.ui.menu', 1] })}`,
        reference: `INSERT INTO ir_ui_menu (name) VALUES ('A'); ${xmlids({ 'base.a': ['ir.ui.menu', 1001] })}`,
      },
      async (client) => {
        expect(await rowsOf(client, 'SELECT id, name FROM ir_ui_menu')).toEqual([[1, 'A']])
        expect(await rowsOf(client, named)).toEqual([['base.a', false]])
      },
    ))
})

test("a view of the customer's that extends one that is gone is switched off, not removed, and told", () =>
  aligned(
    {
      customer: `INSERT INTO ir_ui_view (name, arch, mode, active, inherit_id) VALUES ('gone', '<form/>', 'primary', true, NULL), ('own', '<xpath/>', 'extension', true, 1);
                 ${xmlids({ 'base.gone': ['ir.ui.view', 1] })}`,
      reference: '',
    },
    async (client) => {
      expect(await rowsOf(client, 'SELECT id, arch, mode, active, inherit_id FROM ir_ui_view')).toEqual([
        [2, '<xpath/>', 'primary', false, null],
      ])
      const notes = (await readNotes(client)).filter(({ topic }) => topic === 'view')
      expect(notes).toMatchObject([
        { subject: 'own', detail: { id: 2, extended: 'base.gone', arch: '<xpath/>' } },
      ])
    },
  ))

describe('the registry', () => {
  const registered = `SELECT m.model || coalesce('.' || f.name, '') FROM ir_model m LEFT JOIN ir_model_fields f ON f.model_id = m.id WHERE m.model ~ '^(x_|own|gone)' OR f.name IS NOT NULL ORDER BY 1`

  test('loses models and fields that are gone, and keeps those that people or their modules made', () =>
    aligned(
      {
        customer: `${models('gone', { 'gone.model': { name: 'char' } })}; ${models('base', { 'res.partner': { fax: 'char' } })};
                   ${models('own', { 'own.model': { name: 'char' } })}; ${models('own', { 'res.users': { own: 'char' } })};
                   INSERT INTO ir_model (model, name, state) VALUES ('x_made', 'x', 'manual');
                   INSERT INTO ir_model_fields (model, model_id, name, ttype, state) SELECT model, id, 'x_name', 'char', 'manual' FROM ir_model WHERE model IN ('x_made', 'res.country', 'gone.model');
                   INSERT INTO ir_rule (name, model_id) SELECT 'own rule', id FROM ir_model WHERE model = 'gone.model'`,
        reference: models('base', { 'res.country': { code: 'char' } }),
      },
      async (client) => {
        expect(await valuesOf(client, registered)).toEqual([
          ...['own.model.name', 'res.country.code', 'res.country.x_name', 'res.users.own', 'x_made.x_name'],
        ])
        expect(await valuesOf(client, ids('ir_rule'))).toEqual([])
        expect(
          await valuesOf(
            client,
            `SELECT name FROM ir_model_data WHERE model LIKE 'ir.model%' AND name ~ 'gone|fax'`,
          ),
        ).toEqual([])
      },
    ))
})

test('without bodies the views of modules go, and his own that extend them are switched off until they are back', () =>
  aligned(
    {
      customer: `INSERT INTO ir_ui_view (name, arch, active) VALUES ('a', '<old/>', true); INSERT INTO ir_ui_view (name, arch, active, inherit_id) VALUES ('own', '<xpath/>', true, 1);
                 ${xmlids({ 'base.a': ['ir.ui.view', 1] })}`,
      reference: `INSERT INTO ir_model_data (module, name, model, res_id) VALUES ('base', 'a', 'ir.ui.view', -1)`,
      bodies: false,
    },
    async (client) => {
      expect(await rowsOf(client, 'SELECT name, active, inherit_id FROM ir_ui_view')).toEqual([
        ['own', false, null],
      ])
      expect(await rowsOf(client, named)).toEqual([])
    },
  ))
