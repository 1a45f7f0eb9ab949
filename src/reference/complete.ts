import type pg from 'pg'
import type { Catalogue } from '../catalogue/catalogue.ts'
import { predictModels } from '../catalogue/predict-models.ts'
import { predictXmlids } from '../catalogue/predict-xmlids.ts'
import { undecidedModels } from '../odoo/describing-xmlids.ts'
import { seriesNumber } from '../odoo/series.ts'
import { ident, literal, qualified } from '../postgres/sql.ts'
import { type Inventory, readInventory } from '../schema/inventory.ts'

/** Tables of the registry that a catalogue can fill. */
const registry = ['ir_module_module', 'ir_model', 'ir_model_fields', 'ir_model_data'] as const

/** The record of an xmlid that only Odoo itself can make: its body is not in a catalogue. */
export const WITHOUT_BODY = -1

/**
 * Gives schema `ref` what the catalogue knows of the target's modules and the reference does not have: entries of the
 * registry, and all xmlids. Without a reference the schema is made here and holds nothing else. Labels, which a catalogue
 * does not have, are taken over from the customer's registry, and are technical names where he has none.
 */
export async function completeReference(
  client: pg.ClientBase,
  catalogue: Catalogue,
  modules: readonly string[],
): Promise<void> {
  await client.query('CREATE SCHEMA IF NOT EXISTS ref')
  const withReference = (await readInventory(client, 'ref')).hasTable('ir_module_module')
  await client.query(
    registry
      .map(
        (table) =>
          `CREATE TABLE IF NOT EXISTS ${qualified('ref', table)} (LIKE ${qualified('public', table)})`,
      )
      .join(';\n'),
  )
  if (!withReference) await liftLimits(client)
  const [inventory, set] = [await readInventory(client, 'ref'), new Set(modules)]
  if (!withReference) await listKnownModules(client, catalogue)
  await addModules(client, catalogue, modules, inventory)
  await addModels(client, catalogue, set, inventory)
  await addXmlids(client, catalogue, set)
  await client.query(registry.map((table) => `ANALYZE ${qualified('ref', table)}`).join(';\n'))
}

/** The target has longer names than the source's columns take; they are widened there, too, before rows are copied. */
async function liftLimits(client: pg.ClientBase): Promise<void> {
  const { rows } = await client.query<{ table: string; column: string }>(
    `SELECT c.relname AS "table", a.attname AS "column" FROM pg_class c JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum > 0
      WHERE c.relnamespace = 'ref'::regnamespace AND c.relname = ANY ($1) AND a.atttypid = 'varchar'::regtype AND a.atttypmod >= 0`,
    [registry],
  )
  for (const [table, columns] of Map.groupBy(rows, (row) => row.table))
    await client.query(
      `ALTER TABLE ${qualified('ref', table)} ${columns.map(({ column }) => `ALTER ${ident(column)} TYPE varchar`).join(', ')}`,
    )
}

/** Modules that are not installed stay in the list, as the customer's list describes them, while the target still has them. */
async function listKnownModules(client: pg.ClientBase, catalogue: Catalogue): Promise<void> {
  await client.query(
    `INSERT INTO ref.ir_module_module
     SELECT * FROM public.ir_module_module WHERE name = ANY ($1) AND state IN ('uninstalled', 'uninstallable')`,
    [Object.keys(catalogue.modules)],
  )
}

async function addModules(
  client: pg.ClientBase,
  catalogue: Catalogue,
  modules: readonly string[],
  inventory: Inventory,
): Promise<void> {
  const rows = modules.map((name) => ({
    name,
    version: catalogue.modules[name]?.version ?? null,
    auto: catalogue.modules[name]?.autoInstall != null,
  }))
  const auto = inventory.typeOf('ir_module_module', 'auto_install') === 'boolean'
  await client.query(
    `INSERT INTO ref.ir_module_module (id, name, state, latest_version${auto ? ', auto_install' : ''})
     SELECT (SELECT coalesce(max(id), 0) FROM ref.ir_module_module) + row_number() OVER (ORDER BY x.name), x.name, 'installed', x.version${auto ? ', x.auto' : ''}
       FROM json_to_recordset($1::json) AS x (name text, version text, auto boolean)
      WHERE NOT EXISTS (SELECT FROM ref.ir_module_module m WHERE m.name = x.name)`,
    [JSON.stringify(rows)],
  )
  // One that the reference only lists: its label and texts are there, what it brings is not.
  await client.query(
    `UPDATE ref.ir_module_module m SET latest_version = x.version
       FROM json_to_recordset($1::json) AS x (name text, version text) WHERE m.name = x.name AND m.latest_version IS NULL`,
    [JSON.stringify(rows)],
  )
}

async function addModels(
  client: pg.ClientBase,
  catalogue: Catalogue,
  modules: ReadonlySet<string>,
  inventory: Inventory,
): Promise<void> {
  const models = predictModels(catalogue, modules)
  const label = (table: string, column: string, own: string, fallback: string) =>
    inventory.typeOf(table, column) === 'jsonb'
      ? `coalesce(${own}, jsonb_build_object('en_US', ${fallback}))`
      : `coalesce(${own}, ${fallback})`
  const transient = inventory.has('ir_model', 'transient')
  const have = await readInventory(client)
  // What rows are sorted by is no fact of a catalogue: the customer's registry has it, else the field's default.
  const order = inventory.has('ir_model', 'order')
  const ordered = have.has('ir_model', 'order') ? `coalesce(p."order", 'id')` : `'id'`
  await client.query(
    `INSERT INTO ref.ir_model (id, model, name, state${transient ? ', transient' : ''}${order ? ', "order"' : ''})
     SELECT (SELECT coalesce(max(id), 0) FROM ref.ir_model) + row_number() OVER (ORDER BY x.model), x.model,
            ${label('ir_model', 'name', 'p.name', 'x.model')}, 'base'${transient ? ', x.transient' : ''}${order ? `, ${ordered}` : ''}
       FROM json_to_recordset($1::json) AS x (model text, transient boolean)
       LEFT JOIN public.ir_model p ON p.model = x.model
      WHERE NOT EXISTS (SELECT FROM ref.ir_model m WHERE m.model = x.model)`,
    [
      JSON.stringify(
        [...models.values()].map(({ model, transient: short }) => ({ model, transient: short })),
      ),
    ],
  )
  const fields = [...models.values()].flatMap(({ model, fields: all }) =>
    Object.values(all).map((field) => ({
      model,
      name: field.name,
      ttype: field.type,
      relation: field.relation,
      required: field.required,
      store: field.stored,
      translate: field.translated,
    })),
  )
  const flags = ['required', 'store', 'translate'].filter(
    (name) => inventory.typeOf('ir_model_fields', name) === 'boolean',
  )
  const others = Object.entries({
    select_level: `coalesce(p.select_level, '0')`,
    selectable: 'coalesce(p.selectable, true)',
  }).filter(([name]) => inventory.has('ir_model_fields', name) && inventory.has('ir_model', 'id'))
  const own = others.filter(([name]) => have.has('ir_model_fields', name))
  await client.query(
    `INSERT INTO ref.ir_model_fields (id, model, model_id, name, ttype, relation, field_description, state
            ${flags.map((name) => `, ${ident(name)}`).join('')}${own.map(([name]) => `, ${ident(name)}`).join('')})
     SELECT (SELECT coalesce(max(id), 0) FROM ref.ir_model_fields) + row_number() OVER (ORDER BY x.model, x.name), x.model, m.id, x.name, x.ttype,
            x.relation, ${label('ir_model_fields', 'field_description', 'p.field_description', 'x.name')}, 'base'
            ${flags.map((name) => `, x.${ident(name)}`).join('')}${own.map(([, value]) => `, ${value}`).join('')}
       FROM json_to_recordset($1::json) AS x (model text, name text, ttype text, relation text, required boolean, store boolean, translate boolean)
       JOIN ref.ir_model m ON m.model = x.model
       LEFT JOIN public.ir_model_fields p ON p.model = x.model AND p.name = x.name
      WHERE NOT EXISTS (SELECT FROM ref.ir_model_fields f WHERE f.model = x.model AND f.name = x.name)`,
    [JSON.stringify(fields)],
  )
}

async function addXmlids(
  client: pg.ClientBase,
  catalogue: Catalogue,
  modules: ReadonlySet<string>,
): Promise<void> {
  const xmlids = [...predictXmlids(catalogue, modules)].map(([id, { model, noupdate, of }]) => {
    const dot = id.indexOf('.')
    return {
      module: id.slice(0, dot),
      name: id.slice(dot + 1),
      model,
      noupdate,
      of_model: of?.[0] ?? null,
      of_field: of?.[1] ?? null,
    }
  })
  // A reference with more modules than this database has records that those made in the name of others.
  await client.query(
    `DELETE FROM ref.ir_model_data d
      WHERE d.module = ANY ($1)
        AND NOT EXISTS (SELECT FROM json_to_recordset($2::json) AS x (module text, name text) WHERE x.module = d.module AND x.name = d.name)`,
    [[...modules], JSON.stringify(xmlids)],
  )
  await client.query(
    `INSERT INTO ref.ir_model_data (id, module, name, model, noupdate, res_id)
     SELECT (SELECT coalesce(max(id), 0) FROM ref.ir_model_data) + row_number() OVER (ORDER BY x.module, x.name), x.module, x.name, x.model,
            CASE WHEN x.noupdate OR NOT x.model = ANY ($2) THEN x.noupdate END,
            coalesce(CASE x.model WHEN 'ir.model' THEN m.id WHEN 'ir.model.fields' THEN f.id WHEN 'ir.module.module' THEN o.id END, ${WITHOUT_BODY})
       FROM json_to_recordset($1::json) AS x (module text, name text, model text, noupdate boolean, of_model text, of_field text)
       LEFT JOIN ref.ir_model m ON x.model = 'ir.model' AND m.model = x.of_model
       LEFT JOIN ref.ir_model_fields f ON x.model = 'ir.model.fields' AND f.model = x.of_model AND f.name = x.of_field
       LEFT JOIN ref.ir_module_module o ON x.model = 'ir.module.module' AND x.name = ${literal('module_')} || o.name
      WHERE NOT EXISTS (SELECT FROM ref.ir_model_data d WHERE d.module = x.module AND d.name = x.name)`,
    [JSON.stringify(xmlids), undecidedModels(seriesNumber(catalogue.series))],
  )
}
