import { expect, test } from 'vitest'
import { rowsOf, smallDatabase, valuesOf } from '../../test/setup/small.ts'
import { readInventory } from '../schema/inventory.ts'
import { neutralise } from './neutralise.ts'
import { readNotes } from './notes.ts'

const withSmallDatabase = smallDatabase()

test('what reaches the outside world is off, and told; nothing else is touched', () =>
  withSmallDatabase(
    `CREATE TABLE ir_cron (id serial, name varchar, active boolean); INSERT INTO ir_cron (name, active) VALUES ('a', true), ('b', false), ('c', NULL);
     CREATE TABLE ir_mail_server (id serial, active boolean); INSERT INTO ir_mail_server (active) VALUES (true);
     CREATE TABLE mail_mail (id serial, state varchar); INSERT INTO mail_mail (state) VALUES ('outgoing'), ('sent');
     CREATE TABLE payment_provider (id serial, state varchar); INSERT INTO payment_provider (state) VALUES ('enabled'), ('disabled');
     CREATE TABLE res_users (id serial, login varchar, password varchar, active boolean); INSERT INTO res_users (login, password, active) VALUES ('admin', 'x', true);
     CREATE TABLE ir_config_parameter (id serial, key varchar, value text); INSERT INTO ir_config_parameter (key, value) VALUES ('database.uuid', 'u')`,
    async (client) => {
      for (const _ of ['once', 'again']) await neutralise(client, await readInventory(client))
      expect(await valuesOf(client, 'SELECT DISTINCT active FROM ir_cron')).toEqual([false])
      expect(await valuesOf(client, 'SELECT active FROM ir_mail_server')).toEqual([false])
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
        ['payment_provider', 1],
        ['mail_mail', 1],
      ])
    },
  ))

test('a database without parameters', () =>
  withSmallDatabase(
    'CREATE TABLE ir_cron (id serial, active boolean); INSERT INTO ir_cron (active) VALUES (true)',
    async (client) => {
      await neutralise(client, await readInventory(client))
      expect(await valuesOf(client, 'SELECT active FROM ir_cron')).toEqual([false])
    },
  ))
