import { describe, expect, test } from 'vitest'
import { smallHop } from '../../../test/setup/hop.ts'
import { models, xmlids } from '../../../test/setup/registry.ts'
import { rowsOf, valuesOf } from '../../../test/setup/small.ts'

const hopped = smallHop()

describe('models', () => {
  const named = `
    CREATE TABLE ir_attachment (id serial, res_model varchar, res_id integer, res_field varchar);
    INSERT INTO ir_attachment (res_model, res_id, res_field) VALUES ('old.model', 7, 'name'), ('old.model.line', 7, 'name');
    CREATE TABLE ir_ui_menu (id serial, action varchar); INSERT INTO ir_ui_menu (action) VALUES ('old.model,3'), ('other,3');
    CREATE TABLE holder (id serial, ref varchar); INSERT INTO holder (ref) VALUES ('old.model,4');`

  test('everything that names one follows it: records, texts, fields, xmlids of the registry', () =>
    hopped(
      `${named} ${models('base', { 'old.model': { name: 'char' }, 'old.model.line': { name: 'char' }, holder: { ref: 'reference' } })};
       CREATE TABLE ir_translation (id serial, name varchar, type varchar, res_id integer); INSERT INTO ir_translation (name, type) VALUES ('old.model,name', 'field')`,
      { models: { renamed: { 'old.model': 'new.model' }, merged: {} } },
      async (client) => {
        expect(await valuesOf(client, 'SELECT res_model FROM ir_attachment ORDER BY id')).toEqual([
          'new.model',
          'old.model.line',
        ])
        expect(await valuesOf(client, 'SELECT action FROM ir_ui_menu ORDER BY id')).toEqual([
          'new.model,3',
          'other,3',
        ])
        expect(await valuesOf(client, 'SELECT ref FROM holder')).toEqual(['new.model,4'])
        expect(await valuesOf(client, 'SELECT name FROM ir_translation')).toEqual(['new.model,name'])
        expect(await valuesOf(client, 'SELECT DISTINCT model FROM ir_model ORDER BY 1')).toEqual([
          'holder',
          'new.model',
          'old.model.line',
        ])
        expect(
          await valuesOf(client, `SELECT name FROM ir_model_data WHERE name !~ 'holder' ORDER BY id`),
        ).toEqual([
          'model_new_model',
          'field_new_model_name',
          'model_old_model_line',
          'field_old_model_line_name',
        ])
      },
    ))

  test('one that goes into another leaves one entry in the registry, which everything names', () =>
    hopped(
      `${models('base', { 'new.model': { name: 'char' }, 'old.model': { name: 'char', own: 'char' }, 'ir.actions.server': { model_id: 'many2one ir.model' } })};
       CREATE TABLE ir_act_server (id serial, model_id integer);
       INSERT INTO ir_act_server (model_id) SELECT id FROM ir_model WHERE model IN ('old.model', 'new.model') ORDER BY model;
       CREATE TABLE ir_property (id serial, fields_id integer, res_id varchar, value_reference varchar);
       INSERT INTO ir_property (fields_id, res_id) SELECT id, 'old.model,5' FROM ir_model_fields WHERE model = 'old.model' AND name = 'name'`,
      { models: { renamed: {}, merged: { 'old.model': 'new.model' } } },
      async (client) => {
        expect(await rowsOf(client, `SELECT id, model FROM ir_model WHERE model ~ 'model$'`)).toEqual([
          [1, 'new.model'],
        ])
        expect(await valuesOf(client, 'SELECT model_id FROM ir_act_server')).toEqual([1, 1])
        expect(
          await rowsOf(client, `SELECT model, name FROM ir_model_fields WHERE model ~ 'model$' ORDER BY id`),
        ).toEqual([
          ['new.model', 'name'],
          ['new.model', 'own'],
        ])
        expect(await rowsOf(client, 'SELECT fields_id, res_id FROM ir_property')).toEqual([
          [1, 'new.model,5'],
        ])
        expect(
          await valuesOf(
            client,
            `SELECT d.name FROM ir_model_data d WHERE d.model = 'ir.model.fields' AND NOT EXISTS (SELECT FROM ir_model_fields f WHERE f.id = d.res_id)`,
          ),
        ).toEqual([])
      },
    ))
})

describe('fields', () => {
  test('one goes with its xmlid in either form, its files, terms and default values', () =>
    hopped(
      `${models('base', { 'res.partner': { old: 'char', x_old: 'char' } })};
       UPDATE ir_model_data SET name = 'field_res_partner__x_old' WHERE name = 'field_res_partner_x_old';
       CREATE TABLE ir_attachment (id serial, res_model varchar, res_id integer, res_field varchar);
       INSERT INTO ir_attachment (res_model, res_field) VALUES ('res.partner', 'old'), ('res.users', 'old');
       CREATE TABLE ir_translation (id serial, name varchar, type varchar, res_id integer); INSERT INTO ir_translation (name, type) VALUES ('res.partner,old', 'field'), ('res.partner,old', 'code');
       CREATE TABLE ir_values (id serial, key varchar, model varchar, res_id integer, name varchar, value varchar);
       INSERT INTO ir_values (key, model, name) VALUES ('default', 'res.partner', 'old'), ('action', 'res.partner', 'old')`,
      {
        fields: [
          ['res.partner', 'old', 'fresh'],
          ['res.partner', 'x_old', 'x_fresh'],
        ],
      },
      async (client) => {
        expect(await valuesOf(client, 'SELECT name FROM ir_model_fields ORDER BY id')).toEqual([
          'fresh',
          'x_fresh',
        ])
        expect(
          await valuesOf(client, `SELECT name FROM ir_model_data WHERE name ~ '^field' ORDER BY id`),
        ).toEqual(['field_res_partner_fresh', 'field_res_partner__x_fresh'])
        expect(await valuesOf(client, 'SELECT res_field FROM ir_attachment ORDER BY id')).toEqual([
          'fresh',
          'old',
        ])
        expect(await valuesOf(client, 'SELECT name FROM ir_translation ORDER BY id')).toEqual([
          'res.partner,fresh',
          'res.partner,old',
        ])
        expect(await valuesOf(client, 'SELECT name FROM ir_values ORDER BY id')).toEqual(['fresh', 'old'])
      },
    ))

  test('one may take the name of one that is renamed itself', () =>
    hopped(
      models('base', { 'hr.expense': { total_company: 'float', total: 'float' } }),
      {
        fields: [
          ['hr.expense', 'total_company', 'total'],
          ['hr.expense', 'total', 'total_currency'],
        ],
      },
      async (client) => {
        expect(await rowsOf(client, 'SELECT id, name FROM ir_model_fields ORDER BY id')).toEqual([
          [1, 'total'],
          [2, 'total_currency'],
        ])
        expect(
          await valuesOf(
            client,
            `SELECT name FROM ir_model_data WHERE model = 'ir.model.fields' ORDER BY id`,
          ),
        ).toEqual(['field_hr_expense_total', 'field_hr_expense_total_currency'])
      },
    ))
})

test('xmlids: a name that is taken stays with its record, a chain moves up, the older of two gets the name', () =>
  hopped(
    xmlids({
      ...{
        'base.old': ['res.partner', 1],
        'base.taken': ['res.partner', 2],
        'base.to_taken': ['res.partner', 3],
      },
      ...{ 'base.a': ['res.partner', 4], 'base.b': ['res.partner', 5], 'base.one': ['res.partner', 6] },
      ...{
        'base.two': ['res.partner', 7],
        'base.job': ['ir.cron', 8],
        'base.job_ir_actions_server': ['ir.actions.server', 9],
      },
    }),
    {
      xmlids: {
        renamed: {
          ...{
            'base.old': 'sale.fresh',
            'base.to_taken': 'base.taken',
            'base.a': 'base.b',
            'base.b': 'base.c',
          },
          ...{ 'base.one': 'base.same', 'base.two': 'base.same', 'base.job': 'base.work' },
        },
      },
    },
    async (client) =>
      expect(await valuesOf(client, `SELECT module || '.' || name FROM ir_model_data ORDER BY id`)).toEqual([
        ...['sale.fresh', 'base.taken', 'base.to_taken', 'base.b', 'base.c', 'base.same', 'base.two'],
        ...['base.work', 'base.work_ir_actions_server'],
      ]),
  ))
