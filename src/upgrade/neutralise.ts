import type pg from 'pg'
import { ident, qualified } from '../postgres/sql.ts'
import { inTransaction } from '../postgres/transaction.ts'
import type { Inventory } from '../schema/inventory.ts'
import { note } from './notes.ts'

/** What reaches the outside world, and the values that keep it from doing so, in the tables of any version. */
const switches: readonly { table: string; set: Readonly<Record<string, string>>; where?: string }[] = [
  { table: 'ir_cron', set: { active: 'false' } },
  { table: 'ir_mail_server', set: { active: 'false' } },
  { table: 'fetchmail_server', set: { active: 'false' } },
  { table: 'payment_acquirer', set: { environment: `'test'`, website_published: 'false' } },
  { table: 'payment_acquirer', set: { state: `'disabled'` } },
  { table: 'payment_provider', set: { state: `'disabled'` } },
  { table: 'delivery_carrier', set: { prod_environment: 'false' } },
  { table: 'iap_account', set: { account_token: 'NULL' } },
  { table: 'res_users', set: { google_calendar_token: 'NULL', google_calendar_rtoken: 'NULL' } },
  { table: 'website', set: { domain: 'NULL' } },
  { table: 'mail_mail', set: { state: `'cancel'` }, where: `t.state = 'outgoing'` },
]

/** Tables whose records a test database has switched off. */
export const neutralisedTables: ReadonlySet<string> = new Set(switches.map(({ table }) => table))

/**
 * Makes a test database harmless: scheduled actions, mail servers, payment providers, delivery carriers and waiting mail
 * are off. The notes name each with the number of rows.
 */
export async function neutralise(client: pg.ClientBase, inventory: Inventory): Promise<void> {
  await inTransaction(client, async () => {
    for (const { table, set, where } of switches) {
      const columns = Object.entries(set).filter(([column]) => inventory.has(table, column))
      if (columns.length === 0) continue
      const changed = columns
        .map(([column, value]) => `t.${ident(column)} IS DISTINCT FROM ${value}`)
        .join(' OR ')
      const { rowCount } = await client.query(
        `UPDATE ${qualified('public', table)} t SET ${columns.map(([column, value]) => `${ident(column)} = ${value}`).join(', ')}
          WHERE (${changed})${where ? ` AND ${where}` : ''}`,
      )
      if (rowCount)
        await note(
          client,
          'neutralise',
          'neutralised',
          `SELECT $1::text, 'switched off', jsonb_build_object('rows', $2::int, 'columns', $3::jsonb)`,
          [table, rowCount, JSON.stringify(columns.map(([column]) => column))],
        )
    }
    if (inventory.hasTable('ir_config_parameter')) await markNeutralised(client)
  })
}

/** From 16.0 on Odoo itself shows a person that such a database is no live one. */
async function markNeutralised(client: pg.ClientBase): Promise<void> {
  await client.query(`
    UPDATE public.ir_config_parameter SET value = 'true' WHERE key = 'database.is_neutralized'`)
  await client.query(`
    INSERT INTO public.ir_config_parameter (key, value)
    SELECT 'database.is_neutralized', 'true'
     WHERE NOT EXISTS (SELECT FROM public.ir_config_parameter WHERE key = 'database.is_neutralized')`)
}
