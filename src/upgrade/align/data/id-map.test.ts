import { describe, expect, test } from 'vitest'
import { smallAlignment } from '../../../../test/setup/alignment.ts'
import { models, xmlids } from '../../../../test/setup/registry.ts'
import { rowsOf, valuesOf } from '../../../../test/setup/small.ts'

const aligned = smallAlignment()

const partners = 'SELECT id, name FROM res_partner ORDER BY id'
const named = (module = 'base') =>
  `SELECT name, res_id FROM ir_model_data WHERE module = '${module}' AND model !~ '^ir.mod' ORDER BY name`

describe('a record of the reference is one of the customer', () => {
  test('by its xmlid: business records are his and stay as they are', () =>
    aligned(
      {
        customer: `INSERT INTO res_partner (name) VALUES ('Azure'), ('ACME'); ${xmlids({ 'base.main_partner': ['res.partner', 2] })}`,
        reference: `INSERT INTO res_partner (name) VALUES ('My Company'); ${xmlids({ 'base.main_partner': ['res.partner', 1001] })}`,
      },
      async (client) => {
        expect(await rowsOf(client, partners)).toEqual([
          [1, 'Azure'],
          [2, 'ACME'],
        ])
        expect(await rowsOf(client, named())).toEqual([['main_partner', 2]])
      },
    ))

  test('by a key, and by a key with a reference: what he made himself is found, and gets the xmlid', () =>
    aligned(
      {
        customer: `INSERT INTO res_country (name, code) VALUES ('België', 'BE');
                   INSERT INTO res_country_state (name, code, country_id) VALUES ('Antwerpen', 'VAN', 1), ('other', 'X', 1)`,
        reference: `INSERT INTO res_country (name, code) VALUES ('France', 'FR'), ('Belgium', 'BE');
                    INSERT INTO res_country_state (name, code, country_id) VALUES ('Antwerp', 'VAN', 1002), ('Xonrupt', 'X', 1001);
                    ${xmlids({ 'base.fr': ['res.country', 1001], 'base.be': ['res.country', 1002], 'base.state_an': ['res.country.state', 1001], 'base.state_x': ['res.country.state', 1002] })}`,
      },
      async (client) => {
        expect(await rowsOf(client, 'SELECT id, name, code FROM res_country ORDER BY id')).toEqual([
          [1, 'België', 'BE'],
          [2, 'France', 'FR'],
        ])
        expect(
          await rowsOf(client, 'SELECT id, name, country_id FROM res_country_state ORDER BY id'),
        ).toEqual([
          [1, 'Antwerpen', 1],
          [2, 'other', 1],
          [3, 'Xonrupt', 2],
        ])
        expect(await rowsOf(client, named())).toEqual([
          ['be', 1],
          ['fr', 2],
          ['state_an', 1],
          ['state_x', 3],
        ])
      },
    ))

  test('two xmlids of the reference on one record of his: the other one gets a record of its own', () =>
    aligned(
      {
        customer: `INSERT INTO res_partner (name) VALUES ('one'); ${xmlids({ 'base.a': ['res.partner', 1], 'base.b': ['res.partner', 1] })}`,
        reference: `INSERT INTO res_partner (name) VALUES ('A'), ('B'); ${xmlids({ 'base.a': ['res.partner', 1001], 'base.b': ['res.partner', 1002] })}`,
      },
      async (client) => {
        expect(await rowsOf(client, partners)).toEqual([
          [1, 'one'],
          [2, 'B'],
        ])
        expect(await rowsOf(client, named())).toEqual([
          ['a', 1],
          ['b', 2],
        ])
      },
    ))

  test('an xmlid whose record he deleted names a new one', () =>
    aligned(
      {
        customer: `INSERT INTO res_partner (name) VALUES ('one'); ${xmlids({ 'base.a': ['res.partner', 9] })}`,
        reference: `INSERT INTO res_partner (name) VALUES ('A'); ${xmlids({ 'base.a': ['res.partner', 1001] })}`,
      },
      async (client) => {
        expect(await rowsOf(client, partners)).toEqual([
          [1, 'one'],
          [2, 'A'],
        ])
        expect(await rowsOf(client, named())).toEqual([['a', 2]])
      },
    ))
})

describe('new records', () => {
  test('have ids that neither a row nor a sequence ever had', () =>
    aligned(
      {
        customer: `INSERT INTO res_partner (name) VALUES ('one'); SELECT setval('res_partner_id_seq', 50);
                   INSERT INTO res_country (id, code) VALUES (70, 'BE')`,
        reference: `INSERT INTO res_partner (name) VALUES ('A'), ('B'); INSERT INTO res_country (code) VALUES ('FR');
                    ${xmlids({ 'base.a': ['res.partner', 1001], 'base.b': ['res.partner', 1002], 'base.fr': ['res.country', 1001] })}`,
      },
      async (client) => {
        expect(await valuesOf(client, 'SELECT id FROM res_partner ORDER BY id')).toEqual([1, 51, 52])
        expect(await valuesOf(client, 'SELECT id FROM res_country ORDER BY id')).toEqual([70, 71])
      },
    ))

  test('bring what they refer to, with an xmlid or without, and refer to it under its new id', () =>
    aligned(
      {
        customer: `INSERT INTO res_country (code) VALUES ('BE'); INSERT INTO res_partner (name) VALUES ('one')`,
        reference: `INSERT INTO res_country (code) VALUES ('FR'), ('BE'); INSERT INTO res_partner (name, country_id, parent_id)
                      VALUES ('parent', 1001, NULL), ('child', 1002, 1001), ('not needed', 1001, NULL);
                    INSERT INTO res_users (login, partner_id) VALUES ('template', 1002); ${xmlids({ 'base.template': ['res.users', 1001] })}`,
      },
      async (client) => {
        expect(
          await rowsOf(client, 'SELECT id, name, country_id, parent_id FROM res_partner ORDER BY id'),
        ).toEqual([
          [1, 'one', null, null],
          [2, 'parent', 2, null],
          [3, 'child', 1, 2],
        ])
        expect(await rowsOf(client, 'SELECT login, partner_id FROM res_users')).toEqual([['template', 3]])
      },
    ))

  test('of the family of actions share one row of ids', () =>
    aligned(
      {
        customer: `INSERT INTO ir_act_window (name) VALUES ('own')`,
        reference: `INSERT INTO ir_act_window (name) VALUES ('w'); INSERT INTO ir_act_server (name) VALUES ('s');
                    ${xmlids({ 'base.w': ['ir.actions.act_window', 1001], 'base.s': ['ir.actions.server', 1002] })}`,
      },
      async (client) => {
        const ids = await valuesOf(client, 'SELECT id FROM ir_actions ORDER BY id')
        expect(ids).toEqual([1, 2, 3])
        expect(await rowsOf(client, named())).toEqual([
          ['s', (await valuesOf(client, 'SELECT id FROM ir_act_server'))[0]],
          ['w', (await valuesOf(client, 'SELECT id FROM ir_act_window ORDER BY id DESC'))[0]],
        ])
      },
    ))

  test('of modules that he does not have do not come', () =>
    aligned(
      {
        customer: '',
        reference: `INSERT INTO ir_module_module (name, state) VALUES ('sale', 'installed'); INSERT INTO res_partner (name) VALUES ('A');
                    ${xmlids({ 'sale.a': ['res.partner', 1001] })}; ${models('sale', { 'sale.order': {} })}`,
      },
      async (client) => {
        expect(await rowsOf(client, partners)).toEqual([])
        expect(await rowsOf(client, named('sale'))).toEqual([])
        expect(await valuesOf(client, `SELECT model FROM ir_model WHERE model = 'sale.order'`)).toEqual([])
      },
    ))
})

describe('what leads to a record without a foreign key goes with it', () => {
  test('"model,id" and (model, id)', () =>
    aligned(
      {
        customer: `INSERT INTO ir_act_window (name) VALUES ('own 1'), ('own 2')`,
        reference: `INSERT INTO ir_act_window (name) VALUES ('w'); INSERT INTO ir_ui_menu (name, action) VALUES ('m', 'ir.actions.act_window,1001'), ('n', 'ir.actions.act_window,77');
                    INSERT INTO ir_values (name, key, model, res_id, value) VALUES ('v', 'default', 'ir.ui.menu', 1001, 'x');
                    ${xmlids({ 'base.w': ['ir.actions.act_window', 1001], 'base.m': ['ir.ui.menu', 1001], 'base.n': ['ir.ui.menu', 1002], 'base.v': ['ir.values', 1001] })}`,
      },
      async (client) => {
        expect(await rowsOf(client, 'SELECT name, action FROM ir_ui_menu ORDER BY id')).toEqual([
          ['m', 'ir.actions.act_window,3'],
          ['n', null],
        ])
        expect(await rowsOf(client, 'SELECT model, res_id, value FROM ir_values')).toEqual([
          ['ir.ui.menu', 2, 'x'],
        ])
      },
    ))
})
