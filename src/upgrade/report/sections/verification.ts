import type { BeforeAfter } from '../../../verify/snapshot/before-after.ts'
import type { Check, Listing } from '../../../verify/verification.ts'
import { type Fragment, type Html, html } from '../../../words/html.ts'
import { countInWords, secondsInWords } from '../../../words/quantities.ts'
import type { ReportModel } from '../model.ts'
import { code, foldable, limited, pill, section, table } from '../parts.ts'
import { counted } from '../words.ts'

export function verification(model: ReportModel): Html {
  const { verification: made } = model
  if (!made)
    return section(
      'verification',
      'Verification',
      null,
      html`<p class="empty bad">The result was not verified.</p>`,
    )
  const lead = `The finished database was held against ${model.target === 'reference' ? `a fresh database of ${model.to}` : `the built-in catalogue of ${model.to}`} and against the source, in ${secondsInWords(made.seconds)}.`
  const rows = made.checks.map((check) => [
    check.title,
    countInWords(check.compared),
    verdict(check),
    check.apart.total > 0 ? countInWords(check.apart.total) : '–',
  ])
  return section('verification', 'Verification', lead, [
    html`<div class="card">${table([{ label: 'Check' }, { label: 'Compared', number: true }, { label: 'Result' }, { label: 'Set apart', number: true }], rows)}</div>`,
    made.checks.map((check) => findings(check)),
    records(model.records),
  ])
}

function verdict({ ok, compared, violations }: Check): Html {
  if (!ok) return pill('bad', counted(violations.total, 'violation'))
  return compared === 0 ? pill('plain', 'nothing to compare') : pill('good', 'passed')
}

function findings({ title, violations, apart, notes }: Check): Fragment {
  if (violations.total + apart.total + notes.length === 0) return null
  return [
    violations.total > 0 &&
      foldable(
        html`${title}: ${pill('bad', counted(violations.total, 'violation'))}`,
        listing(violations),
        true,
      ),
    apart.total + notes.length > 0 &&
      foldable(
        html`${title}: <span class="muted">${apart.total > 0 ? `${countInWords(apart.total)} set apart: not wrong, but to be seen` : counted(notes.length, 'note')}</span>`,
        [notes.map((note) => html`<p>${note}</p>`), apart.total > 0 && listing(apart)],
      ),
  ]
}

/** Findings that stand open; the rest is folded away. */
const OPEN = 12

function listing({ total, first }: Listing): Fragment {
  const rows = (some: Listing['first']) =>
    table(
      [{ label: 'What' }, { label: 'Finding' }],
      some.map(({ subject, problem }) => [code(subject), shortened(problem)]),
    )
  const rest = first.slice(OPEN)
  return [
    rows(first.slice(0, OPEN)),
    rest.length > 0 && foldable(`${countInWords(rest.length)} more`, rows(rest)),
    // One entry may stand for many rows, so the two numbers need not be equal when all is shown.
    first.length < total &&
      html`<p class="more">These ${countInWords(first.length)} entries are of ${countInWords(total)} findings in all.</p>`,
  ]
}

/** A definition of a view may be pages long. */
const LONG = 300

function shortened(text: string): Fragment {
  return text.length <= LONG ? text : foldable(`${text.slice(0, LONG / 2)} …`, html`<pre>${text}</pre>`)
}

/** Records before and after: those that differ in the open, all of them folded. */
function records(counts: readonly BeforeAfter[]): Fragment {
  if (counts.length === 0) return null
  const differ = counts.filter(({ before, after }) => before !== after)
  const rows = (some: readonly BeforeAfter[]) =>
    table(
      [
        { label: 'Model' },
        { label: 'Before', number: true },
        { label: 'After', number: true },
        { label: '' },
      ],
      some.map(({ model, before, after }) => [
        code(model),
        countInWords(before),
        countInWords(after),
        before === after
          ? pill('good', 'equal')
          : pill(
              after < before ? 'bad' : 'plain',
              `${after > before ? '+' : '−'}${countInWords(Math.abs(after - before))}`,
            ),
      ]),
    )
  return html`<div class="card"><h3>Records before and after</h3><p>${counted(counts.length - differ.length, 'model')} with exactly as many records as before${differ.length > 0 && html`, ${differ.length} with more or fewer`}.</p>${
    differ.length > 0 && limited(differ, rows, 40)
  }${foldable(`All ${counted(counts.length, 'model')}`, limited(counts, rows, 1000))}</div>`
}
