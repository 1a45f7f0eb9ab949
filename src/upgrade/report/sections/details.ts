import { type Fragment, type Html, html } from '../../../words/html.ts'
import { bytesInWords, countInWords } from '../../../words/quantities.ts'
import type { Note } from '../../notes.ts'
import type { ReportModel } from '../model.ts'
import { code, foldable, limited, pill, section, table } from '../parts.ts'
import { counted } from '../words.ts'

/** For the technician: everything else that was measured or noted. */
export function details(model: ReportModel): Html {
  return section('details', 'Technical details', null, [
    foldable('Source and result', facts(model)),
    foldable(
      counted(model.modules.length, 'module'),
      html`<div>${limited(
        model.modules,
        (some) =>
          table(
            [{ label: 'Module' }, { label: 'What became of it' }],
            some.map(({ name, outcome, into }) => [
              code(name),
              [pill(outcome === 'gone' ? 'bad' : 'plain', outcome), into && html` <code>${into}</code>`],
            ]),
          ),
        1000,
      )}</div>`,
    ),
    [...Map.groupBy(model.notes, ({ stage, topic }) => `${stage}: ${topic}`)].map(([topic, notes]) =>
      foldable(html`${topic} <span class="count">${notes.length}</span>`, noteTable(notes)),
    ),
  ])
}

function noteTable(notes: readonly Note[]): Fragment {
  return limited(notes, (some) =>
    table(
      [{ label: 'What' }, { label: 'What became of it' }, { label: 'Figures and names' }],
      some.map(({ subject, outcome, detail }) => [
        code(subject),
        outcome,
        Object.entries(detail).map(
          ([name, value]) =>
            html`<span class="figure"><i>${name}</i> ${typeof value === 'object' ? JSON.stringify(value) : String(value)}</span> `,
        ),
      ]),
    ),
  )
}

function facts({ database, result, languages, product, totals, hops }: ReportModel): Html {
  const rows: [string, string | null][] = [
    ['Source file', database.file],
    ['Form of the source', database.layers.join(' › ') || null],
    ['Size of the source', database.bytes === null ? null : bytesInWords(database.bytes)],
    ['Version of the source', database.version],
    ['PostgreSQL of the source', database.serverVersion],
    ['Database uuid', database.uuid],
    ['Active users', database.users === null ? null : countInWords(database.users)],
    ['Languages', languages.join(', ') || null],
    ['Rows and tables loaded', `${countInWords(totals.rows)} in ${countInWords(totals.tables)}`],
    ['Way', hops.map(({ from, to }) => `${from} → ${to}`).join(', ')],
    [
      'Result',
      result
        ? `${result.file}, ${result.format}${result.archiveVersion ? ` archive ${result.archiveVersion}` : ''}`
        : null,
    ],
    [
      'Rows and tables written',
      result ? `${countInWords(result.rows)} in ${countInWords(result.tables)}` : null,
    ],
    ['Files of the filestore', result ? countInWords(result.files) : null],
    ['Upgraded with', `Uplift ${product}`],
  ]
  return html`<dl class="rows">${rows.map(([label, value]) => value !== null && html`<div><dt>${label}</dt><dd>${value}</dd></div>`)}</dl>`
}
