import type pg from 'pg'
import { registryTables } from '../odoo/technical.ts'
import { ident } from '../postgres/sql.ts'
import { WITHOUT_BODY } from '../reference/complete.ts'
import type { VerifyInput } from './input.ts'
import type { Models } from './models.ts'
import { type Check, Findings, LISTED } from './verification.ts'

interface Row {
  kind: 'missing' | 'obsolete' | 'kept' | 'company' | 'gone' | 'later'
  total: number
  names: { xmlid: string; model: string }[]
}

/**
 * The distance of the module data from the target's: xmlids that are missing and xmlids that the target does not have.
 * Obsolete ones that are protected from updates were kept on purpose (people work with the record) and are listed
 * apart, unless they are of the registry, which knows nothing without a module.
 */
export async function checkModuleData(
  client: pg.ClientBase,
  input: VerifyInput,
  models: Models,
): Promise<Check> {
  const findings = new Findings('xmlids', 'Module data: the records that modules bring')
  const expected = input.reference ?? (await completedByCatalogue(client))
  if (!input.xmlids && expected === null) {
    findings.note('Not compared: neither a catalogue nor a reference says which records the target brings.')
    return findings.check()
  }
  await expectXmlids(client, input, expected)
  const registry = models
    .entries()
    .flatMap(([model, table]) => (table && registryTables.has(table) ? [model] : []))
  const { rows } = await client.query<Row>(COMPARE, [
    input.modules,
    input.goneModules ?? [],
    registry,
    LISTED,
  ])
  const { rows: counts } = await client.query<{ expected: number }>(
    'SELECT count(*)::int AS expected FROM verify_xmlid',
  )
  findings.compared(counts[0]!.expected)
  for (const { kind, total, names } of rows) {
    const add = (xmlid: string, model: string, times: number): void => {
      if (kind === 'missing')
        findings.violation(xmlid, `missing: the target has it, on a record of ${model}`, times)
      else if (kind === 'obsolete')
        findings.violation(
          xmlid,
          `obsolete: the target's module does not bring this record of ${model}`,
          times,
        )
      else if (kind === 'gone')
        findings.violation(
          xmlid,
          `obsolete: the module is gone, the record of ${model} is still named after it`,
          times,
        )
      else if (kind === 'kept')
        findings.apart(xmlid, `kept against the target: record of ${model}, protected from updates`, times)
      else
        findings.apart(
          xmlid,
          `of a company's chart of accounts, not of the module: record of ${model}`,
          times,
        )
    }
    names.forEach(({ xmlid, model }, i) => {
      // The last one that is listed stands for those that are not.
      add(xmlid, model, i === names.length - 1 ? total - i : 1)
    })
  }
  await client.query('DROP TABLE verify_xmlid')
  return findings.check()
}

/** Without a reference the catalogue's xmlids stand in schema ref, with those records that they are known to name. */
async function completedByCatalogue(client: pg.ClientBase): Promise<string | null> {
  const { rows } = await client.query<{ there: boolean }>(
    `SELECT to_regclass('ref.ir_model_data') IS NOT NULL AS there`,
  )
  return rows[0]!.there ? 'ref' : null
}

/** Puts the wanted xmlids beside the database, in the temporary table verify_xmlid. */
async function expectXmlids(
  client: pg.ClientBase,
  { xmlids, modules }: VerifyInput,
  reference: string | null,
): Promise<void> {
  await client.query('DROP TABLE IF EXISTS verify_xmlid')
  await client.query('CREATE TEMP TABLE verify_xmlid (module text, name text, model text, body boolean)')
  if (xmlids)
    await client.query(
      `INSERT INTO verify_xmlid SELECT split_part(x, '.', 1), substr(x, strpos(x, '.') + 1), NULL, true FROM unnest($1::text[]) x`,
      [[...xmlids]],
    )
  else if (reference !== null)
    await client.query(
      `INSERT INTO verify_xmlid SELECT module, name, model, res_id IS DISTINCT FROM ${WITHOUT_BODY} FROM ${ident(reference)}.ir_model_data WHERE module = ANY ($1::text[])`,
      [modules],
    )
  await client.query('ANALYZE verify_xmlid')
}

/**
 * $1 modules of the target, $2 modules that are gone, $3 models of the registry, $4 how many names to list. Records whose
 * name starts with a company's number ("account.1_tax_sale") were made for that company, not by the module.
 */
const COMPARE = `
WITH found AS (
  SELECT d.module::text, d.name::text, d.model::text, coalesce(d.noupdate, false) AS noupdate FROM ir_model_data d
   WHERE d.module = ANY ($1::text[] || $2::text[])
), different AS (
  SELECT e.module || '.' || e.name AS xmlid, coalesce(e.model, 'any model') AS model,
         CASE WHEN e.name ~ '^[0-9]+_' THEN 'company' WHEN e.body THEN 'missing' ELSE 'later' END AS kind
    FROM verify_xmlid e
   WHERE NOT EXISTS (SELECT FROM found f WHERE f.module = e.module AND f.name = e.name)
  UNION ALL
  SELECT f.module || '.' || f.name, f.model,
         CASE WHEN f.name ~ '^[0-9]+_' THEN 'company'
              WHEN f.noupdate AND f.model <> ALL ($3::text[]) THEN 'kept'
              WHEN f.module = ANY ($2::text[]) AND NOT f.module = ANY ($1::text[]) THEN 'gone'
              ELSE 'obsolete' END
    FROM found f
   WHERE NOT EXISTS (SELECT FROM verify_xmlid e WHERE e.module = f.module AND e.name = f.name)
), numbered AS (
  SELECT *, row_number() OVER (PARTITION BY kind ORDER BY xmlid) AS place, count(*) OVER (PARTITION BY kind) AS total FROM different
)
SELECT kind, total::int, json_agg(json_build_object('xmlid', xmlid, 'model', model) ORDER BY xmlid) AS names
  FROM numbered WHERE place <= $4 GROUP BY kind, total ORDER BY kind DESC`
