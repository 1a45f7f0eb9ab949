import type pg from 'pg'
import { modelNameColumns } from '../../odoo/references.ts'
import type { RowMove } from '../../packs/pack.ts'
import { ident, identList, literal, qualified } from '../../postgres/sql.ts'
import { type Inventory, readInventory } from '../../schema/inventory.ts'
import { allRecordTexts } from './models.ts'

/**
 * Rows of a model that another model's table takes: inserted there under new ids, and every reference to them follows,
 * by foreign key, by (model, id) and by "model,id". The old ids stay in uplift.moved for the transforms and the notes.
 * Runs while the models still have their old names, so that no reference is mistaken for one to the taking table.
 */
export async function moveRows(
  client: pg.ClientBase,
  moves: readonly RowMove[],
  source: Inventory,
): Promise<void> {
  await client.query(`
    CREATE TABLE IF NOT EXISTS uplift.moved (
      from_model text, from_table text, old_id integer, to_model text, to_table text, new_id integer, merged boolean NOT NULL DEFAULT false,
      PRIMARY KEY (from_model, old_id))`)
  let inventory = source
  for (const move of moves) {
    if (!inventory.hasTable(move.fromTable)) continue
    if (!inventory.hasTable(move.toTable)) {
      if (!move.create) continue
      await createTable(client, move.toTable, move.create)
      inventory = await readInventory(client)
    }
    if (await addOwnColumns(client, move, inventory)) inventory = await readInventory(client)
    await dropNotNulls(client, move.toTable)
    await insertRows(client, move, inventory)
    await followForeignKeys(client, move, inventory)
    await followNames(client, move, inventory)
    await followRelations(client, move, inventory)
    await client.query(`ALTER TABLE ${qualified('public', move.fromTable)} SET SCHEMA legacy`)
    await client.query(
      `
      INSERT INTO uplift.note (stage, topic, subject, outcome, detail)
      SELECT 'hop', 'model', $1, 'rows moved', jsonb_build_object('into', $2::text, 'rows', count(*)) FROM uplift.moved WHERE from_model = $1`,
      [move.fromModel, move.toModel],
    )
  }
}

async function createTable(
  client: pg.ClientBase,
  table: string,
  columns: Record<string, string>,
): Promise<void> {
  const definitions = Object.entries(columns).map(([column, type]) => `${ident(column)} ${type}`)
  await client.query(`CREATE TABLE ${qualified('public', table)} (id serial, ${definitions.join(', ')})`)
}

/** Fields that people added to the model that goes have their columns in the taking table too. */
async function addOwnColumns(
  client: pg.ClientBase,
  { fromTable, toTable }: RowMove,
  inventory: Inventory,
): Promise<boolean> {
  const own = [...inventory.columns(fromTable)].filter(
    (column) => column.startsWith('x_') && !inventory.has(toTable, column),
  )
  if (own.length > 0)
    await client.query(
      `ALTER TABLE ${qualified('public', toTable)} ${own.map((column) => `ADD COLUMN ${ident(column)} ${inventory.typeOf(fromTable, column)}`).join(', ')}`,
    )
  return own.length > 0
}

/** The rows come without what only the older version demanded; what the target demands is checked at the end. */
async function dropNotNulls(client: pg.ClientBase, table: string): Promise<void> {
  const { rows } = await client.query<{ column: string }>(
    `SELECT attname AS column FROM pg_attribute
      WHERE attrelid = $1::regclass AND attnum > 0 AND attnotnull AND NOT attisdropped AND attname <> 'id'`,
    [qualified('public', table)],
  )
  if (rows.length > 0)
    await client.query(
      `ALTER TABLE ${qualified('public', table)} ${rows.map(({ column }) => `ALTER COLUMN ${ident(column)} DROP NOT NULL`).join(', ')}`,
    )
}

async function insertRows(client: pg.ClientBase, move: RowMove, inventory: Inventory): Promise<void> {
  const taken = new Map<string, string>()
  for (const column of inventory.columns(move.toTable)) {
    const source = move.columns[column] ?? column
    if (column !== 'id' && inventory.has(move.fromTable, source)) taken.set(column, `s.${ident(source)}`)
  }
  for (const [column, expression] of Object.entries(move.expressions ?? {}))
    if (inventory.has(move.toTable, column)) taken.set(column, expression)
  const [source, target] = [qualified('public', move.fromTable), qualified('public', move.toTable)]
  const there = move.match ? `(SELECT min(t.id) FROM ${target} t WHERE ${move.match})` : 'NULL::integer'
  await client.query(
    `INSERT INTO uplift.moved
     SELECT $1, $2, x.id, $3, $4, coalesce(x.there, nextval(${literal(qualified('public', `${move.toTable}_id_seq`))})::integer), x.there IS NOT NULL
       FROM (SELECT s.id, ${there} AS there FROM ${source} s ORDER BY s.id) x`,
    [move.fromModel, move.fromTable, move.toModel, move.toTable],
  )
  await client.query(
    `INSERT INTO ${target} (id, ${identList(taken.keys())})
     SELECT m.new_id, ${[...taken.values()].join(', ')} FROM ${source} s JOIN uplift.moved m ON m.from_model = $1 AND m.old_id = s.id AND NOT m.merged`,
    [move.fromModel],
  )
}

async function followForeignKeys(client: pg.ClientBase, move: RowMove, inventory: Inventory): Promise<void> {
  const { rows } = await client.query<{ tbl: string; col: string }>(
    `SELECT tbl, col FROM uplift.relation WHERE target = $1
     UNION SELECT replace(model, '.', '_'), name FROM ir_model_fields WHERE ttype = 'many2one' AND relation = $2 AND state = 'manual'`,
    [move.fromTable, move.fromModel],
  )
  for (const { tbl, col } of rows) {
    // Inside the table itself (parents) the rows already stand in the taking table; those that were there have ids of it.
    const table = tbl === move.fromTable ? move.toTable : tbl
    if (!inventory.has(table, col)) continue
    const onlyMoved =
      tbl === move.fromTable
        ? `AND t.id IN (SELECT new_id FROM uplift.moved WHERE from_model = $1 AND NOT merged)`
        : ''
    await client.query(
      `UPDATE ${qualified('public', table)} t SET ${ident(col)} = m.new_id
         FROM uplift.moved m WHERE m.from_model = $1 AND m.old_id = t.${ident(col)} ${onlyMoved}`,
      [move.fromModel],
    )
  }
  await client.query('UPDATE uplift.relation SET target = $2 WHERE target = $1', [
    move.fromTable,
    move.toTable,
  ])
}

async function followNames(client: pg.ClientBase, move: RowMove, inventory: Inventory): Promise<void> {
  for (const { table, model, id } of modelNameColumns) {
    if (!id || !inventory.has(table, model) || !inventory.has(table, id)) continue
    await client.query(
      `UPDATE ${qualified('public', table)} t SET ${ident(model)} = m.to_model, ${ident(id)} = m.new_id
         FROM uplift.moved m WHERE m.from_model = $1 AND t.${ident(model)} = $1 AND t.${ident(id)} = m.old_id`,
      [move.fromModel],
    )
  }
  for (const { table, column } of await allRecordTexts(client, inventory))
    await client.query(
      `UPDATE ${qualified('public', table)} t SET ${ident(column)} = m.to_model || ',' || m.new_id
         FROM uplift.moved m WHERE m.from_model = $1 AND t.${ident(column)} = $1 || ',' || m.old_id`,
      [move.fromModel],
    )
}

async function followRelations(client: pg.ClientBase, move: RowMove, inventory: Inventory): Promise<void> {
  for (const { from, fromColumns, to, toColumns } of move.relations ?? []) {
    if (!inventory.hasTable(from)) continue
    await client.query(
      `CREATE TABLE IF NOT EXISTS ${qualified('public', to)} (${ident(toColumns[0])} integer NOT NULL, ${ident(toColumns[1])} integer NOT NULL)`,
    )
    // Its column was changed to the new ids with the foreign keys already.
    await client.query(
      `INSERT INTO ${qualified('public', to)} (${identList(toColumns)}) SELECT ${identList(fromColumns)} FROM ${qualified('public', from)}`,
    )
    await client.query(`DROP TABLE ${qualified('public', from)}`)
  }
}
