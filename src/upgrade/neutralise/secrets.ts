/** Names of columns and parameters that hold what another system lets one in with. */
const secret =
  /token|secret|passw|passphrase|pwd|api_?key|(^|_)key(_|s?$)|key$|shakey|salt|hmac|bearer|credential|authorization_code|webhook|merchant|client_id|account_sid|access_code|csid_json|^login$|_login$|_username$/i

/** Names of columns that say where another system is. */
const address =
  /endpoint|smtp|server|(^|_)host(_|$)|_?url(_|$)|(proxy|printer|terminal)_ip|(^|_)uri(_|$)|oauth|webhook/i

export function looksSecret(name: string): boolean {
  return secret.test(name)
}

export function looksLikeAddress(name: string): boolean {
  return address.test(name)
}

interface Harmless {
  /** All tables, where absent. */
  table?: RegExp
  column: RegExp
  why: string
}

/** Columns that look like a way out and are none. */
export const harmless: readonly Harmless[] = [
  // What lets people into this database, or into one document of it. People of a test log in as they do in the live one.
  { column: /^access_token$/, why: 'the key of a link to a document, which Odoo itself checks' },
  {
    table: /^(survey_user_input|res_partner)$/,
    column: /^(token|invite_token|signup_token)$/,
    why: 'the key of a link to a document, which Odoo itself checks',
  },
  {
    table: /^res_users$/,
    column:
      /^(login|password|password_crypt|totp_secret|openid_key|openid_url|oauth_uid|oauth_access_token)$/,
    why: 'people log in with it; passwords of users are never changed',
  },
  {
    table: /^(auth_passkey_key|auth_totp_device|res_users_apikeys)$/,
    column: /./,
    why: 'lets somebody into this database, not this database into another system',
  },
  {
    table: /^(auth_oauth_provider|res_company_ldap)$/,
    column: /./,
    why: 'people log in through it and could not otherwise; it is asked only when one does',
  },
  { table: /^ir_ui_view$/, column: /^visibility_password$/, why: 'lets visitors see a page' },
  {
    table: /^base_automation$/,
    column: /^webhook_uuid$/,
    why: 'an address of this database, not of another',
  },
  { table: /^res_company$/, column: /^attendance_kiosk_key$/, why: 'an address of this database' },
  // Parts of accounts that are of no use without what was emptied beside them.
  {
    table: /^(fetchmail_server|email_server)$/,
    column: /^server(_type)?$/,
    why: 'inactive, and its password is gone',
  },
  {
    table: /^ir_mail_server$/,
    column: /^smtp_(user|authentication|encryption|ssl_certificate)$/,
    why: 'the server has no address any more',
  },
  {
    table: /^base_synchro_server$/,
    column: /^(login|server_db)$/,
    why: 'the server has no address and no password any more',
  },
  {
    table: /^(event_moodle_config_wiz|event_registration)$/,
    column: /^moodle_/,
    why: 'the platform has no address any more',
  },
  {
    table: /^(mail_partner_device|mail_push_device)$/,
    column: /^keys$/,
    why: 'the browser has no address any more',
  },
  {
    table: /^mail_ice_server$/,
    column: /^(uri|server_type)$/,
    why: 'browsers ask it for their own address, and only while people call each other',
  },
  {
    table: /^payment_(acquirer|provider)$/,
    column: /^(sips_(prod|test)_url|stripe_image_url|save_token)$/,
    why: 'the same for every customer of the provider, which is disabled',
  },
  {
    table: /^payment_transaction$/,
    column: /^(return_url|stripe_payment_intent_secret)$/,
    why: 'of one payment, and of no use without the key of the account',
  },
  {
    table:
      /^(certificate_certificate|certificate_key|l10n_es_edi_certificate|l10n_es_edi_facturae_certificate)$/,
    column: /./,
    why: 'signs documents; the services that would take them are in test mode',
  },
  {
    table: /^note_note$/,
    column: /^note_pad_url$/,
    why: 'the only link to the text; no pad opens while its company has no server',
  },
  {
    table: /^res_partner_bank$/,
    column: /^(key|l10n_kh_merchant_id)$/,
    why: 'printed on invoices as the number of an account',
  },
  // What people wrote or documents say.
  {
    table: /^stock_picking_type$/,
    column: /^l10n_ar_cai_authorization_code$/,
    why: 'a number that an authority gave, printed on documents',
  },
  { table: /^auction_lots$/, column: /^ach_login$/, why: 'the name of a buyer' },
  { table: /^res_users(_settings)?$/, column: /^livechat_username$/, why: 'the name that visitors see' },
  { table: /^res_users_settings$/, column: /^push_to_talk_key$/, why: 'a key of the keyboard' },
  { table: /^res_partner$/, column: /^(linkedin_url|peppol_endpoint)$/, why: 'an address of a partner' },
  { table: /^l10n_(ro|gr)_edi_document$/, column: /./, why: 'what an authority answered about a document' },
  {
    table: /^res_company$/,
    column: /^(l10n_ro_edi_oauth_error|point_of_sale_ticket_portal_url_display_mode)$/,
    why: 'a text or a choice, no address',
  },
  { table: /^website_page$/, column: /^cache_key_expr$/, why: 'an expression' },
  {
    table: /^(calendar_event|calendar_todo|crm_meeting|project_task)$/,
    column: /^base_calendar_url$/,
    why: 'where a record was imported from; nothing fetches it',
  },
  {
    table: /^google_drive_config$/,
    column: /^google_drive_template_url$/,
    why: 'a link; the way in is a parameter, which is emptied',
  },
  { table: /^mailgate_message$/, column: /^server_type$/, why: 'how a message came' },
  {
    column: /meta_keywords|^website_form_key$/,
    why: 'a text',
  },
  {
    table:
      /^(ir_asset|ir_attachment|ir_config_parameter|ir_ui_view|ir_values|product_pricelist_type|theme_.*)$/,
    column: /^key$/,
    why: 'the name of a record',
  },
  {
    table:
      /^(card_campaign|crm_reveal_rule|delivery_carrier|event_.*|hr_resume_line|im_livechat_.*|ir_act_url|ir_attachment|ir_module_module|link_tracker|mail_link_preview|mail_mass_mailing_list|pos_self_order_custom_link|process_node|product_image|res_lang|res_portal|slide_.*|theme_.*|web_tour_tour|website.*)$/,
    column: /url/,
    why: 'a link that people follow, or an address of a page',
  },
]

/** Why a column stays as it is although its name looks like a way out; null when nothing speaks for it. */
export function whyHarmless(table: string, column: string): string | null {
  return (
    harmless.find((entry) => (entry.table?.test(table) ?? true) && entry.column.test(column))?.why ?? null
  )
}
