import type pg from 'pg'
import { describe, expect, test } from 'vitest'
import { rowsOf, smallDatabase, valuesOf } from '../../../test/setup/small.ts'
import { loadCatalogue } from '../../catalogue/load.ts'
import { allSeries } from '../../odoo/series.ts'
import { ident } from '../../postgres/sql.ts'
import { type Inventory, readInventory } from '../../schema/inventory.ts'
import { neutralise } from '../neutralise.ts'
import { looksLikeAddress, looksSecret, whyHarmless } from './secrets.ts'
import { switches } from './switches/all.ts'

const withSmallDatabase = smallDatabase()
const named = [...new Set(switches.map(({ table }) => table))]

/** Texts that mean that something goes on, by column; any other text is "live". */
const goingOn: Readonly<Record<string, string>> = {
  'email_template_account.state': 'approved',
  'email_template_mailbox.folder': 'outbox',
  'mail_mail.state': 'outgoing',
  'mail_message.state': 'outgoing',
  'mail_mass_mailing.state': 'in_queue',
  'mailing_mailing.state': 'sending',
  'payment_acquirer.state': 'enabled',
  'payment_provider.state': 'enabled',
  'pos_payment_method.payment_method_type': 'terminal',
  'res_company.l10n_hr_mer_connection_mode': 'prod',
  'res_company.l10n_hr_mer_connection_state': 'active',
  'res_company.l10n_hu_edi_server_mode': 'production',
  'res_company.l10n_my_edi_mode': 'prod',
  'res_company.l10n_sa_api_mode': 'prod',
  'sms_sms.state': 'outgoing',
  'snailmail_letter.state': 'pending',
}

describe.each(allSeries.filter((one) => one !== '5.0'))(
  'a database of %s with rows in every table that is switched',
  (version) => {
    test('has no way out afterwards, keeps its rows, and a second time changes nothing', {
      timeout: 120_000,
    }, async () => {
      const tables = await tablesOf(version)
      await withSmallDatabase(tables.sql, async (client) => {
        const before = await counts(client)
        await neutralise(client, await readInventory(client))
        const inventory = await readInventory(client)
        expect(await waysOut(client, inventory)).toEqual([])
        expect(await switchesThatAreOn(client, inventory)).toEqual([])
        const after = await counts(client)
        for (const [table, rows] of before)
          if (table !== 'ir_mail_server' && table !== 'ir_config_parameter')
            expect([table, after.get(table)]).toEqual([table, rows])
        if (inventory.hasTable('ir_mail_server')) {
          const active = inventory.has('ir_mail_server', 'active') ? 'WHERE active' : ''
          expect(await valuesOf(client, `SELECT DISTINCT smtp_host FROM ir_mail_server ${active}`)).toEqual([
            'invalid',
          ])
          expect(after.get('ir_mail_server')).toBe(3)
        }
        const once = await contents(client, inventory)
        await client.query('DELETE FROM uplift.note')
        await neutralise(client, inventory)
        expect(await contents(client, inventory)).toEqual(once)
        expect(await valuesOf(client, `SELECT subject FROM uplift.note`)).toEqual([])
      })
    })
  },
)

/** The tables that the facts name, with the columns that the version has, and two rows in each. */
async function tablesOf(version: string): Promise<{ sql: string }> {
  const { tables } = await loadCatalogue(version)
  const statements = [
    'CREATE TABLE ir_model_data (id serial, module varchar, name varchar, model varchar, res_id integer)',
    'CREATE TABLE ir_config_parameter (id serial, key varchar NOT NULL UNIQUE, value text NOT NULL)',
  ]
  for (const table of named) {
    const columns = Object.entries(tables[table]?.columns ?? {}).filter(([column]) => column !== 'id')
    if (columns.length === 0) continue
    statements.push(
      `CREATE TABLE ${ident(table)} (id serial, ${columns.map(([name, { type, notNull }]) => `${ident(name)} ${type}${notNull ? ' NOT NULL' : ''}`).join(', ')})`,
    )
    for (const _ of [1, 2])
      statements.push(
        `INSERT INTO ${ident(table)} (${columns.map(([name]) => ident(name)).join(', ')}) VALUES (${columns.map(([name, { type }]) => sampleOf(table, name, type)).join(', ')})`,
      )
  }
  return { sql: statements.join(';\n') }
}

function sampleOf(table: string, column: string, type: string): string {
  if (/^(character varying|text)/.test(type))
    // The cast cuts it where the column is shorter.
    return `'${goingOn[`${table}.${column}`] ?? 'live'}'::${type}`
  if (type === 'boolean') return 'true'
  if (type === 'bytea') return `'live'::bytea`
  if (type.startsWith('json')) return `'"live"'`
  if (/^(timestamp|date)/.test(type)) return `'2020-01-01'`
  return '1'
}

/** Columns that still say what they said, though they look like a way out and are not known to be none. */
async function waysOut(client: pg.Client, inventory: Inventory): Promise<string[]> {
  const open: string[] = []
  for (const table of inventory.tables())
    for (const column of inventory.columns(table)) {
      if (!/char|text|json|bytea/.test(inventory.typeOf(table, column)!)) continue
      // Settings forms repeat addresses that count only where they are saved.
      const address = looksLikeAddress(column) && !table.endsWith('_config_settings')
      if ((!looksSecret(column) && !address) || whyHarmless(table, column) !== null) continue
      const [left] = await valuesOf(
        client,
        `SELECT count(*)::int FROM ${ident(table)} WHERE ${inventory.typeOf(table, column) === 'bytea' ? `convert_from(${ident(column)}, 'UTF8')` : `${ident(column)}::text`} IN ('live', '"live"')`,
      )
      if (left !== 0) open.push(`${table}.${column}`)
    }
  return open
}

/** What is switched off for all rows of a table, and is not. */
async function switchesThatAreOn(client: pg.Client, inventory: Inventory): Promise<string[]> {
  const on: string[] = []
  for (const { table, set = {} } of switches)
    for (const [column, value] of Object.entries(set)) {
      if (!inventory.has(table, column) || table === 'ir_mail_server') continue
      const [left] = await valuesOf(
        client,
        `SELECT count(*)::int FROM ${ident(table)} t WHERE ${ident(column)} IS DISTINCT FROM ${value}`,
      )
      if (left !== 0) on.push(`${table}.${column}`)
    }
  return on
}

async function counts(client: pg.Client): Promise<Map<string, unknown>> {
  const all = new Map<string, unknown>()
  for (const table of (await readInventory(client)).tables())
    all.set(table, (await valuesOf(client, `SELECT count(*)::int FROM ${ident(table)}`))[0])
  return all
}

async function contents(client: pg.Client, inventory: Inventory): Promise<Record<string, unknown[][]>> {
  const all: Record<string, unknown[][]> = {}
  for (const table of inventory.tables())
    all[table] = await rowsOf(client, `SELECT t::text FROM ${ident(table)} t ORDER BY 1`)
  return all
}
