import fc from 'fast-check'
import type pg from 'pg'
import { describe, expect, it } from 'vitest'
import { rowsOf } from '../../../../test/setup/small.ts'
import { halfHop } from '../../../../test/setup/source.ts'

const withStock = halfHop(['7.0', '8.0'], ['stock'])

const SUPPLIERS = 2
const CUSTOMERS = 3
const LOSS = 4
const PRODUCTION = 5
const TRANSIT = 6
const STOCK = 10
const SHELF = 11
const OTHER_STOCK = 12
const locations: [id: number, usage: string, parent: number | null, company: number | null][] = [
  [1, 'view', null, null],
  [SUPPLIERS, 'supplier', null, null],
  [CUSTOMERS, 'customer', null, null],
  [LOSS, 'inventory', null, null],
  [PRODUCTION, 'production', null, null],
  [TRANSIT, 'transit', null, null],
  [STOCK, 'internal', 1, 1],
  [SHELF, 'internal', STOCK, 1],
  [OTHER_STOCK, 'internal', 1, 2],
]
const usages = new Map(locations.map(([id, usage]) => [id, usage]))

/** Two companies with a warehouse each; products are counted in units, of which 12 make a dozen, product 3 in kilograms. */
const base = `
  INSERT INTO res_company (id, name, currency_id) VALUES (1, 'One', 1), (2, 'Two', 2);
  INSERT INTO res_currency_rate (currency_id, name, rate) VALUES (1, '2000-01-01', 1), (2, '2000-01-01', 0.5), (2, '2010-01-03', 2);
  INSERT INTO product_uom (id, name, category_id, factor, rounding)
    VALUES (1, 'Unit', 1, 1, 1), (2, 'Dozen', 1, 0.083333333333, 0.01), (3, 'kg', 2, 1, 0.001), (4, 'lb', 2, 2.204622621849, 0.01);
  INSERT INTO stock_location (id, name, usage, location_id, company_id, active, chained_location_type, chained_auto_packing)
    VALUES ${locations.map(([id, usage, parent, company]) => `(${id}, 'L${id}', '${usage}', ${parent}, ${company}, true, 'none', 'manual')`).join(', ')};
  INSERT INTO stock_warehouse (id, name, company_id, lot_stock_id, wh_input_stock_loc_id, wh_output_stock_loc_id)
    VALUES (1, 'One', 1, ${STOCK}, ${STOCK}, ${STOCK}), (2, 'Two', 2, ${OTHER_STOCK}, ${OTHER_STOCK}, ${OTHER_STOCK});
  INSERT INTO product_template (id, name, uom_id, uom_po_id, standard_price, type, cost_method)
    SELECT n, 'P' || n, CASE n WHEN 3 THEN 3 ELSE 1 END, 1, 10 + n, 'product', 'standard' FROM generate_series(1, 8) n;
  INSERT INTO product_product (id, product_tmpl_id, active, valuation) SELECT id, id, true, 'manual_periodic' FROM product_template;
  INSERT INTO stock_production_lot (id, name, product_id) VALUES (1, 'lot', 1), (2, 'other', 1);
  INSERT INTO stock_quant_package (id, name, date) VALUES (1, 'pack', now()), (2, 'other', now());
  SELECT setval('stock_location_id_seq', 100), setval('stock_warehouse_id_seq', 100)`

interface Move {
  product_id: number
  product_uom: number
  product_uom_qty: number
  location_id: number
  location_dest_id: number
  prodlot_id: number | null
  tracking_id: number | null
  company_id: number
  date: string
  state: string
  price_unit: number | null
}

const day = (n: number) => `2010-01-0${n + 1} 12:00:00`

const aMove = (products: { id: number; units: number[]; lots: (number | null)[] }[], most: number) =>
  fc.constantFrom(...products).chain(({ id, units, lots }) =>
    fc.record<Move>({
      product_id: fc.constant(id),
      product_uom: fc.constantFrom(...units),
      product_uom_qty: fc.integer({ min: 0, max: most }),
      location_id: fc.constantFrom(...usages.keys()).filter((location) => location !== 1),
      location_dest_id: fc.constantFrom(...usages.keys()).filter((location) => location !== 1),
      prodlot_id: fc.constantFrom(...lots),
      tracking_id: fc.constantFrom(null, null, null, 1, 2),
      company_id: fc.constantFrom(1, 1, 2),
      date: fc.integer({ min: 0, max: 5 }).map(day),
      state: fc.constantFrom('done', 'done', 'done', 'done', 'done', 'done', 'confirmed', 'cancel'),
      price_unit: fc.constantFrom(null, 0, 3, 4, 5),
    }),
  )

async function insertMoves(client: pg.Client, moves: readonly Move[]): Promise<void> {
  await client.query(
    `INSERT INTO stock_move (id, name, priority, date_expected, product_id, product_uom, product_uom_qty, location_id, location_dest_id, prodlot_id, tracking_id, company_id, date, state, price_unit)
     SELECT row_number() OVER (), 'move', '1', date, * FROM jsonb_to_recordset($1::jsonb)
       AS x (product_id int, product_uom int, product_uom_qty numeric, location_id int, location_dest_id int, prodlot_id int, tracking_id int, company_id int, date timestamp, state varchar, price_unit numeric)`,
    [JSON.stringify(moves)],
  )
}

/** Product, location, lot, quantity, cost of one, day, and the ids of the moves that a unit went. */
type Lain = Map<string, number>

/** What lies where, found out unit by unit. */
function unitByUnit(moves: readonly Move[], perUnit: (move: Move) => number): Lain {
  interface Unit {
    move: number
    before: Unit | null
    after: Unit | null
  }
  const makes = (location: number) => ['supplier', 'production', 'inventory'].includes(usages.get(location)!)
  const order = moves
    .map((_, i) => i)
    .filter((i) => moves[i]!.state === 'done' && moves[i]!.location_id !== moves[i]!.location_dest_id)
    .sort((a, b) => moves[a]!.date.localeCompare(moves[b]!.date) || a - b)
  const units: Unit[] = order.flatMap((move) =>
    Array.from({ length: moves[move]!.product_uom_qty * perUnit(moves[move]!) }, () => ({
      move,
      before: null,
      after: null,
    })),
  )
  const link = (alike: (move: Move) => string) => {
    const waiting = Map.groupBy(
      units.filter(({ after }) => !after),
      ({ move }) => `${moves[move]!.location_dest_id} ${alike(moves[move]!)}`,
    )
    for (const unit of units.filter(({ move, before }) => !before && !makes(moves[move]!.location_id))) {
      const before = waiting.get(`${moves[unit.move]!.location_id} ${alike(moves[unit.move]!)}`)?.shift()
      if (!before) continue
      unit.before = before
      before.after = unit
    }
  }
  link((move) => [move.product_id, move.prodlot_id, move.tracking_id, move.company_id].join())
  link((move) => [move.product_id, move.prodlot_id].join())
  const lain: Lain = new Map()
  const lay = (location: number, path: readonly number[], quantity: number) => {
    const first = moves[path[0]!]!
    const received = usages.get(first.location_id) === 'supplier' && first.price_unit
    const cost = received ? first.price_unit! / perUnit(first) : 10 + first.product_id
    const key = [
      first.product_id,
      location,
      first.prodlot_id ?? '-',
      cost.toFixed(6),
      first.date.slice(8, 10),
      [...new Set(path)].map((i) => i + 1).sort((a, b) => a - b),
      quantity < 0 ? 'missing' : '',
    ].join(' ')
    lain.set(key, (lain.get(key) ?? 0) + quantity)
  }
  for (const unit of units) {
    if (unit.before) continue
    const path = [unit.move]
    let last = unit
    for (; last.after; last = last.after) path.push(last.after.move)
    lay(moves[last.move]!.location_dest_id, path, 1)
    const from = moves[unit.move]!.location_id
    if (['internal', 'transit'].includes(usages.get(from)!)) lay(from, [unit.move], -1)
  }
  return lain
}

const quantsByWay = `
  SELECT product_id || ' ' || location_id || ' ' || coalesce(lot_id::text, '-') || ' ' || round(cost::numeric, 6) || ' ' || to_char(in_date, 'DD') || ' ' || path
           || ' ' || CASE WHEN qty < 0 THEN 'missing' ELSE '' END, sum(qty)::float
    FROM (SELECT q.*, (SELECT string_agg(move_id::text, ',' ORDER BY move_id) FROM stock_quant_move_rel WHERE quant_id = q.id) AS path FROM stock_quant q) q
   GROUP BY 1`

describe('quants of done moves', () => {
  it('are none without moves', async () => {
    await withStock(async ({ client, transform }) => {
      await transform('product', 'stock')
      expect(await rowsOf(client, 'SELECT * FROM stock_quant')).toEqual([])
    })
  })

  it('are what is found unit by unit', async () => {
    const products = [
      ...[1, 4, 6].map((id) => ({ id, units: [1, 1, 1, 2], lots: [null, 1, 2] })),
      ...[2, 5, 7, 8].map((id) => ({ id, units: [1], lots: [null] })),
    ]
    await fc.assert(
      fc.asyncProperty(fc.array(aMove(products, 6), { maxLength: 120, size: 'max' }), async (moves) => {
        await withStock(async ({ client, transform }) => {
          await client.query(base)
          await insertMoves(client, moves)
          await transform('product', 'stock')
          const found = new Map((await rowsOf(client, quantsByWay)) as [string, number][])
          const expected = unitByUnit(moves, ({ product_uom }) => (product_uom === 2 ? 12 : 1))
          expect([...found].sort()).toEqual([...expected].sort())
        })
      }),
      { numRuns: 15 },
    )
  })

  it('give what the moves say, whatever the units, to a millionth', async () => {
    const products = [
      { id: 1, units: [1, 2], lots: [null, 1] },
      { id: 3, units: [3, 4], lots: [null] },
    ]
    const odd = aMove(products, 40).chain((move) =>
      fc
        .integer({ min: -3000, max: 40_000 })
        .map((thousandths) => ({ ...move, product_uom_qty: thousandths / 1000 })),
    )
    await fc.assert(
      fc.asyncProperty(fc.array(odd, { maxLength: 120, size: 'max' }), async (moves) => {
        await withStock(async ({ client, transform }) => {
          await client.query(base)
          await insertMoves(client, moves)
          await transform('product', 'stock')
          expect(await rowsOf(client, differences)).toEqual([])
          expect(await rowsOf(client, 'SELECT id, qty FROM stock_quant WHERE abs(qty) < 0.0000005')).toEqual(
            [],
          )
        })
      }),
      { numRuns: 10 },
    )
  })
})

/** Places where quants and moves differ: all that moves say where stock may be negative; elsewhere what came at least. */
const differences = `
  SELECT coalesce(q.product_id, m.product_id), coalesce(q.location_id, m.location_id), q.quantity, m.quantity
    FROM (SELECT product_id, location_id, lot_id, sum(qty::numeric) AS quantity FROM stock_quant GROUP BY 1, 2, 3) q
    FULL JOIN (
      SELECT m.product_id, side.location_id, m.prodlot_id AS lot_id, l.usage,
             sum(CASE WHEN l.usage IN ('supplier', 'production', 'inventory') AND side.sign * m.product_uom_qty < 0 THEN 0
                      ELSE side.sign * m.product_uom_qty / u.factor * o.factor END) AS quantity
        FROM stock_move m
        CROSS JOIN LATERAL (VALUES (m.location_id, -1), (m.location_dest_id, 1)) AS side (location_id, sign)
        JOIN stock_location l ON l.id = side.location_id
        JOIN product_product p ON p.id = m.product_id JOIN product_template t ON t.id = p.product_tmpl_id
        JOIN product_uom u ON u.id = m.product_uom JOIN product_uom o ON o.id = t.uom_id
       WHERE m.state = 'done' AND m.location_id <> m.location_dest_id GROUP BY 1, 2, 3, 4
    ) m ON m.product_id = q.product_id AND m.location_id = q.location_id AND m.lot_id IS NOT DISTINCT FROM q.lot_id
   WHERE abs(coalesce(q.quantity, 0) - CASE WHEN m.usage = 'customer' THEN greatest(m.quantity, 0) ELSE coalesce(m.quantity, 0) END) > 0.000001`
