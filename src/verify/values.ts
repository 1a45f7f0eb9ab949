import type pg from 'pg'
import { ident, literal } from '../postgres/sql.ts'
import type { Inventory } from '../schema/inventory.ts'
import type { SelectionValues, VerifyInput } from './input.ts'
import type { Models } from './models.ts'
import { type Check, Findings } from './verification.ts'

interface Selection {
  column: string
  values: string[]
  /** From 18.0 on a company-dependent field is one jsonb column, {"1": "standard"}. */
  perCompany: boolean
}

/** What is asked of the rows of one table, all in one reading of it. */
interface Questions {
  selections: Selection[]
  /** Columns of required fields that the database lets be empty. */
  required: string[]
}

/**
 * Values against the target's fields: selections have a value that the field knows, required fields have one. What the
 * database itself enforces (NOT NULL, unique keys) is proven by the constraints, which the check of the shape compares.
 */
export async function checkValues(
  client: pg.ClientBase,
  input: VerifyInput,
  inventory: Inventory,
  models: Models,
): Promise<Check> {
  const findings = new Findings('values', 'Values: selections that the fields know, required fields filled')
  const questions = new Map<string, Questions>()
  const of = (table: string): Questions => {
    const known = questions.get(table) ?? { selections: [], required: [] }
    questions.set(table, known)
    return known
  }
  const selections = await selectionsOf(client, input, inventory)
  for (const { model, field, values } of selections) {
    const table = models.table(model)
    const type = table ? inventory.typeOf(table, field) : undefined
    if (!table || values.length === 0 || type === undefined) continue
    of(table).selections.push({ column: field, values: [...values], perCompany: type === 'jsonb' })
  }
  for (const { table, column } of await requiredColumns(client, inventory, models))
    of(table).required.push(column)
  if (selections.length === 0)
    findings.note('Selections were not checked: nothing says which values the fields know.')
  const filled = await filledTables(client)
  const tables = [...questions].filter(([table]) => filled.has(table))
  for (const [, { selections: s, required: r }] of questions) findings.compared(s.length + r.length)
  for (let start = 0; start < tables.length; start += 60) {
    const { rows } = await client.query<{ table: string; counts: string[] }>(
      tables
        .slice(start, start + 60)
        .map(([table, asked]) => ask(table, asked))
        .join('\nUNION ALL\n'),
    )
    for (const { table, counts } of rows)
      await tell(client, table, questions.get(table)!, counts.map(Number), findings)
  }
  findings.note('NOT NULL and unique keys are proven by the constraints of the database.')
  return findings.check()
}

function ask(table: string, { selections, required }: Questions): string {
  const counts = [
    ...selections.map((selection) => `count(*) FILTER (WHERE ${unknown(selection)})`),
    ...required.map((column) => `count(*) FILTER (WHERE t.${ident(column)} IS NULL)`),
  ]
  return `SELECT ${literal(table)} AS table, ARRAY[${counts.join(', ')}] AS counts FROM ONLY ${ident(table)} t`
}

/** An empty text stands for no value in the oldest versions. */
function unknown({ column, values, perCompany }: Selection): string {
  const c = `t.${ident(column)}`
  const known = `ARRAY[${['', ...values].map(literal).join(', ')}]`
  return perCompany
    ? `jsonb_typeof(${c}) = 'object' AND EXISTS (SELECT FROM jsonb_each_text(${c}) v WHERE v.value <> ALL (${known}))`
    : `${c}::text <> ALL (${known})`
}

async function tell(
  client: pg.ClientBase,
  table: string,
  { selections, required }: Questions,
  counts: readonly number[],
  findings: Findings,
): Promise<void> {
  for (const [i, selection] of selections.entries()) {
    if (!counts[i]) continue
    const { column } = selection
    const { rows } = await client.query<{ value: string; n: number }>(
      `SELECT t.${ident(column)}::text AS value, count(*)::int AS n FROM ONLY ${ident(table)} t WHERE ${unknown(selection)} GROUP BY 1 ORDER BY 2 DESC, 1 LIMIT 20`,
    )
    for (const { value, n } of rows)
      findings.violation(
        `${table}.${column}`,
        `${n} rows have "${value.slice(0, 100)}", which the field does not know`,
      )
  }
  for (const [i, column] of required.entries()) {
    const empty = counts[selections.length + i]!
    if (empty)
      findings.apart(
        `${table}.${column}`,
        `${empty} rows are empty where the field is required, though not the column`,
      )
  }
}

/**
 * Of the registry from 13.0 on, and those given. The registry lacks what modules bring of which there is no reference, until
 * Odoo has updated them; the catalogue lacks what people added: a value is known that either of the two knows.
 */
async function selectionsOf(
  client: pg.ClientBase,
  { selections }: VerifyInput,
  inventory: Inventory,
): Promise<SelectionValues[]> {
  const all = [...(selections ?? [])]
  if (!inventory.has('ir_model_fields_selection', 'value')) return all
  const { rows } = await client.query<SelectionValues>(
    `SELECT f.model, f.name AS field, json_agg(s.value) AS values
       FROM ir_model_fields_selection s JOIN ir_model_fields f ON f.id = s.field_id
      WHERE f.ttype = 'selection' GROUP BY f.model, f.name`,
  )
  const key = ({ model, field }: SelectionValues): string => `${model},${field}`
  const registered = new Set(rows.map(key))
  const given = new Map(all.map((selection) => [key(selection), selection.values]))
  const known = rows.map((row) => ({ ...row, values: [...row.values, ...(given.get(key(row)) ?? [])] }))
  return [...known, ...all.filter((selection) => !registered.has(key(selection)))]
}

async function requiredColumns(
  client: pg.ClientBase,
  inventory: Inventory,
  models: Models,
): Promise<{ table: string; column: string }[]> {
  const { rows } = await client.query<{ model: string; name: string }>(
    'SELECT model, name FROM ir_model_fields WHERE required',
  )
  const nullable = await client.query<{ table: string; column: string }>(
    `SELECT c.relname AS table, a.attname AS column FROM pg_attribute a JOIN pg_class c ON c.oid = a.attrelid
      WHERE c.relnamespace = 'public'::regnamespace AND c.relkind IN ('r', 'p') AND a.attnum > 0 AND NOT a.attisdropped AND NOT a.attnotnull`,
  )
  const open = new Set(nullable.rows.map(({ table, column }) => `${table}.${column}`))
  const found = new Map<string, { table: string; column: string }>()
  for (const { model, name } of rows) {
    const table = models.table(model)
    const key = `${table}.${name}`
    if (table && open.has(key) && inventory.has(table, name)) found.set(key, { table, column: name })
  }
  return [...found.values()]
}

async function filledTables(client: pg.ClientBase): Promise<Set<string>> {
  const { rows } = await client.query<{ relname: string }>(
    `SELECT relname FROM pg_class WHERE relnamespace = 'public'::regnamespace AND relkind = 'r' AND pg_relation_size(oid) > 0`,
  )
  return new Set(rows.map(({ relname }) => relname))
}
