import type { Database, Invariant } from '../figure.ts'

const dimensions: Invariant['dimensions'] = [
  { name: 'product', kind: 'id', table: 'product_product' },
  { name: 'location', kind: 'id', table: 'stock_location' },
]

/** What lies in each internal location, in the product's own unit: the quants from 8.0 on, before them what the moves say. */
export const onHand: Invariant = {
  id: 'stock-on-hand',
  title: 'Stock on hand per product and internal location',
  dimensions,
  values: ['quantity'],
  measures(database) {
    const { inventory } = database
    const quantity = ['quantity', 'qty'].find((column) => inventory.has('stock_quant', column))
    if (!quantity) return fromMoves(database)
    return [
      {
        scope: '',
        sql: `SELECT ARRAY[q.product_id::text, q.location_id::text], ARRAY[round(sum(q.${quantity}::numeric), 3)]
                FROM stock_quant q JOIN stock_location l ON l.id = q.location_id AND l.usage = 'internal'
               GROUP BY q.product_id, q.location_id HAVING round(sum(q.${quantity}::numeric), 3) <> 0`,
      },
    ]
  },
}

/** What all done moves together brought into each internal location, in the product's own unit. */
export const doneMoves: Invariant = {
  id: 'stock-moves',
  title: 'Done stock moves per product and internal location, in minus out',
  dimensions,
  values: ['quantity'],
  measures: fromMoves,
}

function fromMoves({ inventory }: Database): { scope: string; sql: string }[] {
  const source = movedQuantities(inventory)
  if (!source) return []
  return [
    {
      scope: '',
      sql: `SELECT ARRAY[s.product_id::text, s.location_id::text], ARRAY[round(sum(s.quantity), 3)]
              FROM (SELECT m.product_id, side.location_id, side.sign * m.quantity AS quantity
                      FROM (${source}) m
                     CROSS JOIN LATERAL (VALUES (m.location_id, -1), (m.location_dest_id, 1)) AS side (location_id, sign)
                     WHERE m.location_id <> m.location_dest_id) s
              JOIN stock_location l ON l.id = s.location_id AND l.usage = 'internal'
             GROUP BY s.product_id, s.location_id HAVING round(sum(s.quantity), 3) <> 0`,
    },
  ]
}

/** Query (product_id, location_id, location_dest_id, quantity) of all that was moved. */
function movedQuantities(inventory: Database['inventory']): string | null {
  const line = inventory.has('stock_move_line', 'state') ? 'stock_move_line' : null
  if (line && inventory.has(line, 'quantity_product_uom'))
    return `SELECT product_id, location_id, location_dest_id, quantity_product_uom::numeric AS quantity FROM stock_move_line WHERE state = 'done'`
  if (line && inventory.has(line, 'qty_done'))
    return inDefaultUnit(inventory, line, 'qty_done', 'product_uom_id')
  const quantity = ['product_uom_qty', 'product_qty'].find((column) => inventory.has('stock_move', column))
  return quantity ? inDefaultUnit(inventory, 'stock_move', quantity, 'product_uom') : null
}

/** A unit's factor says how many of it make one of its category's reference unit; quantities in a unit of another category stay as they are. */
function inDefaultUnit(
  inventory: Database['inventory'],
  table: string,
  quantity: string,
  unit: string,
): string | null {
  const units = ['uom_uom', 'product_uom'].find((name) => inventory.has(name, 'factor'))
  if (!units || !inventory.has(table, unit) || !inventory.has('product_template', 'uom_id')) return null
  const alike = inventory.has(units, 'category_id') ? ' AND d.category_id = u.category_id' : ''
  return `
    SELECT x.product_id, x.location_id, x.location_dest_id,
           x.${quantity}::numeric * CASE WHEN x.${unit} = t.uom_id OR d.id IS NULL OR coalesce(u.factor, 0) = 0 THEN 1 ELSE d.factor::numeric / u.factor::numeric END AS quantity
      FROM ${table} x
      JOIN product_product p ON p.id = x.product_id
      JOIN product_template t ON t.id = p.product_tmpl_id
      LEFT JOIN ${units} u ON u.id = x.${unit}
      LEFT JOIN ${units} d ON d.id = t.uom_id${alike}
     WHERE x.state = 'done'`
}
