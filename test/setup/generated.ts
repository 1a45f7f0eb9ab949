import type pg from 'pg'
import { registryTables } from '../../src/odoo/technical.ts'
import { ident, literal, qualified } from '../../src/postgres/sql.ts'

/**
 * Changes that make the data of a sample as awkward as real data can be. Each of them is one statement a table, draws by a hash
 * of the row and a seed, and holds the constraints of the source, because a real dump holds them too.
 */

interface Column {
  table: string
  column: string
  type: string
  /** Of the registry; null for a column that no field has. */
  ttype: string | null
  nullable: boolean
  /** Part of a unique constraint. */
  unique: boolean
  /** A condition of the table names it. */
  checked: boolean
}

/** The registry and what the program itself counts by: nobody can do without these. */
const fixed = new Set([...registryTables, 'ir_model_data', 'ir_module_module'])

const known = new WeakMap<pg.ClientBase, Promise<Column[]>>()

function columnsOf(client: pg.ClientBase): Promise<Column[]> {
  const columns = known.get(client) ?? readColumns(client)
  known.set(client, columns)
  return columns
}

/** Without what others refer to by its text, and the texts that do. */
async function readColumns(client: pg.ClientBase): Promise<Column[]> {
  const { rows } = await client.query<Column>(`
    WITH field AS MATERIALIZED (
      SELECT replace(model, '.', '_') AS tbl, name, min(ttype) AS ttype FROM ir_model_fields GROUP BY 1, 2
    ), bound AS MATERIALIZED (
      SELECT k.conrelid AS rel, unnest(k.conkey) AS num, k.contype = 'c' AS checked, k.contype = 'f' AS refers FROM pg_constraint k WHERE k.contype IN ('c', 'f')
      UNION ALL SELECT confrelid, unnest(confkey), false, true FROM pg_constraint WHERE contype = 'f'
    ), bounds AS MATERIALIZED (
      SELECT rel, num, bool_or(checked) AS checked, bool_or(refers) AS refers FROM bound GROUP BY 1, 2
    ), single AS MATERIALIZED (
      SELECT DISTINCT x.indrelid AS rel, unnest(x.indkey::int2[]) AS num FROM pg_index x WHERE x.indisunique
    )
    SELECT c.relname AS "table", a.attname AS "column", format_type(a.atttypid, a.atttypmod) AS type, NOT a.attnotnull AS nullable,
           f.ttype, s.rel IS NOT NULL AS unique, coalesce(b.checked, false) AS checked
      FROM pg_class c
      JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped
      JOIN pg_attribute i ON i.attrelid = c.oid AND i.attname = 'id'
      LEFT JOIN field f ON f.tbl = c.relname AND f.name = a.attname
      LEFT JOIN bounds b ON b.rel = c.oid AND b.num = a.attnum
      LEFT JOIN single s ON s.rel = c.oid AND s.num = a.attnum
     WHERE c.relnamespace = 'public'::regnamespace AND c.relkind = 'r' AND (a.atttypid = 'int4'::regtype OR b.refers IS NOT TRUE)
     ORDER BY c.relname, a.attnum`)
  return rows.filter(({ table, column }) => !fixed.has(table) && column !== 'id')
}

/** A number from 0 to `sides` - 1 that row `t` draws for something. */
function draw(seed: number, what: string, sides: number): string {
  return `(hashtextextended(${literal(`${seed} ${what} `)} || t.id, 0) & 65535) % ${sides}`
}

/** One statement a table; a row that would break a rule of the source stays as it is. */
async function change(
  client: pg.ClientBase,
  columns: readonly Column[],
  value: (column: Column, place: number) => string | null,
): Promise<void> {
  for (const [table, all] of Map.groupBy(columns, (column) => column.table)) {
    const set = all.flatMap((column) => {
      const sql = value(column, columns.indexOf(column))
      return sql === null ? [] : [`${ident(column.column)} = ${sql}`]
    })
    if (set.length > 0)
      await client.query(`UPDATE ONLY ${qualified('public', table)} t SET ${set.join(', ')}`)
  }
}

/** Every column that may be NULL is NULL in some rows; every third row has nothing but what it must have. */
export async function nullsEverywhere(client: pg.ClientBase, seed: number): Promise<void> {
  await change(client, await columnsOf(client), ({ table, column, nullable, checked }) =>
    nullable && !checked
      ? `CASE WHEN ${draw(seed, table, 3)} = 0 OR ${draw(seed, `${table}.${column}`, 5)} = 0 THEN NULL ELSE t.${ident(column)} END`
      : null,
  )
}

const nasty = [
  `''`,
  `' '`,
  `E'line one\\nline two\\r\\nline \\t three\\\\'`,
  `'it''s "quoted" \\N \\. \\x41 {a,NULL,"b"}'`,
  `'%(x)s %s %d%% \${object.name} {{ x }} $1 $$'`,
  `'<p onclick="x()">a &amp; b &lt; c</p><!-- ]]> --><br>'`,
  `E'\\x01\\x02\\x1b\\x7f \\u0085\\u2028\\ufeff\\ufffd \\u202e \\U0001F600'`,
  `', ; [(''a'', ''='', 1)] model,1 res.partner,0 ,'`,
] as const

/** Texts that people can type and paste, in every column of free text. */
export async function nastyTexts(client: pg.ClientBase, seed: number): Promise<void> {
  await change(client, await columnsOf(client), ({ table, column, type, ttype, unique }) => {
    if (!/^(char|text|html)$/.test(ttype ?? '') || !/^(character varying|text)/.test(type)) return null
    const size = /\((\d+)\)/.exec(type)?.[1]
    const text = `(ARRAY[${nasty.join(', ')}])[1 + ${draw(seed, `text ${table}.${column}`, nasty.length)}]`
    const whole = unique ? `t.id || ' ' || ${text}` : text
    return `CASE WHEN ${draw(seed, `nasty ${table}.${column}`, 3)} = 0 THEN ${size ? `left(${whole}, ${size})` : whole} ELSE t.${ident(column)} END`
  })
}

/** Texts of more than a megabyte: of partners, in messages, and in some of the other columns without a limit. */
export async function hugeTexts(client: pg.ClientBase, seed: number): Promise<void> {
  const always = new Set(['res_partner.comment', 'mail_message.body', 'product_template.description'])
  await change(client, await columnsOf(client), ({ table, column, type, ttype }, i) =>
    type === 'text' &&
    (always.has(`${table}.${column}`) ||
      (/^(text|html)$/.test(ttype ?? '') && !table.startsWith('ir_') && (i + seed) % 10 === 0))
      ? `CASE WHEN t.id = 1 + ${seed} % 5 THEN repeat(E'<p>"huge" \\\\ ''text'' %(x)s \${y}</p>\\n', 27000) ELSE t.${ident(column)} END`
      : null,
  )
}

/** The first and the last days that there are, and days beyond what the program can read. */
export async function edgeDates(client: pg.ClientBase, seed: number): Promise<void> {
  const days = ['0001-01-01', '9999-12-31', '20213-03-01', '0044-03-15 BC', '1970-01-01', '2038-01-19']
  await change(client, await columnsOf(client), ({ table, column, type, checked }) =>
    /^(date|timestamp)/.test(type) && !checked
      ? `CASE WHEN ${draw(seed, `day ${table}.${column}`, 4)} = 0
              THEN (ARRAY[${days.map(literal).join(', ')}])[1 + ${draw(seed, `which ${table}.${column}`, days.length)}]::${type} ELSE t.${ident(column)} END`
      : null,
  )
}

/** Records that are archived, of every model that archives. */
export async function archived(client: pg.ClientBase, seed: number): Promise<void> {
  await change(client, await columnsOf(client), ({ table, column, type }) =>
    column === 'active' && type === 'boolean' ? `t.id > 1 AND ${draw(seed, table, 2)} = 0` : null,
  )
}

/** References that lead to any row of their table, so that lines are of any document; trees are of any depth, without circles. */
export async function anyReferences(client: pg.ClientBase, seed: number): Promise<void> {
  const { rows } = await client.query<{ table: string; column: string; target: string; nullable: boolean }>(`
    SELECT c.relname AS "table", a.attname AS "column", k.confrelid::regclass::text AS target, NOT a.attnotnull AS nullable
      FROM pg_constraint k JOIN pg_class c ON c.oid = k.conrelid JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum = k.conkey[1]
     WHERE k.contype = 'f' AND cardinality(k.conkey) = 1 AND a.atttypid = 'int4'::regtype AND c.relnamespace = 'public'::regnamespace
       AND EXISTS (SELECT FROM pg_attribute i WHERE i.attrelid = c.oid AND i.attname = 'id')
       AND NOT EXISTS (SELECT FROM pg_index x WHERE x.indrelid = c.oid AND x.indisunique AND a.attnum = ANY (x.indkey::int2[]))
     ORDER BY 1, 2`)
  for (const [table, columns] of Map.groupBy(rows, (row) => row.table)) {
    if (fixed.has(table)) continue
    const set = columns
      .filter(({ target }) => !fixed.has(target) && !/^(res_users|res_company|res_currency)$/.test(target))
      .map(
        ({ column, target }) =>
          `${ident(column)} = CASE WHEN ${draw(seed, `any ${table}.${column}`, 2)} = 0 THEN coalesce((SELECT x.id FROM ONLY ${qualified('public', target)} x ${target === table ? 'WHERE x.id < t.id' : ''} ORDER BY hashint4(x.id + t.id + ${seed % 1000}) LIMIT 1), t.${ident(column)}) ELSE t.${ident(column)} END`,
      )
    if (set.length > 0)
      await client.query(`UPDATE ONLY ${qualified('public', table)} t SET ${set.join(', ')}`)
  }
}

/** Tables without a row: what named a row of them names none, what cannot be without one goes too. */
export async function emptyTables(client: pg.ClientBase, tables: readonly string[]): Promise<void> {
  const { rows: references } = await client.query<{
    table: string
    column: string
    target: string
    nullable: boolean
  }>(`
    SELECT k.conrelid::regclass::text AS "table", a.attname AS "column", k.confrelid::regclass::text AS target, NOT a.attnotnull AND NOT EXISTS (SELECT FROM pg_constraint c WHERE c.conrelid = k.conrelid AND c.contype = 'c' AND a.attnum = ANY (c.conkey)) AS nullable
      FROM pg_constraint k JOIN pg_attribute a ON a.attrelid = k.conrelid AND a.attnum = k.conkey[1]
     WHERE k.contype = 'f' AND cardinality(k.conkey) = 1 ORDER BY 1, 2`)
  for (const table of tables) {
    const emptied = new Set([table])
    for (const name of emptied)
      for (const reference of references)
        if (reference.target === name && !reference.nullable) emptied.add(reference.table)
    // What no database can do without stays, and what needs to be emptied for it.
    if (['res_users', 'res_company', 'res_partner', 'ir_model_data'].some((name) => emptied.has(name)))
      continue
    const sets = references
      .filter((reference) => emptied.has(reference.target) && !emptied.has(reference.table))
      .map(({ table: name, column }) => `UPDATE ${name} SET ${ident(column)} = NULL`)
    const deletes = [...emptied].map((name) => `DELETE FROM ONLY ${name}`)
    await client.query(
      `SET LOCAL session_replication_role = replica; ${[...sets, ...deletes].join(';')}; SET LOCAL session_replication_role = origin`,
    )
  }
}

/** Moves between all kinds of places in an order of their own: equal days, more out than in, odd units, lots, packs, two companies. */
export async function oddMoves(client: pg.ClientBase, seed: number): Promise<void> {
  const one = (what: string, ...values: (number | string)[]) =>
    `(ARRAY[${values.map((value) => (typeof value === 'string' ? literal(value) : value)).join(', ')}])[1 + ${draw(seed, what, values.length)}]`
  const any = (table: string, what: string) =>
    `(SELECT x.id FROM ${table} x ORDER BY hashint4(x.id + t.id * 31 + ${seed % 1000} + hashtext(${literal(what)}) % 1000) LIMIT 1)`
  await client.query(`
    UPDATE product_uom t SET category_id = (SELECT min(id) FROM product_uom_categ), uom_type = ${one('kind', 'bigger', 'smaller')},
           factor = ${one('factor', 1, 0.083333333333, 12, 0.001, 1000, 2.20462, 0.333333333333)}, rounding = ${one('rounding', 1, 0.01, 0.001)};
    UPDATE product_template t SET uom_id = ${any('product_uom', 'unit')}, type = 'product', standard_price = ${one('cost', 0, 1.5, 1000)};
    UPDATE stock_location t SET usage = ${one('usage', 'internal', 'internal', 'internal', 'customer', 'supplier', 'inventory', 'production', 'transit')},
           company_id = ${one('place', 1, 2)}, location_id = NULL;
    UPDATE stock_production_lot t SET product_id = ${any('product_product', 'lot')};
    UPDATE stock_move t
       SET product_id = ${any('product_product', 'product')}, product_qty = ${one('quantity', 1, 2, 5, 0.5, 12, 1000000, 0)}, product_uos_qty = 1,
           product_uom = ${any('product_uom', 'uom')}, location_id = ${any('stock_location', 'from')}, location_dest_id = ${any('stock_location', 'to')},
           date = timestamp '2013-01-01 12:00:00' + ${draw(seed, 'day', 4)} * interval '1 day', company_id = ${one('company', 1, 1, 2)},
           state = ${one('state', 'done', 'done', 'done', 'done', 'draft', 'waiting', 'confirmed', 'assigned', 'cancel')}, prodlot_id = NULL,
           tracking_id = CASE WHEN ${draw(seed, 'packed', 4)} = 0 THEN ${any('stock_tracking', 'pack')} END,
           price_unit = CASE WHEN ${draw(seed, 'priced', 3)} > 0 THEN ${one('price', 0, 3, 4.25)} END, move_dest_id = NULL;
    UPDATE stock_move t SET prodlot_id = (SELECT min(l.id) FROM stock_production_lot l WHERE l.product_id = t.product_id) WHERE ${draw(seed, 'lot', 2)} = 0`)
}

/** Three hundred languages, each with names of the records that people read most. */
export async function manyLanguages(client: pg.ClientBase): Promise<void> {
  await client.query(`
    INSERT INTO res_lang (id, code, iso_code, name, date_format, time_format, direction, grouping, decimal_point, active, translatable)
    SELECT nextval('res_lang_id_seq'), 'l' || i || '_XX', 'l' || i, 'Language ' || i, '%d', '%H', CASE WHEN i % 7 = 0 THEN 'rtl' ELSE 'ltr' END, '[]', '.', i % 2 = 0, true
      FROM generate_series(1, 300) i;
    INSERT INTO ir_translation (id, lang, type, name, res_id, src, value, state)
    SELECT nextval('ir_translation_id_seq'), l.code, 'model', n.field, n.id, n.name, n.name || ' in ' || l.code, 'translated'
      FROM res_lang l
     CROSS JOIN (SELECT 'product.template,name' AS field, id, name FROM product_template
                 UNION ALL SELECT 'product.category,name', id, name FROM product_category
                 UNION ALL SELECT 'account.account,name', id, name FROM account_account) n
     WHERE l.code LIKE 'l%_XX'`)
}

/** What modules leave behind that were removed: names of models that nobody knows, in every place that names one. */
export async function removedModules(client: pg.ClientBase): Promise<void> {
  await client.query(`
    INSERT INTO ir_module_module (id, name, state) VALUES (nextval('ir_module_module_id_seq'), 'gone_module', 'uninstalled');
    INSERT INTO ir_model_data (id, module, name, model, res_id)
    SELECT nextval('ir_model_data_id_seq'), 'gone_module', 'gone_' || n, CASE n % 3 WHEN 0 THEN 'gone.model' WHEN 1 THEN 'res.partner' ELSE 'product.product' END, n
      FROM generate_series(1, 9) n;
    UPDATE mail_message SET model = 'gone.model' WHERE id % 4 = 0;
    UPDATE mail_followers SET res_model = 'gone.model' WHERE id % 4 = 0;
    UPDATE ir_attachment SET res_model = 'gone.model' WHERE id % 4 = 0;
    UPDATE mail_message SET res_id = 1000000 + id WHERE id % 4 = 1;
    UPDATE ir_attachment SET res_id = 1000000 + id WHERE id % 4 = 1;
    INSERT INTO ir_translation (id, lang, type, name, res_id, src, value)
    SELECT nextval('ir_translation_id_seq'), 'fr_FR', 'model', 'gone.model,name', n, 'a', 'b' FROM generate_series(1, 5) n;
    INSERT INTO ir_values (id, name, key, key2, model, res_id, value)
    SELECT nextval('ir_values_id_seq'), 'gone', 'action', 'client_print_multi', 'gone.model', 0, 'ir.actions.report.xml,' || n FROM generate_series(1, 3) n;
    INSERT INTO wkf (id, name, osv) VALUES (nextval('wkf_id_seq'), 'gone', 'gone.model')`)
}

/** Rows that are equal where only the newer version demands that they differ. */
export async function duplicates(client: pg.ClientBase): Promise<void> {
  const { rows } = await client.query<{ table: string; columns: string[] }>(
    `
    SELECT c.relname AS "table", array_agg(a.attname::text ORDER BY a.attnum) FILTER (WHERE a.attname <> 'id') AS columns
      FROM pg_class c JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped
     WHERE c.relname = ANY ($1) AND c.relnamespace = 'public'::regnamespace GROUP BY 1 ORDER BY 1`,
    [
      [
        'ir_filters',
        'mail_followers',
        'stock_warehouse',
        'stock_inventory_line',
        'product_packaging',
        'product_uom',
      ],
    ],
  )
  for (const { table, columns } of rows) {
    const names = columns.map(ident).join(', ')
    await client.query(
      `INSERT INTO ${ident(table)} (id, ${names}) SELECT nextval('${table}_id_seq'), ${names} FROM ${ident(table)} WHERE id % 2 = 0`,
    )
  }
}
