import { type Fragment, type Html, html } from '../../../words/html.ts'
import { catalogue } from '../../../words/language.ts'
import type { ReportModel } from '../model.ts'
import { code, english, foldable, limited, section, table } from '../parts.ts'
import type { Reader } from '../reader.ts'

const texts = catalogue<{
  title: string
  aside: string
  asideLead: (rows: string, tables: string, to: string) => string
  row: string
  table: string
  once: string
  onceLead: (records: string, models: string) => string
  record: string
  model: string
  byModel: string
  was: string
  isIn: string
  rows: string
  why: string
  records: string
  more: (count: string) => string
  filled: string
  filledLead: (to: string) => string
  column: string
  rule: string
}>({
  en: {
    title: 'Kept',
    aside: 'Aside, in the schema “legacy”',
    asideLead: (rows, tables, to) =>
      `${rows} in ${tables} have no place in ${to}. Nothing of them was thrown away: they are in the schema “legacy” of the database, where Odoo does not look.`,
    row: 'row',
    table: 'table',
    once: 'Records that modules brought once',
    onceLead: (records, models) =>
      `${records} of ${models} came with modules that do not bring them any more, such as demonstration data. People may have built on them, so they stay, and no later update of a module removes them.`,
    record: 'record',
    model: 'model',
    byModel: 'By model',
    was: 'Was',
    isIn: 'Is now in',
    rows: 'Rows',
    why: 'What and why',
    records: 'Records',
    more: (count) => `${count} more`,
    filled: 'Values filled in',
    filledLead: (to) =>
      `Fields that ${to} requires and the source had nothing for, with the rule that gave the value.`,
    column: 'Column',
    rule: 'Rule',
  },
  fr: {
    title: 'Conservé',
    aside: 'À part, dans le schéma « legacy »',
    asideLead: (rows, tables, to) =>
      `${rows} dans ${tables} n’ont pas de place dans ${to}. Rien n’a été jeté : elles sont dans le schéma « legacy » de la base, où Odoo ne regarde pas.`,
    row: 'ligne',
    table: 'table',
    once: 'Enregistrements apportés jadis par des modules',
    onceLead: (records, models) =>
      `${records} de ${models} sont venus de modules qui ne les apportent plus, comme des données de démonstration. On a pu s’appuyer dessus : ils restent, et aucune mise à jour de module ne les supprimera.`,
    record: 'enregistrement',
    model: 'modèle',
    byModel: 'Par modèle',
    was: 'Était',
    isIn: 'Est maintenant dans',
    rows: 'Lignes',
    why: 'Quoi et pourquoi',
    records: 'Enregistrements',
    more: (count) => `${count} de plus`,
    filled: 'Valeurs complétées',
    filledLead: (to) =>
      `Champs que ${to} exige et pour lesquels la source n’avait rien, avec la règle qui a donné la valeur.`,
    column: 'Colonne',
    rule: 'Règle',
  },
})

/** Data without a place in the target, and records that no module stands for any more: both are still in the database. */
export function kept(model: ReportModel, reader: Reader): Fragment {
  const { legacy, retained, to } = model
  const t = texts(reader.language)
  if (legacy.length + retained.length === 0) return null
  return section('kept', t.title, null, [
    legacy.length > 0 &&
      html`<div class="card"><h3>${t.aside}</h3><p>${t.asideLead(
        reader.counted(
          sum(legacy, ({ rows }) => rows),
          t.row,
        ),
        reader.counted(legacy.length, t.table),
        to,
      )}</p>${open(
        legacy.toSorted((a, b) => b.rows - a.rows),
        (entries) => legacyTable(entries, reader),
        reader,
      )}</div>`,
    retained.length > 0 &&
      html`<div class="card"><h3>${t.once}</h3><p>${t.onceLead(
        reader.counted(
          sum(retained, ({ records }) => records),
          t.record,
        ),
        reader.counted(retained.length, t.model),
      )}</p>${foldable(
        t.byModel,
        limited(retained, (entries) => retainedTable(entries, reader), reader),
      )}</div>`,
  ])
}

function legacyTable(entries: ReportModel['legacy'], reader: Reader): Html {
  const { language, count } = reader
  const t = texts(language)
  return table(
    [{ label: t.was }, { label: t.isIn }, { label: t.rows, number: true }, { label: t.why }],
    entries.map((entry) => [
      code(entry.subject),
      code(entry.table),
      count(entry.rows),
      entry.columns.length > 0
        ? html`${entry.columns.join(', ')}<br><span class="muted">${english(reader, entry.why)}</span>`
        : english(reader, entry.why),
    ]),
  )
}

function retainedTable(
  entries: readonly ReportModel['retained'][number][],
  { language, count }: Reader,
): Html {
  const t = texts(language)
  return table(
    [{ label: t.model }, { label: t.records, number: true }],
    entries.map(({ model, records }) => [code(model), count(records)]),
  )
}

/** Rows of a table that stand open; the rest is folded away. */
const OPEN = 10

function open<T>(entries: readonly T[], show: (entries: T[]) => Fragment, reader: Reader): Fragment {
  const rest = entries.slice(OPEN)
  return [
    show(entries.slice(0, OPEN)),
    rest.length > 0 &&
      foldable(
        texts(reader.language).more(reader.count(rest.length)),
        limited(rest, (some) => show([...some]), reader),
      ),
  ]
}

function sum<T>(entries: readonly T[], of: (entry: T) => number): number {
  return entries.reduce((total, entry) => total + of(entry), 0)
}

export function required({ required: filled, to }: ReportModel, reader: Reader): Fragment {
  if (filled.length === 0) return null
  const t = texts(reader.language)
  const rows = (some: ReportModel['required']) =>
    table(
      [{ label: t.column }, { label: t.rows, number: true }, { label: t.rule }],
      some.map(({ column, rows, because }) => [code(column), reader.count(rows), english(reader, because)]),
    )
  return section(
    'required',
    t.filled,
    t.filledLead(to),
    html`<div class="card">${limited(filled, (some) => rows([...some]), reader)}</div>`,
  )
}
