import { checkCommand, downloadCommand, restoreLines } from '../../api/downloads/commands.ts'
import { filestoreName, sqlName } from '../../api/downloads/names.ts'
import { streamCommands } from '../../dumps/write/restore-commands.ts'
import type { RequestFile } from '../../requests/request.ts'
import { type Html, html } from '../../words/html.ts'
import type { Language } from '../../words/language.ts'
import { bytesIn, timeIn } from '../../words/local-quantities.ts'
import { headCell, numberCell, numberColumn, type Row, table } from '../table.ts'
import { commonWords } from '../words.ts'
import type { StatusFacts } from './facts.ts'
import { statusWords } from './words.ts'

/** What can be downloaded, with the commands that fetch, check and restore it. */
export function downloadPart(language: Language, facts: StatusFacts, url: string): Html | null {
  const words = statusWords(language)
  const { request, files } = facts
  const [upgraded, original] = [files.get('upgraded'), files.get('original')]
  if (request.removedAt)
    return html`<section class="card"><h2>${words.downloads}</h2><p>${words.deleted(timeIn(language, request.removedAt))}</p></section>`
  if (!upgraded && !original && !files.has('report')) return null
  return html`<section class="card" id="downloads"><h2>${words.downloads}</h2>
${files.has('report') && html`<p><a class="button" href="upgraded/notes">${words.notes}</a></p>`}
${upgraded && upgradedPart(language, facts, upgraded, url)}
${original && html`<h3>${words.original}</h3>${fileTable(language, words.original, [fileRow(language, words.archive, 'original/archive', original), sqlRow(language, 'original/sql', original)])}`}
</section>`
}

function upgradedPart(
  language: Language,
  { request, files }: StatusFacts,
  upgraded: RequestFile,
  url: string,
): Html {
  const words = statusWords(language)
  const [report, notes, modules] = [files.get('report'), files.get('notes'), files.get('modules')]
  return html`<h3>${words.upgraded}</h3>
${fileTable(language, words.upgraded, [
  fileRow(language, words.archive, 'upgraded/archive', upgraded),
  sqlRow(language, 'upgraded/sql', upgraded),
  request.filestore &&
    row(language, words.filestore, 'upgraded/filestore', filestoreName(upgraded.name), {
      bytes: upgraded.filestoreBytes,
      sha256: upgraded.filestoreSha256,
      whileUnknown: words.later,
    }),
  modules && fileRow(language, words.modules, 'modules/archive', modules),
  report && reportRow(language, report, notes !== undefined),
  notes && fileRow(language, words.notesJson, 'upgraded/notes.json', notes),
])}
<h3>${words.restore}</h3>
<p class="soft">${words.restoreHint}</p>
${commandBox(language, 'restore', [downloadCommand(`${url}/upgraded/archive`, upgraded.name), checkCommand(upgraded), ...restoreLines(request, upgraded)])}
<p class="soft">${words.streamHint}</p>
${commandBox(language, 'stream', streamCommands(`${url}/upgraded/sql`))}`
}

function fileTable(
  language: Language,
  label: string,
  rows: readonly (Row | false | null | undefined)[],
): Html {
  const words = statusWords(language)
  return table(
    label,
    [words.file, numberColumn(words.facts.size), words.checksum],
    rows.filter((row) => row !== false && row !== null && row !== undefined),
  )
}

function fileRow(language: Language, label: string, target: string, file: RequestFile): Row {
  return row(language, label, target, file.name, file)
}

function sqlRow(language: Language, target: string, file: RequestFile): Row {
  const { sql, later } = statusWords(language)
  return row(language, sql, target, sqlName(file.name), {
    bytes: file.sqlBytes,
    sha256: file.sqlSha256,
    whileUnknown: later,
  })
}

/** The file that is kept is in English; in other languages it is made from the notes. */
function reportRow(language: Language, report: RequestFile, hasNotes: boolean): Row {
  const { report: label, made } = statusWords(language)
  return language === 'en' || !hasNotes
    ? fileRow(language, label, 'report?download=1', report)
    : row(language, label, `report?download=1&lang=${language}`, report.name, {
        bytes: null,
        sha256: null,
        whileUnknown: made,
      })
}

function row(
  language: Language,
  label: string,
  target: string,
  name: string,
  { bytes, sha256, whileUnknown }: { bytes: number | null; sha256: string | null; whileUnknown?: string },
): Row {
  const unknown = whileUnknown && html`<span class="soft">${whileUnknown}</span>`
  return {
    cells: [
      headCell(html`${label}<br><a href="${target}" download>${name}</a>`),
      numberCell(bytes === null ? '–' : bytesIn(language, bytes)),
      sha256 === null ? unknown : html`<code class="hash">${sha256}</code>`,
    ],
  }
}

/** Lines for a shell, with a button that copies them. */
export function commandBox(language: Language, id: string, lines: readonly (string | null)[]): Html {
  const words = commonWords(language)
  return html`<div class="command"><pre id="command-${id}" tabindex="0">${lines.filter((line) => line !== null).join('\n')}</pre><button type="button" class="plain copy" data-copy="command-${id}" data-copied="${words.copied}" hidden>${words.copy}</button></div>`
}
