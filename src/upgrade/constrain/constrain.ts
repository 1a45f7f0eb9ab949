import type pg from 'pg'
import { ident, literal, qualified } from '../../postgres/sql.ts'
import type { Schema } from '../../schema/schema.ts'
import { stillMissing } from './missing.ts'
import { type SingleStatement, singleStatements, type TableWork, tableWork } from './statements.ts'
import { describeViolation, type Violation } from './violations.ts'

/** Statements sent in one go: few enough that a failure is found again quickly, many enough that the way costs little. */
const BATCH = 25

/** From this size on, in bytes, the foreign keys of a table are validated in parallel. */
const LARGE = 16 * 2 ** 20

export interface ConstrainOptions {
  onProgress?: (done: number, total: number) => void
  /** Bytes from which on a table counts as large. */
  large?: number | undefined
  /** A former try broke off in the middle: what it put in place stays. */
  resumed?: boolean
}

/**
 * Puts the target's constraints, indexes, views and sequences on the filled tables, over several connections. Gives
 * the violations, with their rows; whatever could be put in place is.
 */
export async function constrain(
  clients: readonly pg.ClientBase[],
  whole: Schema,
  { onProgress = () => {}, large = LARGE, resumed = false }: ConstrainOptions = {},
): Promise<Violation[]> {
  for (const client of clients) await client.query('SET search_path TO public')
  const schema = resumed ? await stillMissing(clients[0]!, whole) : whole
  const work = tableWork(schema)
  const violations: Violation[] = []
  const total = work.length * 2
  let done = 0
  const advance = (tables: number) => {
    done += tables
    onProgress(done, total)
  }
  const sizes = await tableSizes(clients[0]!)
  const size = (table: string) => sizes.get(table) ?? 0
  const isLarge = (table: string) => size(table) > large
  // Tables one by one, so that a connection has all of a table; the children of a table with its parent.
  await overConnections(clients, groupsOf(work, schema, { size, isLarge }), async (client, group) => {
    const statements = group.flatMap(({ rows, indexes }) => [...(rows ? [rows] : []), ...indexes])
    if (!(await succeeds(client, statements)))
      for (const item of group) violations.push(...(await oneByOne(client, schema, item, OWN)))
    advance(group.length)
  })
  await addForeignKeys(clients, work, schema, { size, isLarge, violations, onDone: advance })
  const first = clients[0]!
  violations.push(...(await createViews(first, schema)))
  await advanceSequences(first, schema)
  return violations
}

const OWN = new Set(['not null', 'primary', 'unique', 'check', 'exclude', 'index'])
const FOREIGN = new Set(['foreign'])

/**
 * A foreign key locks both of its tables while it is added, and nearly every table names res_users: several
 * connections would only wait for each other. So one connection adds them; those of large tables are added NOT VALID,
 * which reads no row, and then validated over all connections, which does not lock.
 */
async function addForeignKeys(
  clients: readonly pg.ClientBase[],
  work: readonly TableWork[],
  schema: Schema,
  {
    size,
    isLarge,
    violations,
    onDone,
  }: Sizes & { violations: Violation[]; onDone: (tables: number) => void },
): Promise<void> {
  const first = clients[0]!
  const withKeys = work.filter(({ foreignKeys }) => foreignKeys !== null)
  const { large = [], small = [] } = Object.groupBy(withKeys, ({ table }) =>
    isLarge(table) ? 'large' : 'small',
  )
  for (let start = 0; start < small.length; start += BATCH) {
    const batch = small.slice(start, start + BATCH)
    if (
      !(await succeeds(
        first,
        batch.map(({ foreignKeys }) => foreignKeys!),
      ))
    )
      for (const item of batch)
        if (!(await succeeds(first, [item.foreignKeys!])))
          violations.push(...(await oneByOne(first, schema, item, FOREIGN)))
    onDone(batch.length)
  }
  const keys = large.flatMap(({ table }) =>
    singleStatements(table, schema.tables[table]!, FOREIGN).map((key) => ({ table, ...key })),
  )
  const added: typeof keys = []
  for (const key of keys)
    if (await attempt(first, key.table, { ...key, statement: `${key.statement} NOT VALID` }, violations))
      added.push(key)
  // Two validations of one table wait for each other.
  const byTable = [...Map.groupBy(added, ({ table }) => table).entries()]
  byTable.sort(([a], [b]) => size(b) - size(a))
  await overConnections(clients, byTable, async (client, [table, own]) => {
    const alter = `ALTER TABLE ${qualified('public', table)}`
    for (const key of own) {
      const statement = `${alter} VALIDATE CONSTRAINT ${ident(key.name)}`
      if (!(await attempt(client, table, { ...key, statement }, violations)))
        await client.query(`${alter} DROP CONSTRAINT ${ident(key.name)}`)
    }
  })
  onDone(large.length)
}

interface Sizes {
  /** Bytes of a table's rows. */
  size: (table: string) => number
  isLarge: (table: string) => boolean
}

async function tableSizes(client: pg.ClientBase): Promise<Map<string, number>> {
  const { rows } = await client.query<{ table: string; bytes: string }>(
    `SELECT relname AS table, pg_relation_size(oid) AS bytes FROM pg_class WHERE relnamespace = 'public'::regnamespace AND relkind = 'r'`,
  )
  return new Map(rows.map(({ table, bytes }) => [table, Number(bytes)]))
}

/**
 * Large tables by themselves, the largest first, so that no connection is left alone with them at the end; then a handful
 * of tables each. A table that inherits goes with its parent, because both are locked together.
 */
function groupsOf(work: readonly TableWork[], schema: Schema, { size, isLarge }: Sizes): TableWork[][] {
  const root = (table: string): string => {
    const parent = schema.tables[table]?.inherits[0]
    return parent ? root(parent) : table
  }
  const families = Object.groupBy([...Map.groupBy(work, ({ table }) => root(table)).values()], (family) =>
    family.some(({ table }) => isLarge(table)) ? 'large' : 'small',
  )
  const bytes = (family: readonly TableWork[]) => family.reduce((sum, { table }) => sum + size(table), 0)
  const groups: TableWork[][] = []
  for (const family of families.small ?? []) {
    const last = groups.at(-1)
    if (last && last.length + family.length <= BATCH) last.push(...family)
    else groups.push([...family])
  }
  return [...(families.large ?? []).toSorted((a, b) => bytes(b) - bytes(a)), ...groups]
}

async function overConnections<T>(
  clients: readonly pg.ClientBase[],
  items: readonly T[],
  work: (client: pg.ClientBase, item: T) => Promise<void>,
): Promise<void> {
  let next = 0
  await Promise.all(
    clients.map(async (client) => {
      for (let item = items[next++]; item !== undefined; item = items[next++]) await work(client, item)
    }),
  )
}

/** Several statements in one go are one transaction: all of them are in place, or none. */
async function succeeds(client: pg.ClientBase, statements: readonly string[]): Promise<boolean> {
  if (statements.length === 0) return true
  try {
    await client.query(statements.join(';\n'))
    return true
  } catch {
    return false
  }
}

async function oneByOne(
  client: pg.ClientBase,
  schema: Schema,
  { table }: TableWork,
  kinds: ReadonlySet<string>,
): Promise<Violation[]> {
  const violations: Violation[] = []
  for (const single of singleStatements(table, schema.tables[table]!, kinds))
    await attempt(client, table, single, violations)
  return violations
}

/** Whether a constraint could be put in place; what breaks it goes to `violations`. */
async function attempt(
  client: pg.ClientBase,
  table: string,
  { name, definition, statement }: SingleStatement,
  violations: Violation[],
): Promise<boolean> {
  try {
    await client.query(statement)
    return true
  } catch (thrown) {
    violations.push(await describeViolation(client, table, name, definition, thrown))
    return false
  }
}

/** Views may build on each other: what fails for want of another is tried again after it. */
async function createViews(client: pg.ClientBase, schema: Schema): Promise<Violation[]> {
  let waiting = Object.entries(schema.views).map(([name, { definition, materialized }]) => ({
    name,
    definition,
    statement: `CREATE ${materialized ? 'MATERIALIZED ' : ''}VIEW ${qualified('public', name)} AS ${definition}`,
  }))
  for (;;) {
    const violations: Violation[] = []
    const failed: typeof waiting = []
    for (const view of waiting) if (!(await attempt(client, view.name, view, violations))) failed.push(view)
    if (failed.length === 0 || failed.length === waiting.length) return violations
    waiting = failed
  }
}

/** No sequence may give an id that is taken; none goes back either, so that a deleted record's id is not given again. */
async function advanceSequences(client: pg.ClientBase, schema: Schema): Promise<void> {
  const owned = Object.entries(schema.sequences).flatMap(([name, { ownedBy }]) => {
    if (ownedBy === null) return []
    const dot = ownedBy.indexOf('.')
    const sequence = qualified('public', name)
    const column = `${qualified('public', ownedBy.slice(0, dot))}`
    return [
      `SELECT setval(${literal(sequence)}, greatest((SELECT last_value FROM ${sequence}), (SELECT coalesce(max(${ident(ownedBy.slice(dot + 1))}), 0) FROM ${column}), 1),
         (SELECT is_called FROM ${sequence}) OR EXISTS (SELECT FROM ${column}))`,
    ]
  })
  for (let start = 0; start < owned.length; start += 100)
    await client.query(owned.slice(start, start + 100).join(';\n'))
}
