import { type Fragment, type Html, html } from '../../../words/html.ts'
import { countInWords } from '../../../words/quantities.ts'
import type { ReportModel } from '../model.ts'
import { code, foldable, limited, section, table } from '../parts.ts'
import { counted } from '../words.ts'

/** Data without a place in the target, and records that no module stands for any more: both are still in the database. */
export function kept(model: ReportModel): Fragment {
  const { legacy, retained, to } = model
  if (legacy.length + retained.length === 0) return null
  return section('kept', 'Kept', null, [
    legacy.length > 0 &&
      html`<div class="card"><h3>Aside, in the schema “legacy”</h3><p>${counted(
        sum(legacy, ({ rows }) => rows),
        'row',
      )} in ${counted(legacy.length, 'table')} have no place in ${to}. Nothing of them was thrown away: they are in the schema “legacy” of the database, where Odoo does not look.</p>${open(
        legacy.toSorted((a, b) => b.rows - a.rows),
        legacyTable,
      )}</div>`,
    retained.length > 0 &&
      html`<div class="card"><h3>Records that modules brought once</h3><p>${counted(
        sum(retained, ({ records }) => records),
        'record',
      )} of ${counted(retained.length, 'model')} came with modules that do not bring them any more, such as demonstration data. People may have built on them, so they stay, and no later update of a module removes them.</p>${foldable('By model', limited(retained, retainedTable))}</div>`,
  ])
}

function legacyTable(entries: ReportModel['legacy']): Html {
  return table(
    [{ label: 'Was' }, { label: 'Is now in' }, { label: 'Rows', number: true }, { label: 'What and why' }],
    entries.map((entry) => [
      code(entry.subject),
      code(entry.table),
      countInWords(entry.rows),
      entry.columns.length > 0
        ? html`${entry.columns.join(', ')}<br><span class="muted">${entry.why}</span>`
        : entry.why,
    ]),
  )
}

function retainedTable(entries: readonly ReportModel['retained'][number][]): Html {
  return table(
    [{ label: 'Model' }, { label: 'Records', number: true }],
    entries.map(({ model, records }) => [code(model), countInWords(records)]),
  )
}

/** Rows of a table that stand open; the rest is folded away. */
const OPEN = 10

function open<T>(entries: readonly T[], show: (entries: T[]) => Fragment): Fragment {
  const rest = entries.slice(OPEN)
  return [
    show(entries.slice(0, OPEN)),
    rest.length > 0 &&
      foldable(
        `${countInWords(rest.length)} more`,
        limited(rest, (some) => show([...some])),
      ),
  ]
}

function sum<T>(entries: readonly T[], of: (entry: T) => number): number {
  return entries.reduce((total, entry) => total + of(entry), 0)
}

export function required({ required: filled, to }: ReportModel): Fragment {
  if (filled.length === 0) return null
  return section(
    'required',
    'Values filled in',
    `Fields that ${to} requires and the source had nothing for, with the rule that gave the value.`,
    html`<div class="card">${limited(filled, (some) =>
      table(
        [{ label: 'Column' }, { label: 'Rows', number: true }, { label: 'Rule' }],
        some.map(({ column, rows, because }) => [code(column), countInWords(rows), because]),
      ),
    )}</div>`,
  )
}
