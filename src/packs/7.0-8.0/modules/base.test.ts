import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { rowsOf, valuesOf } from '../../../../test/setup/small.ts'
import { halfHop } from '../../../../test/setup/source.ts'

const withBase = halfHop(['7.0', '8.0'], ['base', 'email_template', 'base_action_rule'])

const models = `
  INSERT INTO ir_model (id, model) VALUES (1, 'res.partner'), (2, 'res.users'), (3, 'sale.order');
  INSERT INTO ir_model_fields (id, name, model) VALUES (1, 'id', 'res.partner'), (2, 'user_id', 'res.partner');`

describe('server actions', () => {
  test('say what they create, copy and write, and in which model', () =>
    withBase(async ({ client, transform }) => {
      await client.query(`${models}
        INSERT INTO ir_act_server (id, name, state, model_id, crud_model_id, ref_object, link_field_id, write_expression) VALUES
          (1, 'same', 'object_create', 1, 1, NULL, NULL, NULL), (2, 'other', 'object_create', 1, 2, NULL, 2, NULL), (3, 'copy', 'object_copy', 1, NULL, 'res.users,7', NULL, NULL),
          (4, 'write', 'object_write', 1, NULL, NULL, NULL, ''), (5, 'there', 'object_write', 1, 2, NULL, NULL, ' object.user_id.id '), (6, 'many', 'other', 1, NULL, NULL, NULL, NULL), (7, 'code', 'code', 1, NULL, NULL, NULL, NULL);
        INSERT INTO ir_values (id, key, key2, value) VALUES (9, 'action', 'client_action_multi', 'ir.actions.server,7'), (10, 'action', 'tree_but_open', 'ir.actions.server,6')`)
      await transform('base')
      expect(
        await rowsOf(
          client,
          'SELECT id, state, use_create, use_write, write_expression, crud_model_id, crud_model_name, link_new_record, menu_ir_values_id FROM ir_act_server ORDER BY id',
        ),
      ).toEqual([
        [1, 'object_create', 'new', 'current', null, 1, 'res.partner', false, null],
        [2, 'object_create', 'new_other', 'current', null, 2, 'res.users', true, null],
        [3, 'object_create', 'copy_other', 'current', null, 2, 'res.users', false, null],
        [4, 'object_write', 'new', 'current', null, 1, 'res.partner', false, null],
        [5, 'object_write', 'new', 'expression', 'object.user_id', 2, 'res.users', false, null],
        [6, 'multi', 'new', 'current', null, null, null, false, null],
        [7, 'code', 'new', 'current', null, null, null, false, 9],
      ])
    }))

  test('a signal is named by a transition that waits for it', () =>
    withBase(async ({ client, transform }) => {
      await client.query(`${models}
        INSERT INTO wkf (id, osv) VALUES (1, 'res.users'), (2, 'res.partner');
        INSERT INTO wkf_activity (id, wkf_id) VALUES (1, 1), (2, 2);
        INSERT INTO wkf_transition (id, act_from, act_to, signal) VALUES (1, 2, 2, 'go'), (2, 1, 1, 'go'), (3, 1, 1, 'go');
        INSERT INTO ir_act_server (id, name, state, model_id, wkf_model_id, wkf_field_id, trigger_name) VALUES
          (1, 'a', 'trigger', 1, 2, 2, 'go'), (2, 'b', 'trigger', 1, 1, 1, 'go'), (3, 'c', 'trigger', 1, 3, NULL, 'gone')`)
      await transform('base')
      expect(
        await rowsOf(
          client,
          'SELECT id, state, use_relational_model, wkf_transition_id, wkf_model_name FROM ir_act_server ORDER BY id',
        ),
      ).toEqual([
        [1, 'trigger', 'relational', 2, 'res.users'],
        [2, 'trigger', 'base', 1, 'res.partner'],
        [3, 'code', 'base', null, 'sale.order'],
      ])
    }))

  test('what 8.0 cannot do is switched off with a comment of what it was, and noted', () =>
    withBase(async ({ client, transform }) => {
      await client.query(`${models}
        INSERT INTO ir_act_server (id, name, state, model_id, sms, mobile, email, subject, message, expression, code) VALUES
          (1, 'sms', 'sms', 1, E'two\\nlines', 'object.mobile', NULL, NULL, NULL, NULL, 'old'), (2, 'loop', 'loop', 1, NULL, NULL, NULL, NULL, NULL, 'object.ids', NULL),
          (3, 'dummy', 'dummy', 1, NULL, NULL, NULL, NULL, NULL, NULL, NULL), (4, 'mail', 'email', 1, NULL, NULL, 'object.email', 'S', 'M', NULL, NULL)`)
      await transform('base')
      expect(await rowsOf(client, 'SELECT id, state, code FROM ir_act_server ORDER BY id')).toEqual([
        [1, 'code', '# sms\n# object.mobile\n# two\n# lines'],
        [2, 'code', '# loop\n# object.ids'],
        [3, 'code', '# dummy\n# '],
        [4, 'code', '# email\n# object.email\n# S\n# M'],
      ])
      expect(
        await valuesOf(client, `SELECT subject FROM uplift.note WHERE topic = 'server action' ORDER BY 1`),
      ).toEqual(['dummy', 'loop', 'mail', 'sms'])
      expect(
        await rowsOf(
          client,
          `SELECT id, state, code, sms FROM legacy.ir_act_server__7_0 WHERE state <> 'email' ORDER BY id`,
        ),
      ).toEqual([
        [1, 'sms', 'old', 'two\nlines'],
        [2, 'loop', null, null],
        [3, 'dummy', null, null],
      ])
    }))

  test('e-mails become templates where these are installed', () =>
    withBase(async ({ client, transform }) => {
      await client.query(`${models} INSERT INTO ir_module_module (name, state) VALUES ('email_template', 'installed');
        INSERT INTO ir_act_server (id, name, state, model_id, email, subject, message) VALUES
          (1, 'mail', 'email', 1, 'object.user_id.email', 'Of [[object.id ]] and [[ object.name or '''' ]]', E'a < b [1]\\n[[object.x > 5 and ''&'' ]] & [[ y[0] ]]\\n  '),
          (2, 'empty', 'email', 2, NULL, NULL, NULL)`)
      await transform('base', 'email_template')
      expect(
        await rowsOf(
          client,
          `SELECT a.id, a.state, t.name, t.model, t.model_id, translate(t.email_to, '$', '§'), translate(t.subject, '$', '§'), translate(t.body_html, '$', '§') FROM ir_act_server a JOIN email_template t ON t.id = a.template_id ORDER BY a.id`,
        ),
      ).toEqual([
        [
          ...[1, 'email', 'mail', 'res.partner', 1, '§{object.user_id.email}'],
          ...[
            "Of §{object.id } and §{ object.name or '' }",
            "<p>a &lt; b [1]<br/>§{object.x > 5 and '&'} &amp; §{y[0]}</p>",
          ],
        ],
        [2, 'email', 'empty', 'res.users', 2, null, null, null],
      ])
    }))

  test('any plain text comes through a template whole, but for its placeholders', () =>
    fc.assert(
      fc.asyncProperty(
        fc.array(
          fc.oneof(
            fc.constantFrom('[', ']', '[[', ']]', '[[object.name]]', '\n', '<', '&', '{', '$'),
            fc.string({ maxLength: 5 }),
          ),
          { maxLength: 12 },
        ),
        (parts) =>
          withBase(async ({ client, transform }) => {
            const message = parts.join('').replaceAll('\0', '').replaceAll('\r', '').trimEnd()
            fc.pre(message !== '')
            await client.query(
              `INSERT INTO ir_module_module (name, state) VALUES ('email_template', 'installed')`,
            )
            await client.query(
              `INSERT INTO ir_act_server (id, name, state, model_id, message) VALUES (1, 'm', 'email', 1, $1)`,
              [message],
            )
            await transform('base', 'email_template')
            const [body] = (await valuesOf(client, 'SELECT body_html FROM email_template')) as [string]
            const plain = (text: string) => text.replaceAll(/\s/g, '')
            const back = body
              .slice(3, -4)
              .replaceAll('<br/>', '\n')
              .replaceAll('&lt;', '<')
              .replaceAll('&gt;', '>')
              .replaceAll('&amp;', '&')
            expect(
              plain(back)
                .replaceAll('${', '')
                .replaceAll(/[[\]{}$]/g, ''),
            ).toBe(plain(message).replaceAll(/[[\]{}$]/g, ''))
          }),
      ),
      { numRuns: 30 },
    ))
})

test('a rule says when it acts: at a time, after a change, or after any', () =>
  withBase(async ({ client, transform }) => {
    await client.query(
      `INSERT INTO base_action_rule (id, name, trg_date_id, filter_pre_id) VALUES (1, 'a', 5, NULL), (2, 'b', NULL, 3), (3, 'c', NULL, NULL), (4, 'd', 5, 3)`,
    )
    await transform('base_action_rule')
    expect(await rowsOf(client, 'SELECT id, kind FROM base_action_rule ORDER BY id')).toEqual([
      [1, 'on_time'],
      [2, 'on_write'],
      [3, 'on_create_or_write'],
      [4, 'on_time'],
    ])
  }))

test('the commercial entity is the first company above a partner, else the topmost one', () =>
  withBase(async ({ client, transform }) => {
    await client.query(`INSERT INTO res_partner (id, name, is_company, parent_id) VALUES
      (1, 'Group', true, NULL), (2, 'Company', true, 1), (3, 'Person', false, 2), (4, 'Address', NULL, 3), (5, 'Alone', false, NULL), (6, 'Child', false, 5), (7, 'Orphan', false, 99)`)
    await transform('base')
    expect(await rowsOf(client, 'SELECT id, commercial_partner_id FROM res_partner ORDER BY id')).toEqual([
      [1, 1],
      [2, 2],
      [3, 2],
      [4, 2],
      [5, 5],
      [6, 5],
      [7, 7],
    ])
  }))

test('signatures are rich text', () =>
  withBase(async ({ client, transform }) => {
    await client.query(
      `INSERT INTO res_users (id, login, signature) VALUES (1, 'a', E'Me & you\\r\\n<b>'), (2, 'b', ''), (3, 'c', NULL)`,
    )
    await transform('base')
    expect(await rowsOf(client, 'SELECT id, signature FROM res_users ORDER BY id')).toEqual([
      [1, '<p>Me &amp; you<br/>&lt;b&gt;</p>'],
      [2, ''],
      [3, null],
    ])
  }))

test('partners are shown by their own name, persons of a company with its name before', () =>
  withBase(async ({ client, transform }) => {
    await client.query(`ALTER TABLE res_partner ADD COLUMN display_name varchar;
      INSERT INTO res_partner (id, name, is_company, parent_id, active, display_name) VALUES
      (1, 'Company', true, NULL, true, NULL), (2, 'Person', false, 1, false, 'Person'), (3, 'Branch', true, 1, true, NULL), (4, E'Two\n\n\n\nlines', NULL, NULL, true, NULL),
      (5, 'Of a module', false, 1, true, '[5] Of a module'), (6, 'Orphan', false, 99, true, NULL)`)
    await transform('base')
    expect(await valuesOf(client, 'SELECT display_name FROM res_partner ORDER BY id')).toEqual([
      ...['Company', 'Company, Person', 'Branch', 'Two\nlines', '[5] Of a module', 'Orphan'],
    ])
  }))

test('mail address and telephone of a company are those of its partner', () =>
  withBase(async ({ client, transform }) => {
    await client.query(`
      INSERT INTO res_partner (id, name, email, phone) VALUES (1, 'a', 'a@example.com', '1'), (2, 'b', NULL, NULL);
      INSERT INTO res_company (id, name, partner_id) VALUES (1, 'a', 1), (2, 'b', 2)`)
    await transform('base')
    expect(await rowsOf(client, 'SELECT id, email, phone FROM res_company ORDER BY id')).toEqual([
      [1, 'a@example.com', '1'],
      [2, null, null],
    ])
  }))

test('views of multidimensional queries go to schema legacy, and nothing shows them', () =>
  withBase(async ({ client, transform }) => {
    await client.query(`
      INSERT INTO ir_ui_view (id, name, model, type, arch) VALUES (1, 'cube', 'res.partner', 'mdx', '<mdx/>'), (2, 'form', 'res.partner', 'form', '<form/>');
      INSERT INTO ir_model_data (module, name, model, res_id) VALUES ('own', 'cube', 'ir.ui.view', 1), ('own', 'form', 'ir.ui.view', 2), ('own', 'other', 'res.partner', 1);
      INSERT INTO ir_act_window (id, name, view_id, view_mode) VALUES (1, 'a', 1, 'mdx,form'), (2, 'b', 2, 'form'), (3, 'c', NULL, 'mdx');
      INSERT INTO ir_act_window_view (id, act_window_id, view_id, view_mode) VALUES (1, 1, 1, 'mdx'), (2, 1, 2, 'form')`)
    await transform('base')
    expect(await valuesOf(client, 'SELECT name FROM ir_ui_view')).toEqual(['form'])
    expect(await valuesOf(client, 'SELECT name FROM ir_model_data ORDER BY name')).toEqual(['form', 'other'])
    expect(await rowsOf(client, 'SELECT id, view_id, view_mode FROM ir_act_window ORDER BY id')).toEqual([
      [1, null, 'form'],
      [2, 2, 'form'],
      [3, null, 'tree,form'],
    ])
    expect(await valuesOf(client, 'SELECT id FROM ir_act_window_view')).toEqual([2])
    expect(await valuesOf(client, 'SELECT arch FROM legacy.ir_ui_view__mdx')).toEqual(['<mdx/>'])
    expect(await rowsOf(client, 'SELECT tbl, rows::int FROM uplift.taken')).toEqual([['ir_ui_view', 1]])
  }))

test('rates of a type go to schema legacy: they were never the rate of their day', () =>
  withBase(async ({ client, transform }) => {
    await client.query(`
      INSERT INTO res_currency_rate_type (id, name) VALUES (1, 'Average'), (2, 'Of nothing');
      INSERT INTO res_currency_rate (id, currency_id, name, rate, currency_rate_type_id) VALUES (1, 1, '2014-01-01', 1.5, NULL), (2, 1, '2014-02-01', 9.9, 1), (3, 2, '2014-02-01', 8.8, 1);
      INSERT INTO ir_model_data (module, name, model, res_id) VALUES ('own', 'average', 'res.currency.rate', 2), ('own', 'usual', 'res.currency.rate', 1)`)
    await transform('base')
    expect(await valuesOf(client, 'SELECT id FROM res_currency_rate')).toEqual([1])
    expect(await valuesOf(client, 'SELECT name FROM ir_model_data')).toEqual(['usual'])
    expect(
      await valuesOf(client, 'SELECT rate::float8 FROM legacy.res_currency_rate__typed ORDER BY id'),
    ).toEqual([9.9, 8.8])
    expect(
      await rowsOf(client, `SELECT subject, detail->'rows' FROM uplift.note WHERE topic = 'currency rates'`),
    ).toEqual([['Average', 2]])
    expect(await rowsOf(client, 'SELECT tbl, rows::int FROM uplift.taken')).toEqual([
      ['res_currency_rate', 2],
    ])
  }))

test('a view without a type has that of its architecture, or of the view that it changes', () =>
  withBase(async ({ client, transform }) => {
    await client.query(`INSERT INTO ir_ui_view (id, name, type, inherit_id, arch) VALUES
      (1, 'a', NULL, NULL, '<?xml version="1.0"?> <form string="x"/>'), (2, 'b', NULL, 1, '<field name="tree"/>'), (3, 'c', NULL, 2, '<data/>'), (4, 'd', 'tree', 1, '<data/>'), (5, 'e', NULL, NULL, '<formation/>')`)
    await transform('base')
    expect(await valuesOf(client, 'SELECT type FROM ir_ui_view ORDER BY id')).toEqual([
      ...['form', 'form', 'form', 'tree', null],
    ])
  }))
