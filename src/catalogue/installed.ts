import type pg from 'pg'
import { ident } from '../postgres/sql.ts'
import { extractSchema } from '../schema/extract.ts'
import type { Schema } from '../schema/schema.ts'

/** All that a live database says about the modules installed in it, as it stands in its ir_* tables and in PostgreSQL's. */
export interface Installed {
  schema: Schema
  modules: InstalledModule[]
  models: { id: number; model: string; transient: boolean | null; abstract: boolean | null }[]
  fields: InstalledField[]
  selections: { id: number; fieldId: number; value: string; modules: string[] }[]
  /** ir_model_constraint: foreign keys, unique keys, checks and indexes with the modules that made them. */
  constraints: { id: number; name: string; module: string }[]
  /** ir_model_relation: many2many tables with the modules that made them. */
  relations: { id: number; name: string; module: string }[]
  /** In the order in which they were made. */
  xmlids: { module: string; name: string; model: string; id: number; noupdate: boolean }[]
  /** ir_model_inherit, from 15.0. */
  parents: { id: number; model: string; parent: string; field: string | null }[]
  /** Columns of each constraint and index, by "table.name", of the expressions in them too. */
  columnsOf: Map<string, string[]>
  /** Table that a foreign key leads to, by "table.name". */
  targetOf: Map<string, string>
  /** What each SQL view reads: view → relation → columns. */
  reads: Map<string, Record<string, string[]>>
}

export interface InstalledModule {
  name: string
  state: string
  version: string | null
  category: string | null
  autoInstall: boolean | null
  depends: string[]
  triggers: string[]
  /** ISO codes; empty for anywhere. */
  countries: string[]
}

export interface InstalledField {
  id: number
  model: string
  name: string
  type: string
  relation: string | null
  inverse: string | null
  m2m: [string, string, string] | null
  required: boolean
  /** Null where the series does not keep it. */
  stored: boolean | null
  translated: boolean
  companyDependent: boolean | null
  /** Fields that people made: x_ ones. */
  manual: boolean
}

/** Reads them from one schema of the connected database. The series differ in their columns: what is absent is null. */
export async function readInstalled(client: pg.ClientBase, schemaName: string): Promise<Installed> {
  const schema = await extractSchema(client, schemaName)
  const has = (table: string) => table in schema.tables
  const rows = async <T extends object>(text: string, needs: string): Promise<T[]> =>
    has(needs) ? (await client.query<T>(text)).rows : []

  const before = await client.query<{ path: string }>("SELECT current_setting('search_path') AS path")
  await client.query(`SET search_path TO ${ident(schemaName)}, pg_catalog`)
  try {
    return {
      schema,
      modules: await rows(has('module_country') ? withCountries(MODULES) : MODULES, 'ir_module_module'),
      models: await rows(MODELS, 'ir_model'),
      fields: (await rows<InstalledFieldRow>(FIELDS, 'ir_model_fields')).map(asField),
      selections: await rows(SELECTIONS, 'ir_model_fields_selection'),
      constraints: await rows(
        'SELECT c.id, c.name, m.name AS module FROM ir_model_constraint c JOIN ir_module_module m ON m.id = c.module',
        'ir_model_constraint',
      ),
      relations: await rows(
        'SELECT r.id, r.name, m.name AS module FROM ir_model_relation r JOIN ir_module_module m ON m.id = r.module',
        'ir_model_relation',
      ),
      xmlids: await rows(XMLIDS, 'ir_model_data'),
      parents: await rows(PARENTS, 'ir_model_inherit'),
      ...(await readDependencies(client, schemaName)),
    }
  } finally {
    await client.query('SELECT set_config($1, $2, false)', ['search_path', before.rows[0]!.path])
  }
}

// to_jsonb() gives null for a column that the series does not have.
const MODULES = `
SELECT m.name, m.state, m.latest_version AS version,
       (to_jsonb(m) ->> 'auto_install')::boolean AS "autoInstall",
       (SELECT min(d.module || '.' || d.name) FROM ir_model_data d
         WHERE d.model = 'ir.module.category' AND d.res_id = m.category_id) AS category,
       ARRAY(SELECT d.name::text FROM ir_module_module_dependency d WHERE d.module_id = m.id ORDER BY d.id) AS depends,
       ARRAY(SELECT d.name::text FROM ir_module_module_dependency d
              WHERE d.module_id = m.id AND coalesce((to_jsonb(d) ->> 'auto_install_required')::boolean, true)
              ORDER BY d.id) AS triggers,
       ARRAY[]::text[] AS countries
  FROM ir_module_module m
 ORDER BY m.name`

/** From 18.0 on a module can be one of certain countries. */
function withCountries(text: string): string {
  return text.replace(
    'ARRAY[]::text[]',
    `ARRAY(SELECT c.code::text FROM module_country r JOIN res_country c ON c.id = r.country_id
            WHERE r.module_id = m.id ORDER BY c.code)`,
  )
}

const MODELS = `
SELECT id, model, (to_jsonb(m) ->> 'transient')::boolean AS transient, (to_jsonb(m) ->> 'abstract')::boolean AS abstract
  FROM ir_model m
 ORDER BY id`

const FIELDS = `
SELECT id, model, name, ttype AS type, relation, to_jsonb(f) ->> 'relation_field' AS inverse,
       to_jsonb(f) ->> 'relation_table' AS "relationTable", to_jsonb(f) ->> 'column1' AS column1, to_jsonb(f) ->> 'column2' AS column2,
       coalesce(required, false) AS required, (to_jsonb(f) ->> 'store')::boolean AS stored,
       coalesce(to_jsonb(f) ->> 'translate', 'false') NOT IN ('false', '') AS translated,
       (to_jsonb(f) ->> 'company_dependent')::boolean AS "companyDependent", state = 'manual' AS manual
  FROM ir_model_fields f
 ORDER BY id`

const SELECTIONS = `
SELECT s.id, s.field_id AS "fieldId", s.value,
       ARRAY(SELECT d.module::text FROM ir_model_data d
              WHERE d.model = 'ir.model.fields.selection' AND d.res_id = s.id ORDER BY 1) AS modules
  FROM ir_model_fields_selection s
 ORDER BY s.field_id, s.sequence, s.id`

const XMLIDS = `
SELECT module, name, model, res_id AS id, coalesce(noupdate, false) AS noupdate
  FROM ir_model_data
 ORDER BY ir_model_data.id`

const PARENTS = `
SELECT i.id, m.model, p.model AS parent, f.name AS field
  FROM ir_model_inherit i
  JOIN ir_model m ON m.id = i.model_id
  JOIN ir_model p ON p.id = i.parent_id
  LEFT JOIN ir_model_fields f ON f.id = i.parent_field_id
 ORDER BY i.id`

interface InstalledFieldRow extends Omit<InstalledField, 'm2m'> {
  relationTable: string | null
  column1: string | null
  column2: string | null
}

function asField({ relationTable, column1, column2, ...field }: InstalledFieldRow): InstalledField {
  return { ...field, m2m: relationTable && column1 && column2 ? [relationTable, column1, column2] : null }
}

const COLUMNS = `
SELECT c.relname AS table, k.conname AS name, t.relname AS target,
       ARRAY(SELECT a.attname::text FROM pg_attribute a WHERE a.attrelid = k.conrelid AND a.attnum = ANY (k.conkey)
              ORDER BY a.attnum) AS columns
  FROM pg_constraint k
  JOIN pg_class c ON c.oid = k.conrelid
  LEFT JOIN pg_class t ON t.oid = nullif(k.confrelid, 0)
 WHERE c.relnamespace = $1::text::regnamespace
UNION ALL
SELECT c.relname, x.relname, NULL,
       ARRAY(SELECT DISTINCT a.attname::text FROM pg_depend d
               JOIN pg_attribute a ON a.attrelid = d.refobjid AND a.attnum = d.refobjsubid
              WHERE d.classid = 'pg_class'::regclass AND d.objid = i.indexrelid
                AND d.refclassid = 'pg_class'::regclass AND d.refobjid = i.indrelid AND d.refobjsubid > 0 ORDER BY 1)
  FROM pg_index i
  JOIN pg_class x ON x.oid = i.indexrelid
  JOIN pg_class c ON c.oid = i.indrelid
 WHERE c.relnamespace = $1::text::regnamespace
   AND NOT EXISTS (SELECT FROM pg_constraint k WHERE k.conindid = i.indexrelid AND k.contype IN ('p', 'u', 'x'))`

const VIEW_READS = `
SELECT v.relname AS view, t.relname AS relation,
       array_agg(DISTINCT a.attname::text) FILTER (WHERE a.attname IS NOT NULL) AS columns
  FROM pg_class v
  JOIN pg_rewrite r ON r.ev_class = v.oid
  JOIN pg_depend d ON d.classid = 'pg_rewrite'::regclass AND d.objid = r.oid AND d.refclassid = 'pg_class'::regclass
                  AND d.refobjid <> v.oid
  JOIN pg_class t ON t.oid = d.refobjid
  LEFT JOIN pg_attribute a ON a.attrelid = d.refobjid AND a.attnum = d.refobjsubid AND a.attnum > 0
 WHERE v.relkind IN ('v', 'm') AND v.relnamespace = $1::text::regnamespace
 GROUP BY v.relname, t.relname
 ORDER BY 1, 2`

async function readDependencies(
  client: pg.ClientBase,
  schemaName: string,
): Promise<Pick<Installed, 'columnsOf' | 'targetOf' | 'reads'>> {
  const columnsOf = new Map<string, string[]>()
  const targetOf = new Map<string, string>()
  const reads = new Map<string, Record<string, string[]>>()
  const columns = await client.query<{
    table: string
    name: string
    target: string | null
    columns: string[]
  }>(COLUMNS, [schemaName])
  for (const row of columns.rows) {
    columnsOf.set(`${row.table}.${row.name}`, row.columns)
    if (row.target) targetOf.set(`${row.table}.${row.name}`, row.target)
  }
  const views = await client.query<{ view: string; relation: string; columns: string[] | null }>(VIEW_READS, [
    schemaName,
  ])
  for (const row of views.rows) {
    const entry = reads.get(row.view) ?? {}
    entry[row.relation] = row.columns ?? []
    reads.set(row.view, entry)
  }
  return { columnsOf, targetOf, reads }
}
