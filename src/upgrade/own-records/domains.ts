import type pg from 'pg'
import type { Inventory } from '../../schema/inventory.ts'
import type { Fields } from '../../verify/views/fields.ts'
import { note } from '../notes.ts'
import { type Examined, examineDomain, examineGrouping, type NewNames } from './names.ts'
import { defaultsOfContext, dictionaryOfFields, type NewValues, valuesOfDomain } from './values.ts'

export interface OwnDomains {
  inventory: Inventory
  fields: Fields
  names: NewNames
  values: NewValues
  /** Modules of the target: their records are not the customer's. */
  modules: readonly string[]
}

interface Row {
  id: number
  name: string
  model: string | null
  domain: string | null
  context: string | null
  /** No module of the target brings it: what it says is what it said before. */
  own: boolean
}

/** A domain that admits nothing, in every version. */
const NOTHING = `[(0, '=', 1)]`

/**
 * Record rules, filters and window actions with conditions on fields that are not there any more. Fields and values that
 * changed their name get the new one, also where mail aliases give them to new records. A rule that cannot be read keeps everybody out with an error; without it, they would see what it
 * hid: it stays and admits nothing, until someone says anew whom it admits.
 */
export async function fitDomains(client: pg.ClientBase, input: OwnDomains): Promise<void> {
  await fitRules(client, input)
  const broken = await fitFilters(client, input)
  await stopRulesOf(client, input.inventory, broken)
  await fitWindows(client, input)
  await fitAliases(client, input)
}

/** Records that no module of the target brings: the customer's own, and former ones that stay because he uses them. */
const notOfModules = (model: string) =>
  `NOT EXISTS (SELECT FROM ir_model_data d JOIN uplift.expected e ON e.module = d.module AND e.name = d.name
                WHERE d.model = '${model}' AND d.res_id = t.id AND d.module = ANY ($1))`

async function fitRules(client: pg.ClientBase, input: OwnDomains): Promise<void> {
  if (!input.inventory.has('ir_rule', 'domain_force')) return
  const { rows } = await client.query<Row>(
    `SELECT t.id, coalesce(t.name::text, 'rule ' || t.id) AS name, m.model, t.domain_force AS domain, NULL AS context, ${notOfModules('ir.rule')} AS own
       FROM ir_rule t JOIN ir_model m ON m.id = t.model_id WHERE t.domain_force <> '' ORDER BY t.id`,
    [input.modules],
  )
  for (const row of rows) {
    const examined = examine(row, input)
    if (examined.missing.length > 0) {
      const wanted = await domainOfReference(client, row.id)
      const now = wanted ?? NOTHING
      await client.query('UPDATE ir_rule SET domain_force = $2 WHERE id = $1', [row.id, now])
      await tell(
        client,
        row,
        examined,
        wanted
          ? "it has the new version's condition now"
          : 'it admits nothing until its condition is written anew; nobody sees more than before',
      )
    } else if (examined.domain !== row.domain) {
      await client.query('UPDATE ir_rule SET domain_force = $2 WHERE id = $1', [row.id, examined.domain])
      await tell(client, row, examined, RENAMED)
    }
  }
}

/** What the target's module says in a rule of its own that people may change. */
async function domainOfReference(client: pg.ClientBase, id: number): Promise<string | null> {
  const { rows: there } = await client.query(`SELECT FROM pg_class WHERE oid = to_regclass('ref.ir_rule')`)
  if (there.length === 0) return null
  const { rows } = await client.query<{ domain: string | null }>(
    `SELECT r.domain_force AS domain FROM ir_model_data d
       JOIN ref.ir_model_data e ON e.module = d.module AND e.name = d.name AND e.model = d.model JOIN ref.ir_rule r ON r.id = e.res_id
      WHERE d.model = 'ir.rule' AND d.res_id = $1 AND r.domain_force <> '' LIMIT 1`,
    [id],
  )
  return rows[0]?.domain ?? null
}

/** The filters that cannot be used. One that everybody starts with would stop the screen; it is there to choose only. */
async function fitFilters(client: pg.ClientBase, input: OwnDomains): Promise<number[]> {
  const { inventory } = input
  if (!inventory.has('ir_filters', 'domain')) return []
  const { rows } = await client.query<Row & { standard: boolean }>(
    `SELECT t.id, t.name::text AS name, t.model_id AS model, t.domain, t.context, true AS own, ${inventory.has('ir_filters', 'is_default') ? 'coalesce(t.is_default, false)' : 'false'} AS standard
       FROM ir_filters t WHERE ${notOfModules('ir.filters')} ORDER BY t.id`,
    [input.modules],
  )
  const broken: number[] = []
  for (const row of rows) {
    const examined = examine(row, input)
    const known = row.model !== null && input.fields.hasModel(row.model)
    if (known && examined.missing.length === 0) {
      if (!examined.changed) continue
      await client.query('UPDATE ir_filters SET domain = $2, context = $3 WHERE id = $1', [
        row.id,
        examined.domain,
        examined.context,
      ])
      await tell(client, row, examined, RENAMED)
      continue
    }
    broken.push(row.id)
    if (inventory.has('ir_filters', 'active'))
      await client.query(
        `WITH stopped AS (UPDATE ir_filters SET active = false WHERE id = $1 AND active RETURNING id) INSERT INTO uplift.stopped SELECT 'ir_filters', id FROM stopped`,
        [row.id],
      )
    if (row.standard) await client.query('UPDATE ir_filters SET is_default = false WHERE id = $1', [row.id])
    const outcome = known ? 'a filter that fails when it is chosen' : 'a filter of a model that is gone'
    await tell(client, row, examined, row.standard ? `${outcome}; nobody starts with it any more` : outcome)
  }
  return broken
}

/** Automated rules look at every record that is saved: one whose filter fails would let nobody save. */
async function stopRulesOf(
  client: pg.ClientBase,
  inventory: Inventory,
  filters: readonly number[],
): Promise<void> {
  const columns = ['filter_id', 'filter_pre_id'].filter((column) => inventory.has('base_action_rule', column))
  if (filters.length === 0 || columns.length === 0) return
  const named = columns.map((column) => `t.${column} = ANY ($1)`).join(' OR ')
  await note(
    client,
    'own',
    'your own',
    `SELECT t.name::text, 'an automated rule that is switched off, because its filter fails', jsonb_build_object('id', t.id) FROM base_action_rule t WHERE t.active AND (${named}) ORDER BY t.id`,
    [filters],
  )
  await client.query(
    `WITH stopped AS (UPDATE base_action_rule t SET active = false WHERE t.active AND (${named}) RETURNING t.id)
     INSERT INTO uplift.stopped SELECT 'base_action_rule', id FROM stopped`,
    [filters],
  )
}

async function fitWindows(client: pg.ClientBase, input: OwnDomains): Promise<void> {
  if (!input.inventory.has('ir_act_window', 'domain')) return
  const { rows } = await client.query<Row>(
    `SELECT t.id, t.name::text AS name, t.res_model AS model, t.domain, t.context, true AS own FROM ir_act_window t WHERE ${notOfModules('ir.actions.act_window')} ORDER BY t.id`,
    [input.modules],
  )
  for (const row of rows) {
    const examined = examine(row, input)
    if (row.model && !input.fields.hasModel(row.model))
      await tell(client, row, examined, 'an action that opens a model which is gone')
    else if (examined.missing.length > 0)
      await tell(client, row, examined, 'an action whose screen fails until its condition is written anew')
    else if (examined.changed) {
      await client.query('UPDATE ir_act_window SET domain = $2, context = $3 WHERE id = $1', [
        row.id,
        examined.domain,
        examined.context,
      ])
      await tell(client, row, examined, RENAMED)
    }
  }
}

/** What an alias gives to the records that its mails make. */
async function fitAliases(
  client: pg.ClientBase,
  { inventory, fields, names, values }: OwnDomains,
): Promise<void> {
  if (!inventory.has('mail_alias', 'alias_defaults')) return
  const changed = new Set([
    ...names.values().flatMap((ofModel) => ofModel.keys()),
    ...values.keys().map((key) => key.split('.')[1]!),
  ])
  const { rows } = await client.query<Row>(
    `SELECT t.id, coalesce(t.alias_name, 'alias ' || t.id) AS name, m.model, NULL AS domain, t.alias_defaults AS context, true AS own
       FROM mail_alias t JOIN ir_model m ON m.id = t.alias_model_id
      WHERE regexp_match(t.alias_defaults, '[''"](' || $1 || ')[''"]') IS NOT NULL ORDER BY t.id`,
    [[...changed].join('|')],
  )
  for (const row of rows) {
    const now = dictionaryOfFields(row.context!, row.model!, fields, names, values)
    if (now === row.context) continue
    await client.query('UPDATE mail_alias SET alias_defaults = $2 WHERE id = $1', [row.id, now])
    await tell(client, row, { missing: [] }, RENAMED)
  }
}

const RENAMED = 'names fields and values as they are called now'

interface BothExamined {
  domain: string | null
  context: string | null
  missing: string[]
  changed: boolean
}

function examine({ model, domain, context, own }: Row, { fields, names, values }: OwnDomains): BothExamined {
  if (model === null || !fields.hasModel(model)) return { domain, context, missing: [], changed: false }
  const whole = (text: string | null, part: typeof examineDomain): Examined =>
    text === null ? { text: '', missing: [] } : part(text, model, fields, names)
  const [first, second] = [whole(domain, examineDomain), whole(context, examineGrouping)]
  const now = {
    domain: domain === null ? null : own ? valuesOfDomain(first.text, model, fields, values) : first.text,
    context:
      context === null
        ? null
        : own
          ? defaultsOfContext(second.text, model, fields, names, values)
          : second.text,
  }
  return {
    ...now,
    missing: [...new Set([...first.missing, ...second.missing])],
    changed: now.domain !== domain || now.context !== context,
  }
}

async function tell(
  client: pg.ClientBase,
  { id, name, model, domain, context }: Row,
  { missing }: Pick<BothExamined, 'missing'>,
  outcome: string,
): Promise<void> {
  const body = [domain, context && context !== '{}' ? context : null].filter((text) => text).join('\n')
  await note(
    client,
    'own',
    'your own',
    `SELECT $1::text, $2::text, jsonb_strip_nulls(jsonb_build_object('id', $3::int, 'model', $4::text, 'missing', $5::text, 'body', $6::text))`,
    [name, outcome, id, model, missing.length > 0 ? missing.join(', ') : null, body],
  )
}
