import { countInWords } from '../../../words/quantities.ts'
import { type Fragment, html } from '../html.ts'
import type { ReportModel } from '../model.ts'
import { code, limited, section, table } from '../parts.ts'
import { counted } from '../words.ts'

/** Data without a place in the target: still in the database, out of Odoo's way. */
export function kept({ legacy, to }: ReportModel): Fragment {
  if (legacy.length === 0) return null
  const rows = legacy.reduce((sum, entry) => sum + entry.rows, 0)
  return section(
    'kept',
    'Kept aside',
    `${counted(rows, 'row')} in ${counted(legacy.length, 'table')} have no place in ${to}. Nothing of them was thrown away: they are in the schema “legacy” of the database, where Odoo does not look.`,
    html`<div class="card">${limited(
      legacy.toSorted((a, b) => b.rows - a.rows),
      (some) =>
        table(
          [
            { label: 'Was' },
            { label: 'Is now in' },
            { label: 'Rows', number: true },
            { label: 'What and why' },
          ],
          some.map((entry) => [
            code(entry.subject),
            code(entry.table),
            countInWords(entry.rows),
            entry.columns.length > 0
              ? html`${entry.columns.join(', ')}<br><span class="muted">${entry.why}</span>`
              : entry.why,
          ]),
        ),
      60,
    )}</div>`,
  )
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
