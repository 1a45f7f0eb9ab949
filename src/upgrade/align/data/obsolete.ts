import type pg from 'pg'
import { registryTables, technicalTables } from '../../../odoo/technical.ts'
import { ident, literal, qualified } from '../../../postgres/sql.ts'
import { WITHOUT_BODY } from '../../../reference/complete.ts'
import type { Inventory } from '../../../schema/inventory.ts'
import { note } from '../../notes.ts'
import type { Relation } from './relations.ts'

/**
 * Records that modules of Odoo brought and that the target does not have any more: views, menus, actions, rules and
 * their like are removed, unless something of the customer's uses them. Business records stay, and no later update of a
 * module can remove them either.
 */
export async function removeObsolete(
  client: pg.ClientBase,
  relations: readonly Relation[],
  customer: Inventory,
  bodies: boolean,
): Promise<void> {
  await collect(client, customer)
  await collectViewsWithoutBody(client, bodies)
  await keepUsed(client, relations, customer)
  await protectBusinessRecords(client)
  await detachDependents(client, relations, customer)
  await noteLostOwn(client, customer)
  const { rows } = await client.query<{ tbl: string }>('SELECT DISTINCT tbl FROM uplift.obsolete')
  await note(
    client,
    'align',
    'module data',
    `SELECT tbl, 'removed', jsonb_build_object('rows', count(*)) FROM uplift.obsolete GROUP BY tbl ORDER BY tbl`,
  )
  const statements = rows
    .filter(({ tbl }) => customer.has(tbl, 'id'))
    .map(
      ({ tbl }) =>
        `DELETE FROM ONLY ${qualified('public', tbl)} t USING uplift.obsolete o WHERE o.tbl = ${literal(tbl)} AND o.id = t.id`,
    )
  statements.push(`
    DELETE FROM public.ir_model_data d USING uplift.obsolete o WHERE o.model = d.model AND o.id = d.res_id`)
  // The files that hold fields of a record go with it.
  if (customer.has('ir_attachment', 'res_field'))
    statements.push(`
    WITH gone AS (
      DELETE FROM public.ir_attachment a USING uplift.obsolete o
       WHERE o.model = a.res_model AND o.id = a.res_id AND a.res_field IS NOT NULL RETURNING a.id)
    INSERT INTO uplift.taken SELECT 'ir_attachment', count(*), 'nothing: they held fields of records that modules no longer bring' FROM gone`)
  await client.query(statements.join(';\n'))
}

/** Xmlids of Odoo's modules that the target lacks; a record that another valid xmlid names only loses the obsolete one. */
async function collect(client: pg.ClientBase, customer: Inventory): Promise<void> {
  await client.query(`
    CREATE UNLOGGED TABLE uplift.obsolete_xmlid AS
    SELECT d.id, d.module, d.name, d.model, d.res_id, mt.tbl
      FROM public.ir_model_data d
      JOIN uplift.module o ON o.name = d.module AND o.kind IN ('target', 'gone')
      LEFT JOIN uplift.model_table mt ON mt.model = d.model
     WHERE NOT EXISTS (SELECT FROM uplift.expected e WHERE e.module = d.module AND e.name = d.name AND e.model = d.model);
    CREATE INDEX ON uplift.obsolete_xmlid (id);
    CREATE INDEX ON uplift.obsolete_xmlid (model, res_id)`)
  const technical = [...technicalTables].map(literal).join(', ')
  await client.query(`
    INSERT INTO uplift.obsolete (tbl, id, model)
    SELECT DISTINCT ON (x.tbl, x.res_id) x.tbl, x.res_id, x.model
      FROM uplift.obsolete_xmlid x
     WHERE x.tbl IN (${technical}) AND x.res_id > 0
       AND NOT EXISTS (SELECT FROM public.ir_model_data d
                        WHERE d.model = x.model AND d.res_id = x.res_id AND NOT EXISTS (SELECT FROM uplift.obsolete_xmlid y WHERE y.id = d.id))
       AND NOT EXISTS (SELECT FROM uplift.id_map m WHERE m.tbl = x.tbl AND m.id = x.res_id)`)
  // The registry knows no records without a module: an entry without a valid xmlid that is not manual is a left-over.
  const manual = (table: string) =>
    customer.has(table, 'state') ? `coalesce(t.state, 'base') <> 'manual'` : 'true'
  await client.query(`
    INSERT INTO uplift.obsolete (tbl, id, model)
    SELECT 'ir_model', t.id, 'ir.model' FROM public.ir_model t
     WHERE ${manual('ir_model')} AND NOT EXISTS (SELECT FROM uplift.id_map m WHERE m.tbl = 'ir_model' AND m.id = t.id)
       AND NOT EXISTS (SELECT FROM public.ir_model_data d JOIN uplift.module o ON o.name = d.module AND o.kind = 'custom'
                        WHERE d.model = 'ir.model' AND d.res_id = t.id)
    ON CONFLICT DO NOTHING;
    INSERT INTO uplift.obsolete (tbl, id, model)
    SELECT 'ir_model_fields', t.id, 'ir.model.fields' FROM public.ir_model_fields t
     WHERE (${manual('ir_model_fields')} OR EXISTS (SELECT FROM uplift.obsolete o WHERE o.tbl = 'ir_model' AND o.id = t.model_id))
       AND NOT EXISTS (SELECT FROM uplift.id_map m WHERE m.tbl = 'ir_model_fields' AND m.id = t.id)
       AND (EXISTS (SELECT FROM uplift.obsolete o WHERE o.tbl = 'ir_model' AND o.id = t.model_id)
            OR NOT EXISTS (SELECT FROM public.ir_model_data d JOIN uplift.module o ON o.name = d.module AND o.kind = 'custom'
                            WHERE d.model = 'ir.model.fields' AND d.res_id = t.id))
       AND NOT EXISTS (SELECT FROM public.ir_model x WHERE x.id = t.model_id AND x.state = 'manual')
    ON CONFLICT DO NOTHING;
    ANALYZE uplift.obsolete`)
}

/**
 * Where the reference does not have a module, or there is no reference, the old bodies of the modules' views would name
 * fields that are gone, and stop Odoo at its start: they go, and Odoo makes them anew when it updates its modules.
 */
async function collectViewsWithoutBody(client: pg.ClientBase, bodies: boolean): Promise<void> {
  const without = bodies
    ? `EXISTS (SELECT FROM uplift.expected e WHERE e.module = d.module AND e.name = d.name AND e.ref_id = ${WITHOUT_BODY})`
    : 'true'
  await client.query(`
    INSERT INTO uplift.obsolete (tbl, id, model)
    SELECT DISTINCT ON (d.res_id) 'ir_ui_view', d.res_id, d.model
      FROM public.ir_model_data d JOIN uplift.module o ON o.name = d.module AND o.kind IN ('target', 'gone')
     WHERE d.model = 'ir.ui.view' AND d.res_id > 0 AND ${without}
    ON CONFLICT DO NOTHING;
    INSERT INTO uplift.obsolete_xmlid
    SELECT d.id, d.module, d.name, d.model, d.res_id, 'ir_ui_view'
      FROM public.ir_model_data d JOIN uplift.module o ON o.name = d.module AND o.kind = 'target'
     WHERE d.model = 'ir.ui.view' AND ${without} AND NOT EXISTS (SELECT FROM uplift.obsolete_xmlid x WHERE x.id = d.id);
    DELETE FROM uplift.id_map m WHERE m.tbl = 'ir_ui_view' AND EXISTS (SELECT FROM uplift.obsolete o WHERE o.tbl = m.tbl AND o.id = m.id)`)
}

/**
 * What the customer's own records or business data use stays, with what it needs itself. Registry entries cannot stay:
 * the program behind them is gone.
 */
async function keepUsed(
  client: pg.ClientBase,
  relations: readonly Relation[],
  customer: Inventory,
): Promise<void> {
  const { rows } = await client.query<{ tbl: string }>('SELECT DISTINCT tbl FROM uplift.obsolete')
  const obsolete = new Set(rows.map(({ tbl }) => tbl))
  const candidates = new Set([...obsolete].filter((table) => !registryTables.has(table)))
  // A page is nothing without its view: only a business row that cannot be without one holds a view.
  const holds = ({ table, target, required }: Relation): boolean =>
    candidates.has(target) ||
    (target === 'ir_ui_view' && obsolete.has(target) && required && !technicalTables.has(table))
  await client.query(`
    CREATE UNLOGGED TABLE uplift.kept (tbl text, id integer, used_by text, PRIMARY KEY (tbl, id))`)
  const uses = relations.filter(
    (relation) =>
      holds(relation) &&
      customer.has(relation.table, relation.column) &&
      customer.has(relation.table, 'id') &&
      !relation.column.endsWith('_uid'),
  )
  for (let round = 0; round < 6; round++) {
    const statements = uses.map(({ table, column, target }) => {
      const technical = technicalTables.has(table)
      // A business row that merely points here by an optional reference that may be emptied does not hold it.
      return `
      INSERT INTO uplift.kept
      SELECT DISTINCT ON (o.id) o.tbl, o.id, ${literal(`${table}.${column}`)}
        FROM uplift.obsolete o JOIN ONLY ${qualified('public', table)} t ON t.${ident(column)} = o.id
       WHERE o.tbl = ${literal(target)}
         AND ${
           technical
             ? `(EXISTS (SELECT FROM uplift.kept k WHERE k.tbl = ${literal(table)} AND k.id = t.id)
                 OR NOT EXISTS (SELECT FROM uplift.obsolete x WHERE x.tbl = ${literal(table)} AND x.id = t.id)
                    AND NOT EXISTS (SELECT FROM uplift.id_map m WHERE m.tbl = ${literal(table)} AND m.id = t.id))`
             : 'true'
         }
      ON CONFLICT DO NOTHING`
    })
    statements.push(...keepLinked(relations, customer, holds))
    if (statements.length === 0) break
    const results = (await client.query(statements.join(';\n'))) as unknown as
      | pg.QueryResult
      | pg.QueryResult[]
    const added = (Array.isArray(results) ? results : [results]).reduce(
      (sum, result) => sum + (result.rowCount ?? 0),
      0,
    )
    const menus = await keepActionsOfKeptMenus(client, customer)
    if (added + menus === 0) break
  }
  await client.query('DELETE FROM uplift.obsolete o USING uplift.kept k WHERE k.tbl = o.tbl AND k.id = o.id')
  await client.query(`
    UPDATE public.ir_model_data d SET noupdate = true
      FROM uplift.obsolete_xmlid x JOIN uplift.kept k ON k.tbl = x.tbl AND k.id = x.res_id
     WHERE d.id = x.id AND NOT EXISTS (SELECT FROM uplift.expected e WHERE e.module = x.module AND e.name = x.name)`)
  // A view that stays is the customer's own from now on: no module brings it.
  await client.query(`
    DELETE FROM public.ir_model_data d USING uplift.obsolete_xmlid x, uplift.kept k
     WHERE d.id = x.id AND k.tbl = 'ir_ui_view' AND k.tbl = x.tbl AND k.id = x.res_id
       AND NOT EXISTS (SELECT FROM uplift.expected e WHERE e.module = x.module AND e.name = x.name)`)
  await note(
    client,
    'align',
    'kept against the target',
    `SELECT x.module || '.' || x.name, 'kept, because it is in use', jsonb_build_object('table', k.tbl, 'id', k.id, 'used by', k.used_by)
       FROM uplift.kept k JOIN uplift.obsolete_xmlid x ON x.tbl = k.tbl AND x.res_id = k.id ORDER BY 1`,
  )
}

/** Being a member of a group, or following a kind of message, is no use that would hold what the target dropped. */
const looseLinks = new Set(['res_groups_users_rel', 'mail_followers_mail_message_subtype_rel'])

/** A rule of the customer's that runs a server action by a many-to-many uses it as well; a group does not use its menus. */
function keepLinked(
  relations: readonly Relation[],
  customer: Inventory,
  holds: (relation: Relation) => boolean,
): string[] {
  const statements: string[] = []
  for (const [table, sides] of Map.groupBy(relations, (relation) => relation.table)) {
    if (customer.has(table, 'id') || sides.length !== 2 || looseLinks.has(table)) continue
    if (!sides.every(({ column }) => customer.has(table, column))) continue
    for (const [user, used] of [sides, sides.toReversed()] as [Relation, Relation][]) {
      if (!holds(used) || user.target === used.target || user.target === 'res_groups') continue
      const isOwn = technicalTables.has(user.target)
        ? `NOT EXISTS (SELECT FROM uplift.obsolete x WHERE x.tbl = ${literal(user.target)} AND x.id = t.${ident(user.column)})
           AND NOT EXISTS (SELECT FROM uplift.id_map m WHERE m.tbl = ${literal(user.target)} AND m.id = t.${ident(user.column)})`
        : 'true'
      statements.push(`
      INSERT INTO uplift.kept
      SELECT DISTINCT ON (o.id) o.tbl, o.id, ${literal(`${table}.${used.column}`)}
        FROM uplift.obsolete o JOIN ${qualified('public', table)} t ON t.${ident(used.column)} = o.id
       WHERE o.tbl = ${literal(used.target)} AND ${isOwn}
      ON CONFLICT DO NOTHING`)
    }
  }
  return statements
}

async function keepActionsOfKeptMenus(client: pg.ClientBase, customer: Inventory): Promise<number> {
  const pairs = customer.has('ir_ui_menu', 'action')
    ? `SELECT id AS menu_id, action AS value FROM public.ir_ui_menu`
    : `SELECT res_id AS menu_id, value FROM public.ir_values WHERE model = 'ir.ui.menu' AND key2 = 'tree_but_open'`
  const { rowCount } = await client.query(`
    INSERT INTO uplift.kept
    SELECT DISTINCT ON (o.tbl, o.id) o.tbl, o.id, 'ir_ui_menu.action'
      FROM (${pairs}) p
      JOIN uplift.obsolete o ON p.value = o.model || ',' || o.id
     WHERE EXISTS (SELECT FROM uplift.kept k WHERE k.tbl = 'ir_ui_menu' AND k.id = p.menu_id)
        OR (NOT EXISTS (SELECT FROM uplift.obsolete x WHERE x.tbl = 'ir_ui_menu' AND x.id = p.menu_id)
            AND NOT EXISTS (SELECT FROM uplift.id_map m WHERE m.tbl = 'ir_ui_menu' AND m.id = p.menu_id))
    ON CONFLICT DO NOTHING`)
  return rowCount ?? 0
}

/** Business records keep their obsolete xmlid, marked noupdate: a later update of the module leaves them alone. */
async function protectBusinessRecords(client: pg.ClientBase): Promise<void> {
  const technical = [...technicalTables].map(literal).join(', ')
  await client.query(`
    UPDATE public.ir_model_data d SET noupdate = true
      FROM uplift.obsolete_xmlid x WHERE d.id = x.id AND x.tbl IS NOT NULL AND x.tbl NOT IN (${technical}) AND NOT coalesce(d.noupdate, false)`)
  await note(
    client,
    'align',
    'kept against the target',
    `SELECT model, 'business records that modules no longer bring stay', jsonb_build_object('records', count(*))
       FROM uplift.obsolete_xmlid WHERE tbl IS NOT NULL AND tbl NOT IN (${technical}) GROUP BY model ORDER BY model`,
  )
  // An xmlid whose model is gone, or that is left over of a removed technical record, names nothing.
  await client.query(`
    DELETE FROM public.ir_model_data d USING uplift.obsolete_xmlid x
     WHERE d.id = x.id AND (x.tbl IS NULL OR x.tbl IN (${technical}))
       AND NOT EXISTS (SELECT FROM uplift.kept k WHERE k.tbl = x.tbl AND k.id = x.res_id)`)
}

/** What hangs on the removed records: by the foreign key's own rule, and a view of the customer's is switched off, not removed. */
async function detachDependents(
  client: pg.ClientBase,
  relations: readonly Relation[],
  customer: Inventory,
): Promise<void> {
  if (customer.has('ir_ui_view', 'inherit_id')) await switchOffOrphanedViews(client, customer)
  const { rows } = await client.query<{ tbl: string }>('SELECT DISTINCT tbl FROM uplift.obsolete')
  const removed = new Set(rows.map(({ tbl }) => tbl))
  for (let round = 0; round < 5; round++) {
    const statements: string[] = []
    for (const { table, column, target, onDelete, required } of relations) {
      if (!removed.has(target) || !customer.has(table, column)) continue
      const [t, c, gone] = [
        qualified('public', table),
        ident(column),
        `o.tbl = ${literal(target)} AND o.id = t.${ident(column)}`,
      ]
      if (!customer.has(table, 'id'))
        statements.push(`DELETE FROM ${t} t USING uplift.obsolete o WHERE ${gone}`)
      else if (required || (onDelete === 'cascade' && technicalTables.has(table)))
        statements.push(`
        INSERT INTO uplift.obsolete (tbl, id, model)
        SELECT DISTINCT ${literal(table)}, t.id, coalesce((SELECT min(model) FROM uplift.model_table WHERE tbl = ${literal(table)}), '')
          FROM ${t} t JOIN uplift.obsolete o ON ${gone} WHERE ${technicalTables.has(table)} ON CONFLICT DO NOTHING`)
      else statements.push(`UPDATE ${t} t SET ${c} = NULL FROM uplift.obsolete o WHERE ${gone}`)
    }
    const { rows: before } = await client.query<{ n: string }>('SELECT count(*) AS n FROM uplift.obsolete')
    if (statements.length > 0) await client.query(statements.join(';\n'))
    await setDependentsAside(client, relations, customer, removed)
    const { rows: after } = await client.query<{ n: string }>('SELECT count(*) AS n FROM uplift.obsolete')
    if (before[0]!.n === after[0]!.n) break
    const { rows: more } = await client.query<{ tbl: string }>('SELECT DISTINCT tbl FROM uplift.obsolete')
    for (const { tbl } of more) removed.add(tbl)
  }
}

/** Tables of what people make themselves and that goes with a model or field which is gone. */
const madeByPeople = [
  'ir_rule',
  'ir_model_access',
  'ir_act_window',
  'ir_act_server',
  'ir_cron',
  'ir_ui_menu',
  'ir_filters',
  'wkf',
]

/** What is removed though no module brought it is told one by one, with all that it was. */
async function noteLostOwn(client: pg.ClientBase, customer: Inventory): Promise<void> {
  for (const table of madeByPeople) {
    if (!customer.has(table, 'name')) continue
    await note(
      client,
      'align',
      'your own',
      `SELECT coalesce(t.name::text, ''), 'removed with the model that it was for',
              jsonb_build_object('table', ${literal(table)}, 'id', t.id, 'body', jsonb_pretty(jsonb_strip_nulls(to_jsonb(t))))
         FROM uplift.obsolete o JOIN ONLY ${qualified('public', table)} t ON t.id = o.id
        WHERE o.tbl = ${literal(table)} AND NOT EXISTS (SELECT FROM uplift.obsolete_xmlid x WHERE x.tbl = o.tbl AND x.res_id = o.id) ORDER BY t.id`,
    )
  }
  if (!customer.has('ir_server_object_lines', 'col1')) return
  await note(
    client,
    'align',
    'your own',
    `SELECT a.name::text, 'a value that it writes is gone with its field',
            jsonb_build_object('id', a.id, 'missing', f.name || ' on ' || f.model, 'body', l.value)
       FROM uplift.obsolete o JOIN public.ir_server_object_lines l ON l.id = o.id JOIN public.ir_act_server a ON a.id = l.server_id
       JOIN public.ir_model_fields f ON f.id = l.col1
      WHERE o.tbl = 'ir_server_object_lines' AND NOT EXISTS (SELECT FROM uplift.obsolete x WHERE x.tbl = 'ir_act_server' AND x.id = a.id) ORDER BY l.id`,
  )
}

/**
 * Business rows that cannot be without what is removed, such as an automated rule of a model that is gone: they are kept
 * whole in schema legacy. One that other business rows cannot be without stays, and the foreign key tells of it.
 */
async function setDependentsAside(
  client: pg.ClientBase,
  relations: readonly Relation[],
  customer: Inventory,
  removed: ReadonlySet<string>,
): Promise<void> {
  const usable = relations.filter(
    ({ table, column, required }) => required && customer.has(table, column) && customer.has(table, 'id'),
  )
  for (const { table, column, target } of usable) {
    if (!removed.has(target) || technicalTables.has(table)) continue
    const needed = usable
      .filter((other) => other.target === table && !technicalTables.has(other.table))
      .map(
        (other) =>
          `AND NOT EXISTS (SELECT FROM ${qualified('public', other.table)} x WHERE x.${ident(other.column)} = t.id)`,
      )
    const keptAs = `${table.slice(0, 52)}_set_aside`
    const { rowCount } = await client.query(`
      INSERT INTO uplift.obsolete (tbl, id, model)
      SELECT DISTINCT ${literal(table)}, t.id, coalesce((SELECT min(model) FROM uplift.model_table WHERE tbl = ${literal(table)}), '')
        FROM ${qualified('public', table)} t JOIN uplift.obsolete o ON o.tbl = ${literal(target)} AND o.id = t.${ident(column)}
       WHERE true ${needed.join(' ')} ON CONFLICT DO NOTHING`)
    if (!rowCount) continue
    await client.query(`
      CREATE TABLE IF NOT EXISTS ${qualified('legacy', keptAs)} (LIKE ${qualified('public', table)});
      INSERT INTO ${qualified('legacy', keptAs)}
      SELECT t.* FROM ONLY ${qualified('public', table)} t JOIN uplift.obsolete o ON o.tbl = ${literal(table)} AND o.id = t.id
       WHERE NOT EXISTS (SELECT FROM ${qualified('legacy', keptAs)} k WHERE k.id = t.id)`)
    await client.query(
      `INSERT INTO uplift.taken VALUES ($1, $2, 'schema legacy: what they cannot be without is gone')`,
      [table, rowCount],
    )
    await note(
      client,
      'align',
      'legacy',
      `SELECT $1::text, 'kept in schema legacy', jsonb_build_object('table', $2::text, 'columns', NULL, 'rows', $3::int, 'because', $4::text)`,
      [
        table,
        keptAs,
        rowCount,
        `${column} is required and leads to ${target}, which the target does not have any more`,
      ],
    )
  }
}

async function switchOffOrphanedViews(client: pg.ClientBase, customer: Inventory): Promise<void> {
  const arch = customer.has('ir_ui_view', 'arch_db') ? 'arch_db' : 'arch'
  const orphaned = `
    public.ir_ui_view v JOIN uplift.obsolete o ON o.tbl = 'ir_ui_view' AND o.id = v.inherit_id
    WHERE NOT EXISTS (SELECT FROM uplift.obsolete x WHERE x.tbl = 'ir_ui_view' AND x.id = v.id)
      AND NOT EXISTS (SELECT FROM uplift.id_map m WHERE m.tbl = 'ir_ui_view' AND m.id = v.id)`
  await note(
    client,
    'align',
    'view',
    `SELECT v.name, 'switched off: the view that it extends is gone',
            jsonb_build_object('id', v.id, 'model', v.model, 'arch', v.${ident(arch)},
              'extended', (SELECT x.module || '.' || x.name FROM uplift.obsolete_xmlid x WHERE x.tbl = 'ir_ui_view' AND x.res_id = v.inherit_id LIMIT 1))
       FROM ${orphaned}`,
  )
  const active = customer.has('ir_ui_view', 'active') ? ', active = false' : ''
  const mode = customer.has('ir_ui_view', 'mode') ? `, mode = 'primary'` : ''
  await client.query(`
    UPDATE public.ir_ui_view t SET inherit_id = NULL${active}${mode}
      FROM (SELECT v.id FROM ${orphaned}) s WHERE s.id = t.id`)
}
