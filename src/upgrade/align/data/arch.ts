import type { Inventory } from '../../../schema/inventory.ts'

/** The column of ir_ui_view that holds the XML: `arch` until 8.0, `arch_db` since, in JSON by language from 16.0 on. */
export function archColumn(inventory: Inventory): { name: string; type: string } | null {
  const name = inventory.has('ir_ui_view', 'arch_db') ? 'arch_db' : 'arch'
  const type = inventory.typeOf('ir_ui_view', name)
  return type === undefined ? null : { name, type }
}
