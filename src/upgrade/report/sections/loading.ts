import type { Skipped } from '../../../load/report.ts'
import { type Fragment, html } from '../../../words/html.ts'
import type { ReportModel } from '../model.ts'
import { code, foldable, limited, pill, section, type Tone, table } from '../parts.ts'
import { counted } from '../words.ts'

const tones: Record<Skipped['severity'], Tone> = { info: 'plain', warning: 'warn', severe: 'bad' }

/** What the dump holds and was not loaded; what every genuine dump has is folded away. */
export function loading({ skipped }: ReportModel): Fragment {
  if (skipped.length === 0) return null
  const open = skipped.filter(({ severity }) => severity !== 'info')
  const usual = skipped.filter(({ severity }) => severity === 'info')
  const rows = (some: readonly Skipped[]) =>
    table(
      [{ label: 'What' }, { label: 'Name' }, { label: 'Why' }, { label: '' }],
      some.map(({ what, name, reason, severity }) => [
        what,
        code(name),
        reason,
        pill(tones[severity], severity),
      ]),
    )
  return section(
    'loading',
    'Left out while loading',
    'Statements of the dump that were not carried out: a dump is read, never trusted.',
    html`<div class="card">${open.length > 0 ? limited(open, rows) : html`<p class="empty">Nothing that you will miss.</p>`}${
      usual.length > 0 &&
      foldable(
        `${counted(usual.length, 'statement')} that every dump has and nobody misses`,
        limited(usual, rows),
      )
    }</div>`,
  )
}
