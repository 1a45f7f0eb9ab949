import type { BeforeAfter } from '../../../verify/snapshot/before-after.ts'
import { sameDecimal } from '../../../verify/snapshot/figure.ts'
import type { Check, Sum } from '../../../verify/verification.ts'
import { type Fragment, html } from '../../../words/html.ts'
import { catalogue, type Language } from '../../../words/language.ts'
import { code, english, foldable, limited, pill, table } from '../parts.ts'
import type { Reader } from '../reader.ts'
import { checkTitle } from './check-titles.ts'

const texts = catalogue<{
  figures: string
  figuresLead: string
  figure: string
  before: string
  after: string
  result: string
  equal: string
  explained: string
  differs: string
  records: string
  model: string
  summary: (equal: string, differ: number) => string
  finding: string
  allModels: (models: string) => string
}>({
  en: {
    figures: 'Figures before and after',
    figuresLead:
      'Sums over all that was compared. The comparison itself was made one by one: per account, partner, product, place, document and state.',
    figure: 'Figure',
    before: 'Before',
    after: 'After',
    result: 'Result',
    equal: 'equal',
    explained: 'explained',
    differs: 'differs',
    records: 'Records before and after',
    model: 'Model',
    summary: (equal, differ) =>
      `${equal} with exactly as many records as before${differ > 0 ? `, ${differ} with more or fewer` : ''}.`,
    finding: 'Why',
    allModels: (models) => `All ${models}`,
  },
  fr: {
    figures: 'Chiffres avant et après',
    figuresLead:
      'Sommes de tout ce qui a été comparé. La comparaison elle-même a été faite un à un : par compte, partenaire, article, emplacement, document et état.',
    figure: 'Chiffre',
    before: 'Avant',
    after: 'Après',
    result: 'Résultat',
    equal: 'égal',
    explained: 'expliqué',
    differs: 'diffère',
    records: 'Enregistrements avant et après',
    model: 'Modèle',
    summary: (equal, differ) =>
      `${equal} avec exactement autant d’enregistrements qu’avant${differ > 0 ? `, ${differ} avec plus ou moins` : ''}.`,
    finding: 'Pourquoi',
    allModels: (models) => `Tous : ${models}`,
  },
})

/** What the sums are called; in English as the checks call them. */
const french: Readonly<Record<string, string>> = {
  lines: 'lignes',
  debit: 'débit',
  credit: 'crédit',
  'posted debit': 'débit comptabilisé',
  'posted credit': 'crédit comptabilisé',
  residual: 'restant dû',
  quantity: 'quantité',
  documents: 'documents',
  amount: 'montant',
  records: 'enregistrements',
  users: 'utilisateurs',
  active: 'actifs',
  companies: 'sociétés',
  attachments: 'pièces jointes',
  bytes: 'octets',
  rows: 'lignes',
  values: 'valeurs',
  total: 'total',
}

/** A sum of checksums says something to machines alone. */
const isForPeople = ({ name }: Sum): boolean => name !== 'checksum'

/** The sums of every check that holds figures against those of the source. */
export function figures(checks: readonly Check[], { language, colon }: Reader): Fragment {
  const t = texts(language)
  const number = new Intl.NumberFormat(language, { maximumFractionDigits: 20 })
  const decimal = (value: string) => number.format(value as Intl.StringNumericLiteral)
  const rows = checks
    .filter(({ compared }) => compared > 0)
    .flatMap((check) =>
      (check.sums ?? []).filter(isForPeople).map((sum) => [
        html`${checkTitle(check, language)}${colon}<b>${sumName(sum, language)}</b>`,
        decimal(sum.before),
        decimal(sum.after),
        // Sums may be equal where a check fails, and differ where it has a reason.
        sameDecimal(sum.before, sum.after)
          ? pill('good', t.equal)
          : check.ok
            ? pill('plain', t.explained)
            : pill('bad', t.differs),
      ]),
    )
  if (rows.length === 0) return null
  return html`<div class="card"><h3>${t.figures}</h3><p>${t.figuresLead}</p>${table(
    [
      { label: t.figure },
      { label: t.before, number: true },
      { label: t.after, number: true },
      { label: t.result },
    ],
    rows,
  )}</div>`
}

function sumName({ name }: Sum, language: Language): string {
  return language === 'fr' ? (french[name] ?? name) : name
}

/** Records before and after: those that differ in the open, all of them folded. */
export function records(counts: readonly BeforeAfter[], reader: Reader): Fragment {
  const { count, counted, language } = reader
  const t = texts(language)
  if (counts.length === 0) return null
  const differ = counts.filter(({ before, after, lost }) => before !== after || lost)
  const rows = (some: readonly BeforeAfter[]) =>
    table(
      [
        { label: t.model },
        { label: t.before, number: true },
        { label: t.after, number: true },
        { label: t.result },
        { label: t.finding },
      ],
      some.map((entry) => [
        code(entry.model),
        count(entry.before),
        count(entry.after),
        outcome(entry, reader),
        english(reader, entry.finding),
      ]),
    )
  const models = (some: readonly BeforeAfter[]) => counted(some.length, t.model.toLowerCase())
  const equal = counts.filter((entry) => !differ.includes(entry))
  return html`<div class="card"><h3>${t.records}</h3><p>${t.summary(models(equal), differ.length)}</p>${
    differ.length > 0 && limited(differ, rows, reader, 40)
  }${foldable(t.allModels(models(counts)), limited(counts, rows, reader, 1000))}</div>`
}

/** Red where some are lost; fewer of them with a reason are not. */
function outcome({ before, after, lost }: BeforeAfter, { count, language }: Reader): Fragment {
  if (before === after && !lost) return pill('good', texts(language).equal)
  const difference = `${after > before ? '+' : after < before ? '−' : ''}${count(Math.abs(after - before))}`
  return pill(lost ? 'bad' : 'plain', difference)
}
