import type pg from 'pg'
import { ident } from '../../postgres/sql.ts'
import { type Inventory, readInventory } from '../../schema/inventory.ts'
import type { VerifyInput } from '../input.ts'
import { type Check, Findings } from '../verification.ts'
import { checkActionIds, checkWindows } from './actions.ts'
import { Combiner } from './combine.ts'
import { examineArch, examineTemplate, type Surroundings } from './examine.ts'
import type { Forest, View } from './forest.ts'
import { checkLanguages } from './languages.ts'
import { loadArchs, loadForest } from './load.ts'
import { loadSurroundings } from './surroundings.ts'

/** Chains are put together in portions, so that the trees of a large database never stand in memory together. */
const PORTION = 150

/**
 * Every active view: its XML can be read, each instruction of its extensions finds its node, fields, actions and templates
 * that it names exist. A view that is put together from the reference's own architectures, on models that have all the
 * reference's fields, is as good as there and is not put together again. What a view of the reference has wrong by
 * itself is no fault of the upgrade; it is listed apart.
 */
export async function checkViews(
  client: pg.ClientBase,
  input: VerifyInput,
  inventory: Inventory,
): Promise<Check> {
  const findings = new Findings('views', 'Views: XML, inheritance, fields, actions and templates')
  const forest = await loadForest(client, input.series, inventory, 'public')
  const reference = input.reference === null ? null : await readInventory(client, input.reference)
  const theirs = reference?.hasTable('ir_ui_view')
    ? await loadForest(client, input.series, reference, input.reference!)
    : null
  const twins = new Map(
    [...(theirs?.all() ?? [])].flatMap((view) => (view.xmlid ? [[view.xmlid, view] as const] : [])),
  )
  const primaries = forest.primaries()
  findings.compared(forest.all().length)
  for (const view of forest.unreachable())
    findings.violation(view.key, 'extends a view that is not there, or extends itself')

  const trusted = theirs !== null && (await hasFieldsOf(client, input.reference!))
  const doubtful = trusted ? primaries.filter((view) => !sameAsTwin(view, forest, twins, theirs)) : primaries
  findings.note(
    `${primaries.length - doubtful.length} of ${primaries.length} views are put together as in the reference, ${doubtful.length} were examined.`,
  )
  if (doubtful.length > 0) {
    const around = await loadSurroundings(client, input, inventory, 'public')
    const problems = await examine(client, forest, doubtful, inventory, 'public', around)
    const known = await problemsOfReference(client, input, problems, { theirs, twins, reference })
    for (const { view, at, problem } of problems) {
      const subject = at === view ? at.key : `${at.key} (in ${view.key})`
      if (known.has(told(view, at, problem))) findings.apart(subject, `the reference has it too: ${problem}`)
      else findings.violation(subject, problem)
    }
  }
  // The reference's tables have neither indexes nor statistics, and nested loops over them take seconds.
  await client.query('SET enable_nestloop TO off')
  try {
    const schema =
      input.reference !== null && reference ? { schema: input.reference, inventory: reference } : null
    await checkWindows(client, inventory, schema, input.modules, findings)
    if (schema) await checkActionIds(client, forest, twins, schema.schema, findings)
    await checkLanguages(client, input, inventory, reference, findings)
  } finally {
    await client.query('RESET enable_nestloop')
  }
  findings.note(
    'Methods that buttons of type "object" call cannot be known without the program and are not checked.',
  )
  return findings.check()
}

interface Problem {
  /** The view that was put together. */
  view: View
  /** The one of its chain that is at fault. */
  at: View
  problem: string
}

async function examine(
  client: pg.ClientBase,
  forest: Forest,
  views: readonly View[],
  inventory: Inventory,
  schema: string,
  around: Surroundings,
): Promise<Problem[]> {
  const problems: Problem[] = []
  for (let start = 0; start < views.length; start += PORTION) {
    const portion = views.slice(start, start + PORTION)
    const ids = new Set(portion.flatMap((view) => Combiner.chain(forest, view).map(({ id }) => id)))
    const combiner = new Combiner(forest, await loadArchs(client, inventory, schema, ids))
    for (const view of portion)
      for (const { model, root, problems: ofChain } of combiner.combine(view)) {
        for (const { view: at, problem } of ofChain) problems.push({ view, at, problem })
        if (!root) continue
        const named =
          view.type === 'qweb' ? examineTemplate(root, around) : model ? examineArch(root, model, around) : []
        for (const problem of named) problems.push({ view, at: view, problem })
      }
  }
  return problems
}

/** What the same views have wrong in the reference. */
async function problemsOfReference(
  client: pg.ClientBase,
  input: VerifyInput,
  problems: readonly Problem[],
  {
    theirs,
    twins,
    reference,
  }: { theirs: Forest | null; twins: ReadonlyMap<string, View>; reference: Inventory | null },
): Promise<Set<string>> {
  if (!theirs || !reference || problems.length === 0) return new Set()
  const faulty = new Set(problems.flatMap(({ view }) => (view.xmlid ? (twins.get(view.xmlid) ?? []) : [])))
  const around = await loadSurroundings(client, input, reference, input.reference!)
  const found = await examine(client, theirs, [...faulty], reference, input.reference!, around)
  return new Set(found.map(({ view, at, problem }) => told(view, at, problem)))
}

function told(view: View, at: View, problem: string): string {
  return `${view.key}\n${at.key}\n${problem}`
}

function sameAsTwin(view: View, forest: Forest, twins: ReadonlyMap<string, View>, theirs: Forest): boolean {
  const twin = view.xmlid === null ? undefined : twins.get(view.xmlid)
  return twin?.primary === true && forest.signature(view) === theirs.signature(twin)
}

/** Whether the models of the database have every field that they have in the reference, leading to the same models. */
async function hasFieldsOf(client: pg.ClientBase, reference: string): Promise<boolean> {
  const fields = (schema: string): string =>
    `SELECT model, name, ttype, coalesce(relation, '') FROM ${ident(schema)}.ir_model_fields`
  const { rows } = await client.query<{ complete: boolean }>(
    `SELECT NOT EXISTS (SELECT FROM (${fields(reference)} f WHERE EXISTS (SELECT FROM public.ir_model m WHERE m.model = f.model)
                        EXCEPT ${fields('public')}) AS missing) AS complete`,
  )
  return rows[0]!.complete
}
