/**
 * Indexes that a module's code makes on a table of another module without leaving a record of it in the database. From
 * 19.0 on Odoo records them, which is where these facts come from; the first pattern that fits counts.
 */
const indexes: readonly { name: RegExp; module: string }[] = [
  { name: /^mail_message_date_res_id_id_for_burndown_chart$/, module: 'project' },
  { name: /^mail_tracking_value_mail_message_id_old_value_integer_/, module: 'project' },
  { name: /^sale_order_line_name_search_services_index$/, module: 'sale_service' },
  { name: /_partial_tgm$/, module: 'phone_validation' },
]

/** The module whose code makes the index, undefined when it is the table's own. */
export function moduleOfIndex(name: string): string | undefined {
  return indexes.find((index) => index.name.test(name))?.module
}
