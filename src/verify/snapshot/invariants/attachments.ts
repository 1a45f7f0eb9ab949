import type { Database, Invariant } from '../figure.ts'

/** Attachments by the model that they belong to, with their bytes. */
export const attachments: Invariant = {
  id: 'attachments',
  title: 'Attachments per model: number and bytes',
  dimensions: [{ name: 'model', kind: 'model' }],
  values: ['attachments', 'bytes'],
  measures(database) {
    const { inventory, old } = database
    if (!inventory.has('ir_attachment', 'res_model')) return []
    const size = inventory.has('ir_attachment', 'file_size') ? 't.file_size' : '0'
    const bytes = content(inventory)
      ? `CASE WHEN t.db_datas IS NOT NULL THEN octet_length(${decoded(database)}) ELSE ${size} END`
      : size
    return [
      {
        scope: '',
        sql: `SELECT ARRAY[coalesce(t.res_model, '')], ARRAY[count(*), coalesce(sum(${bytes}), 0)]
                FROM ir_attachment t WHERE ${old('ir_attachment', 't')} AND ${kept(inventory)} GROUP BY 1`,
      },
    ]
  },
}

/**
 * The contents themselves: of those in the database the sum of their checksums, which does not depend on the order; of those
 * in the filestore the names, which Odoo derives from the content.
 */
export const attachmentContents: Invariant = {
  id: 'attachment-contents',
  title: 'Contents of attachments: checksums',
  dimensions: [{ name: 'kept in', kind: 'text' }],
  values: ['attachments', 'checksum'],
  measures(database) {
    const { inventory, old } = database
    const places: [string, string, string][] = []
    if (content(inventory)) places.push(['database', 't.db_datas IS NOT NULL', decoded(database)])
    if (inventory.has('ir_attachment', 'store_fname')) {
      const file = content(inventory)
        ? 't.store_fname IS NOT NULL AND t.db_datas IS NULL'
        : 't.store_fname IS NOT NULL'
      places.push(['filestore', file, 't.store_fname'])
    }
    return places.map(([place, condition, value]) => ({
      scope: place,
      sql: `SELECT ARRAY['${place}'], ARRAY[count(*), coalesce(sum(('x' || left(md5(${value}), 15))::bit(60)::bigint), 0)]
              FROM ir_attachment t WHERE ${old('ir_attachment', 't')} AND ${kept(inventory)} AND ${condition} HAVING count(*) > 0`,
    }))
  },
}

function content(inventory: Database['inventory']): boolean {
  return inventory.typeOf('ir_attachment', 'db_datas') === 'bytea'
}

/** Until 13.0 the column has the content in Base64, from 14.0 on as it is; what is no Base64 is taken as it is, too. */
function decoded({ series }: Database): string {
  if (series >= 14) return 't.db_datas'
  const text = `encode(t.db_datas, 'escape')`
  return `CASE WHEN ${text} ~ '^\\s*([A-Za-z0-9+/]{4}\\s*)*([A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?\\s*$' THEN decode(${text}, 'base64') ELSE t.db_datas END`
}

/** Bundles of scripts and styles are thrown away and made anew by every version; icons come and go with the modules' menus. */
function kept(inventory: Database['inventory']): string {
  const icons = inventory.has('ir_attachment', 'res_field')
    ? `NOT (coalesce(t.res_model, '') = 'ir.ui.menu' AND t.res_field IS NOT NULL) AND `
    : ''
  if (!inventory.has('ir_attachment', 'url')) return `${icons}true`
  return `${icons}NOT (coalesce(t.url, '') ~ '^/web/(content|assets)/' AND coalesce(t.res_model, '') IN ('', 'ir.ui.view'))`
}
