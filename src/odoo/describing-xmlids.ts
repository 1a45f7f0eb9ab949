/**
 * Names of the xmlids that Odoo gives to the rows which describe models and fields. They changed over the series:
 * field_res_partner_name with the table's name until 10.0, with the model's in 11.0, field_res_partner__name from 12.0.
 */

export function modelXmlid(model: string): string {
  return `model_${underscored(model)}`
}

export function fieldXmlid(model: string, table: string | null, field: string, series: number): string {
  if (series >= 12) return `field_${underscored(model)}__${field}`
  return `field_${series >= 11 ? underscored(model) : (table ?? underscored(model))}_${field}`
}

/** From 13.0 on, values of selections are rows with xmlids too. */
export function selectionXmlid(model: string, field: string, value: string): string {
  return `selection__${underscored(model)}__${field}__${value.replaceAll('.', '_').replaceAll(' ', '_').toLowerCase()}`
}

/**
 * Models whose xmlids are neither protected from updates nor open to them: `noupdate` is NULL there, and an update of all
 * modules does not remove what it did not touch. A model that modules extend would go otherwise.
 */
export function undecidedModels(series: number): string[] {
  if (series >= 13) return []
  return [
    'ir.model',
    ...(series >= 6.1 ? ['ir.module.category'] : []),
    ...(series < 12 ? ['ir.model.fields'] : []),
  ]
}

function underscored(model: string): string {
  return model.replaceAll('.', '_')
}
