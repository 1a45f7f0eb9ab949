import type pg from 'pg'
import { ident, literal, qualified } from '../../postgres/sql.ts'
import { inTransaction } from '../../postgres/transaction.ts'
import { extractSchema } from '../../schema/extract.ts'
import type { Schema } from '../../schema/schema.ts'
import { note } from '../notes.ts'
import {
  type NarrowedColumn,
  type Ownership,
  planSchema,
  type SchemaPlan,
  type SetAside,
  setAsideStatements,
} from './schema-plan.ts'

/**
 * Gives the loaded tables the columns of the target. What the target does not have and the customer does not own
 * goes to schema legacy where it holds data, with a note; empty leftovers go altogether.
 */
export async function alignSchema(
  client: pg.ClientBase,
  target: Schema,
  own: Ownership,
  languages: readonly string[],
  onProgress: (done: number, total: number) => void = () => {},
): Promise<SchemaPlan> {
  await client.query('SET search_path TO public')
  const found = await extractSchema(client)
  const plan = planSchema(found, target, own, languages)
  await inTransaction(client, async () => {
    await dropViews(client, found)
    await dropConstraints(client, found, own)
    for (const batch of batches(plan.sequences, 200)) await client.query(batch.join(';\n'))
    for (const aside of plan.setAside) await setAsideData(client, aside, found)
    for (const column of plan.narrowed) await keepWholeValues(client, column, found)
    let done = 0
    for (const batch of batches(plan.tables.flat(), 50)) {
      await client.query(batch.join(';\n'))
      done += batch.length
      onProgress(done, plan.tables.length)
    }
    await ownSequences(client, target)
  })
  return plan
}

/** Views pin the types of columns; those of the target come back with its constraints, the customer's own are made again. */
async function dropViews(client: pg.ClientBase, found: Schema): Promise<void> {
  const names = Object.entries(found.views).map(
    ([name, view]) =>
      `DROP ${view.materialized ? 'MATERIALIZED ' : ''}VIEW IF EXISTS ${qualified('public', name)} CASCADE`,
  )
  if (names.length > 0) await client.query(names.join(';\n'))
}

/** Checks that stand in the definition of a loaded table are the source's; the target's come when the data is filled. */
async function dropConstraints(client: pg.ClientBase, found: Schema, own: Ownership): Promise<void> {
  const statements = Object.entries(found.tables).flatMap(([table, { constraints, inherits }]) =>
    own.ownsTable(table) || inherits.length > 0
      ? []
      : Object.keys(constraints).map(
          (name) =>
            `ALTER TABLE ${qualified('public', table)} DROP CONSTRAINT IF EXISTS ${ident(name)} CASCADE`,
        ),
  )
  if (statements.length > 0) await client.query(statements.join(';\n'))
}

async function setAsideData(client: pg.ClientBase, aside: SetAside, found: Schema): Promise<void> {
  // Rows of a table that still inherited would go on being rows of its parent.
  if (aside.columns === null)
    for (const parent of found.tables[aside.table]?.inherits ?? [])
      await client.query(
        `ALTER TABLE ${qualified('public', aside.table)} NO INHERIT ${qualified('public', parent)}`,
      )
  const hasId = 'id' in (found.tables[aside.table]?.columns ?? {})
  const { keep, remove } = setAsideStatements(aside, hasId)
  if (keep === null) {
    const { rows } = await client.query<{ filled: boolean }>(
      `SELECT EXISTS (SELECT FROM ${qualified('public', aside.table)}) AS filled`,
    )
    if (!rows[0]!.filled) {
      await client.query(`DROP TABLE ${qualified('public', aside.table)} CASCADE`)
      return
    }
    await client.query(remove)
  } else {
    const { rowCount } = await client.query(keep)
    if (!rowCount) await client.query(`DROP TABLE ${qualified('legacy', aside.keptAs)}`)
    await client.query(remove)
    if (!rowCount) return
  }
  await note(
    client,
    'align',
    'legacy',
    `SELECT ${literal(aside.table)}, 'kept in schema legacy',
            jsonb_build_object('table', ${literal(aside.keptAs)}, 'columns', $1::jsonb, 'rows', (SELECT count(*) FROM ${qualified('legacy', aside.keptAs)}))`,
    [JSON.stringify(aside.columns)],
  )
}

/** Values that the target's column cuts off are kept whole, by id where the table has one. */
async function keepWholeValues(
  client: pg.ClientBase,
  { table, column, from, to, condition, keptAs }: NarrowedColumn,
  found: Schema,
): Promise<void> {
  const key = 'id' in (found.tables[table]?.columns ?? {}) && column !== 'id' ? 'id, ' : ''
  const { rowCount } = await client.query(
    `CREATE TABLE ${qualified('legacy', keptAs)} AS SELECT ${key}${ident(column)} FROM ${qualified('public', table)} WHERE ${condition}`,
  )
  if (!rowCount) await client.query(`DROP TABLE ${qualified('legacy', keptAs)}`)
  else
    await note(
      client,
      'align',
      'legacy',
      `SELECT $1::text, 'kept whole in schema legacy',
              jsonb_build_object('table', $2::text, 'columns', jsonb_build_array($3::text), 'rows', $4::int, 'because', $5::text)`,
      [
        `${table}.${column}`,
        keptAs,
        column,
        rowCount,
        `${to} of the target does not hold these values of ${from} whole`,
      ],
    )
}

async function ownSequences(client: pg.ClientBase, target: Schema): Promise<void> {
  const statements = Object.entries(target.sequences).flatMap(([name, { ownedBy }]) => {
    if (ownedBy === null) return []
    const dot = ownedBy.indexOf('.')
    return [
      `ALTER SEQUENCE ${qualified('public', name)} OWNED BY ${qualified('public', ownedBy.slice(0, dot))}.${ident(ownedBy.slice(dot + 1))}`,
    ]
  })
  for (const batch of batches(statements, 200)) await client.query(batch.join(';\n'))
}

function* batches<T>(all: readonly T[], size: number): Generator<T[]> {
  for (let start = 0; start < all.length; start += size) yield all.slice(start, start + size)
}
