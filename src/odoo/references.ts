/**
 * Columns that name a model or a record without being a foreign key, in any version from 5.0 to 19.0. A table or
 * column that a database does not have is passed over. Columns of fields of type `reference` and
 * `many2one_reference` are found in ir_model_fields and need no entry here.
 */

/** Text columns that hold a model's name, with the integer column beside it that holds a record's id where there is one. */
export const modelNameColumns: readonly { table: string; model: string; id?: string }[] = [
  { table: 'ir_model', model: 'model' },
  { table: 'ir_model_fields', model: 'model' },
  { table: 'ir_model_fields', model: 'relation' },
  { table: 'ir_model_data', model: 'model', id: 'res_id' },
  { table: 'ir_act_window', model: 'res_model', id: 'res_id' },
  { table: 'ir_act_window', model: 'src_model' },
  { table: 'ir_act_report_xml', model: 'model' },
  { table: 'ir_act_client', model: 'res_model' },
  { table: 'ir_act_server', model: 'model_name' },
  { table: 'ir_ui_view', model: 'model' },
  { table: 'ir_filters', model: 'model_id' },
  { table: 'ir_cron', model: 'model' },
  { table: 'ir_values', model: 'model', id: 'res_id' },
  { table: 'ir_attachment', model: 'res_model', id: 'res_id' },
  { table: 'ir_exports', model: 'resource' },
  { table: 'ir_embedded_actions', model: 'parent_res_model', id: 'parent_res_id' },
  { table: 'wkf', model: 'osv' },
  { table: 'wkf_instance', model: 'res_type', id: 'res_id' },
  { table: 'wkf_triggers', model: 'model', id: 'res_id' },
  { table: 'mail_message', model: 'model', id: 'res_id' },
  { table: 'mail_followers', model: 'res_model', id: 'res_id' },
  { table: 'mail_message_subtype', model: 'res_model' },
  { table: 'mail_activity', model: 'res_model', id: 'res_id' },
  { table: 'mail_activity_type', model: 'res_model' },
  { table: 'mail_activity_plan', model: 'res_model' },
  { table: 'mail_template', model: 'model' },
  { table: 'mail_tracking_value', model: 'model' },
  { table: 'email_template', model: 'model' },
  { table: 'rating_rating', model: 'res_model', id: 'res_id' },
  { table: 'rating_rating', model: 'parent_res_model', id: 'parent_res_id' },
  { table: 'base_import_mapping', model: 'res_model' },
  { table: 'calendar_event', model: 'res_model', id: 'res_id' },
  { table: 'sms_template', model: 'model' },
  { table: 'res_request_link', model: 'object' },
  { table: 'workflow', model: 'osv' },
]

/** Text columns that hold "model,id". */
export const recordTextColumns: readonly { table: string; column: string }[] = [
  { table: 'ir_values', column: 'value' },
  { table: 'ir_property', column: 'res_id' },
  { table: 'ir_property', column: 'value_reference' },
  { table: 'ir_ui_menu', column: 'action' },
  { table: 'res_request', column: 'ref_doc1' },
  { table: 'res_request', column: 'ref_doc2' },
  { table: 'crm_lead', column: 'ref' },
  { table: 'crm_lead', column: 'ref2' },
  { table: 'crm_claim', column: 'ref' },
  { table: 'ir_act_server', column: 'ref_object' },
  { table: 'ir_act_server', column: 'id_object' },
  { table: 'ir_act_server', column: 'resource_ref' },
]

/** Text columns that hold "model,field". */
export const fieldTextColumns: readonly { table: string; column: string }[] = [
  { table: 'ir_translation', column: 'name' },
]
