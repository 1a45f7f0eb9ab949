import type pg from 'pg'
import { technicalTables } from '../../../odoo/technical.ts'
import { ident, identList, literal, qualified } from '../../../postgres/sql.ts'
import type { Inventory } from '../../../schema/inventory.ts'
import { note } from '../../notes.ts'
import type { Expressions } from './expressions.ts'
import { liftRequired } from './lifted.ts'

/** Who and when wrote a row is the customer's history, not the reference's. */
const historyColumns = new Set(['id', 'create_uid', 'create_date', 'write_uid', 'write_date'])

export interface RowsInput {
  reference: Inventory
  customer: Inventory
  expressions: Expressions
  /** Columns that the source did not have: [table, column]. */
  added: readonly [string, string][]
}

/** Inserts the new rows, one statement a table. */
export async function insertRows(client: pg.ClientBase, input: RowsInput): Promise<void> {
  const tables = await tablesWith(client, `origin = 'new' AND tbl <> 'ir_actions'`)
  await liftRequired(client, input.reference, tables)
  const statements = tables.map((table) => {
    const columns = sharedColumns(input, table)
    const set = new Set(columns)
    const values = columns.map((column) =>
      column === 'id' ? 'n.id' : input.expressions.of(table, column, set),
    )
    return `
      INSERT INTO ${qualified('public', table)} (${identList(columns)})
      SELECT ${values.join(', ')} FROM uplift.id_map n JOIN ONLY ${qualified('ref', table)} r ON r.id = n.ref_id
       WHERE n.tbl = ${literal(table)} AND n.origin = 'new'`
  })
  if (statements.length > 0) await client.query(statements.join(';\n'))
}

/**
 * Gives the records that modules own the content of the target: records with an xmlid that is not noupdate, on either
 * side, in technical tables. What the customer changed in one of them is kept before it is overwritten.
 */
export async function updateRows(client: pg.ClientBase, input: RowsInput): Promise<void> {
  await client.query(`
    CREATE UNLOGGED TABLE uplift.followed AS
    SELECT DISTINCT e.tbl, e.ref_id, m.id
      FROM uplift.expected e
      JOIN uplift.id_map m ON m.tbl = e.tbl AND m.ref_id = e.ref_id AND m.origin <> 'new'
      LEFT JOIN public.ir_model_data d ON d.module = e.module AND d.name = e.name
     WHERE (NOT e.noupdate AND NOT coalesce(d.noupdate, false)) OR e.tbl IN ('ir_module_module', 'ir_model', 'ir_model_fields');
    CREATE UNIQUE INDEX ON uplift.followed (tbl, id);
    ANALYZE uplift.followed`)
  await keepCustomised(client, input)
  const { rows } = await client.query<{ tbl: string }>('SELECT DISTINCT tbl FROM uplift.followed')
  const statements = rows
    .filter(({ tbl }) => technicalTables.has(tbl))
    .map(({ tbl }) => {
      const columns = sharedColumns(input, tbl).filter((column) => !historyColumns.has(column))
      const set = new Set(columns)
      const names = columns.map(ident)
      const values = columns.map((column) => `${followedValue(input, tbl, column, set)} AS ${ident(column)}`)
      return `
      UPDATE ONLY ${qualified('public', tbl)} t SET (${names.join(', ')}) = ROW(${names.map((name) => `s.${name}`).join(', ')})
        FROM (SELECT f.id AS own_id, ${values.join(', ')}
                FROM uplift.followed f JOIN ONLY ${qualified('ref', tbl)} r ON r.id = f.ref_id
                JOIN ONLY ${qualified('public', tbl)} c ON c.id = f.id
               WHERE f.tbl = ${literal(tbl)}) s
       WHERE t.id = s.own_id AND (${names.map((name) => `t.${name}`).join(', ')}) IS DISTINCT FROM (${names.map((name) => `s.${name}`).join(', ')})`
    })
  if (statements.length > 0) await client.query(statements.join(';\n'))
}

/**
 * A translated text keeps the customer's languages that the reference lacks; the arch of a view does not, it has to be of one
 * version. A reference to a record of a module that the customer does not have leaves his own value in place.
 */
function followedValue(
  input: RowsInput,
  table: string,
  column: string,
  columns: ReadonlySet<string>,
): string {
  const value = input.expressions.of(table, column, columns)
  if (value !== `r.${ident(column)}`)
    return `CASE WHEN r.${ident(column)} IS NOT NULL THEN coalesce(${value}, c.${ident(column)}) END`
  const translated = input.customer.typeOf(table, column) === 'jsonb' && !column.startsWith('arch')
  return translated && input.reference.typeOf(table, column) === 'jsonb'
    ? `CASE WHEN jsonb_typeof(c.${ident(column)}) = 'object' AND jsonb_typeof(${value}) = 'object' THEN c.${ident(column)} || ${value} ELSE ${value} END`
    : value
}

/** Views of modules that were edited after their module wrote them: the old arch is kept and named. */
async function keepCustomised(client: pg.ClientBase, { customer }: RowsInput): Promise<void> {
  const arch = customer.has('ir_ui_view', 'arch_db') ? 'arch_db' : 'arch'
  const edited = customer.has('ir_ui_view', 'arch_updated')
    ? 'coalesce(v.arch_updated, false)'
    : `v.write_date > coalesce(d.date_update, d.write_date, d.create_date) + interval '1 minute'`
  if (!customer.has('ir_ui_view', arch)) return
  await client.query(`
    CREATE TABLE legacy.ir_ui_view_customised AS
    SELECT v.id, d.module || '.' || d.name AS xmlid, v.name, v.model, v.${ident(arch)} AS arch, v.write_date, v.write_uid
      FROM uplift.followed f
      JOIN public.ir_ui_view v ON v.id = f.id
      JOIN public.ir_model_data d ON d.model = 'ir.ui.view' AND d.res_id = v.id
      JOIN uplift.module o ON o.name = d.module AND o.kind = 'target'
       AND NOT (d.module = 'base' AND d.name = 'user_groups_view') -- the program itself writes that one anew all the time
     WHERE f.tbl = 'ir_ui_view' AND ${edited}`)
  const kept = await note(
    client,
    'align',
    'view',
    `SELECT xmlid, 'a standard view that was edited took the target''s content; the former arch is kept',
            jsonb_build_object('id', id, 'model', model, 'arch', arch, 'table', 'legacy.ir_ui_view_customised') FROM legacy.ir_ui_view_customised ORDER BY id`,
  )
  if (kept === 0) await client.query('DROP TABLE legacy.ir_ui_view_customised')
}

/**
 * Columns that the source did not have, on records that the reference has too and that were not updated as a whole:
 * they take the fresh value, which is what the field's default gives.
 */
export async function fillAddedColumns(client: pg.ClientBase, input: RowsInput): Promise<void> {
  const byTable = Map.groupBy(input.added, ([table]) => table)
  const mapped = new Set(await tablesWith(client, `origin <> 'new'`))
  const statements: string[] = []
  for (const [table, entries] of byTable) {
    if (!mapped.has(table)) continue
    const columns = entries
      .map(([, column]) => column)
      .filter((column) => input.reference.has(table, column) && !historyColumns.has(column))
    if (columns.length === 0) continue
    const set = new Set(input.reference.columns(table))
    statements.push(`
      UPDATE ONLY ${qualified('public', table)} t SET ${columns.map((column) => `${ident(column)} = coalesce(t.${ident(column)}, s.${ident(column)})`).join(', ')}
        FROM (SELECT m.id AS own_id, ${columns.map((column) => `${input.expressions.of(table, column, set)} AS ${ident(column)}`).join(', ')}
                FROM uplift.id_map m JOIN ONLY ${qualified('ref', table)} r ON r.id = m.ref_id
               WHERE m.tbl = ${literal(table)} AND m.origin <> 'new') s
       WHERE t.id = s.own_id`)
  }
  if (statements.length > 0) await client.query(statements.join(';\n'))
}

function sharedColumns({ reference, customer }: RowsInput, table: string): string[] {
  return reference.columns(table).filter((column) => customer.has(table, column))
}

async function tablesWith(client: pg.ClientBase, condition: string): Promise<string[]> {
  const { rows } = await client.query<{ tbl: string }>(
    `SELECT DISTINCT tbl FROM uplift.id_map WHERE ${condition} ORDER BY tbl`,
  )
  return rows.map(({ tbl }) => tbl)
}
