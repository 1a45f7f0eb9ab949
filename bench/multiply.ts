import type pg from 'pg'
import { ident, literal } from '../src/postgres/sql.ts'

export interface Size {
  /** Least number of stock moves, of journal items and of messages. */
  rows: number
  /** Copies of every partner, product and the like. */
  masters: number
}

const words = (text: string) => text.split(' ')

const documents = [
  'sale_order sale_order_line purchase_order purchase_order_line procurement_order',
  'stock_picking stock_move stock_inventory stock_inventory_line stock_tracking',
  'mrp_production mrp_production_product_line mrp_production_workcenter_line pos_session pos_order pos_order_line',
].flatMap(words)

const entries = [
  'account_invoice account_invoice_line account_invoice_tax account_move account_move_line account_move_reconcile',
  'account_voucher account_voucher_line account_analytic_line',
  'account_bank_statement account_bank_statement_line account_cashbox_line',
].flatMap(words)

const masters = [
  'res_partner product_template product_product product_supplierinfo pricelist_partnerinfo product_packaging',
  'stock_production_lot stock_warehouse_orderpoint mrp_bom crm_lead crm_phonecall crm_claim project_task project_issue',
].flatMap(words)

/** Tables whose rows name another record by its model and id, and those whose rows go with theirs. */
const named = [
  {
    table: 'mail_message',
    model: 'model',
    id: 'res_id',
    // Of a thread all messages come along or none.
    thinned: true,
    thread: `WITH RECURSIVE thread (id, root) AS (
        SELECT id, id FROM mail_message WHERE parent_id IS NULL
        UNION ALL SELECT m.id, t.root FROM mail_message m JOIN thread t ON t.id = m.parent_id)
      SELECT id, root FROM thread`,
    with: {
      mail_notification: 'message_id',
      mail_message_res_partner_rel: 'mail_message_id',
      mail_vote: 'message_id',
      message_attachment_rel: 'message_id',
    },
  },
  {
    table: 'mail_followers',
    model: 'res_model',
    id: 'res_id',
    thinned: true,
    thread: 'SELECT id, id AS root FROM mail_followers',
    with: { mail_followers_mail_message_subtype_rel: 'mail_followers_id' },
  },
  {
    table: 'wkf_instance',
    model: 'res_type',
    id: 'res_id',
    thinned: false,
    thread: 'SELECT id, id AS root FROM wkf_instance',
    with: { wkf_workitem: 'inst_id', wkf_triggers: 'instance_id', wkf_witm_trans: 'inst_id' },
  },
]

/** Names that are unique or that people tell records by. */
const telling = new Set(
  [
    'sale_order.name purchase_order.name mrp_production.name stock_picking.name stock_production_lot.name pos_session.name',
    'account_invoice.number account_invoice.internal_number account_move.name mail_message.message_id',
    'res_partner.name product_template.name product_product.default_code',
  ].flatMap(words),
)

interface Column {
  table: string
  column: string
  type: string
  /** Table that it refers to. */
  target: string | null
}

interface Copied {
  factor: number
  /** Largest id, so that copies k of all records lie between k and k + 1 times it. */
  step: number
}

/**
 * Makes many of the documents of a 7.0 database by copies of its rows: copy k of a record has its id plus k times the step
 * of its table and refers to copy k of the documents around it, so that every copy has the quantities, balances and links
 * of the original. Partners, products and the like are copied less often: the documents share them round about. Of the
 * messages and followers of documents only so many come along as there are messages asked for, threads whole.
 *
 * `client` is at a database with the rows and no constraint, `shape` at one with the constraints.
 */
export async function multiply(
  client: pg.Client,
  shape: pg.Client,
  size: Size,
  told: (table: string) => void,
): Promise<void> {
  const { rows: columns } = await shape.query<Column>(shapeOf)
  const copied = await copiesOf(client, columns, size)
  const ofMasters = copied.get('res_partner')!.factor
  const every = await prepareNamed(client, copied, size.rows)
  const insert = async (
    table: string,
    factor: number,
    from: string,
    own: Record<string, string> = {},
  ): Promise<void> => {
    const expressions = columns
      .filter((column) => column.table === table)
      .map((column): [string, string] => [
        column.column,
        own[column.column] ?? expressionOf(column, factor, copied),
      ])
    if (expressions.length === 0) return
    told(table)
    await client.query(
      `INSERT INTO ${ident(table)} (${expressions.map(([name]) => ident(name)).join(', ')})
       SELECT ${expressions.map(([, expression]) => expression).join(',\n ')} FROM ${ident(table)} t, ${from}`,
    )
  }
  for (const { table, id, thinned, with: others } of named) {
    const kept = (row: string) => `
      bench_named n JOIN bench_model m ON m.model = n.model, generate_series(1, m.factor) c (k)
      WHERE n.tbl = ${literal(table)} AND n.id = ${row}
        AND ${thinned ? `(m.factor = ${ofMasters} OR c.k % ${every} = n.root % ${every})` : 'true'}`
    const always = Number.POSITIVE_INFINITY
    for (const [other, by] of Object.entries(others))
      await insert(other, always, kept(`t.${ident(by)}`), {
        res_id: 't.res_id + c.k * coalesce((SELECT r.step FROM bench_model r WHERE r.model = t.model), 0)',
      })
    await insert(table, always, kept('t.id'), { [id]: `t.${ident(id)} + c.k * m.step` })
  }
  const handled = new Set(named.flatMap(({ table, with: others }) => [table, ...Object.keys(others)]))
  for (const [table, { factor }] of copied)
    if (!handled.has(table)) await insert(table, factor, `generate_series(1, ${factor}) c (k)`)
  await insert('ir_property', ofMasters, ofModel("split_part(t.res_id, ',', 1)", ofMasters), {
    res_id: `m.model || ',' || split_part(t.res_id, ',', 2)::integer + c.k * m.step`,
  })
  await insert(
    'ir_translation',
    ofMasters,
    `${ofModel("split_part(t.name, ',', 1)", ofMasters)} AND t.type = 'model'`,
    { res_id: 't.res_id + c.k * m.step' },
  )
  await client.query('DROP TABLE bench_model, bench_named')
  for (const { table } of columns.filter(({ column }) => column === 'id'))
    await client.query(
      `SELECT setval(s, (SELECT max(id) FROM ${ident(table)}))
         FROM pg_get_serial_sequence($1, 'id') s WHERE s IS NOT NULL AND EXISTS (SELECT FROM ${ident(table)})`,
      [ident(table)],
    )
}

const shapeOf = `
  SELECT c.relname AS table, a.attname AS column, format_type(a.atttypid, a.atttypmod) AS type,
         (SELECT t.relname FROM pg_constraint f JOIN pg_class t ON t.oid = f.confrelid
           WHERE f.contype = 'f' AND f.conrelid = c.oid AND f.conkey = ARRAY[a.attnum] LIMIT 1) AS target
    FROM pg_class c JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped
   WHERE c.relkind = 'r' AND c.relnamespace = 'public'::regnamespace
   ORDER BY c.relname, a.attnum`

/** How often each table is copied. A table of pairs is copied as often as the documents that it joins. */
async function copiesOf(
  client: pg.Client,
  columns: readonly Column[],
  size: Size,
): Promise<Map<string, Copied>> {
  const tables = new Map(Object.entries(Object.groupBy(columns, ({ table }) => table)))
  const one = async (sql: string) => Number(Object.values((await client.query(sql)).rows[0])[0])
  const needed = async (table: string) =>
    Math.max(1, Math.ceil(size.rows / (await one(`SELECT count(*) FROM ${ident(table)}`))) - 1)
  const ofDocuments = await needed('stock_move')
  const ofEntries = Math.max(ofDocuments, await needed('account_move_line'))
  const ofMasters = Math.min(size.masters, ofDocuments)
  const copied = new Map<string, Copied>()
  const take = async (names: readonly string[], factor: number) => {
    for (const table of names)
      if (tables.has(table))
        copied.set(table, { factor, step: await one(`SELECT coalesce(max(id), 0) FROM ${ident(table)}`) })
  }
  await take(documents, ofDocuments)
  await take(entries, ofEntries)
  await take(masters, ofMasters)
  for (const [table, all] of tables) {
    if (all!.some(({ column }) => column === 'id')) continue
    const factors = all!.flatMap(({ target }) => copied.get(target ?? '')?.factor ?? [])
    const often = factors.filter((factor) => factor > ofMasters)
    if (factors.length > 0)
      copied.set(table, { factor: often.length > 0 ? Math.min(...often) : ofMasters, step: 0 })
  }
  const withNamed = named.flatMap(({ table, with: others }) => [table, ...Object.keys(others)])
  await take(
    withNamed.filter((table) => tables.get(table)?.some(({ column }) => column === 'id')),
    Number.POSITIVE_INFINITY,
  )
  return copied
}

/**
 * What the copies of messages, followers and workflows go by: models with their factor, and threads. Gives the number of
 * which one in so many threads comes along with every copy of a document.
 */
async function prepareNamed(
  client: pg.Client,
  copied: ReadonlyMap<string, Copied>,
  rows: number,
): Promise<number> {
  await client.query('CREATE TEMP TABLE bench_model (model text PRIMARY KEY, factor integer, step integer)')
  await client.query(
    `INSERT INTO bench_model SELECT m.model, c.factor, c.step
       FROM ir_model m JOIN json_to_recordset($1::json) AS c (name text, factor integer, step integer) ON c.name = replace(m.model, '.', '_')`,
    [JSON.stringify([...copied].map(([name, { factor, step }]) => ({ name, factor, step })))],
  )
  await client.query('CREATE TEMP TABLE bench_named (tbl text, id integer, root integer, model text)')
  for (const { table, model, thread } of named)
    await client.query(
      `INSERT INTO bench_named SELECT $1, t.id, h.root, t.${ident(model)} FROM ${ident(table)} t JOIN (${thread}) h ON h.id = t.id`,
      [table],
    )
  await client.query('ANALYZE bench_model; ANALYZE bench_named')
  const { rows: found } = await client.query<{ all: string }>(
    `SELECT sum(m.factor) AS all FROM bench_named n JOIN bench_model m ON m.model = n.model WHERE n.tbl = 'mail_message'`,
  )
  return Math.max(1, Math.floor(Number(found[0]!.all) / rows))
}

function ofModel(model: string, factor: number): string {
  return `bench_model m, generate_series(1, ${factor}) c (k) WHERE m.model = ${model} AND m.factor = ${factor}`
}

function expressionOf(
  { table, column, type, target }: Column,
  factor: number,
  copied: ReadonlyMap<string, Copied>,
): string {
  const value = `t.${ident(column)}`
  if (column === 'id')
    return `${value} + c.k * ${copied.get(table)?.step ?? `(SELECT max(id) FROM ${ident(table)})`}`
  const other = copied.get(target ?? '')
  if (other)
    return other.factor >= factor
      ? `${value} + c.k * ${other.step}`
      : `${value} + c.k % ${other.factor + 1} * ${other.step}`
  if (telling.has(`${table}.${column}`)) return `(${value} || '-' || c.k)::${type}`
  if (column === 'origin') return `(replace(${value}, ':', '-' || c.k || ':') || '-' || c.k)::${type}`
  if (type.startsWith('timestamp')) return `${value} - c.k * interval '12 hours'`
  // Of entries the period has to hold the date.
  if (type === 'date' && !table.startsWith('account_')) return `${value} - c.k / 2`
  return value
}
