/**
 * Time of the statements that turn done stock moves into quants, on a scratch database of generated moves:
 *   node bench/quants.ts [MOVES]      1,000,000 by default
 * Half of them are deliveries, a quarter receipts; the rest goes between locations, into production and out of it, to
 * inventory loss and back from customers. Some products have lots, some moves packs; a part of the stock gets negative.
 */
import { chmod, mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { loadPack } from '../src/packs/load.ts'
import { startCluster } from '../src/postgres/cluster.ts'
import { prepareHop } from '../test/setup/source.ts'

const moves = Number(process.argv[2] ?? 1_000_000)

const generated = `
  SELECT setseed(0.5);
  INSERT INTO res_company (id, name, currency_id) VALUES (1, 'One', 1), (2, 'Two', 1);
  INSERT INTO product_uom (id, name, category_id, factor, rounding, uom_type) VALUES (1, 'Unit', 1, 1, 1, 'reference'), (2, 'Dozen', 1, 0.083333333333, 0.01, 'bigger');
  INSERT INTO stock_location (id, name, usage, location_id, company_id, active, chained_location_type, chained_auto_packing)
    VALUES (1, 'Physical', 'view', NULL, NULL, true, 'none', 'manual'), (2, 'Suppliers', 'supplier', NULL, NULL, true, 'none', 'manual'),
           (3, 'Customers', 'customer', NULL, NULL, true, 'none', 'manual'), (4, 'Loss', 'inventory', NULL, NULL, true, 'none', 'manual'),
           (5, 'Production', 'production', NULL, NULL, true, 'none', 'manual'), (10, 'Stock', 'internal', 1, 1, true, 'none', 'manual'),
           (30, 'Stock of Two', 'internal', 1, 2, true, 'none', 'manual');
  INSERT INTO stock_location (id, name, usage, location_id, company_id, active, chained_location_type, chained_auto_packing)
    SELECT 10 + n, 'Shelf ' || n, 'internal', 10, 1, true, 'none', 'manual' FROM generate_series(1, 15) n;
  INSERT INTO stock_warehouse (id, name, company_id, lot_stock_id, wh_input_stock_loc_id, wh_output_stock_loc_id)
    VALUES (1, 'One', 1, 10, 10, 10), (2, 'Two', 2, 30, 30, 30);
  INSERT INTO product_template (id, name, uom_id, uom_po_id, standard_price, type, cost_method)
    SELECT n, 'Product ' || n, 1, 1, round((random() * 100)::numeric, 2), 'product', 'standard' FROM generate_series(1, 3000) n;
  INSERT INTO product_product (id, product_tmpl_id, active, valuation) SELECT id, id, true, 'manual_periodic' FROM product_template;
  INSERT INTO stock_production_lot (id, name, product_id) SELECT n, 'L' || n, 1 + (n - 1) / 10 FROM generate_series(1, 3000) n;
  INSERT INTO stock_quant_package (id, name) SELECT n, 'P' || n FROM generate_series(1, 2000) n;
  INSERT INTO stock_move (id, name, product_id, product_uom, product_uom_qty, state, date, date_expected, company_id, priority,
      location_id, location_dest_id, prodlot_id, tracking_id, price_unit)
    SELECT n, 'M', product, CASE WHEN r4 < 0.1 THEN 2 ELSE 1 END, CASE WHEN kind < 0.25 THEN 20 + floor(r2 * 80) ELSE 1 + floor(r2 * 24) END,
           CASE WHEN r4 > 0.98 THEN 'assigned' ELSE 'done' END, d.date, d.date, CASE WHEN stock = 30 THEN 2 ELSE 1 END, '1',
           CASE WHEN kind < 0.25 THEN 2 WHEN kind < 0.26 THEN 3 WHEN kind < 0.30 THEN 5 ELSE stock END,
           CASE WHEN kind < 0.30 THEN stock WHEN kind < 0.80 THEN 3 WHEN kind < 0.94 THEN CASE WHEN stock = 30 THEN 10 ELSE 10 + floor(r3 * 16) END WHEN kind < 0.98 THEN 5 ELSE 4 END,
           CASE WHEN product <= 300 AND r2 < 0.9 THEN 10 * (product - 1) + 1 + floor(r3 * 10) END,
           CASE WHEN r3 < 0.02 THEN 1 + floor(r2 * 2000) END, round((r2 * 100)::numeric, 2)
      FROM (SELECT n, random() AS kind, 1 + floor(random() ^ 2 * 3000)::integer AS product, random() AS r2, random() AS r3, random() AS r4,
                   CASE WHEN random() < 0.8 THEN 10 WHEN random() < 0.5 THEN 30 ELSE 10 + floor(random() * 16) END AS stock
              FROM generate_series(1, ${moves}) n) g,
      LATERAL (SELECT timestamp '2009-01-01' + n * (interval '5 years' / ${moves}) + r2 * interval '3 days' AS date) d;
  SELECT setval('stock_location_id_seq', 100), setval('stock_warehouse_id_seq', 100);
  ANALYZE;`

const folder = await mkdtemp(join(tmpdir(), 'uplift-bench-'))
await chmod(folder, 0o755)
const server = await startCluster(join(folder, 'postgres'))
try {
  const scratch = await server.createScratch()
  const client = await scratch.connect()
  await prepareHop(client, ['7.0', '8.0'], ['stock'])
  await client.query(generated)
  const { transforms } = await loadPack('7.0', '8.0')
  await client.query('BEGIN')
  let all = 0
  for (const name of ['product', 'stock'])
    for (const statement of transforms.find(({ module }) => module === name)!.sql.split(/;\n/)) {
      const started = performance.now()
      await client.query(statement)
      const seconds = (performance.now() - started) / 1000
      all += seconds
      const title = statement.split('\n').find((line) => line && !line.startsWith('--'))
      if (seconds >= 0.2) console.log(`${seconds.toFixed(1).padStart(6)} s  ${title?.slice(0, 100)}`)
    }
  const { rows } = await client.query(`
    SELECT count(*)::int AS quants, count(*) FILTER (WHERE qty < 0)::int AS negative, count(reservation_id)::int AS reserved,
           (SELECT count(*)::int FROM stock_quant_move_rel) AS steps, (SELECT max(cardinality(path)) FROM way) AS longest
      FROM stock_quant`)
  console.log(`${all.toFixed(1).padStart(6)} s  ${moves} moves:`, rows[0])
  await client.end()
  await scratch.drop()
} finally {
  await server.stop()
  await rm(folder, { recursive: true, force: true })
}
