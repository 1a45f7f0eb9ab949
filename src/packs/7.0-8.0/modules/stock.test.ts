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
        .record({ thousandths: fc.integer({ min: -3000, max: 40_000 }), assigned: fc.boolean() })
        .map(({ thousandths, assigned }) => ({
          ...move,
          product_uom_qty: thousandths / 1000,
          state: assigned && move.state === 'confirmed' ? 'assigned' : move.state,
        })),
    )
    await fc.assert(
      fc.asyncProperty(fc.array(odd, { maxLength: 120, size: 'max' }), async (moves) => {
        await withStock(async ({ client, transform }) => {
          await client.query(base)
          await insertMoves(client, moves)
          await transform('product', 'stock')
          expect(await rowsOf(client, differences)).toEqual([])
          expect(await rowsOf(client, wrongReservations)).toEqual([])
          expect(await rowsOf(client, scatteredPacks)).toEqual([])
          expect(await rowsOf(client, 'SELECT id, qty FROM stock_quant WHERE abs(qty) < 0.0000005')).toEqual(
            [],
          )
        })
      }),
      { numRuns: 10 },
    )
  })
})

describe('what assigned moves hold', () => {
  it('is the oldest of their location or of one below, of their lot first', async () => {
    await withStock(async ({ client, transform }) => {
      await client.query(base)
      const plain = {
        product_id: 1,
        product_uom: 1,
        tracking_id: null,
        company_id: 1,
        price_unit: null,
        prodlot_id: null,
      }
      const came = { ...plain, location_id: SUPPLIERS, state: 'done' }
      const leaves = {
        ...plain,
        location_id: STOCK,
        location_dest_id: CUSTOMERS,
        state: 'assigned',
        date: day(5),
      }
      await insertMoves(client, [
        { ...came, location_dest_id: STOCK, product_uom_qty: 5, date: day(1) },
        { ...came, location_dest_id: STOCK, product_uom_qty: 4, date: day(0), prodlot_id: 1 },
        { ...came, location_dest_id: SHELF, product_uom_qty: 3, date: day(2) },
        { ...leaves, product_uom_qty: 6 },
        { ...leaves, product_uom_qty: 3, prodlot_id: 1 },
        { ...leaves, product_uom_qty: 9 },
        { ...leaves, location_id: SUPPLIERS, location_dest_id: STOCK, product_uom_qty: 1 },
      ])
      await transform('product', 'stock')
      expect(
        await rowsOf(
          client,
          'SELECT reservation_id, location_id, lot_id, qty FROM stock_quant ORDER BY 1, 2, 3 NULLS FIRST, 4',
        ),
      ).toEqual([
        [4, STOCK, null, 5],
        [4, STOCK, 1, 1],
        [5, STOCK, 1, 3],
        [6, SHELF, null, 3],
      ])
      expect(await rowsOf(client, `SELECT detail FROM uplift.note WHERE topic = 'reservation'`)).toEqual([
        [{ moves: 1, first: [6] }],
      ])
      expect(
        await rowsOf(client, 'SELECT move_id, count(*)::int FROM stock_quant_move_rel GROUP BY 1 ORDER BY 1'),
      ).toEqual([
        [1, 1],
        [2, 2],
        [3, 1],
      ])
    })
  })
})

describe('warehouses', () => {
  it('have routes by their steps, and rules between their places', async () => {
    await withStock(async ({ client, transform }) => {
      await client.query(`${base};
        INSERT INTO stock_location (id, name, usage, location_id, company_id, active, chained_location_type, chained_auto_packing, chained_location_id, chained_delay)
          VALUES (20, 'Arrivals', 'internal', 1, 1, true, 'fixed', 'manual', ${STOCK}, 2), (21, 'Gate', 'internal', 1, 1, true, 'customer', 'auto', NULL, NULL),
                 (22, 'Repair', 'internal', ${STOCK}, 1, true, 'fixed', 'auto', ${SHELF}, NULL);
        UPDATE stock_location SET name = 'Stock' WHERE id = ${STOCK};
        UPDATE stock_location SET name = 'Shelf' WHERE id = ${SHELF};
        UPDATE stock_location SET name = 'Customers' WHERE id = ${CUSTOMERS};
        UPDATE stock_warehouse SET wh_input_stock_loc_id = 20, wh_output_stock_loc_id = 21 WHERE id = 1`)
      await transform('product', 'stock')
      const routes = `SELECT r.name, r.active FROM stock_location_route r LEFT JOIN stock_route_warehouse w ON w.route_id = r.id WHERE w.warehouse_id IS DISTINCT FROM 2 ORDER BY r.id`
      expect(await rowsOf(client, routes)).toEqual([
        ['Make To Order', true],
        ['One: Receipt in 2 steps', true],
        ['One: Pick + Ship', true],
        ['One: Cross-Dock', false],
      ])
      const rules = `
        SELECT p.name, r.name, p.procure_method, t.name, p.active FROM procurement_rule p
          JOIN stock_location_route r ON r.id = p.route_id JOIN stock_picking_type t ON t.id = p.picking_type_id AND t.warehouse_id = p.warehouse_id
         WHERE p.warehouse_id = 1 ORDER BY p.id`
      expect(await rowsOf(client, rules)).toEqual([
        ['ONE: Stock -> Gate', 'One: Pick + Ship', 'make_to_stock', 'Pick', true],
        ['ONE: Gate -> Customers', 'One: Pick + Ship', 'make_to_order', 'Delivery Orders', true],
        ['ONE: Stock -> Gate MTO', 'Make To Order', 'make_to_order', 'Pick', true],
        ['ONE: Arrivals -> Gate', 'One: Cross-Dock', 'make_to_order', 'Internal Transfers', false],
        ['ONE: Gate -> Customers', 'One: Cross-Dock', 'make_to_order', 'Delivery Orders', false],
      ])
      const own = `
        SELECT w.id, i.name, o.name, c.name, m.name FROM stock_warehouse w
          JOIN stock_location_route i ON i.id = w.reception_route_id JOIN stock_location_route o ON o.id = w.delivery_route_id
          JOIN stock_location_route c ON c.id = w.crossdock_route_id JOIN procurement_rule m ON m.id = w.mto_pull_id ORDER BY 1`
      expect(await rowsOf(client, own)).toEqual([
        [1, 'One: Receipt in 2 steps', 'One: Pick + Ship', 'One: Cross-Dock', 'ONE: Stock -> Gate MTO'],
        [2, 'Two: Receipt in 1 step', 'Two: Ship Only', 'Two: Cross-Dock', 'TWO: L12 -> Customers MTO'],
      ])
      const chains = `
        SELECT p.name, p.auto, p.delay, t.name, r.name, p.company_id FROM stock_location_path p
          JOIN stock_picking_type t ON t.id = p.picking_type_id LEFT JOIN stock_location_route r ON r.id = p.route_id ORDER BY p.id`
      expect(await rowsOf(client, chains)).toEqual([
        ['Arrivals -> Stock', 'manual', 2, 'Internal Transfers', 'One: Receipt in 2 steps', 1],
        ['Repair -> Shelf', 'auto', 0, 'Internal Transfers', null, 1],
      ])
      expect(
        await rowsOf(client, `SELECT subject FROM uplift.note WHERE topic = 'chained location'`),
      ).toEqual([['Gate']])
    })
  })
})

describe('lots and packs', () => {
  it('show prefixes in names, and revisions as messages by their author', async () => {
    await withStock(async ({ client, transform }) => {
      await client.query(`${base};
        UPDATE stock_production_lot SET prefix = 'P' WHERE id = 1;
        INSERT INTO res_users (id, partner_id) VALUES (5, 55);
        INSERT INTO stock_production_lot_revision (id, lot_id, name, indice, date, author_id, description)
          VALUES (1, 1, 'Checked', 'b', '2010-02-03', 5, 'a < b' || E'\n' || 'c'), (2, 2, 'Bare', NULL, NULL, NULL, NULL)`)
      await transform('product', 'stock')
      expect(await rowsOf(client, 'SELECT id, name FROM stock_production_lot ORDER BY id')).toEqual([
        [1, 'P/lot'],
        [2, 'other'],
      ])
      expect(
        await rowsOf(
          client,
          "SELECT model, res_id, author_id, subject, body, to_char(date, 'YYYY-MM-DD') FROM mail_message WHERE res_id = 1",
        ),
      ).toEqual([['stock.production.lot', 1, 55, 'Checked (b)', '<p>a &lt; b<br/>c</p>', '2010-02-03']])
      expect(await rowsOf(client, 'SELECT body FROM mail_message WHERE res_id = 2')).toEqual([
        ['<p>Bare</p>'],
      ])
    })
  })

  it('lie where a pack was brought last', async () => {
    await withStock(async ({ client, transform }) => {
      await client.query(base)
      const move = {
        product_id: 1,
        product_uom: 1,
        company_id: 1,
        price_unit: null,
        prodlot_id: null,
        state: 'done',
        tracking_id: 1,
      }
      await insertMoves(client, [
        { ...move, location_id: SUPPLIERS, location_dest_id: STOCK, product_uom_qty: 5, date: day(0) },
        { ...move, location_id: STOCK, location_dest_id: SHELF, product_uom_qty: 3, date: day(1) },
      ])
      await transform('product', 'stock')
      expect(await rowsOf(client, 'SELECT location_id, package_id, qty FROM stock_quant ORDER BY 1')).toEqual(
        [
          [STOCK, null, 2],
          [SHELF, 1, 3],
        ],
      )
      expect(
        await rowsOf(client, 'SELECT id, name, location_id, company_id FROM stock_quant_package ORDER BY 1'),
      ).toEqual([
        [1, 'pack', SHELF, 1],
        [2, 'other', null, null],
      ])
    })
  })
})

describe('the cost of units', () => {
  const withPurchase = halfHop(['7.0', '8.0'], ['purchase', 'stock'])

  it('is the price of their receipt, in the unit of the product and the currency of the company', async () => {
    await withPurchase(async ({ client, transform }) => {
      await client.query(base)
      const move = {
        ...{
          product_id: 1,
          product_uom: 1,
          product_uom_qty: 1,
          company_id: 1,
          prodlot_id: null,
          tracking_id: null,
        },
        ...{ state: 'done', location_id: SUPPLIERS, location_dest_id: STOCK, price_unit: 6 },
      }
      await insertMoves(client, [
        { ...move, date: day(0) },
        { ...move, product_uom: 2, date: day(0) },
        { ...move, date: day(0) },
        { ...move, date: day(4) },
        { ...move, date: day(4) },
        { ...move, price_unit: null, date: day(5) },
        { ...move, location_id: LOSS, date: day(5) },
      ])
      await client.query(`
        INSERT INTO purchase_order (id, company_id, pricelist_id, date_order) VALUES (1, 1, 1, '2010-01-01');
        INSERT INTO product_pricelist (id, currency_id) VALUES (1, 2);
        INSERT INTO purchase_order_line (id, order_id, product_id) VALUES (1, 1, 1);
        UPDATE stock_move SET purchase_line_id = 1 WHERE id IN (3, 5);
        UPDATE stock_move SET price_currency_id = 2 WHERE id = 4`)
      await transform('product', 'stock', 'procurement', 'purchase')
      const costs = `SELECT r.move_id, round(q.cost::numeric, 6)::float FROM stock_quant q JOIN stock_quant_move_rel r ON r.quant_id = q.id ORDER BY 1`
      expect(await rowsOf(client, costs)).toEqual([
        [1, 6],
        [2, 0.5],
        [3, 12],
        [4, 3],
        [5, 3],
        [6, 11],
        [7, 11],
      ])
    })
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

/** Reservations of others' stock, of more than the move is for, and stock that was left free beside a move that has too little. */
const wrongReservations = `
  WITH RECURSIVE above (id, top) AS (
    SELECT id, id FROM stock_location UNION ALL SELECT a.id, l.location_id FROM above a JOIN stock_location l ON l.id = a.top WHERE l.location_id IS NOT NULL
  ), held AS (
    SELECT m.id, m.product_qty, coalesce(sum(q.qty::numeric), 0) AS quantity FROM stock_move m LEFT JOIN stock_quant q ON q.reservation_id = m.id
     WHERE m.state = 'assigned' GROUP BY m.id
  )
  SELECT 'other', m.id, q.id FROM stock_quant q JOIN stock_move m ON m.id = q.reservation_id
   WHERE m.state <> 'assigned' OR q.qty < 0 OR m.product_id <> q.product_id OR m.company_id <> q.company_id
      OR (m.restrict_lot_id IS NOT NULL AND m.restrict_lot_id IS DISTINCT FROM q.lot_id)
      OR NOT EXISTS (SELECT FROM above a WHERE a.id = q.location_id AND a.top = m.location_id)
  UNION ALL SELECT 'too much', id, NULL FROM held WHERE product_qty > 0 AND quantity > product_qty + 0.000001
  UNION ALL SELECT 'too little', m.id, q.id FROM held h JOIN stock_move m ON m.id = h.id AND h.quantity < h.product_qty - 0.000001
    JOIN stock_location l ON l.id = m.location_id AND l.usage IN ('internal', 'transit')
    JOIN stock_quant q ON q.product_id = m.product_id AND q.company_id = m.company_id AND q.location_id = m.location_id AND q.qty > 0
         AND q.reservation_id IS NULL AND (m.restrict_lot_id IS NULL OR m.restrict_lot_id = q.lot_id)`

const scatteredPacks = `
  SELECT package_id FROM stock_quant WHERE package_id IS NOT NULL GROUP BY package_id HAVING count(DISTINCT location_id) > 1
  UNION ALL SELECT q.package_id FROM stock_quant q JOIN stock_quant_package p ON p.id = q.package_id WHERE p.location_id IS DISTINCT FROM q.location_id`
