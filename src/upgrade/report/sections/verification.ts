import type { Check, Listing } from '../../../verify/verification.ts'
import { type Fragment, type Html, html } from '../../../words/html.ts'
import { catalogue } from '../../../words/language.ts'
import type { ReportModel } from '../model.ts'
import { code, english, foldable, pill, section, table } from '../parts.ts'
import type { Reader } from '../reader.ts'
import { checkTitle } from './check-titles.ts'
import { figures, records } from './figures.ts'

const texts = catalogue<{
  title: string
  unverified: string
  lead: (against: string, time: string) => string
  reference: (to: string) => string
  catalogue: (to: string) => string
  check: string
  compared: string
  result: string
  apart: string
  violation: string
  nothing: string
  passed: string
  setApart: (count: string) => string
  note: string
  what: string
  finding: string
  more: (count: string) => string
  ofAll: (shown: string, all: string) => string
}>({
  en: {
    title: 'Verification',
    unverified: 'The result was not verified.',
    lead: (against, time) =>
      `The finished database was held against ${against} and against the source, in ${time}.`,
    reference: (to) => `a fresh database of ${to}`,
    catalogue: (to) => `the built-in catalogue of ${to}`,
    check: 'Check',
    compared: 'Compared',
    result: 'Result',
    apart: 'Set apart',
    violation: 'violation',
    nothing: 'nothing to compare',
    passed: 'passed',
    setApart: (count) => `${count} set apart: not wrong, but to be seen`,
    note: 'note',
    what: 'What',
    finding: 'Finding',
    more: (count) => `${count} more`,
    ofAll: (shown, all) => `These ${shown} entries are of ${all} findings in all.`,
  },
  fr: {
    title: 'Vérification',
    unverified: 'Le résultat n’a pas été vérifié.',
    lead: (against, time) =>
      `La base terminée a été comparée à ${against} et à la source, en ${time}. Les constats sont en anglais.`,
    reference: (to) => `une base ${to} neuve`,
    catalogue: (to) => `la description intégrée de ${to}`,
    check: 'Contrôle',
    compared: 'Comparés',
    result: 'Résultat',
    apart: 'Mis à part',
    violation: 'infraction',
    nothing: 'rien à comparer',
    passed: 'passé',
    setApart: (count) => `${count} mis à part : pas faux, mais à voir`,
    note: 'remarque',
    what: 'Quoi',
    finding: 'Constat',
    more: (count) => `${count} de plus`,
    ofAll: (shown, all) => `Ces ${shown} entrées font partie de ${all} constats.`,
  },
})

type Told = Reader & { t: ReturnType<typeof texts> }

export function verification(model: ReportModel, reader: Reader): Html {
  const t = texts(reader.language)
  const told = { ...reader, t }
  const { verification: made } = model
  if (!made) return section('verification', t.title, null, html`<p class="empty bad">${t.unverified}</p>`)
  const against = model.target === 'reference' ? t.reference(model.to) : t.catalogue(model.to)
  const rows = made.checks.map((check) => [
    checkTitle(check, reader.language),
    reader.count(check.compared),
    verdict(check, told),
    check.apart.total > 0 ? reader.count(check.apart.total) : '–',
  ])
  return section('verification', t.title, t.lead(against, reader.seconds(made.seconds)), [
    html`<div class="card">${table([{ label: t.check }, { label: t.compared, number: true }, { label: t.result }, { label: t.apart, number: true }], rows)}</div>`,
    made.checks.map((check) => findings(check, told)),
    figures(made.checks, reader),
    records(model.records, reader),
  ])
}

function verdict({ ok, compared, violations }: Check, { t, counted }: Told): Html {
  if (!ok) return pill('bad', counted(violations.total, t.violation))
  return compared === 0 ? pill('plain', t.nothing) : pill('good', t.passed)
}

function findings(check: Check, told: Told): Fragment {
  const { t, counted, count, language, colon } = told
  const { violations, apart, notes } = check
  const title = checkTitle(check, language)
  if (violations.total + apart.total + notes.length === 0) return null
  return [
    violations.total > 0 &&
      foldable(
        html`${title}${colon}${pill('bad', counted(violations.total, t.violation))}`,
        listing(violations, told),
        true,
      ),
    apart.total + notes.length > 0 &&
      foldable(
        html`${title}${colon}<span class="muted">${apart.total > 0 ? t.setApart(count(apart.total)) : counted(notes.length, t.note)}</span>`,
        [notes.map((note) => html`<p>${english(told, note)}</p>`), apart.total > 0 && listing(apart, told)],
      ),
  ]
}

/** Findings that stand open; the rest is folded away. */
const OPEN = 12

function listing({ total, first }: Listing, told: Told): Fragment {
  const { t, count } = told
  const rows = (some: Listing['first']) =>
    table(
      [{ label: t.what }, { label: t.finding }],
      some.map(({ subject, problem }) => [code(subject), english(told, shortened(problem))]),
    )
  const rest = first.slice(OPEN)
  return [
    rows(first.slice(0, OPEN)),
    rest.length > 0 && foldable(t.more(count(rest.length)), rows(rest)),
    // One entry may stand for many rows, so the two numbers need not be equal when all is shown.
    first.length < total && html`<p class="more">${t.ofAll(count(first.length), count(total))}</p>`,
  ]
}

/** A definition of a view may be pages long. */
const LONG = 300

function shortened(text: string): Fragment {
  return text.length <= LONG ? text : foldable(`${text.slice(0, LONG / 2)} …`, html`<pre>${text}</pre>`)
}
