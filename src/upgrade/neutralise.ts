import type pg from 'pg'
import { ident, qualified } from '../postgres/sql.ts'
import { inTransaction } from '../postgres/transaction.ts'
import type { Inventory } from '../schema/inventory.ts'
import { emptyLegacySecrets } from './neutralise/legacy.ts'
import { addMailServer } from './neutralise/mail-server.ts'
import { neutraliseParameters } from './neutralise/parameters.ts'
import { looksSecret, whyHarmless } from './neutralise/secrets.ts'
import { switches } from './neutralise/switches/all.ts'
import type { Switch } from './neutralise/switches/switch.ts'
import { noteUntouched } from './neutralise/untouched.ts'
import { note } from './notes.ts'

/** Tables whose records are archived or take another state in a test database, by the invariant that counts those. */
export const neutralisedTables: Readonly<Record<string, ReadonlySet<string>>> = {
  active: tablesThatSet('active'),
  documents: tablesThatSet('state'),
}

function tablesThatSet(column: string): ReadonlySet<string> {
  return new Set(switches.filter(({ set }) => set && column in set).map(({ table }) => table))
}

/**
 * Makes a test database harmless: scheduled actions, mail servers, payment providers, delivery carriers, other connectors
 * and what waits to be sent are off. Nothing is deleted, users and their passwords stay; done twice it changes nothing more.
 * The notes name each table with the number of rows, and what of the customer's own modules may still lead outside.
 */
export async function neutralise(client: pg.ClientBase, inventory: Inventory): Promise<void> {
  await inTransaction(client, async () => {
    const required = await requiredColumns(client)
    for (const { table, columns, rows } of await switchOff(client, inventory, required))
      await noteChange(client, table, columns, rows)
    if (inventory.hasTable('ir_mail_server')) {
      const added = await addMailServer(client, inventory, required)
      if (added !== null)
        await note(client, 'neutralise', 'outgoing mail', `SELECT 'ir_mail_server', $1::text, '{}'::jsonb`, [
          added,
        ])
    }
    if (inventory.hasTable('ir_ui_view')) await showBanner(client, inventory)
    if (inventory.hasTable('ir_config_parameter')) {
      const rows = await neutraliseParameters(client, inventory)
      if (rows > 0) await noteChange(client, 'ir_config_parameter', ['value'], rows)
    }
    for (const { table, columns, rows } of await emptyLegacySecrets(client))
      await noteChange(client, table, columns, rows)
    await noteUntouched(client, inventory)
  })
}

/** A table is told once, however many switches it has: the rows of the one that changed most. */
async function switchOff(
  client: pg.ClientBase,
  inventory: Inventory,
  required: ReadonlySet<string>,
): Promise<{ table: string; columns: string[]; rows: number }[]> {
  const changes = new Map<string, { table: string; columns: string[]; rows: number }>()
  for (const one of switches) {
    const change = statementOf(one, inventory, required)
    if (!change) continue
    const { rowCount } = await client.query(change.sql)
    if (!rowCount) continue
    const told = changes.get(one.table) ?? { table: one.table, columns: [], rows: 0 }
    told.columns = [...new Set([...told.columns, ...change.columns])]
    told.rows = Math.max(told.rows, rowCount)
    changes.set(one.table, told)
  }
  return [...changes.values()]
}

function statementOf(
  { table, set = {}, empty = [], secrets, where, needs = [] }: Switch,
  inventory: Inventory,
  required: ReadonlySet<string>,
): { sql: string; columns: string[] } | null {
  if (!needs.every((column) => inventory.has(table, column))) return null
  const changes = Object.entries(set)
    .filter(([column]) => inventory.has(table, column))
    .map(([column, value]) => ({
      column,
      value,
      changed: `t.${ident(column)} IS DISTINCT FROM ${value}`,
    }))
  const named = empty.filter((column) => inventory.has(table, column))
  const found = secrets ? inventory.columns(table).filter((column) => isSecret(inventory, table, column)) : []
  for (const column of new Set([...named, ...found])) {
    if (changes.some((change) => change.column === column)) continue
    const text = isText(inventory, table, column)
    if (!required.has(`${table}.${column}`))
      changes.push({ column, value: 'NULL', changed: `t.${ident(column)} IS NOT NULL` })
    else if (text) changes.push({ column, value: `''`, changed: `t.${ident(column)} <> ''` })
  }
  if (changes.length === 0) return null
  return {
    sql: `UPDATE ${qualified('public', table)} t SET ${changes.map(({ column, value }) => `${ident(column)} = ${value}`).join(', ')}
           WHERE (${changes.map(({ changed }) => changed).join(' OR ')})${where ? ` AND (${where})` : ''}`,
    columns: changes.map(({ column }) => column),
  }
}

function isSecret(inventory: Inventory, table: string, column: string): boolean {
  return (
    /^(character varying|text|bytea|json)/.test(inventory.typeOf(table, column) ?? '') &&
    looksSecret(column) &&
    whyHarmless(table, column) === null
  )
}

function isText(inventory: Inventory, table: string, column: string): boolean {
  return /^(character varying|text)/.test(inventory.typeOf(table, column) ?? '')
}

/** Columns that have to hold something: "res_company_ldap.ldap_password". */
async function requiredColumns(client: pg.ClientBase): Promise<ReadonlySet<string>> {
  const { rows } = await client.query<{ name: string }>(
    `SELECT c.relname || '.' || a.attname AS name
       FROM pg_class c JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum > 0 AND a.attnotnull
      WHERE c.relnamespace = 'public'::regnamespace AND c.relkind IN ('r', 'p')`,
  )
  return new Set(rows.map(({ name }) => name))
}

/** Odoo's own sign that a database is no live one, where a version has it. */
async function showBanner(client: pg.ClientBase, inventory: Inventory): Promise<void> {
  if (!inventory.has('ir_ui_view', 'key') || !inventory.has('ir_ui_view', 'active')) return
  await client.query(
    `UPDATE public.ir_ui_view SET active = true
      WHERE key IN ('web.neutralize_banner', 'website.neutralize_ribbon') AND active IS DISTINCT FROM true`,
  )
}

async function noteChange(
  client: pg.ClientBase,
  table: string,
  columns: readonly string[],
  rows: number,
): Promise<void> {
  await note(
    client,
    'neutralise',
    'neutralised',
    `SELECT $1::text, 'switched off', jsonb_build_object('rows', $2::int, 'columns', $3::jsonb)`,
    [table, rows, JSON.stringify(columns)],
  )
}
