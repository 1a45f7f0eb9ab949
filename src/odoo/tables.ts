const exceptions: Readonly<Record<string, string>> = {
  'ir.actions.actions': 'ir_actions',
  'ir.actions.act_window': 'ir_act_window',
  'ir.actions.act_window.view': 'ir_act_window_view',
  'ir.actions.act_window_close': 'ir_actions',
  'ir.actions.server': 'ir_act_server',
  'ir.actions.report.xml': 'ir_act_report_xml',
  'ir.actions.report': 'ir_act_report_xml',
  'ir.actions.report.custom': 'ir_act_report_custom',
  'ir.actions.client': 'ir_act_client',
  'ir.actions.act_url': 'ir_act_url',
  'ir.actions.url': 'ir_act_url',
  'ir.actions.wizard': 'ir_act_wizard',
  workflow: 'wkf',
  'workflow.activity': 'wkf_activity',
  'workflow.transition': 'wkf_transition',
  'workflow.instance': 'wkf_instance',
  'workflow.workitem': 'wkf_workitem',
  'workflow.triggers': 'wkf_triggers',
  'stock.picking.in': 'stock_picking',
  'stock.picking.out': 'stock_picking',
}

/** Models whose table is another one in some series only, with the first and the last of them. */
const exceptionsInSeries: Readonly<Record<string, { table: string; from: number; to: number }>> = {
  'im_chat.conversation_state': { table: 'im_chat_session_res_users_rel', from: 8, to: 8 },
  'mail.notification': { table: 'mail_message_res_partner_needaction_rel', from: 10, to: 14 },
  'mail.mass_mailing.list_contact_rel': { table: 'mail_mass_mailing_contact_list_rel', from: 12, to: 12 },
  'mailing.contact.subscription': { table: 'mailing_contact_list_rel', from: 13, to: 16 },
  'project.task.stage.personal': { table: 'project_task_user_rel', from: 15, to: Infinity },
}

/**
 * The table of a model: its name with underscores, but for those that Odoo names otherwise in every version, or in the
 * series ("16.0") when one is given.
 */
export function tableOf(model: string, series?: string): string {
  const apart = exceptionsInSeries[model]
  if (apart && series && apart.from <= Number(series) && Number(series) <= apart.to) return apart.table
  return exceptions[model] ?? model.replaceAll('.', '_')
}
