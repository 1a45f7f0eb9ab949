/**
 * Which tables hold what modules own: their records follow the target. Everything else is business data: a record
 * with an xmlid there is never overwritten or removed, because people work with it.
 */
export const technicalTables: ReadonlySet<string> = new Set([
  'ir_model',
  'ir_model_fields',
  'ir_model_fields_selection',
  'ir_model_access',
  'ir_model_constraint',
  'ir_model_relation',
  'ir_model_inherit',
  'ir_model_data',
  'ir_module_module',
  'ir_module_module_dependency',
  'ir_module_module_exclusion',
  'ir_module_category',
  'ir_rule',
  'ir_ui_view',
  'ir_ui_menu',
  'ir_actions',
  'ir_act_window',
  'ir_act_window_view',
  'ir_act_server',
  'ir_act_report_xml',
  'ir_act_client',
  'ir_act_url',
  'ir_act_wizard',
  'ir_actions_todo',
  'ir_actions_todo_category',
  'ir_server_object_lines',
  'ir_values',
  'ir_asset',
  'ir_cron',
  'ir_filters',
  'res_groups',
  'wkf',
  'wkf_activity',
  'wkf_transition',
  'process_process',
  'process_node',
  'process_transition',
  'process_transition_action',
  'process_condition',
  'mail_message_subtype',
  'report_paperformat',
  'ir_sequence_type',
  'res_request_link',
  'board_board',
  'web_tour_tour',
  'ir_demo',
  'ir_demo_failure',
  'spreadsheet_dashboard',
  'spreadsheet_dashboard_group',
  'digest_tip',
  'onboarding_onboarding',
  'onboarding_onboarding_step',
])

/** Registry tables: an entry of them that the target lacks goes even when something of the customer's names it. */
export const registryTables: ReadonlySet<string> = new Set([
  'ir_model',
  'ir_model_fields',
  'ir_model_fields_selection',
  'ir_model_constraint',
  'ir_model_relation',
  'ir_model_inherit',
  'ir_ui_view',
  'ir_model_access',
])

/** Rows that modules own altogether and that carry no identity of their own: the target's take the place of the source's. */
export const replacedTables: readonly { table: string; module: string }[] = [
  { table: 'ir_model_constraint', module: 'module' },
  { table: 'ir_model_relation', module: 'module' },
  { table: 'ir_module_module_dependency', module: 'module_id' },
  { table: 'ir_module_module_exclusion', module: 'module_id' },
]

/** Lines of records that modules own: where the record follows the target, its lines without an xmlid do too. */
export const ownedLines: readonly { table: string; parent: string; parentTable: string }[] = [
  { table: 'ir_act_window_view', parent: 'act_window_id', parentTable: 'ir_act_window' },
  { table: 'ir_server_object_lines', parent: 'server_id', parentTable: 'ir_act_server' },
]

/** Keys that identify a record where the database has no unique constraint that does. */
export const naturalKeys: Readonly<Record<string, readonly string[]>> = {
  ir_model: ['model'],
  ir_model_fields: ['model', 'name'],
  ir_module_module: ['name'],
  res_lang: ['code'],
  res_currency: ['name'],
  res_country: ['code'],
  ir_config_parameter: ['key'],
  decimal_precision: ['name'],
  ir_sequence_type: ['code'],
  res_request_link: ['object'],
}
