import type pg from 'pg'
import type { Inventory } from '../../schema/inventory.ts'
import { Combiner } from '../../verify/views/combine.ts'
import { examineArch, examineTemplate, type Surroundings } from '../../verify/views/examine.ts'
import { Forest, type View } from '../../verify/views/forest.ts'
import { archExpression, loadArchs, loadForest } from '../../verify/views/load.ts'
import { note } from '../notes.ts'
import type { NewNames } from './names.ts'

/** What a view has wrong; more of it would not tell more. */
const REASONS = 5

export interface OwnViews {
  series: string
  inventory: Inventory
  around: Surroundings
  names: NewNames
  /** Modules of the target: their views are not the customer's. */
  modules: readonly string[]
}

/**
 * Views of the customer's own that cannot be put together with the target's views, or name what is not there any more:
 * one such view makes its whole screen fail for everybody. Where only a field changed its name they get the new one; else
 * they are switched off, with the reason and their architecture in the notes.
 */
export async function fitOwnViews(client: pg.ClientBase, input: OwnViews): Promise<void> {
  const { inventory, series } = input
  // Versions before 8.0 cannot switch a view off; no hop leads there.
  if (!archExpression(inventory) || !inventory.has('ir_ui_view', 'active')) return
  const own = await ownIds(client, input.modules)
  if (own.size === 0) return
  const forest = await loadForest(client, series, inventory, 'public')
  const touched = forest
    .primaries()
    .filter((view) => Combiner.chain(forest, view).some(({ id }) => own.has(id)))
  const lost = forest.unreachable().filter(({ id }) => own.has(id))
  const needed = touched.flatMap((view) => Combiner.chain(forest, view).map(({ id }) => id))
  const trial = new Trial(
    input.around,
    await loadArchs(client, inventory, 'public', new Set([...needed, ...lost.map(({ id }) => id)])),
  )
  const faulty = touched.filter((view) => trial.problems(forest, view).length > 0)
  const suspects = new Set([
    ...faulty.flatMap((view) => Combiner.chain(forest, view).filter(({ id }) => own.has(id))),
    ...lost,
  ])
  if (suspects.size === 0) return

  let accepted = forest.all().filter((view) => !suspects.has(view))
  const off: { id: number; reasons: string[] }[] = []
  for (const view of parentsFirst([...suspects], forest)) {
    const reasons = reasonsAgainst(view, accepted, trial)
    if (reasons.length > 0) {
      const [former, adapted] = [trial.arch(view), adaptedArch(view, reasons, trial.arch(view), input.names)]
      if (adapted !== former) {
        trial.setArch(view, adapted)
        if (reasonsAgainst(view, accepted, trial).length === 0) {
          await rename(client, inventory, view, former, adapted)
          accepted = [...accepted, view]
          continue
        }
        trial.setArch(view, former)
      }
      off.push({ id: view.id, reasons })
    } else accepted = [...accepted, view]
  }
  await switchOff(client, inventory, off)
}

/** Views that no module of the target brings. */
async function ownIds(client: pg.ClientBase, modules: readonly string[]): Promise<Set<number>> {
  const { rows } = await client.query<{ id: number }>(
    `SELECT v.id FROM ir_ui_view v
      WHERE v.active AND NOT EXISTS (SELECT FROM ir_model_data d WHERE d.model = 'ir.ui.view' AND d.res_id = v.id AND d.module = ANY ($1))`,
    [modules],
  )
  return new Set(rows.map(({ id }) => id))
}

/** Views put together for trial, with architectures that can be changed for it. */
class Trial {
  readonly #around: Surroundings
  readonly #archs: Map<number, string>

  constructor(around: Surroundings, archs: Map<number, string>) {
    this.#around = around
    this.#archs = archs
  }

  arch(view: View): string {
    return this.#archs.get(view.id) ?? ''
  }

  setArch(view: View, arch: string): void {
    this.#archs.set(view.id, arch)
  }

  problems(forest: Forest, view: View): string[] {
    const found = new Set<string>()
    for (const { model, root, problems } of new Combiner(forest, this.#archs).combine(view)) {
      for (const { problem } of problems) found.add(problem)
      if (!root) continue
      const named =
        view.type === 'qweb'
          ? examineTemplate(root, this.#around)
          : model
            ? examineArch(root, model, this.#around)
            : []
      for (const problem of named) found.add(problem)
    }
    return [...found]
  }
}

function parentsFirst(views: readonly View[], forest: Forest): View[] {
  const place = new Map(forest.all().map((view, i) => [view, i]))
  const depth = (view: View): number => {
    let steps = 0
    for (
      let at = view;
      at.inheritId !== null && steps < 100;
      at = forest.get(at.inheritId) ?? { ...at, inheritId: null }
    )
      steps++
    return steps
  }
  return views.toSorted((a, b) => depth(a) - depth(b) || place.get(a)! - place.get(b)!)
}

/** What goes wrong with a view that does not without it. */
function reasonsAgainst(view: View, accepted: readonly View[], trial: Trial): string[] {
  if (view.inheritId !== null && !accepted.some(({ id }) => id === view.inheritId))
    return ['the view that it extends is not there or is switched off']
  const [without, along] = [
    new Forest(accepted, { byModel: false }),
    new Forest([...accepted, view], { byModel: false }),
  ]
  const reasons = new Set<string>()
  for (const primary of along.primaries()) {
    if (!Combiner.chain(along, primary).some(({ id }) => id === view.id)) continue
    const before = new Set(primary.id === view.id ? [] : trial.problems(without, primary))
    for (const problem of trial.problems(along, primary)) if (!before.has(problem)) reasons.add(problem)
  }
  return [...reasons]
}

/** The architecture with the new names of the fields that it names; only a trial shows whether that was what it lacked. */
function adaptedArch(view: View, reasons: readonly string[], arch: string, names: NewNames): string {
  const models = new Set(reasons.flatMap((reason) => /(?: on|of) ([\w.]+)$/.exec(reason)?.[1] ?? []))
  if (view.model) models.add(view.model)
  let changed = arch
  for (const model of models)
    for (const [old, now] of names.get(model) ?? [])
      changed = changed
        .replace(
          new RegExp(`(<(?:field|label|groupby)\\b[^>]*?\\b(?:name|for)=)(["'])${old}\\2`, 'g'),
          `$1$2${now}$2`,
        )
        .replace(new RegExp(`(@name\\s*=\\s*)(["'])${old}\\2`, 'g'), `$1$2${now}$2`)
        .replace(new RegExp(`([([]\\s*)(["'])${old}\\2(?=\\s*,)`, 'g'), `$1$2${now}$2`)
        .replace(new RegExp(`(["']group_by["']\\s*:\\s*)(["'])${old}\\2`, 'g'), `$1$2${now}$2`)
  return changed
}

async function rename(
  client: pg.ClientBase,
  inventory: Inventory,
  { id, name, model }: View,
  former: string,
  adapted: string,
): Promise<void> {
  const column = inventory.has('ir_ui_view', 'arch_db') ? 'arch_db' : 'arch'
  const translated = inventory.typeOf('ir_ui_view', column) === 'jsonb'
  await client.query(
    translated
      ? `UPDATE ir_ui_view SET ${column} = jsonb_set(${column}, '{en_US}', to_jsonb($2::text)) WHERE id = $1`
      : `UPDATE ir_ui_view SET ${column} = $2 WHERE id = $1`,
    [id, adapted],
  )
  await note(
    client,
    'own',
    'your own',
    `SELECT $1::text, 'a view of your own names fields as they are called now; its former XML is kept here', jsonb_build_object('id', $2::int, 'model', $3::text, 'arch', $4::text)`,
    [name, id, model, former],
  )
}

/** A view that is off is not opened by its id either: actions that asked for it take the model's own view. */
async function switchOff(
  client: pg.ClientBase,
  inventory: Inventory,
  off: readonly { id: number; reasons: string[] }[],
): Promise<void> {
  if (off.length === 0) return
  const told = off.map(({ id, reasons }) => ({
    id,
    because: [
      ...reasons.slice(0, REASONS),
      ...(reasons.length > REASONS ? [`and ${reasons.length - REASONS} more`] : []),
    ],
  }))
  const opened = inventory.has('ir_act_window', 'view_id')
    ? `(SELECT string_agg(a.name::text, ', ' ORDER BY a.id) FROM ir_act_window a WHERE a.view_id = v.id)`
    : 'NULL::text'
  await note(
    client,
    'own',
    'view',
    `SELECT v.name, 'switched off, because it does not fit the new version', jsonb_strip_nulls(jsonb_build_object('id', v.id, 'model', v.model,
            'extended', (SELECT coalesce(min(d.module || '.' || d.name), p.name) FROM ir_ui_view p LEFT JOIN ir_model_data d ON d.model = 'ir.ui.view' AND d.res_id = p.id WHERE p.id = v.inherit_id GROUP BY p.name),
            'because', x.because, 'opened by', ${opened}, 'arch', ${archExpression(inventory)}))
       FROM json_to_recordset($1::json) AS x (id integer, because jsonb) JOIN ir_ui_view v ON v.id = x.id ORDER BY v.id`,
    [JSON.stringify(told)],
  )
  const ids = off.map(({ id }) => id)
  await client.query('UPDATE ir_ui_view SET active = false WHERE id = ANY ($1)', [ids])
  for (const table of ['ir_act_window', 'ir_act_window_view'])
    if (inventory.has(table, 'view_id'))
      await client.query(`UPDATE ${table} SET view_id = NULL WHERE view_id = ANY ($1)`, [ids])
}
