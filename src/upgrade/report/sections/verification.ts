import type { BeforeAfter } from '../../../verify/snapshot/before-after.ts'
import type { Check, Listing } from '../../../verify/verification.ts'
import { type Fragment, type Html, html } from '../../../words/html.ts'
import { catalogue } from '../../../words/language.ts'
import type { ReportModel } from '../model.ts'
import { code, foldable, limited, pill, section, table } from '../parts.ts'
import type { Reader } from '../reader.ts'

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
  records: string
  model: string
  before: string
  after: string
  equal: string
  difference: string
  summary: (equal: string, differ: number) => string
  allModels: (models: string) => string
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
    records: 'Records before and after',
    model: 'Model',
    before: 'Before',
    after: 'After',
    equal: 'equal',
    difference: 'Difference',
    summary: (equal, differ) =>
      `${equal} with exactly as many records as before${differ > 0 ? `, ${differ} with more or fewer` : ''}.`,
    allModels: (models) => `All ${models}`,
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
    records: 'Enregistrements avant et après',
    model: 'Modèle',
    before: 'Avant',
    after: 'Après',
    equal: 'égal',
    difference: 'Écart',
    summary: (equal, differ) =>
      `${equal} avec exactement autant d’enregistrements qu’avant${differ > 0 ? `, ${differ} avec plus ou moins` : ''}.`,
    allModels: (models) => `Tous : ${models}`,
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
    check.title,
    reader.count(check.compared),
    verdict(check, told),
    check.apart.total > 0 ? reader.count(check.apart.total) : '–',
  ])
  return section('verification', t.title, t.lead(against, reader.seconds(made.seconds)), [
    html`<div class="card">${table([{ label: t.check }, { label: t.compared, number: true }, { label: t.result }, { label: t.apart, number: true }], rows)}</div>`,
    made.checks.map((check) => findings(check, told)),
    records(model.records, told),
  ])
}

function verdict({ ok, compared, violations }: Check, { t, counted }: Told): Html {
  if (!ok) return pill('bad', counted(violations.total, t.violation))
  return compared === 0 ? pill('plain', t.nothing) : pill('good', t.passed)
}

function findings({ title, violations, apart, notes }: Check, told: Told): Fragment {
  const { t, counted, count } = told
  if (violations.total + apart.total + notes.length === 0) return null
  return [
    violations.total > 0 &&
      foldable(
        html`${title}: ${pill('bad', counted(violations.total, t.violation))}`,
        listing(violations, told),
        true,
      ),
    apart.total + notes.length > 0 &&
      foldable(
        html`${title}: <span class="muted">${apart.total > 0 ? t.setApart(count(apart.total)) : counted(notes.length, t.note)}</span>`,
        [notes.map((note) => html`<p>${note}</p>`), apart.total > 0 && listing(apart, told)],
      ),
  ]
}

/** Findings that stand open; the rest is folded away. */
const OPEN = 12

function listing({ total, first }: Listing, { t, count }: Told): Fragment {
  const rows = (some: Listing['first']) =>
    table(
      [{ label: t.what }, { label: t.finding }],
      some.map(({ subject, problem }) => [code(subject), shortened(problem)]),
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

/** Records before and after: those that differ in the open, all of them folded. */
function records(counts: readonly BeforeAfter[], told: Told): Fragment {
  const { t, count, counted } = told
  if (counts.length === 0) return null
  const differ = counts.filter(({ before, after }) => before !== after)
  const rows = (some: readonly BeforeAfter[]) =>
    table(
      [
        { label: t.model },
        { label: t.before, number: true },
        { label: t.after, number: true },
        { label: t.difference },
      ],
      some.map(({ model, before, after }) => [
        code(model),
        count(before),
        count(after),
        before === after
          ? pill('good', t.equal)
          : pill(
              after < before ? 'bad' : 'plain',
              `${after > before ? '+' : '−'}${count(Math.abs(after - before))}`,
            ),
      ]),
    )
  return html`<div class="card"><h3>${t.records}</h3><p>${t.summary(counted(counts.length - differ.length, t.model.toLowerCase()), differ.length)}</p>${
    differ.length > 0 && limited(differ, rows, told, 40)
  }${foldable(t.allModels(counted(counts.length, t.model.toLowerCase())), limited(counts, rows, told, 1000))}</div>`
}
