/** One thing that is switched off, as a fact about a table; what a database does not have of it is passed over. */
export interface Switch {
  table: string
  /** Column → SQL of its value; `t` is the row. */
  set?: Readonly<Record<string, string>>
  /** Columns that hold nothing afterwards: NULL, or no text where they have to hold one. */
  empty?: readonly string[]
  /** Also every other column whose name says that it holds a secret: modules for providers bring columns of their own. */
  secrets?: true
  /** Condition on the row `t`. */
  where?: string
  /** Columns without which it does not apply: those that `where` and the values read. */
  needs?: readonly string[]
  why: string
}

/** A host that no network can have (RFC 2606). */
const NOWHERE = 'https://neutralised.invalid'

const mail: readonly Switch[] = [
  {
    table: 'ir_cron',
    set: { active: 'false' },
    where: `NOT EXISTS (SELECT FROM public.ir_model_data d WHERE d.model = 'ir.cron' AND d.res_id = t.id
                           AND d.module = 'base' AND d.name IN ('autovacuum_job', 'cronjob_osv_memory_autovacuum'))`,
    why: 'what runs by itself; the job that clears away old temporary records may',
  },
  {
    table: 'ir_mail_server',
    set: { active: 'false', smtp_host: `'invalid'` },
    empty: ['smtp_pass'],
    secrets: true,
    where: `t.smtp_host IS DISTINCT FROM 'invalid'`,
    needs: ['smtp_host'],
    why: 'outgoing mail; a message may name its server, so that an inactive one without an address is needed',
  },
  {
    table: 'fetchmail_server',
    set: { active: 'false' },
    secrets: true,
    why: 'incoming mail: the copy would take away messages that the live database waits for',
  },
  {
    table: 'email_server',
    set: { active: 'false' },
    secrets: true,
    why: 'incoming mail of 6.0',
  },
  {
    table: 'email_template_account',
    set: { state: `'suspended'`, smtpserver: `'invalid'` },
    empty: ['smtppass', 'smtpuname'],
    why: 'outgoing mail of 6.0',
  },
  {
    table: 'email_template_mailbox',
    set: { folder: `'drafts'` },
    where: `t.folder = 'outbox'`,
    why: 'mail of 6.0 that waits to be sent',
  },
  {
    table: 'mail_message',
    set: { state: `'cancel'` },
    where: `t.state = 'outgoing'`,
    why: 'mail of 6.1 that waits to be sent',
  },
  {
    table: 'mail_mail',
    set: { state: `'cancel'` },
    where: `t.state = 'outgoing'`,
    why: 'mail that waits to be sent',
  },
  ...['email_template', 'mail_template', 'mail_mass_mailing', 'mailing_mailing'].map((table) => ({
    table,
    empty: ['mail_server_id'],
    why: 'a server that is off: messages go to the one that leads nowhere',
  })),
  {
    table: 'mail_mass_mailing',
    set: { state: `'draft'` },
    where: `t.state IN ('in_queue', 'sending')`,
    why: 'mailings that wait to be sent',
  },
  {
    table: 'mailing_mailing',
    set: { state: `'draft'` },
    where: `t.state IN ('in_queue', 'sending')`,
    why: 'mailings that wait to be sent',
  },
  {
    table: 'sms_sms',
    set: { state: `'canceled'` },
    where: `t.state IN ('outgoing', 'process')`,
    why: 'text messages that wait to be sent',
  },
  {
    table: 'snailmail_letter',
    set: { state: `'canceled'` },
    where: `t.state = 'pending'`,
    why: 'letters that wait to be printed and posted',
  },
  ...['mail_partner_device', 'mail_push_device'].map((table) => ({
    table,
    set: { endpoint: `'${NOWHERE}/' || t.id` },
    why: 'browsers that get push messages',
  })),
  {
    table: 'mail_ice_server',
    empty: ['username', 'credential'],
    why: 'relays of calls that are paid for',
  },
  { table: 'discuss_channel', empty: ['sfu_server_url'], why: 'the server of a call' },
]

const payments: readonly Switch[] = [
  {
    table: 'portal_payment_acquirer',
    set: { visible: 'false' },
    why: 'payments of 7.0: its forms lead to the provider',
  },
  {
    table: 'payment_acquirer',
    set: { environment: `'test'`, website_published: 'false' },
    why: 'payments of 8.0 to 12.0',
  },
  {
    table: 'payment_acquirer',
    set: {
      state: `CASE WHEN t.provider IN ('none', 'manual', 'transfer', 'test') THEN 'test' ELSE 'disabled' END`,
    },
    where: `t.state <> 'disabled'`,
    needs: ['state', 'provider'],
    why: 'payments of 13.0 to 15.0; what leads to nobody, such as a transfer, can be tried',
  },
  {
    table: 'payment_provider',
    set: { state: `CASE WHEN t.code IN ('none', 'custom', 'demo') THEN 'test' ELSE 'disabled' END` },
    where: `t.state <> 'disabled'`,
    needs: ['state', 'code'],
    why: 'payments; what leads to nobody, such as a transfer, can be tried',
  },
  { table: 'payment_provider', set: { is_live: 'false' }, why: 'payments' },
  ...['payment_acquirer', 'payment_provider'].map((table) => ({
    table,
    empty: [
      'adyen_api_url_prefix',
      'adyen_checkout_api_url',
      'adyen_recurring_api_url',
      'alipay_seller_email',
      'aps_sha_request',
      'aps_sha_response',
      'ogone_pspid',
      'ogone_userid',
      'paypal_api_username',
      'paypal_email_account',
      'paypal_seller_account',
      'payulatam_account_id',
      'razorpay_account_id',
      'stripe_account_id',
    ],
    secrets: true as const,
    why: 'accounts with providers',
  })),
  {
    table: 'adyen_account',
    empty: ['adyen_uuid'],
    secrets: true,
    why: 'an account with a provider of 14.0',
  },
  {
    table: 'pos_payment_method',
    set: {
      test_mode: 'true',
      adyen_test_mode: 'true',
      dpopay_test_mode: 'true',
      paytm_test_mode: 'true',
      pine_labs_test_mode: 'true',
      razorpay_test_mode: 'true',
      viva_com_test_mode: 'true',
      viva_wallet_test_mode: 'true',
    },
    where: 't.use_payment_terminal IS NOT NULL',
    needs: ['use_payment_terminal'],
    why: 'payment terminals',
  },
  {
    table: 'pos_payment_method',
    set: { payment_method_type: `'none'` },
    where: `t.payment_method_type = 'terminal'`,
    why: 'a payment terminal takes real money: the cashier says that it was paid',
  },
  {
    table: 'pos_payment_method',
    empty: [
      'use_payment_terminal',
      'adyen_event_url',
      'glory_websocket_address',
      'qfpay_terminal_ip_address',
      'six_terminal_ip',
    ],
    secrets: true,
    why: 'a payment terminal takes real money: the cashier says that it was paid',
  },
  { table: 'pos_mercury_configuration', secrets: true, why: 'an account with a provider' },
  ...['pos_config', 'pos_printer', 'restaurant_printer'].map((table) => ({
    table,
    empty: ['proxy_ip', 'epson_printer_ip'],
    why: 'printers and drawers of the shop: a test would print in the real kitchen',
  })),
  {
    table: 'res_partner_bank',
    empty: ['l10n_id_qris_api_key', 'l10n_id_qris_mid'],
    why: 'an account with a provider',
  },
]

const services: readonly Switch[] = [
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

const authorities: readonly Switch[] = [
  {
    table: 'account_edi_proxy_client_user',
    set: {
      active: 'false',
      edi_mode: `CASE WHEN t.proxy_type IN ('l10n_it_edi', 'peppol', 'nemhandel', 'pdp') THEN 'demo' ELSE 'test' END`,
    },
    empty: ['refresh_token'],
    why: 'electronic invoices; archived, because a test one beside it may exist',
  },
  {
    table: 'account_journal',
    empty: ['l10n_sa_compliance_csid_json', 'l10n_sa_production_csid_json'],
    why: 'electronic invoices',
  },
  {
    table: 'l10n_eg_edi_thumb_drive',
    empty: ['access_token', 'pin'],
    why: 'electronic invoices: the device that signs them',
  },
  {
    table: 'res_company',
    set: {
      account_peppol_proxy_state: `'not_registered'`,
      gengo_sandbox: 'true',
      l10n_ar_afip_ws_environment: `'testing'`,
      l10n_cl_dte_service_provider: `'SIITEST'`,
      l10n_co_edi_test_mode: 'true',
      l10n_dk_nemhandel_proxy_state: `'not_registered'`,
      l10n_ec_production_env: 'false',
      l10n_eg_production_env: 'false',
      l10n_es_edi_test_env: 'true',
      l10n_es_edi_verifactu_test_environment: 'true',
      l10n_es_sii_test_env: 'true',
      l10n_es_tbai_test_env: 'true',
      l10n_gr_edi_test_env: 'true',
      l10n_in_edi_production_env: 'false',
      l10n_jo_edi_demo_mode: 'true',
      l10n_mx_edi_pac_test_env: 'true',
      l10n_pe_edi_test_env: 'true',
      l10n_ro_edi_test_env: 'true',
      l10n_rs_edi_demo_env: 'true',
      l10n_sa_edi_is_production: 'false',
      l10n_tr_nilvera_use_test_env: 'true',
      l10n_tw_edi_ecpay_staging_mode: 'true',
    },
    empty: ['l10n_ke_cu_proxy_address', 'l10n_sa_private_key', 'pad_server', 'plaid_id'],
    secrets: true,
    why: 'electronic invoices, translations, text messages and pads of companies',
  },
  ...(
    [
      ['l10n_sa_api_mode', 'sandbox', "'preprod', 'prod'"],
      ['l10n_hu_edi_server_mode', 'test', "'production'"],
      ['l10n_hr_mer_connection_mode', 'test', "'prod'"],
      ['l10n_hr_mer_connection_state', 'inactive', "'active'"],
      ['l10n_my_edi_mode', 'test', "'prod'"],
    ] as const
  ).map(([column, value, live]) => ({
    table: 'res_company',
    set: { [column]: `'${value}'` },
    where: `t.${column} IN (${live})`,
    why: 'electronic invoices',
  })),
  {
    table: 'res_company',
    set: { pad_url_template: `'${NOWHERE}/'` },
    why: 'pads of 6.1: a test would write into the real ones',
  },
]

/** All that a test database has switched off, of every version. */
export const switches: readonly Switch[] = [...mail, ...payments, ...services, ...authorities]

/** Parameters that are emptied besides those whose key looks like a secret. */
export const emptiedParameters: readonly string[] = [
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
export const keptParameters: RegExp =
  /^database\.(secret|uuid|enterprise_code)$|^auth_(password_policy|signup|totp)|_redirect_uri$/

/** Parameters that are set, where the database has the table of those that read them. */
export const setParameters: readonly { key: string; value: string; table: string }[] = [
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
