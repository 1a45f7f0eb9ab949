import { type Fragment, type Html, html } from '../../../words/html.ts'
import type { Decision, DecisionKind, ReportModel } from '../model.ts'
import { foldable, limited, section } from '../parts.ts'
import { counted } from '../words.ts'

/** In the order in which they matter, with what a person can do about them. */
const kinds: readonly [kind: DecisionKind, title: string, advice: string][] = [
  [
    'missing transform',
    'Not converted yet',
    'These data are kept as they were; the new version expects them in another form. Check them by hand before you go live.',
  ],
  [
    'converted',
    'Decided by a rule',
    'The new version takes these data in another form, and there was more than one way: this is what was done.',
  ],
  [
    'custom module',
    'Your own modules',
    'Their data is all there. Their code has to be ported to the new version before it is installed on the result.',
  ],
  [
    'view switched off',
    'Views that were switched off',
    'What they changed does not exist any more, or not in this place. Rebuild what you still need; the XML is below.',
  ],
  [
    'view replaced',
    'Standard views that had been edited',
    'The new version’s view took their place, so that all screens work. Bring over the edits that you still need; your version is below.',
  ],
  [
    'not adapted',
    'Yours to adapt',
    'They name something that the new version does not have, or has in another form.',
  ],
  [
    'kept record',
    'Records kept that the new version does not bring',
    'Your data uses them, so they stay. Remove them when nothing needs them any more.',
  ],
]

export function decisions(model: ReportModel): Html {
  const body =
    model.decisions.length === 0
      ? html`<p class="empty">Nothing: no view was switched off and all that the database had found its place.</p>`
      : kinds.map(([kind, title, advice]) => {
          const found = model.decisions.filter((decision) => decision.kind === kind)
          return (
            found.length > 0 &&
            html`<div class="card"><h3>${title}<span class="count">${found.length}</span></h3><p>${advice}</p>${list(found)}</div>`
          )
        })
  return section(
    'decisions',
    'What needs your eye',
    model.decisions.length > 0 &&
      `${counted(model.decisions.length, 'point')} that the upgrade could not or should not decide for you.`,
    body,
  )
}

/** Entries that stand open; of a longer list the rest is folded away. */
const OPEN = 6

function list(found: readonly Decision[]): Fragment {
  const entries = (some: readonly Decision[]) => html`<ul class="entries">${some.map(entry)}</ul>`
  if (found.length <= OPEN + 2) return entries(found)
  const rest = found.slice(OPEN)
  return [
    entries(found.slice(0, OPEN)),
    foldable(`${counted(rest.length, 'more', 'more')}`, limited(rest, entries)),
  ]
}

function entry({ subject, outcome, facts, body }: Decision): Html {
  const line = Object.entries(facts).map(([name, value]) => html`<span><i>${name}</i> ${value}</span>`)
  const text = html`<b>${subject}</b> <span class="outcome">${outcome}</span>${line.length > 0 && html`<div class="factline">${line}</div>`}`
  return html`<li>${body === null ? text : foldable(text, html`<pre>${body}</pre>`)}</li>`
}
