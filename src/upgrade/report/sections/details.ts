import { dumpFormIn } from '../../../words/dump-form.ts'
import { type Fragment, type Html, html } from '../../../words/html.ts'
import { catalogue } from '../../../words/language.ts'
import type { Note } from '../../notes.ts'
import type { ReportModel } from '../model.ts'
import { outcomeIn } from '../outcomes.ts'
import { code, english, foldable, limited, pill, section, table } from '../parts.ts'
import type { Reader } from '../reader.ts'
import { stageTitle, topicTitle } from '../stage-titles.ts'

const texts = catalogue<{
  title: string
  sourceAndResult: string
  module: string
  outcome: string
  what: string
  figures: string
  facts: readonly string[]
  in: (rows: string, tables: string) => string
  result: (file: string, format: string, archive: string | null) => string
}>({
  en: {
    title: 'Technical details',
    sourceAndResult: 'Source and result',
    module: 'module',
    outcome: 'What became of it',
    what: 'What',
    figures: 'Figures and names',
    facts: [
      'Source file',
      'Form of the source',
      'Size of the source',
      'Version of the source',
      'PostgreSQL of the source',
      'Database uuid',
      'Active users',
      'Languages',
      'Rows and tables loaded',
      'Way',
      'Result',
      'Rows and tables written',
      'Files of the filestore',
      'Upgraded with',
    ],
    in: (rows, tables) => `${rows} in ${tables}`,
    result: (file, format, archive) => `${file}, ${format}${archive ? ` archive ${archive}` : ''}`,
  },
  fr: {
    title: 'Détails techniques',
    sourceAndResult: 'Source et résultat',
    module: 'module',
    outcome: 'Ce qu’il est devenu',
    what: 'Quoi',
    figures: 'Chiffres et noms',
    facts: [
      'Fichier source',
      'Forme de la source',
      'Taille de la source',
      'Version de la source',
      'PostgreSQL de la source',
      'Uuid de la base',
      'Utilisateurs actifs',
      'Langues',
      'Lignes et tables chargées',
      'Chemin',
      'Résultat',
      'Lignes et tables écrites',
      'Fichiers joints',
      'Mis à niveau par',
    ],
    in: (rows, tables) => `${rows} dans ${tables}`,
    result: (file, format, archive) => `${file}, ${format}${archive ? `, archive ${archive}` : ''}`,
  },
})

/** For the technician: everything else that was measured or noted. */
export function details(model: ReportModel, reader: Reader): Html {
  const t = texts(reader.language)
  return section('details', t.title, null, [
    foldable(t.sourceAndResult, facts(model, reader)),
    foldable(
      reader.counted(model.modules.length, t.module),
      html`<div>${limited(
        model.modules,
        (some) =>
          table(
            [{ label: 'Module' }, { label: t.outcome }],
            some.map(({ name, outcome, into }) => [
              code(name),
              [
                pill(outcome === 'gone' ? 'bad' : 'plain', outcomeIn(reader.language, outcome)),
                into && html` <code>${into}</code>`,
              ],
            ]),
          ),
        reader,
        1000,
      )}</div>`,
    ),
    [...Map.groupBy(model.notes, (note) => titleOf(note, reader))].map(([title, notes]) =>
      foldable(html`${title} <span class="count">${notes.length}</span>`, noteTable(notes, reader)),
    ),
  ])
}

function titleOf({ stage, topic }: Note, { language, colon }: Reader): string {
  return `${stageTitle(stage, language)}${colon}${topicTitle(topic, language)}`
}

function noteTable(notes: readonly Note[], reader: Reader): Fragment {
  const t = texts(reader.language)
  const rows = (some: readonly Note[]) =>
    table(
      [{ label: t.what }, { label: t.outcome }, { label: t.figures }],
      some.map(({ subject, outcome, detail }) => [
        code(subject),
        english(reader, outcome),
        english(
          reader,
          Object.entries(detail).map(
            ([name, value]) =>
              html`<span class="figure"><i>${name}</i> ${typeof value === 'object' ? JSON.stringify(value) : String(value)}</span> `,
          ),
        ),
      ]),
    )
  return limited(notes, rows, reader)
}

function facts(
  { database, result, languages, product, totals, hops }: ReportModel,
  { language, bytes, count }: Reader,
): Html {
  const t = texts(language)
  const values: (string | null)[] = [
    database.file,
    dumpFormIn(language, database.layers) || null,
    database.bytes === null ? null : bytes(database.bytes),
    database.version,
    database.serverVersion,
    database.uuid,
    database.users === null ? null : count(database.users),
    languages.join(', ') || null,
    t.in(count(totals.rows), count(totals.tables)),
    hops.map(({ from, to }) => `${from} → ${to}`).join(', '),
    result && t.result(result.file, result.format, result.archiveVersion),
    result && t.in(count(result.rows), count(result.tables)),
    result && count(result.files),
    `Uplift ${product}`,
  ]
  return html`<dl class="rows">${values.map((value, place) => value !== null && html`<div><dt>${t.facts[place]}</dt><dd>${value}</dd></div>`)}</dl>`
}
