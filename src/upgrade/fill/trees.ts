import type pg from 'pg'
import { ident, literal, qualified } from '../../postgres/sql.ts'
import type { Inventory } from '../../schema/inventory.ts'
import type { Relation } from '../align/data/relations.ts'

/**
 * Trees whose shape is stored beside the parent: nested sets (parent_left, parent_right, until 12.0) and paths
 * (parent_path, from 12.0 on). Rows that came or moved make the stored shape wrong; it is computed anew from the parents.
 */
export async function rebuildTrees(
  client: pg.ClientBase,
  relations: readonly Relation[],
  customer: Inventory,
): Promise<void> {
  for (const { table, column, target } of relations) {
    if (table !== target || !isParent(table, column, relations)) continue
    if (customer.has(table, 'parent_path') && (await hasNewRows(client, table, 'parent_path')))
      await rebuildPaths(client, table, column)
    if (
      customer.has(table, 'parent_left') &&
      customer.has(table, 'parent_right') &&
      (await hasNewRows(client, table, 'parent_left'))
    )
      await rebuildNestedSets(client, table, column)
  }
}

/** Most trees hang on parent_id; a location hangs on its location. */
function isParent(table: string, column: string, relations: readonly Relation[]): boolean {
  if (column === 'parent_id') return true
  return (
    column === 'location_id' &&
    !relations.some((other) => other.table === table && other.column === 'parent_id')
  )
}

async function hasNewRows(client: pg.ClientBase, table: string, stored: string): Promise<boolean> {
  const { rows } = await client.query<{ found: boolean }>(
    `SELECT EXISTS (SELECT FROM uplift.id_map WHERE tbl = ${literal(table)}) OR EXISTS (SELECT FROM ${qualified('public', table)} WHERE ${ident(stored)} IS NULL) AS found`,
  )
  return rows[0]!.found
}

async function rebuildPaths(client: pg.ClientBase, table: string, parent: string): Promise<void> {
  const t = qualified('public', table)
  await client.query(`
    WITH RECURSIVE tree AS (
      SELECT id, id || '/' AS path FROM ${t} WHERE ${ident(parent)} IS NULL
      UNION ALL
      SELECT c.id, tree.path || c.id || '/' FROM ${t} c JOIN tree ON c.${ident(parent)} = tree.id
    )
    UPDATE ${t} t SET parent_path = tree.path FROM tree WHERE tree.id = t.id AND t.parent_path IS DISTINCT FROM tree.path`)
}

/**
 * In preorder, counted from 0, the n-th row at depth d with s rows below and including it has left = 2n − d and
 * right = left + 2s − 1. Rows that had a place keep their order among their siblings.
 */
async function rebuildNestedSets(client: pg.ClientBase, table: string, parent: string): Promise<void> {
  const t = qualified('public', table)
  await client.query(`
    WITH RECURSIVE tree AS (
      SELECT id, ARRAY[coalesce(parent_left, 2147483647), id] AS place, 0 AS depth, ARRAY[id] AS above
        FROM ${t} WHERE ${ident(parent)} IS NULL
      UNION ALL
      SELECT c.id, tree.place || ARRAY[coalesce(c.parent_left, 2147483647), c.id], tree.depth + 1, tree.above || c.id
        FROM ${t} c JOIN tree ON c.${ident(parent)} = tree.id
    ), numbered AS (
      SELECT id, depth, above, row_number() OVER (ORDER BY place) - 1 AS n FROM tree
    ), sizes AS (
      SELECT a.id, count(*) AS s FROM numbered, unnest(above) AS a (id) GROUP BY a.id
    )
    UPDATE ${t} t SET parent_left = 2 * n.n - n.depth, parent_right = 2 * n.n - n.depth + 2 * z.s - 1
      FROM numbered n JOIN sizes z USING (id)
     WHERE n.id = t.id
       AND (t.parent_left, t.parent_right) IS DISTINCT FROM ((2 * n.n - n.depth)::integer, (2 * n.n - n.depth + 2 * z.s - 1)::integer)`)
}
