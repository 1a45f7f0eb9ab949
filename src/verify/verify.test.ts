import type pg from 'pg'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { hasRealDatabases, realDatabase, testServer } from '../../test/setup/databases.ts'
import { openDump } from '../dumps/open.ts'
import { loadDump } from '../load/load.ts'
import type { Scratch } from '../postgres/server.ts'
import { applyDeferred } from '../reference/add.ts'
import { extractSchema } from '../schema/extract.ts'
import { formatVerification } from './format.ts'
import type { VerifyInput } from './input.ts'
import { takeSnapshot } from './snapshot/snapshot.ts'
import { verify } from './verify.ts'

const bodies = [
  'ir_model',
  'ir_model_fields',
  'ir_model_data',
  'ir_ui_view',
  'ir_act_window',
  'ir_module_module',
  'res_groups',
]

describe.skipIf(!hasRealDatabases).each([
  ['8.0', 'odoo-8.0-base'],
  ['17.0', 'odoo-17.0-base'],
])('a fresh %s database, held against itself', (series, name) => {
  let scratch: Scratch
  let client: pg.Client
  let input: VerifyInput
  const arch = series === '8.0' ? 'arch' : 'arch_db'
  const asArch = (xml: string): string =>
    series === '8.0' ? `'${xml}'` : `jsonb_build_object('en_US', '${xml}')`

  beforeAll(async () => {
    scratch = await testServer().createScratch()
    const dump = await openDump(realDatabase(`${name}.dump`))
    try {
      const { deferred } = await loadDump(dump, scratch)
      client = await scratch.connect()
      await applyDeferred(client, deferred)
    } finally {
      await dump.close()
    }
    await client.query(
      `CREATE SCHEMA ref; ${bodies.map((table) => `CREATE TABLE ref.${table} AS TABLE public.${table}`).join('; ')}; ANALYZE`,
    )
    const { rows } = await client.query<{ name: string }>(
      `SELECT name FROM ir_module_module WHERE state = 'installed'`,
    )
    input = {
      series,
      target: await extractSchema(client),
      modules: rows.map((row) => row.name),
      customModules: [],
      own: {
        ownsTable: (table) => table.startsWith('x_'),
        ownsColumn: (_, column) => column.startsWith('x_'),
      },
      reference: 'ref',
      before: await takeSnapshot(client, series),
    }
  })
  afterAll(async () => {
    await client?.end()
    await scratch?.drop()
  })

  it('has no violation, and every check compared something', async () => {
    const result = await verify(client, input)
    expect(formatVerification(result)).toMatch(/no violation\.$/)
    const compared = Object.fromEntries(result.checks.map(({ id, compared: n }) => [id, n]))
    for (const id of ['schema', 'xmlids', 'views', 'references', 'records', 'users', 'communication'])
      expect(compared[id], id).toBeGreaterThan(0)
  })

  it('has sound views without a reference that excuses any', async () => {
    const { checks } = await verify(client, { ...input, reference: null })
    expect(checks.find(({ id }) => id === 'views')).toMatchObject({ ok: true, violations: { total: 0 } })
  })

  const view = (model: string, type: string, xml: string, more = ''): string =>
    `INSERT INTO ir_ui_view (name, model, type, priority, mode, active, ${arch}, inherit_id)
     VALUES ('planted', '${model}', '${type}', 16, '${more ? 'extension' : 'primary'}', true, ${asArch(xml)}, ${more || 'NULL'})`
  const partnerForm = `(SELECT res_id FROM ir_model_data WHERE module = 'base' AND name = 'view_partner_form')`

  const newer: [check: string, problem: RegExp, sql: string][] = [
    [
      'values',
      /res_partner\.type: 1 rows have "private"/,
      `UPDATE res_partner SET type = 'private' WHERE id = (SELECT min(id) FROM res_partner)`,
    ],
    [
      'views',
      /has attrs, which is not read from 17\.0 on/,
      view('res.partner', 'form', '<form><field name="name" attrs="{}"/></form>'),
    ],
    [
      'views',
      /in fr_FR: its architecture cannot be read/,
      `UPDATE ir_ui_view SET arch_db = arch_db || '{"fr_FR": "<form>"}' WHERE id = (SELECT min(id) FROM ir_ui_view WHERE active)`,
    ],
  ]
  const planted: [check: string, problem: RegExp, sql: string][] = [
    ['schema', /column res_partner\.ref: missing/, 'ALTER TABLE res_partner DROP COLUMN ref CASCADE'],
    ['schema', /column res_partner\.surplus: not of the target/, 'ALTER TABLE res_partner ADD surplus int'],
    ['schema', /column res_bank\.name: is/, 'ALTER TABLE res_bank ALTER name DROP NOT NULL'],
    [
      'schema',
      /index res_partner: .*missing/,
      `DO $$ BEGIN EXECUTE (SELECT 'DROP INDEX ' || indexname FROM pg_indexes WHERE tablename = 'res_partner' AND indexname ~ 'partner.*name' LIMIT 1); END $$`,
    ],
    [
      'schema',
      /constraint res_users: .*missing/,
      'ALTER TABLE res_users DROP CONSTRAINT res_users_login_key',
    ],
    ['schema', /table surplus: not of the target/, 'CREATE TABLE surplus (id int)'],
    [
      'schema',
      /view surplus_view: not of the target/,
      'CREATE VIEW surplus_view AS SELECT id FROM res_users',
    ],
    [
      'schema',
      /sequence ir_sequence_\d+: missing for the record/,
      `UPDATE ir_sequence SET implementation = 'standard' WHERE id = (SELECT id FROM ir_sequence WHERE implementation = 'no_gap' LIMIT 1);
      INSERT INTO ir_sequence (name, implementation, number_next, number_increment, padding) VALUES ('planted', 'standard', 1, 1, 0)`,
    ],
    [
      'xmlids',
      /base\.planted: obsolete/,
      `INSERT INTO ir_model_data (module, name, model, res_id, noupdate) VALUES ('base', 'planted', 'ir.ui.view', 1, false)`,
    ],
    [
      'references',
      /ir_model_data\.res_id: names records.*res\.partner,99999/,
      `INSERT INTO ir_model_data (module, name, model, res_id, noupdate) VALUES ('__export__', 'planted', 'res.partner', 99999, true)`,
    ],
    [
      'references',
      /res_partner\.parent_id: .*88888/,
      `ALTER TABLE res_partner DROP CONSTRAINT res_partner_parent_id_fkey; UPDATE res_partner SET parent_id = 88888 WHERE id = (SELECT min(id) FROM res_partner)`,
    ],
    [
      'references',
      /ir_attachment\.res_id: .*gone\.model,7/,
      `INSERT INTO ir_attachment (name, type, res_model, res_id) VALUES ('planted', 'url', 'gone.model', 7)`,
    ],
    [
      'references',
      /ir_property\.value_reference: .*res\.partner,77777/,
      `INSERT INTO ir_property (name, type, fields_id, value_reference) SELECT 'planted', 'many2one', min(id), 'res.partner,77777' FROM ir_model_fields`,
    ],
    [
      'records',
      /res\.partner\.title \(res_partner_title\): 1 of \d+ records are gone/,
      `DELETE FROM res_partner_title WHERE id = (SELECT max(id) FROM res_partner_title)`,
    ],
    [
      'users',
      /login admin: .*active 1 before, 0 after/,
      `UPDATE res_users SET active = false WHERE login = 'admin'`,
    ],
    [
      'active',
      /table res_users.*active: records/,
      `UPDATE res_users SET active = false WHERE login = 'admin'`,
    ],
    [
      'communication',
      /table mail_message/,
      `DELETE FROM mail_message WHERE id = (SELECT max(id) FROM mail_message)`,
    ],
    [
      'views',
      /"planted": its architecture cannot be read/,
      view('res.partner', 'form', '<form><field name="name"></form>'),
    ],
    [
      'views',
      /"planted": its architecture cannot be read: it has a document type/,
      view('res.partner', 'form', '<!DOCTYPE x [<!ENTITY e "e">]><form>&e;</form>'),
    ],
    [
      'views',
      /"planted": field "no_such" is not on res\.partner/,
      view('res.partner', 'form', '<form><field name="no_such"/></form>'),
    ],
    [
      'views',
      /"planted": field "no_such" is not on res\.users/,
      view(
        'res.partner',
        'form',
        '<form><field name="user_ids"><tree><field name="login"/><field name="no_such"/></tree></field></form>',
      ),
    ],
    [
      'views',
      /"planted": button names the action 999999/,
      view('res.partner', 'form', '<form><button type="action" name="999999"/></form>'),
    ],
    [
      'views',
      /"planted": its model gone\.model is not in the registry/,
      view('gone.model', 'form', '<form/>'),
    ],
    [
      'views',
      /"planted" \(in base\.view_partner_form\): <xpath expr=.*finds no node/,
      view(
        'res.partner',
        'form',
        '<xpath expr="//field[@name=&quot;no_such&quot;]" position="after"/>',
        partnerForm,
      ),
    ],
    [
      'views',
      /base\.view_partner_form: field "no_such" is not on res\.partner/,
      view(
        'res.partner',
        'form',
        '<field name="name" position="after"><field name="no_such"/></field>',
        partnerForm,
      ),
    ],
    [
      'views',
      /"planted": calls the template web\.no_such/,
      view('', 'qweb', '<t><t t-call="web.no_such"/></t>')
        .replace(`'',`, 'NULL,')
        .replace('(name,', series === '8.0' ? '(name,' : '(key, name,')
        .replace(`('planted'`, series === '8.0' ? `('planted'` : `('x.planted', 'planted'`),
    ],
    [
      'views',
      /opens the model gone\.model/,
      `UPDATE ir_act_window SET res_model = 'gone.model' WHERE id = (SELECT min(id) FROM ir_act_window)`,
    ],
    [
      'views',
      /is not on res\.partner/,
      `DELETE FROM ir_model_fields WHERE model = 'res.partner' AND name = 'website'`,
    ],
    ...(series === '17.0' ? newer : []),
    [
      'xmlids',
      /base\.view_partner_tree: missing/,
      `DELETE FROM ir_model_data WHERE module = 'base' AND name = 'view_partner_tree'`,
    ],
  ]

  describe('with a fault of each kind', () => {
    let found: Map<string, string[]>

    beforeAll(async () => {
      await client.query('BEGIN')
      try {
        for (const [, , sql] of planted) await client.query(sql)
        const { ok, checks } = await verify(client, input)
        expect(ok).toBe(false)
        found = new Map(
          checks.map(({ id, violations }) => [
            id,
            violations.first.map(({ subject, problem }) => `${subject}: ${problem}`),
          ]),
        )
      } finally {
        await client.query('ROLLBACK')
      }
    })

    it.each(planted)('finds the one of %s: %s', (id, problem) => {
      expect(found.get(id)).toContainEqual(expect.stringMatching(problem))
    })
  })

  it('lists what the customer owns apart', async () => {
    await client.query('BEGIN')
    try {
      await client.query(
        'CREATE TABLE x_machine (id serial PRIMARY KEY, x_name text); ALTER TABLE res_partner ADD x_level int; CREATE INDEX ON res_partner (x_level)',
      )
      const { checks } = await verify(client, input)
      const schema = checks.find(({ id }) => id === 'schema')!
      expect(schema.violations.first).toEqual([])
      expect(schema.apart.first.map(({ subject }) => subject).sort()).toEqual([
        'column res_partner.x_level',
        'index res_partner: res_partner_x_level_idx',
        'sequence x_machine_id_seq',
        'table x_machine',
      ])
    } finally {
      await client.query('ROLLBACK')
    }
  })
})
