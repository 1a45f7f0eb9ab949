import type pg from 'pg'
import { ident } from '../../src/postgres/sql.ts'
import { extractSchema } from '../../src/schema/extract.ts'
import { alignModuleData } from '../../src/upgrade/align/data/align.ts'
import type { Plan } from '../../src/upgrade/plan.ts'
import { models, registry, xmlids } from './registry.ts'
import { smallDatabase } from './small.ts'

/** The tables of a very small Odoo, with the keys and references that the target has on them. */
const tables = `${registry}
  ALTER TABLE ir_module_module ADD UNIQUE (name), ADD PRIMARY KEY (id);
  ALTER TABLE ir_model ADD PRIMARY KEY (id);
  ALTER TABLE ir_model_fields ADD PRIMARY KEY (id), ADD FOREIGN KEY (model_id) REFERENCES ir_model ON DELETE CASCADE;
  CREATE TABLE ir_ui_view (id serial PRIMARY KEY, name varchar, model varchar, arch text, mode varchar, write_uid integer, write_date timestamp,
    active boolean, inherit_id integer REFERENCES ir_ui_view ON DELETE CASCADE);
  CREATE TABLE ir_ui_menu (id serial PRIMARY KEY, name varchar, action varchar, parent_id integer REFERENCES ir_ui_menu ON DELETE SET NULL);
  CREATE TABLE ir_actions (id serial PRIMARY KEY, name varchar);
  CREATE TABLE ir_act_window (res_model varchar, view_id integer REFERENCES ir_ui_view ON DELETE SET NULL, PRIMARY KEY (id)) INHERITS (ir_actions);
  CREATE TABLE ir_act_server (code text, PRIMARY KEY (id)) INHERITS (ir_actions);
  CREATE TABLE ir_cron (id serial PRIMARY KEY, name varchar, action_id integer NOT NULL REFERENCES ir_act_server);
  CREATE TABLE res_groups (id serial PRIMARY KEY, name varchar);
  CREATE TABLE res_groups_implied_rel (gid integer REFERENCES res_groups ON DELETE CASCADE, hid integer REFERENCES res_groups ON DELETE CASCADE);
  CREATE TABLE ir_ui_menu_group_rel (menu_id integer REFERENCES ir_ui_menu ON DELETE CASCADE, gid integer REFERENCES res_groups ON DELETE CASCADE);
  CREATE TABLE ir_rule (id serial PRIMARY KEY, name varchar, model_id integer NOT NULL REFERENCES ir_model ON DELETE CASCADE);
  CREATE TABLE res_country (id serial PRIMARY KEY, name varchar, code varchar UNIQUE);
  CREATE TABLE res_country_state (id serial PRIMARY KEY, name varchar, code varchar, country_id integer NOT NULL REFERENCES res_country, UNIQUE (code, country_id));
  CREATE TABLE res_partner (id serial PRIMARY KEY, name varchar, country_id integer REFERENCES res_country, parent_id integer REFERENCES res_partner);
  CREATE TABLE res_users (id serial PRIMARY KEY, login varchar UNIQUE, partner_id integer NOT NULL REFERENCES res_partner);
  CREATE TABLE res_groups_users_rel (gid integer REFERENCES res_groups ON DELETE CASCADE, uid integer REFERENCES res_users ON DELETE CASCADE);
  CREATE TABLE res_lang (id serial PRIMARY KEY, code varchar UNIQUE);
  CREATE TABLE ir_translation (id serial PRIMARY KEY, lang varchar, type varchar, name varchar, src text, value text, res_id integer, module varchar);
  CREATE TABLE ir_values (id serial PRIMARY KEY, name varchar, key varchar, key2 varchar, model varchar, res_id integer, value text);
  CREATE TABLE ir_model_constraint (id serial PRIMARY KEY, name varchar, model integer REFERENCES ir_model ON DELETE CASCADE, module integer REFERENCES ir_module_module)`

const known = [
  ...['ir.module.module', 'ir.model', 'ir.model.fields', 'ir.ui.view', 'ir.ui.menu', 'ir.actions.actions'],
  ...[
    'ir.actions.act_window',
    'ir.actions.server',
    'ir.cron',
    'res.groups',
    'ir.rule',
    'res.country',
    'res.country.state',
  ],
  ...['res.partner', 'res.users', 'res.lang', 'ir.translation', 'ir.values', 'ir.model.constraint'],
]
const base = models('base', Object.fromEntries(known.map((model) => [model, {}])))

export interface SmallAlignment {
  /** What the customer's database has beside the registry; ids from 1 on. */
  customer: string
  /** What the reference has beside the registry; ids from 1001 on. */
  reference: string
  plan?: Partial<Plan>
  added?: [string, string][]
  /** Tables that neither side has. */
  without?: readonly string[]
  bodies?: boolean
}

/** A database for the tests of one file, on which the module data of a reference is aligned. */
export function smallAlignment(): <T>(
  sides: SmallAlignment,
  work: (client: pg.Client) => Promise<T>,
) => Promise<T> {
  const withSmallDatabase = smallDatabase()
  return ({ customer, reference, plan, added = [], without = [], bodies = true }, work) =>
    withSmallDatabase('CREATE SCHEMA wanted; CREATE SCHEMA ref', async (client) => {
      const drop = without.map((table) => `DROP TABLE ${ident(table)} CASCADE`).join(';')
      for (const schema of ['wanted', 'ref', 'public'])
        await client.query(`SET search_path TO ${schema}; ${tables}; ${drop}`)
      const target = await extractSchema(client, 'wanted')
      await client.query('DROP SCHEMA wanted CASCADE')
      await dropRules(client)
      await client.query(`SET search_path TO public; ${base}; ${customer}`)
      await client.query('SET search_path TO ref; TRUNCATE ir_module_module')
      for (const [name, { ownedBy }] of Object.entries(target.sequences))
        if (ownedBy) await client.query(`SELECT setval($1, 1000)`, [`ref.${name}`])
      await client.query(`INSERT INTO ir_module_module (name, state, latest_version) VALUES ('base', 'installed', '8.0.1.3');
        ${xmlids({ 'base.module_base': ['ir.module.module', 1001] })};
        ${base}; ${reference}; SET search_path TO public`)
      const whole: Plan = {
        ...{ from: '7.0', to: '8.0', hops: [], aim: 'test', languages: ['en_US'], timezone: null },
        ...{
          sourceModules: ['base'],
          targetModules: ['base'],
          customModules: ['own'],
          goneModules: ['gone'],
        },
        ...plan,
      }
      await alignModuleData(client, whole, target, added, { bodies })
      return work(client)
    })
}

/** As after the load: neither side has a foreign key or a unique constraint. */
async function dropRules(client: pg.ClientBase): Promise<void> {
  const { rows } = await client.query<{ statement: string }>(`
    SELECT 'ALTER TABLE ' || n.nspname || '.' || c.relname || ' DROP CONSTRAINT ' || k.conname AS statement
      FROM pg_constraint k JOIN pg_class c ON c.oid = k.conrelid JOIN pg_namespace n ON n.oid = c.relnamespace
     WHERE n.nspname IN ('ref', 'public') AND k.contype IN ('f', 'u')`)
  await client.query(rows.map(({ statement }) => statement).join(';'))
}
