import type { FieldFacts } from './facts.ts'

/**
 * The SQL type of a field's column in a series, null when it has none: one2many, many2many, computed and not stored,
 * kept as attachment, or per company while that stood in ir_property. Facts about Odoo's ORM, held against fresh
 * databases of every series.
 */
export function sqlType(field: FieldFacts, series: number): string | null {
  if (field.stored === false) return null
  if (field.company_dependent) return series >= 18 ? 'jsonb' : null
  if (field.translate && series >= 16 && ['char', 'text', 'html'].includes(field.type)) return 'jsonb'
  switch (field.type) {
    case 'boolean':
      return 'boolean'
    case 'integer':
    case 'int':
    case 'many2one':
    case 'many2onereference':
    case 'many2one_reference':
      return 'integer'
    case 'integer_big':
      return 'bigint'
    case 'float':
      return field.digits ? 'numeric' : 'double precision'
    case 'monetary':
      return 'numeric'
    case 'char':
    case 'char?':
      return varchar(field.size)
    case 'reference':
      return series < 8 ? varchar(field.size) : 'character varying'
    case 'selection':
      return selectionType(field, series)
    case 'text':
    case 'html':
    case 'serialized':
      return 'text'
    case 'date':
      return 'date'
    case 'datetime':
      return 'timestamp without time zone'
    case 'json':
    case 'properties':
    case 'propertiesdefinition':
    case 'properties_definition':
      return 'jsonb'
    case 'binary':
      return isAttachment(field, series) ? null : 'bytea'
    case 'image':
      return isAttachment(field, series) ? null : 'bytea'
    default:
      return null
  }
}

/** Binaries can be attachments from 9.0 and are unless said otherwise from 13.0. */
function isAttachment(field: FieldFacts, series: number): boolean {
  if (series < 9) return false
  return field.attachment ?? series >= 13
}

function varchar(size: number | undefined): string {
  return size ? `character varying(${size})` : 'character varying'
}

/** In 6.0 the column is as long as the longest value, 16 at least. */
function selectionType(field: FieldFacts, series: number): string {
  if (series > 6 || !Array.isArray(field.selection))
    return varchar(field.size ?? (series > 6 ? undefined : 16))
  return varchar(Math.max(field.size ?? 16, ...field.selection.map((value) => value.length)))
}
