import { type Html, html } from '../../../words/html.ts'
import { catalogue } from '../../../words/language.ts'
import type { ReportModel } from '../model.ts'
import type { Reader } from '../reader.ts'
import type { Served } from '../render.ts'
import { momentInWords, productName, verdictOf } from '../words.ts'

const marks = {
  good: html`<svg class="mark" viewBox="0 0 24 24" aria-hidden="true"><circle cx="12" cy="12" r="12"/><path d="M6.8 12.4l3.5 3.5 7-7.4"/></svg>`,
  bad: html`<svg class="mark" viewBox="0 0 24 24" aria-hidden="true"><circle cx="12" cy="12" r="12"/><path d="M12 6v7.2M12 17v.4"/></svg>`,
}

const texts = catalogue<{
  report: string
  to: string
  hop: string
  in: (hops: string) => string
  took: (time: string) => string
  test: string
  production: string
  rows: string
  from: (tables: string) => string
  table: string
  attention: string
  point: string
  points: string
  result: string
  forPostgres: (version: string) => string
  notWritten: string
  checks: string
  of: (passed: number, made: number) => string
  compared: (things: string) => string
}>({
  en: {
    report: 'Upgrade report',
    to: 'to',
    hop: 'hop',
    in: (hops) => `in ${hops}`,
    took: (time) => `took ${time}`,
    test: 'for testing',
    production: 'for production',
    rows: 'Rows taken over',
    from: (tables) => `from ${tables}`,
    table: 'table',
    attention: 'Your attention',
    point: 'point to look at',
    points: 'points to look at',
    result: 'Result',
    forPostgres: (version) => `for PostgreSQL ${version}`,
    notWritten: 'not written',
    checks: 'Checks passed',
    of: (passed, made) => `${passed} of ${made}`,
    compared: (things) => `${things} things compared`,
  },
  fr: {
    report: 'Rapport de mise à niveau',
    to: 'vers',
    hop: 'étape',
    in: (hops) => `en ${hops}`,
    took: (time) => `en ${time}`,
    test: 'pour un test',
    production: 'pour la production',
    rows: 'Lignes reprises',
    from: (tables) => `de ${tables}`,
    table: 'table',
    attention: 'À votre attention',
    point: 'point à regarder',
    points: 'points à regarder',
    result: 'Résultat',
    forPostgres: (version) => `pour PostgreSQL ${version}`,
    notWritten: 'non écrit',
    checks: 'Contrôles passés',
    of: (passed, made) => `${passed} sur ${made}`,
    compared: (things) => `${things} éléments comparés`,
  },
})

export function headline(model: ReportModel, reader: Reader, links: Served['links'] = []): Html {
  const t = texts(reader.language)
  const { database, result } = model
  const verdict = verdictOf(model, reader)
  const companies = database.companies.slice(0, 3).join(', ') + (database.companies.length > 3 ? ' …' : '')
  return html`
<header>
  <div class="brand"><svg viewBox="0 0 24 24" aria-hidden="true"><path d="M12 3l8 8h-5v10H9V11H4z"/></svg>Uplift${links.length > 0 && html`<span class="top-links">${links.map(({ href, label, language }) => html`<a href="${href}"${language && html` hreflang="${language}" lang="${language}"`}>${label}</a>`)}</span>`}</div>
  <p class="eyebrow">${t.report}</p>
  <h1>${database.name ?? database.file}</h1>
  <p class="way"><b>${productName(model.from)}</b><span aria-label="${t.to}">→</span><b>${productName(model.to)}</b>${model.hops.length > 1 && html`<small>${t.in(reader.counted(model.hops.length, t.hop))}</small>`}</p>
  <p class="facts">${[companies, momentInWords(reader, model.startedAt), t.took(reader.seconds(model.seconds)), model.aim === 'test' ? t.test : t.production].filter(Boolean).join(' · ')}</p>
  <div class="verdict ${verdict.tone}">${marks[verdict.tone]}<div><strong>${verdict.headline}</strong><p>${verdict.sentence}</p></div></div>
  <dl class="tiles">
    ${tile(t.rows, reader.count(model.totals.rows), t.from(reader.counted(model.totals.tables, t.table)))}
    ${checksTile(model, reader)}
    ${tile(t.attention, reader.count(model.decisions.length), model.decisions.length === 1 ? t.point : t.points)}
    ${tile(t.result, result ? reader.bytes(result.bytes) : '–', result ? t.forPostgres(result.postgresql) : t.notWritten)}
  </dl>
</header>`
}

function checksTile({ verification }: ReportModel, reader: Reader): Html {
  const t = texts(reader.language)
  const made = (verification?.checks ?? []).filter(({ compared }) => compared > 0)
  const passed = made.filter(({ ok }) => ok).length
  return tile(
    t.checks,
    verification ? t.of(passed, made.length) : '–',
    t.compared(reader.count(made.reduce((sum, { compared }) => sum + compared, 0))),
  )
}

function tile(label: string, value: string, note: string): Html {
  return html`<div><dt>${label}</dt><dd>${value}</dd><dd class="note">${note}</dd></div>`
}
