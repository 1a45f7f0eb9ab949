import { type Html, html } from '../../../words/html.ts'
import { bytesInWords, countInWords, secondsInWords } from '../../../words/quantities.ts'
import type { ReportModel } from '../model.ts'
import { counted, momentInWords, productName, verdictOf } from '../words.ts'

const marks = {
  good: html`<svg class="mark" viewBox="0 0 24 24" aria-hidden="true"><circle cx="12" cy="12" r="12"/><path d="M6.8 12.4l3.5 3.5 7-7.4"/></svg>`,
  bad: html`<svg class="mark" viewBox="0 0 24 24" aria-hidden="true"><circle cx="12" cy="12" r="12"/><path d="M12 6v7.2M12 17v.4"/></svg>`,
}

export function headline(model: ReportModel): Html {
  const { database, result } = model
  const verdict = verdictOf(model)
  const companies = database.companies.slice(0, 3).join(', ') + (database.companies.length > 3 ? ' …' : '')
  return html`
<header>
  <div class="brand"><svg viewBox="0 0 24 24" aria-hidden="true"><path d="M12 3l8 8h-5v10H9V11H4z"/></svg>Uplift</div>
  <p class="eyebrow">Upgrade report</p>
  <h1>${database.name ?? database.file}</h1>
  <p class="way"><b>${productName(model.from)}</b><span aria-label="to">→</span><b>${productName(model.to)}</b>${model.hops.length > 1 && html`<small>in ${counted(model.hops.length, 'hop')}</small>`}</p>
  <p class="facts">${[companies, momentInWords(model.startedAt), `took ${secondsInWords(model.seconds)}`, model.aim === 'test' ? 'for testing' : 'for production'].filter(Boolean).join(' · ')}</p>
  <div class="verdict ${verdict.tone}">${marks[verdict.tone]}<div><strong>${verdict.headline}</strong><p>${verdict.sentence}</p></div></div>
  <dl class="tiles">
    ${tile('Rows taken over', countInWords(model.totals.rows), `from ${counted(model.totals.tables, 'table')}`)}
    ${checksTile(model)}
    ${tile('Your attention', countInWords(model.decisions.length), model.decisions.length === 1 ? 'point to look at' : 'points to look at')}
    ${tile('Result', result ? bytesInWords(result.bytes) : '–', result ? `for PostgreSQL ${result.postgresql}` : 'not written')}
  </dl>
</header>`
}

function checksTile({ verification }: ReportModel): Html {
  const made = (verification?.checks ?? []).filter(({ compared }) => compared > 0)
  const passed = made.filter(({ ok }) => ok).length
  return tile(
    'Checks passed',
    verification ? `${passed} of ${made.length}` : '–',
    `${countInWords(made.reduce((sum, { compared }) => sum + compared, 0))} things compared`,
  )
}

function tile(label: string, value: string, note: string): Html {
  return html`<div><dt>${label}</dt><dd>${value}</dd><dd class="note">${note}</dd></div>`
}
