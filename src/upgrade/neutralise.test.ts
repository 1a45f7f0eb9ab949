import { expect, test } from 'vitest'
import { rowsOf, smallDatabase, valuesOf } from '../../test/setup/small.ts'
import { readInventory } from '../schema/inventory.ts'
import { neutralise } from './neutralise.ts'
import { readNotes } from './notes.ts'

const withSmallDatabase = smallDatabase()

const data =
  'CREATE TABLE ir_model_data (id serial, module varchar, name varchar, model varchar, res_id integer);'

test('what reaches the outside world is off, and told; nothing else is touched', () =>
  withSmallDatabase(
    `${data} CREATE TABLE ir_cron (id serial, name varchar, active boolean); INSERT INTO ir_cron (name, active) VALUES ('a', true), ('b', false), ('c', NULL);
     CREATE TABLE ir_mail_server (id serial, name varchar, smtp_host varchar, smtp_pass varchar, active boolean); INSERT INTO ir_mail_server (name, smtp_host, smtp_pass, active) VALUES ('a', 'mail.example.com', 'x', true);
     CREATE TABLE mail_mail (id serial, state varchar); INSERT INTO mail_mail (state) VALUES ('outgoing'), ('sent');
     CREATE TABLE payment_provider (id serial, code varchar, state varchar); INSERT INTO payment_provider (code, state) VALUES ('stripe', 'enabled'), ('stripe', 'disabled');
     CREATE TABLE res_users (id serial, login varchar, password varchar, active boolean); INSERT INTO res_users (login, password, active) VALUES ('admin', 'x', true);
     CREATE TABLE ir_config_parameter (id serial, key varchar, value text); INSERT INTO ir_config_parameter (key, value) VALUES ('database.uuid', 'u')`,
    async (client) => {
      for (const _ of ['once', 'again']) await neutralise(client, await readInventory(client))
      expect(await valuesOf(client, 'SELECT DISTINCT active FROM ir_cron')).toEqual([false])
      expect(
        await rowsOf(client, 'SELECT name, smtp_host, smtp_pass, active FROM ir_mail_server ORDER BY id'),
      ).toEqual([
        ['a', 'invalid', null, false],
        ['neutralization - disable emails', 'invalid', null, true],
      ])
      expect(await valuesOf(client, 'SELECT state FROM mail_mail ORDER BY id')).toEqual(['cancel', 'sent'])
      expect(await valuesOf(client, 'SELECT DISTINCT state FROM payment_provider')).toEqual(['disabled'])
      expect(await rowsOf(client, 'SELECT login, password, active FROM res_users')).toEqual([
        ['admin', 'x', true],
      ])
      expect(await rowsOf(client, 'SELECT key, value FROM ir_config_parameter ORDER BY id')).toEqual([
        ['database.uuid', 'u'],
        ['database.is_neutralized', 'true'],
      ])
      expect((await readNotes(client)).map(({ subject, detail }) => [subject, detail.rows])).toEqual([
        ['ir_cron', 2],
        ['ir_mail_server', 1],
        ['mail_mail', 1],
        ['payment_provider', 1],
        ['ir_mail_server', undefined],
      ])
    },
  ))

test('secrets that the alignment set aside are emptied as they are in their table; what is not known is told', () =>
  withSmallDatabase(
    `${data} CREATE TABLE legacy.res_users__columns (id integer, gmail_user varchar, gmail_password varchar, password varchar); INSERT INTO legacy.res_users__columns VALUES (1, 'me', 'secret', 'kept'), (2, NULL, NULL, 'kept');
     CREATE TABLE legacy.res_company__columns (id integer, x_twitter_secret varchar, note varchar); INSERT INTO legacy.res_company__columns VALUES (1, 'secret', 'kept');
     CREATE TABLE legacy.acme_connector (id integer, api_key varchar); INSERT INTO legacy.acme_connector VALUES (1, 'left')`,
    async (client) => {
      for (const _ of ['once', 'again']) await neutralise(client, await readInventory(client))
      expect(
        await rowsOf(client, 'SELECT gmail_password, password FROM legacy.res_users__columns ORDER BY id'),
      ).toEqual([
        ['', 'kept'],
        [null, 'kept'],
      ])
      expect(await rowsOf(client, 'SELECT x_twitter_secret, note FROM legacy.res_company__columns')).toEqual([
        ['', 'kept'],
      ])
      expect(await valuesOf(client, 'SELECT api_key FROM legacy.acme_connector')).toEqual(['left'])
      const notes = (await readNotes(client)).map(({ topic, subject }) => [topic, subject])
      expect(notes).toContainEqual(['neutralised', 'legacy.res_users__columns'])
      expect(notes).toContainEqual(['neutralised', 'legacy.res_company__columns'])
      expect(notes).toContainEqual(['outside connection', 'legacy.acme_connector'])
    },
  ))

test('a database without parameters', () =>
  withSmallDatabase(
    `${data} CREATE TABLE ir_cron (id serial, active boolean); INSERT INTO ir_cron (active) VALUES (true)`,
    async (client) => {
      await neutralise(client, await readInventory(client))
      expect(await valuesOf(client, 'SELECT active FROM ir_cron')).toEqual([false])
    },
  ))

const servers =
  'CREATE TABLE ir_mail_server (id serial, name varchar, smtp_host varchar, desk integer NOT NULL);'

test('a column that only the customer requires of a mail server is taken from another one', () =>
  withSmallDatabase(
    `${servers} INSERT INTO ir_mail_server (name, smtp_host, desk) VALUES ('a', 'mail.example.com', 7)`,
    async (client) => {
      await neutralise(client, await readInventory(client))
      expect(await rowsOf(client, 'SELECT smtp_host, desk FROM ir_mail_server')).toEqual([
        ['invalid', 7],
        ['invalid', 7],
      ])
    },
  ))

test('where there is no other one, it is told that none was added', () =>
  withSmallDatabase(servers, async (client) => {
    await neutralise(client, await readInventory(client))
    expect(await readNotes(client)).toMatchObject([
      { outcome: 'none that leads nowhere could be added, because desk has to be filled' },
    ])
  }))

test('the sweep of temporary records goes on; jobs, terminals and credits do not', () =>
  withSmallDatabase(
    `${data} INSERT INTO ir_model_data (module, name, model, res_id) VALUES ('base', 'autovacuum_job', 'ir.cron', 1), ('mail', 'autovacuum_job', 'ir.cron', 2);
     CREATE TABLE ir_cron (id serial, active boolean); INSERT INTO ir_cron (active) VALUES (true), (true);
     CREATE TABLE queue_job (id serial, state varchar); INSERT INTO queue_job (state) VALUES ('pending'), ('done');
     CREATE TABLE iap_account (id serial, account_token varchar); INSERT INTO iap_account (account_token) VALUES ('abc'), ('abc+disabled'), (NULL);
     CREATE TABLE pos_payment_method (id serial, use_payment_terminal varchar, adyen_test_mode boolean, acme_secret varchar); INSERT INTO pos_payment_method (use_payment_terminal, acme_secret) VALUES ('adyen', 'x'), (NULL, NULL)`,
    async (client) => {
      await neutralise(client, await readInventory(client))
      expect(await valuesOf(client, 'SELECT active FROM ir_cron ORDER BY id')).toEqual([true, false])
      expect(await valuesOf(client, 'SELECT state FROM queue_job ORDER BY id')).toEqual(['failed', 'done'])
      expect(await valuesOf(client, 'SELECT account_token FROM iap_account ORDER BY id')).toEqual([
        'abc+disabled',
        'abc+disabled',
        null,
      ])
      expect(
        await rowsOf(
          client,
          'SELECT use_payment_terminal, adyen_test_mode, acme_secret FROM pos_payment_method ORDER BY id',
        ),
      ).toEqual([
        [null, true, null],
        [null, null, null],
      ])
    },
  ))

test('parameters that let the database in elsewhere are emptied, those of its own stay', () =>
  withSmallDatabase(
    `CREATE TABLE iap_account (id serial, account_token varchar);
     CREATE TABLE ir_config_parameter (id serial, key varchar NOT NULL UNIQUE, value text NOT NULL);
     INSERT INTO ir_config_parameter (key, value) VALUES ('database.secret', 's'), ('database.uuid', 'u'), ('google_calendar_client_secret', 'x'),
       ('mail.twilio_account_token', 'x'), ('hr.hr_presence_control_login', 'True'), ('web.base.url.freeze', 'True'), ('sms.endpoint', 'https://live.example')`,
    async (client) => {
      await neutralise(client, await readInventory(client))
      const { rows } = await client.query<{ key: string; value: string }>(
        'SELECT key, value FROM ir_config_parameter',
      )
      const parameters = Object.fromEntries(rows.map(({ key, value }) => [key, value]))
      expect(parameters).toMatchObject({
        'database.secret': 's',
        'database.uuid': 'u',
        google_calendar_client_secret: '',
        'mail.twilio_account_token': '',
        'hr.hr_presence_control_login': 'True',
        'web.base.url.freeze': '',
        'sms.endpoint': 'https://neutralised.invalid',
        'iap.endpoint': 'https://neutralised.invalid',
        'database.is_neutralized': 'true',
      })
      expect((await readNotes(client)).map(({ subject, detail }) => [subject, detail.rows])).toEqual([
        ['ir_config_parameter', 4],
      ])
    },
  ))

test('what modules of the customer keep is told and left as it is', () =>
  withSmallDatabase(
    `CREATE TABLE acme_backend (id serial, api_key varchar, access_token varchar); INSERT INTO acme_backend (api_key, access_token) VALUES ('x', 'y');
     CREATE TABLE acme_empty (id serial, api_key varchar)`,
    async (client) => {
      await neutralise(client, await readInventory(client))
      expect(await valuesOf(client, 'SELECT api_key FROM acme_backend')).toEqual(['x'])
      expect(await readNotes(client)).toMatchObject([
        { topic: 'outside connection', subject: 'acme_backend', detail: { columns: ['api_key'] } },
      ])
    },
  ))

test("Odoo's own banner is shown", () =>
  withSmallDatabase(
    `CREATE TABLE ir_ui_view (id serial, key varchar, active boolean);
     INSERT INTO ir_ui_view (key, active) VALUES ('web.neutralize_banner', false), ('website.neutralize_ribbon', false), ('web.layout', false)`,
    async (client) => {
      await neutralise(client, await readInventory(client))
      expect(await valuesOf(client, 'SELECT active FROM ir_ui_view ORDER BY id')).toEqual([true, true, false])
    },
  ))
