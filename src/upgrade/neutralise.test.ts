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

test('a database without parameters', () =>
  withSmallDatabase(
    `${data} CREATE TABLE ir_cron (id serial, active boolean); INSERT INTO ir_cron (active) VALUES (true)`,
    async (client) => {
      await neutralise(client, await readInventory(client))
      expect(await valuesOf(client, 'SELECT active FROM ir_cron')).toEqual([false])
    },
  ))
