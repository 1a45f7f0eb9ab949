import type pg from 'pg'
import { naturalKeys } from '../../../odoo/technical.ts'
import { ident, literal, qualified } from '../../../postgres/sql.ts'
import { parseKey } from '../../../schema/definitions.ts'
import type { Inventory } from '../../../schema/inventory.ts'
import type { Schema } from '../../../schema/schema.ts'
import { note } from '../../notes.ts'
import type { Relation } from './relations.ts'

/** Tables that share one row space with their parent: ids are unique across them. */
const ACTIONS = 'ir_actions'

export interface MapInput {
  schema: Schema
  relations: readonly Relation[]
  /** Tables of schema ref that are there. */
  reference: Inventory
  /** Tables of the customer's database after the alignment of its schema. */
  customer: Inventory
}

/**
 * Gives every row of the reference that the result needs its id in the customer's database: by xmlid, then by key,
 * then a new one. Rows of the reference that have no xmlid come along only with rows that are new themselves.
 */
export async function buildIdMap(client: pg.ClientBase, input: MapInput): Promise<void> {
  await mapByXmlid(client, input)
  await mapByKeys(client, input, false)
  await mapByKeys(client, input, true)
  await collectWanted(client, input)
  await assignNewIds(client, input)
  await client.query('ANALYZE uplift.id_map')
}

async function mapByXmlid(client: pg.ClientBase, { customer }: MapInput): Promise<void> {
  await client.query(`
    INSERT INTO uplift.id_map
    SELECT DISTINCT ON (e.tbl, e.ref_id) e.tbl, e.ref_id, d.res_id, 'xmlid'
      FROM uplift.expected e
      JOIN public.ir_model_data d ON d.module = e.module AND d.name = e.name AND d.model = e.model
     WHERE e.tbl IS NOT NULL AND e.ref_id > 0 AND d.res_id > 0
     ORDER BY e.tbl, e.ref_id, d.res_id`)
  const { rows } = await client.query<{ tbl: string }>('SELECT DISTINCT tbl FROM uplift.id_map')
  // An xmlid whose record was deleted identifies nothing any more.
  const checks = rows.map(({ tbl }) =>
    customer.has(tbl, 'id')
      ? `DELETE FROM uplift.id_map m WHERE m.tbl = ${literal(tbl)} AND NOT EXISTS (SELECT FROM ${qualified('public', tbl)} t WHERE t.id = m.id)`
      : `DELETE FROM uplift.id_map m WHERE m.tbl = ${literal(tbl)}`,
  )
  if (checks.length > 0) await client.query(checks.join(';\n'))
  await keepOnePerRecord(client)
}

/** Two xmlids of the reference may name one record of the customer: the first stays with it, the other gets its own. */
async function keepOnePerRecord(client: pg.ClientBase): Promise<void> {
  await client.query(`
    DELETE FROM uplift.id_map m
     USING (SELECT tbl, ref_id, row_number() OVER (PARTITION BY tbl, id ORDER BY origin DESC, ref_id) AS nth FROM uplift.id_map) d
     WHERE d.tbl = m.tbl AND d.ref_id = m.ref_id AND d.nth > 1`)
}

/** Keys of one kind: those without references, and those that need the ids of the first kind. */
async function mapByKeys(client: pg.ClientBase, input: MapInput, withReferences: boolean): Promise<void> {
  const target = new Map(
    input.relations.map((relation) => [`${relation.table}.${relation.column}`, relation.target]),
  )
  const statements: string[] = []
  for (const [table, columns] of uniqueKeys(input)) {
    const hasReference = columns.some((column) => target.has(`${table}.${column}`))
    if (hasReference !== withReferences) continue
    const same = columns.map((column) => {
      const other = target.get(`${table}.${column}`)
      const wanted = other
        ? `(SELECT k.id FROM uplift.id_map k WHERE k.tbl = ${literal(other)} AND k.ref_id = r.${ident(column)})`
        : `r.${ident(column)}`
      // NULLs are no key, but a shared record (no company, no user) is known by the rest of it.
      return other && columns.length > 1
        ? `(t.${ident(column)} = ${wanted} OR (t.${ident(column)} IS NULL AND r.${ident(column)} IS NULL))`
        : `t.${ident(column)} = ${wanted}`
    })
    statements.push(`
      INSERT INTO uplift.id_map
      SELECT DISTINCT ON (r.id) ${literal(table)}, r.id, t.id, 'key'
        FROM ${qualified('ref', table)} r JOIN ${qualified('public', table)} t ON ${same.join(' AND ')}
       WHERE NOT EXISTS (SELECT FROM uplift.id_map m WHERE m.tbl = ${literal(table)} AND m.ref_id = r.id)
         AND NOT EXISTS (SELECT FROM uplift.id_map m WHERE m.tbl = ${literal(table)} AND m.id = t.id)
       ORDER BY r.id, t.id
      ON CONFLICT DO NOTHING`)
  }
  if (statements.length > 0)
    await client.query(
      ['CREATE INDEX IF NOT EXISTS id_map_id ON uplift.id_map (tbl, id)', ...statements].join(';\n'),
    )
  await keepOnePerRecord(client)
}

function* uniqueKeys({ schema, reference, customer }: MapInput): Generator<[string, readonly string[]]> {
  const usable = (table: string, columns: readonly string[]) =>
    columns.every((column) => reference.has(table, column) && customer.has(table, column)) &&
    !columns.includes('id')
  for (const table of reference.tables()) {
    if (!reference.has(table, 'id') || !customer.has(table, 'id')) continue
    const natural = naturalKeys[table]
    if (natural && usable(table, natural)) yield [table, natural]
    for (const { kind, definition } of Object.values(schema.tables[table]?.constraints ?? {})) {
      const columns = kind === 'unique' ? parseKey(definition) : null
      if (columns && usable(table, columns)) yield [table, columns]
    }
  }
}

/** Rows that have to be made: those with an xmlid, what they point to, and what belongs to them. */
async function collectWanted(
  client: pg.ClientBase,
  { relations, reference, customer, schema }: MapInput,
): Promise<void> {
  const { rows } = await client.query<{ tbl: string }>(
    'SELECT DISTINCT tbl FROM uplift.expected WHERE tbl IS NOT NULL AND ref_id > 0',
  )
  const insertable = (table: string) =>
    table !== 'ir_model_data' &&
    reference.has(table, 'id') &&
    customer.has(table, 'id') &&
    schema.tables[table] !== undefined
  const named = rows.map(({ tbl }) => tbl).filter(insertable)
  const free = (table: string, id: string) =>
    `NOT EXISTS (SELECT FROM uplift.id_map m WHERE m.tbl = ${literal(table)} AND m.ref_id = ${id})`
  if (named.length > 0)
    await client.query(
      named
        .map(
          (table) => `
      INSERT INTO uplift.wanted
      SELECT DISTINCT ${literal(table)}, e.ref_id FROM uplift.expected e JOIN ${qualified('ref', table)} r ON r.id = e.ref_id
       WHERE e.tbl = ${literal(table)} AND ${free(table, 'e.ref_id')} ON CONFLICT DO NOTHING`,
        )
        .join(';\n'),
    )
  await client.query(
    'DELETE FROM uplift.wanted w USING uplift.id_map m WHERE m.tbl = w.tbl AND m.ref_id = w.ref_id',
  )
  await collectForeign(client)
  const own = (table: string, id: string) =>
    `NOT EXISTS (SELECT FROM uplift.foreign_row f WHERE f.tbl = ${literal(table)} AND f.ref_id = ${id})`
  const known = relations.filter(
    ({ table, target, column }) => insertable(table) && insertable(target) && reference.has(table, column),
  )
  await dropWithoutHold(client, known)
  for (let round = 0; round < 12; round++) {
    const { rows: filled } = await client.query<{ tbl: string }>('SELECT DISTINCT tbl FROM uplift.wanted')
    const wanted = new Set(filled.map(({ tbl }) => tbl))
    const statements = known.flatMap(({ table, column, target, onDelete, required }) => {
      const found: string[] = []
      const [from, to, c] = [qualified('ref', table), qualified('ref', target), ident(column)]
      if (wanted.has(table))
        found.push(`
          INSERT INTO uplift.wanted
          SELECT DISTINCT ${literal(target)}, t.id
            FROM uplift.wanted w JOIN ${from} r ON w.tbl = ${literal(table)} AND r.id = w.ref_id JOIN ${to} t ON t.id = r.${c}
           WHERE ${free(target, 't.id')} AND ${own(target, 't.id')} ON CONFLICT DO NOTHING`)
      if (wanted.has(target) && (required || onDelete === 'cascade') && !column.endsWith('_uid'))
        found.push(`
          INSERT INTO uplift.wanted
          SELECT DISTINCT ${literal(table)}, r.id
            FROM uplift.wanted w JOIN ${from} r ON w.tbl = ${literal(target)} AND r.${c} = w.ref_id
           WHERE ${free(table, 'r.id')} AND ${own(table, 'r.id')} ON CONFLICT DO NOTHING`)
      return found
    })
    let added = 0
    if (statements.length > 0) {
      const results = (await client.query(statements.join(';\n'))) as unknown as
        | pg.QueryResult
        | pg.QueryResult[]
      for (const result of Array.isArray(results) ? results : [results]) added += result.rowCount ?? 0
    }
    if (added === 0) break
  }
  await dropWithoutHold(client, known)
}

/** Rows of the reference that only modules bring which the customer does not have: nothing leads to them. */
async function collectForeign(client: pg.ClientBase): Promise<void> {
  await client.query(`
    DROP TABLE IF EXISTS uplift.foreign_row;
    CREATE UNLOGGED TABLE uplift.foreign_row AS
    SELECT t.tbl, d.res_id AS ref_id
      FROM ref.ir_model_data d
      JOIN uplift.model_table t ON t.model = d.model
      LEFT JOIN uplift.module o ON o.name = d.module AND o.kind = 'target'
     WHERE d.res_id > 0
     GROUP BY 1, 2 HAVING bool_and(o.name IS NULL);
    CREATE UNIQUE INDEX ON uplift.foreign_row (tbl, ref_id);
    ANALYZE uplift.foreign_row`)
}

/** Rows without a name that cannot be without one of those, such as constraints of a model of another module. */
async function dropWithoutHold(client: pg.ClientBase, relations: readonly Relation[]): Promise<void> {
  const { rows } = await client.query<{ tbl: string }>('SELECT DISTINCT tbl FROM uplift.wanted')
  const wanted = new Set(rows.map(({ tbl }) => tbl))
  const statements = relations
    .filter(({ table, column, required }) => required && wanted.has(table) && !column.endsWith('_uid'))
    .map(
      ({ table, column, target }) => `
      DELETE FROM uplift.wanted w
       USING ${qualified('ref', table)} r JOIN uplift.foreign_row f ON f.tbl = ${literal(target)} AND f.ref_id = r.${ident(column)}
       WHERE w.tbl = ${literal(table)} AND w.ref_id = r.id
         AND NOT EXISTS (SELECT FROM uplift.expected e WHERE e.tbl = w.tbl AND e.ref_id = w.ref_id)`,
    )
  if (statements.length > 0) await client.query(statements.join(';\n'))
}

async function assignNewIds(client: pg.ClientBase, { schema }: MapInput): Promise<void> {
  const { rows } = await client.query<{ tbl: string; n: number }>(
    'SELECT tbl, count(*)::int AS n FROM uplift.wanted GROUP BY tbl',
  )
  const isAction = (table: string) => schema.tables[table]?.inherits.includes(ACTIONS) ?? false
  const statements = rows
    .filter(({ tbl }) => !isAction(tbl))
    .map(({ tbl }) =>
      newIds(tbl, `w.tbl = ${literal(tbl)}`, qualified('public', tbl), `${tbl}_id_seq`, schema),
    )
  const actions = rows.filter(({ tbl }) => isAction(tbl)).map(({ tbl }) => literal(tbl))
  if (actions.length > 0)
    statements.push(
      newIds(
        null,
        `w.tbl IN (${actions.join(', ')})`,
        qualified('public', ACTIONS),
        `${ACTIONS}_id_seq`,
        schema,
      ),
    )
  if (statements.length > 0) await client.query(statements.join(';\n'))
  // A reference to any action by its parent table.
  const children = Object.entries(schema.tables).flatMap(([name, table]) =>
    table.inherits.includes(ACTIONS) ? [literal(name)] : [],
  )
  if (children.length > 0)
    await client.query(`
      INSERT INTO uplift.id_map SELECT ${literal(ACTIONS)}, ref_id, id, origin FROM uplift.id_map
       WHERE tbl IN (${children.join(', ')}) ON CONFLICT DO NOTHING`)
  await note(
    client,
    'align',
    'module data',
    `SELECT tbl, 'added', jsonb_build_object('rows', count(*)) FROM uplift.id_map WHERE origin = 'new' AND tbl <> ${literal(ACTIONS)} GROUP BY tbl ORDER BY tbl`,
  )
}

function newIds(
  table: string | null,
  wanted: string,
  rows: string,
  sequence: string,
  schema: Schema,
): string {
  const last = schema.sequences[sequence] ? `(SELECT last_value FROM ${qualified('public', sequence)})` : '0'
  return `
    INSERT INTO uplift.id_map
    SELECT ${table === null ? 'w.tbl' : literal(table)}, w.ref_id,
           greatest((SELECT coalesce(max(id), 0) FROM ${rows}), ${last}) + row_number() OVER (ORDER BY w.tbl, w.ref_id), 'new'
      FROM uplift.wanted w WHERE ${wanted}`
}
