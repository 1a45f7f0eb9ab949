import type { Switch } from './switch.ts'

/** Payment providers, terminals and the devices of shops. */
export const payments: readonly Switch[] = [
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
