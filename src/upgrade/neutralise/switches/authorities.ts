import { NOWHERE, type Switch } from './switch.ts'

/** Electronic invoices, and what else companies send to authorities and services. */
export const authorities: readonly Switch[] = [
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
