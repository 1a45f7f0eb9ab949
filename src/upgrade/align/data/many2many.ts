import type pg from 'pg'
import { technicalTables } from '../../../odoo/technical.ts'
import { ident, identList, literal, qualified } from '../../../postgres/sql.ts'
import type { Inventory } from '../../../schema/inventory.ts'
import type { Relation } from './relations.ts'

/**
 * Many-to-many rows: what the reference has between rows of the result is added where one side is new or where modules
 * own both sides; what modules owned and the target no longer has is removed. Links with the customer's own records stay.
 */
export async function alignMany2many(
  client: pg.ClientBase,
  relations: readonly Relation[],
  reference: Inventory,
  customer: Inventory,
): Promise<void> {
  const statements: string[] = []
  for (const [table, sides] of Map.groupBy(relations, (relation) => relation.table)) {
    if (
      customer.has(table, 'id') ||
      sides.length !== 2 ||
      !reference.hasTable(table) ||
      !customer.hasTable(table)
    )
      continue
    if (!sides.every(({ column }) => reference.has(table, column) && customer.has(table, column))) continue
    const [left, right] = ordered(sides as [Relation, Relation])
    const owned = technicalTables.has(left.target) && technicalTables.has(right.target)
    const pair = identList([left.column, right.column])
    const [l, r] = [ident(left.column), ident(right.column)]
    if (owned)
      statements.push(`
      DELETE FROM ${qualified('public', table)} t
       USING uplift.id_map a, uplift.id_map b
       WHERE a.tbl = ${literal(left.target)} AND a.id = t.${l} AND b.tbl = ${literal(right.target)} AND b.id = t.${r}
         AND EXISTS (SELECT FROM uplift.followed f WHERE f.tbl = a.tbl AND f.id = a.id)
         AND NOT EXISTS (SELECT FROM ${qualified('ref', table)} x WHERE x.${l} = a.ref_id AND x.${r} = b.ref_id)`)
    statements.push(`
      INSERT INTO ${qualified('public', table)} (${pair})
      SELECT DISTINCT a.id, b.id
        FROM ${qualified('ref', table)} x
        JOIN uplift.id_map a ON a.tbl = ${literal(left.target)} AND a.ref_id = x.${l}
        JOIN uplift.id_map b ON b.tbl = ${literal(right.target)} AND b.ref_id = x.${r}
       WHERE (a.origin = 'new' OR b.origin = 'new'${owned ? ` OR EXISTS (SELECT FROM uplift.followed f WHERE f.tbl = a.tbl AND f.id = a.id)` : ''})
         AND NOT EXISTS (SELECT FROM ${qualified('public', table)} t WHERE t.${l} = a.id AND t.${r} = b.id)`)
  }
  if (statements.length > 0) await client.query(statements.join(';\n'))
  if (customer.hasTable('res_groups_implied_rel')) await addImpliedGroups(client)
}

/** The side that decides: a menu decides on its groups; between two groups the one that implies the other. */
function ordered([a, b]: [Relation, Relation]): [Relation, Relation] {
  if (a.target === 'res_groups' && b.target !== 'res_groups') return [b, a]
  if (a.target === b.target && b.column < a.column) return [b, a]
  return [a, b]
}

/** Who is in a group is in every group that it implies now. */
async function addImpliedGroups(client: pg.ClientBase): Promise<void> {
  await client.query(`
    INSERT INTO public.res_groups_users_rel (gid, uid)
    WITH RECURSIVE implied AS (
      SELECT gid, hid FROM public.res_groups_implied_rel
      UNION
      SELECT i.gid, r.hid FROM implied i JOIN public.res_groups_implied_rel r ON r.gid = i.hid
    )
    SELECT DISTINCT i.hid, u.uid FROM public.res_groups_users_rel u JOIN implied i ON i.gid = u.gid
     WHERE NOT EXISTS (SELECT FROM public.res_groups_users_rel t WHERE t.gid = i.hid AND t.uid = u.uid)`)
}
