import type pg from 'pg'
import type { Inventory } from '../../schema/inventory.ts'
import { looksSecret } from './secrets.ts'
import { NOWHERE } from './switches/switch.ts'

/** Parameters that are emptied besides those whose key looks like a secret. */
const emptiedParameters: readonly string[] = [
  'cloud_storage_provider',
  'google_drive_authorization_code',
  'mail.sfu_server_url',
  'mail.use_sfu_server',
  'mail.use_twilio_rtc_servers',
  'ocn.uuid',
  'odoo_ocn.project_id',
  'report.url',
  'web.base.url.freeze',
]

/** Parameters that look like a secret and let nobody in elsewhere. */
const keptParameters: RegExp =
  /^database\.(secret|uuid|enterprise_code)$|^auth_(password_policy|signup|totp)|_redirect_uri$/

/** Parameters that are set, where the database has the table of those that read them. */
const setParameters: readonly { key: string; value: string; table: string }[] = [
  ...[
    'iap.endpoint',
    'iap.partner_autocomplete.endpoint',
    'enrich.endpoint',
    'reveal.endpoint',
    'sms.endpoint',
    'snailmail.endpoint',
  ].map((key) => ({ key, value: NOWHERE, table: 'iap_account' })),
  ...[
    ['account_edi_proxy_client.demo', 'demo'],
    ['account_peppol.edi.mode', 'demo'],
    ['l10n_it_edi.proxy_user_edi_mode', 'demo'],
  ].map(([key, value]) => ({ key: key!, value: value!, table: 'account_edi_proxy_client_user' })),
]

/**
 * Empties the system parameters that let the database into other systems, points paid services nowhere, and marks the
 * database as Odoo itself does from 16.0 on. Gives the number of parameters that held something and hold it no more.
 */
export async function neutraliseParameters(client: pg.ClientBase, inventory: Inventory): Promise<number> {
  const { rows } = await client.query<{ key: string; value: string }>(
    `SELECT DISTINCT key, value FROM public.ir_config_parameter WHERE value <> '' ORDER BY key`,
  )
  const keys = rows.filter(({ key, value }) => isEmptied(key, value)).map(({ key }) => key)
  const { rowCount } = await client.query(
    `UPDATE public.ir_config_parameter SET value = '' WHERE key = ANY ($1::text[]) AND value <> ''`,
    [keys],
  )
  let changed = rowCount ?? 0
  for (const { key, value, table } of setParameters)
    if (inventory.hasTable(table)) changed += await setParameter(client, key, value)
  await setParameter(client, 'database.is_neutralized', 'true')
  return changed
}

/** A choice that is named after a password or a login is no secret: "True", "12". */
function isEmptied(key: string, value: string): boolean {
  if (emptiedParameters.includes(key)) return true
  return looksSecret(key) && !keptParameters.test(key) && !/^(true|false|\d{1,4})$/i.test(value)
}

/** The number of rows that had another value. */
async function setParameter(client: pg.ClientBase, key: string, value: string): Promise<number> {
  const { rowCount } = await client.query(
    'UPDATE public.ir_config_parameter SET value = $2 WHERE key = $1 AND value IS DISTINCT FROM $2',
    [key, value],
  )
  await client.query(
    `INSERT INTO public.ir_config_parameter (key, value)
     SELECT $1::text, $2::text WHERE NOT EXISTS (SELECT FROM public.ir_config_parameter WHERE key = $1::text)`,
    [key, value],
  )
  return rowCount ?? 0
}
