import { NOWHERE, type Switch } from './switch.ts'

/** Carriers, calendars, websites and accounts with other services. */
export const services: readonly Switch[] = [
  {
    table: 'delivery_carrier',
    set: { prod_environment: 'false' },
    secrets: true,
    why: 'carriers: a test would order real pick-ups',
  },
  {
    table: 'iap_account',
    set: { account_token: `regexp_replace(t.account_token, '(\\+.*)?$', '+disabled')` },
    where: 't.account_token IS NOT NULL',
    needs: ['account_token'],
    why: "credits that are paid for; Odoo's own mark, so that no account is made anew",
  },
  {
    table: 'res_users',
    set: { microsoft_synchronization_stopped: 'true' },
    empty: [
      'gmail_user',
      'gmail_password',
      'google_calendar_rtoken',
      'google_calendar_token',
      'google_calendar_token_validity',
      'google_calendar_sync_token',
      'microsoft_calendar_rtoken',
      'microsoft_calendar_token',
      'microsoft_calendar_token_validity',
      'microsoft_calendar_sync_token',
    ],
    why: "calendars: a test would move and delete people's real meetings",
  },
  {
    table: 'res_users_settings',
    set: { google_synchronization_stopped: 'true', microsoft_synchronization_stopped: 'true' },
    empty: [
      'google_calendar_rtoken',
      'google_calendar_token',
      'google_calendar_token_validity',
      'google_calendar_sync_token',
      'microsoft_calendar_sync_token',
      'microsoft_last_sync_date',
    ],
    why: "calendars: a test would move and delete people's real meetings",
  },
  ...['google_calendar_credentials', 'microsoft_calendar_credentials'].map((table) => ({
    table,
    set: { synchronization_stopped: 'true' },
    empty: ['calendar_rtoken', 'calendar_token', 'calendar_token_validity', 'calendar_sync_token'],
    why: "calendars: a test would move and delete people's real meetings",
  })),
  {
    table: 'website',
    set: { cdn_activated: 'false', robots_txt: `E'User-agent: *\\nDisallow: /'` },
    empty: ['domain', 'cdn_url', 'plausible_site', 'google_search_console'],
    secrets: true,
    why: 'a copy must not answer for the live site, be found by search engines or count in its statistics',
  },
  {
    table: 'ir_act_server',
    set: { webhook_url: `'${NOWHERE}'` },
    where: 't.webhook_url IS NOT NULL',
    why: 'calls of other systems',
  },
  {
    table: 'queue_job',
    set: { state: `'failed'` },
    where: `t.state IN ('wait_dependencies', 'pending', 'enqueued', 'started')`,
    why: 'jobs of connectors, which run without a scheduled action',
  },
  {
    table: 'base_synchro_server',
    set: { server_url: `'invalid'` },
    empty: ['password'],
    why: 'another database that records are copied to',
  },
  {
    table: 'import_sugarcrm',
    set: { url: `'${NOWHERE}'` },
    empty: ['password'],
    why: 'another system that records are fetched from',
  },
  {
    table: 'event_moodle_config_wiz',
    set: { server_moodle: `'invalid'` },
    empty: ['moodle_password', 'moodle_token', 'url'],
    why: 'a learning platform that users are made on',
  },
  // Of modules that are not in every edition.
  ...['amazon_account', 'social_account', 'whatsapp_account', 'account_online_link', 'voip_provider'].map(
    (table) => ({ table, secrets: true as const, why: 'an account with a service' }),
  ),
  ...['base_config_settings', 'res_config_settings', 'sale_config_settings', 'website_config_settings'].map(
    (table) => ({ table, secrets: true as const, why: 'what people typed into the settings' }),
  ),
]
