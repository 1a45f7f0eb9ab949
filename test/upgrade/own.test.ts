import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type pg from 'pg'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { writeDump } from '../../src/dumps/write/write.ts'
import type { UpgradeResult } from '../../src/upgrade/stages.ts'
import { runUpgrade } from '../../src/upgrade/upgrade.ts'
import { hasRealDatabases, realDatabase, testServer } from '../setup/databases.ts'
import { withRestored } from '../setup/restored.ts'
import { restoreInto } from '../write/restore.ts'

/** What a customer of 7.0 has made himself, beside what the demo database has of it (x_machine, x_ fields, their views). */
const own = await readFile(join(import.meta.dirname, 'own-7.0.sql'), 'utf8')

describe.skipIf(!hasRealDatabases)("the customer's own from 7.0 to 8.0", () => {
  let folder: string
  let result: UpgradeResult
  /** Answers of the source and of the result to the same questions. */
  const before = new Map<string, unknown>()
  const after = new Map<string, unknown>()

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'uplift-own-'))
    const source = join(folder, 'own.dump')
    await withRestored('openerp-7.0-demo.dump', [], async (client) => {
      await client.query(own)
      await ask(client, before)
      const { database = '' } = client
      await writeDump({
        connection: { ...testServer().admin, database },
        out: source,
        format: 'custom',
        postgresql: '9.6',
      })
    })
    result = await runUpgrade({
      ...{ server: testServer(), dataFolder: folder, source, to: '8.0' },
      reference: realDatabase('odoo-8.0-fresh.dump'),
      ...{ out: join(folder, 'own-8.0.dump'), format: 'custom', aim: 'production' },
    })
    await restoreInto(testServer().admin, 'custom', result.written.path, (client) => ask(client, after))
  }, 600_000)
  afterAll(() => rm(folder, { recursive: true, force: true }))

  const noted = (subject: string) => result.notes.find((note) => note.subject === subject)

  test('the upgrade is one for production: the verification has nothing to say', () => {
    expect(result.verification.checks.filter(({ ok }) => !ok)).toEqual([])
  })

  test.each(Object.keys(unchanged))('stays as it was: %s', (what) => {
    expect(before.get(what)).not.toEqual([])
    expect(after.get(what)).toEqual(before.get(what))
  })

  test('views that fit stay in use, those that do not are off', () => {
    expect(after.get('views')).toEqual([
      ['acme.contract.form', true, null],
      ['acme.contract.tree', true, null],
      ['acme.partner', true, 'base.view_partner_form'],
      ['own: beside a field that is gone', false, 'sale.view_order_form'],
      ['own: beside the reference', true, 'sale.view_order_form'],
      ['own: event with a renamed field', true, null],
      ['own: extends one that is off', false, null],
      ['own: orders by shop', false, null],
      ['own: shops', false, null],
    ])
  })

  test('records of the new version have what most have where his modules require a value, which is told', () => {
    expect(noted('res_groups.acme_desk')).toMatchObject({ topic: 'required value', outcome: 'filled' })
    const filled = Number(noted('res_groups.acme_desk')?.detail.rows)
    expect(filled).toBeGreaterThan(0)
    const [empty, front] = (after.get('desks') as number[][])[0]!
    expect([empty, front! >= filled]).toEqual([0, true])
  })

  test('a view that is off is told with the reason and its XML', () => {
    expect(noted('own: beside a field that is gone')).toMatchObject({
      topic: 'view',
      outcome: 'switched off, because it does not fit the new version',
      detail: {
        model: 'sale.order',
        extended: 'sale.view_order_form',
        because: [expect.stringContaining('finds no node')],
        arch: expect.stringContaining('x_priority'),
      },
    })
    expect(noted('own: orders by shop')?.detail).toMatchObject({
      because: ['field "shop_id" is not on sale.order'],
      'opened by': 'Orders by shop',
    })
    expect(noted('own: extends one that is off')?.detail).toMatchObject({
      because: ['the view that it extends is not there or is switched off'],
    })
    expect(noted('own: shops')?.detail).toMatchObject({
      because: ['its model sale.shop is not in the registry'],
    })
  })

  test('a field that has another name now has it in views and filters, and what they were is told', () => {
    expect(after.get('renamed')).toEqual([
      [
        '<tree string="Events"><field name="name"/><field name="seats_max"/></tree>',
        "[('seats_max','>',10)]",
      ],
    ])
    expect(noted('own: event with a renamed field')?.detail.arch).toContain('register_max')
    expect(noted('own: large events')).toMatchObject({
      topic: 'your own',
      detail: { body: "[('register_max','>',10)]" },
    })
  })

  test('the action that opened a view which is off opens the standard one', () => {
    expect(after.get('windows')).toEqual([
      ['Contracts', 'acme.contract', 'acme.contract.form'],
      ['Orders by shop', 'sale.order', null],
      ['Orders of one shop', 'sale.order', null],
      ['Shops', 'sale.shop', null],
      ['Urgent tasks', 'project.task', null],
    ])
    expect(noted('Orders of one shop')).toMatchObject({
      topic: 'your own',
      detail: { missing: 'shop_id on sale.order' },
    })
    expect(noted('Shops')?.outcome).toBe('an action that opens a model which is gone')
  })

  test('nobody starts with a filter that fails, and no rule waits for it', () => {
    expect(after.get('filters')).toEqual([
      ['own: drafts', true],
      ['own: large events', false],
      ['own: one shop', false],
      ['own: urgent leads', false],
    ])
    expect(noted('own: one shop')).toMatchObject({
      outcome: 'a filter that fails when it is chosen; nobody starts with it any more',
      detail: { missing: 'shop_id on sale.order', body: "[('shop_id','=',1)]" },
    })
    expect(after.get('automated rules')).toEqual([
      ['own: when drafted', true],
      ['own: when of the shop', false],
    ])
    expect(noted('own: when of the shop')?.topic).toBe('your own')
  })

  test("what a module brought once, and stays because it is in use, is the customer's own", () => {
    expect(noted('Draft Leads')).toMatchObject({
      outcome: 'a filter that fails when it is chosen',
      detail: { missing: 'state on crm.lead' },
    })
  })

  test('a record rule that cannot be read admits nothing and is told, others stay', () => {
    expect(after.get('rules')).toEqual([
      ['Own sale orders (custom)', "['|',('user_id','=',user.id),('user_id','=',False)]"],
      ['acme: own contracts', "[('user_id','=',user.id)]"],
      ['own: orders of the first shop', "[(0, '=', 1)]"],
      ['own: urgent leads', "[('priority','=','4')]"],
    ])
    expect(noted('own: orders of the first shop')).toMatchObject({
      topic: 'your own',
      outcome: 'it admits nothing until its condition is written anew; nobody sees more than before',
      detail: { missing: 'shop_id on sale.order', body: "[('shop_id.name','=','First')]" },
    })
  })

  test('a value that has another name now has it wherever people chose it, and what it was is told', () => {
    expect(after.get('values')).toEqual([
      ['action', "[('priority','=','2')]", "{'default_priority': '2'}"],
      ['alias', "{'medium_id': 1, 'priority': '4'}", null],
      ['default', "S'0'\np0\n.", null],
      ['filter', "[('priority','in',['4','3'])]", "{'group_by': ['medium_id']}"],
      ['server action', '0', null],
    ])
    for (const [subject, body] of [
      ['own: urgent leads', /'priority','(in|=)'/],
      ['Urgent tasks', /'priority','=','0'/],
      ['own-leads', /'channel_id': 1, 'priority': '1'/],
    ] as const)
      expect(noted(subject)).toMatchObject({
        topic: 'your own',
        outcome: 'names fields and values as they are called now',
        detail: { body: expect.stringMatching(body) },
      })
  })

  test('a field of people follows records that got new ids', () => {
    expect(before.get('meetings')).toHaveLength(2)
    expect(after.get('meetings')).toEqual(before.get('meetings'))
  })

  test('what hung on records of a model that is gone stays, and is told', () => {
    expect(after.get('of shops')).toEqual([['Lease'], ['<p>Closed on Mondays</p>']])
    expect(result.notes).toContainEqual({
      ...{ stage: 'own', topic: 'not adapted', subject: 'sale.shop' },
      outcome: 'the model is gone: what hung on its records stays, but nothing leads there',
      detail: { attachments: 1, messages: expect.any(Number) },
    })
  })

  test('a line of a server action that wrote a field which is gone is told', () => {
    expect(after.get('lines')).toEqual([["'called'"]])
    expect(noted('own: note and shop')).toMatchObject({ detail: { missing: 'shop_id on sale.order' } })
  })
})

/** What has to give the same answer before and after. */
const unchanged = {
  'fields of people with their values': `SELECT count(*), sum(x_price), count(x_partner_id), min(x_serial) FROM x_machine`,
  'manual fields of standard models': `SELECT model, name, ttype, field_description, state FROM ir_model_fields WHERE name LIKE 'x\\_%' ORDER BY 1, 2`,
  'values in columns of standard tables': `SELECT count(x_priority), max(x_priority) FROM sale_order`,
  'rows of a custom module': `SELECT id, name, partner_id, user_id, state, amount FROM acme_contract ORDER BY id`,
  'its links': `SELECT contract_id, tag_id FROM acme_contract_tag_rel ORDER BY 1, 2`,
  'its columns of standard tables': `SELECT id, acme_rating FROM res_partner WHERE acme_rating IS NOT NULL ORDER BY id`,
  'its SQL views': 'SELECT state, contracts, amount FROM acme_figures',
  'its required fields of standard tables': `SELECT attname, attnotnull FROM pg_attribute WHERE attrelid = 'res_groups'::regclass AND attname = 'acme_desk'`,
  'their values': `SELECT id, acme_desk FROM res_groups WHERE id <= (SELECT max(gid) FROM res_groups_users_rel) AND acme_desk = 'back' ORDER BY id`,
  'its registry': `SELECT m.model, f.name, f.ttype, f.relation FROM ir_model m JOIN ir_model_fields f ON f.model_id = m.id WHERE m.model LIKE 'acme.%' OR f.name LIKE 'acme%' ORDER BY 1, 2`,
  'its xmlids': `SELECT name, model, res_id FROM ir_model_data WHERE module = 'acme' ORDER BY name`,
  'its state': `SELECT name, state, latest_version FROM ir_module_module WHERE name = 'acme'`,
  'constraints and references of its tables': `SELECT conname, pg_get_constraintdef(oid) FROM pg_constraint WHERE conrelid::regclass::text LIKE 'acme%' ORDER BY 1`,
  'its menus': `SELECT m.name, p.name, split_part(v.value, ',', 1), w.name FROM ir_ui_menu m LEFT JOIN ir_ui_menu p ON p.id = m.parent_id
     LEFT JOIN ir_values v ON v.model = 'ir.ui.menu' AND v.res_id = m.id AND v.key2 = 'tree_but_open'
     LEFT JOIN ir_act_window w ON v.value = 'ir.actions.act_window,' || w.id WHERE m.id BETWEEN 900000 AND 900100 ORDER BY m.id`,
  'access rights': `SELECT a.name, m.model, g.name, perm_read, perm_write, perm_create, perm_unlink FROM ir_model_access a JOIN ir_model m ON m.id = a.model_id LEFT JOIN res_groups g ON g.id = a.group_id WHERE m.model LIKE 'acme.%' OR m.model LIKE 'x\\_%' ORDER BY 1, 2, 3`,
  groups: `SELECT g.name, u.login FROM res_groups g JOIN res_groups_users_rel r ON r.gid = g.id JOIN res_users u ON u.id = r.uid WHERE g.name LIKE 'acme%' ORDER BY 1, 2`,
  'groups that they imply': `SELECT g.name, h.name FROM res_groups g JOIN res_groups_implied_rel r ON r.gid = g.id JOIN res_groups h ON h.id = r.hid WHERE g.name LIKE 'acme%' ORDER BY 1, 2`,
  'groups of rules': `SELECT r.name, g.name FROM ir_rule r JOIN rule_group_rel l ON l.rule_group_id = r.id JOIN res_groups g ON g.id = l.group_id WHERE g.name LIKE 'acme%' ORDER BY 1, 2`,
  'scheduled actions': `SELECT name, active, model, function, args, interval_number, interval_type, numbercall FROM ir_cron WHERE name LIKE 'own%' ORDER BY 1`,
  'server actions': `SELECT a.name, m.model, a.state, a.code FROM ir_act_server a JOIN ir_model m ON m.id = a.model_id WHERE a.name LIKE 'own%' AND a.state = 'code' ORDER BY 1`,
  reports: `SELECT name, model, report_name, report_type, convert_from(report_rml_content_data, 'UTF8') FROM ir_act_report_xml WHERE name LIKE 'own%'`,
  'where they are printed': `SELECT v.name, v.model FROM ir_values v JOIN ir_act_report_xml r ON v.value = 'ir.actions.report.xml,' || r.id WHERE r.name LIKE 'own%' AND v.key2 = 'client_print_multi'`,
  sequences: `SELECT s.name, s.code, s.prefix, s.padding, s.number_next, s.implementation, t.name FROM ir_sequence s JOIN ir_sequence_type t ON t.code = s.code WHERE s.name LIKE 'own%'`,
  'where they are': `SELECT last_value, is_called FROM ir_sequence_900001`,
  translations: `SELECT lang, type, name, src, value FROM ir_translation WHERE name LIKE 'acme.%' OR name LIKE 'x\\_machine%' OR module = 'acme' OR src = 'Own term' ORDER BY 1, 2, 3, 4, 5`,
  workflows: `SELECT w.name, w.osv, w.on_create, a.name, a.kind, a.action, t.signal, t.condition FROM wkf w JOIN wkf_activity a ON a.wkf_id = w.id LEFT JOIN wkf_transition t ON t.act_from = a.id WHERE w.osv LIKE 'acme.%' ORDER BY a.id`,
  'documents in them': `SELECT i.res_type, i.res_id, i.state, a.name FROM wkf_instance i JOIN wkf_workitem k ON k.inst_id = i.id JOIN wkf_activity a ON a.id = k.act_id WHERE i.res_type LIKE 'acme.%' ORDER BY 2`,
  'messages and attachments of own documents': `SELECT 'message', m.body FROM mail_message m WHERE m.model LIKE 'acme.%' UNION ALL SELECT 'attachment', a.name FROM ir_attachment a WHERE a.res_model LIKE 'acme.%' ORDER BY 1`,
  'company-dependent values': `SELECT p.name, p.value_text, p.res_id FROM ir_property p JOIN ir_model_fields f ON f.id = p.fields_id WHERE f.model LIKE 'acme.%'`,
  'default values': `SELECT name, model, value FROM ir_values WHERE key = 'default' AND model LIKE 'acme.%'`,
}

const questions = {
  desks: `SELECT (count(*) FILTER (WHERE acme_desk IS NULL))::int, (count(*) FILTER (WHERE acme_desk = 'front'))::int, (count(*) FILTER (WHERE acme_desk = 'back'))::int FROM res_groups`,
  views: `SELECT v.name, to_jsonb(v) -> 'active' <> 'false', d.module || '.' || d.name FROM ir_ui_view v LEFT JOIN ir_model_data d ON d.model = 'ir.ui.view' AND d.res_id = v.inherit_id WHERE v.name LIKE 'own%' OR v.name LIKE 'acme%' ORDER BY 1`,
  renamed: `SELECT trim(v.arch), f.domain FROM ir_ui_view v, ir_filters f WHERE v.name = 'own: event with a renamed field' AND f.name = 'own: large events'`,
  windows: `SELECT a.name, a.res_model, v.name FROM ir_act_window a LEFT JOIN ir_ui_view v ON v.id = a.view_id WHERE a.id BETWEEN 900000 AND 900100 ORDER BY 1`,
  filters: `SELECT name, is_default FROM ir_filters WHERE name LIKE 'own%' ORDER BY 1`,
  'automated rules': `SELECT name, active FROM base_action_rule WHERE name LIKE 'own%' ORDER BY 1`,
  rules: `SELECT name, domain_force FROM ir_rule WHERE name LIKE 'own%' OR name LIKE 'acme%' OR name LIKE '%(custom)' ORDER BY 1`,
  values: `SELECT 'action', domain, context FROM ir_act_window WHERE name = 'Urgent tasks'
     UNION ALL SELECT 'alias', alias_defaults, NULL FROM mail_alias WHERE alias_name = 'own-leads'
     UNION ALL SELECT 'default', value, NULL FROM ir_values WHERE key = 'default' AND model = 'crm.lead' AND name = 'priority'
     UNION ALL SELECT 'filter', domain, context FROM ir_filters WHERE name = 'own: urgent leads'
     UNION ALL SELECT 'server action', l.value, NULL FROM ir_server_object_lines l JOIN ir_act_server a ON a.id = l.server_id WHERE a.name = 'own: calm down' ORDER BY 1`,
  'of shops': `SELECT name FROM ir_attachment WHERE res_model = 'sale.shop' UNION ALL SELECT body FROM mail_message WHERE model = 'sale.shop' AND id = 900002`,
  lines: `SELECT l.value FROM ir_server_object_lines l JOIN ir_act_server a ON a.id = l.server_id WHERE a.name = 'own: note and shop' ORDER BY 1`,
}

async function ask(client: pg.ClientBase, answers: Map<string, unknown>): Promise<void> {
  const { rows } = await client.query<{ meetings: string }>(
    `SELECT coalesce(to_regclass('crm_meeting'), to_regclass('calendar_event'))::text AS meetings`,
  )
  const others = {
    ...questions,
    meetings: `SELECT p.id, m.name FROM res_partner p JOIN ${rows[0]!.meetings} m ON m.id = p.x_meeting_id ORDER BY 1`,
  }
  for (const [what, text] of Object.entries({ ...unchanged, ...others }))
    answers.set(what, (await client.query({ text, rowMode: 'array' })).rows)
}
