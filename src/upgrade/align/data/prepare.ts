import type pg from 'pg'
import { tableOf } from '../../../odoo/tables.ts'
import type { Plan } from '../../plan.ts'

/** The working tables of the alignment: what table a model has, and whose a module is. */
export async function prepareWorkingTables(client: pg.ClientBase, plan: Plan): Promise<void> {
  const { rows } = await client.query<{ model: string }>(
    'SELECT model FROM ref.ir_model UNION SELECT model FROM public.ir_model',
  )
  const tables = Object.fromEntries(rows.map(({ model }) => [model, tableOf(model)]))
  await client.query(`
    DROP TABLE IF EXISTS uplift.model_table, uplift.module, uplift.id_map, uplift.wanted, uplift.expected, uplift.obsolete;
    CREATE UNLOGGED TABLE uplift.model_table (model text PRIMARY KEY, tbl text NOT NULL);
    CREATE UNLOGGED TABLE uplift.module (name text PRIMARY KEY, kind text NOT NULL);
    CREATE TABLE uplift.id_map (tbl text, ref_id integer, id integer NOT NULL, origin text NOT NULL, PRIMARY KEY (tbl, ref_id));
    CREATE UNLOGGED TABLE uplift.wanted (tbl text, ref_id integer, PRIMARY KEY (tbl, ref_id));
    CREATE UNLOGGED TABLE uplift.obsolete (tbl text, id integer, model text, PRIMARY KEY (tbl, id))`)
  await client.query('INSERT INTO uplift.model_table SELECT key, value FROM json_each_text($1::json)', [
    JSON.stringify(tables),
  ])
  await client.query(
    `INSERT INTO uplift.module SELECT name, 'custom' FROM unnest($1::text[]) name
     UNION ALL SELECT name, 'gone' FROM unnest($2::text[]) name
     UNION ALL SELECT name, 'target' FROM unnest($3::text[]) name
     ON CONFLICT DO NOTHING`,
    [plan.customModules, plan.goneModules, plan.targetModules],
  )
  // A module that the target knows but the customer has not: what moved into it is gone for him.
  await client.query(
    `INSERT INTO uplift.module SELECT DISTINCT name, 'gone' FROM ref.ir_module_module ON CONFLICT DO NOTHING`,
  )
  // The xmlids that the result has to have, with the table of their record.
  await client.query(`
    CREATE TABLE uplift.expected AS
    SELECT d.module, d.name, d.model, d.res_id AS ref_id, coalesce(d.noupdate, false) AS noupdate, d.noupdate IS NULL AS undecided, t.tbl
      FROM ref.ir_model_data d
      JOIN uplift.module o ON o.name = d.module AND o.kind = 'target'
      LEFT JOIN uplift.model_table t ON t.model = d.model;
    CREATE UNIQUE INDEX ON uplift.expected (module, name);
    CREATE INDEX ON uplift.expected (tbl, ref_id);
    CREATE INDEX IF NOT EXISTS uplift_xmlid ON public.ir_model_data (module, name);
    CREATE INDEX IF NOT EXISTS uplift_xmlid_record ON public.ir_model_data (model, res_id);
    ANALYZE uplift.expected;
    ANALYZE public.ir_model_data;
    ANALYZE uplift.model_table;
    ANALYZE uplift.module`)
}
