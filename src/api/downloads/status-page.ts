import { formatDuration, formatFilesize, formatTime } from '../../requests/describe.ts'
import type { FileRole, Request, RequestFile, RequestState, StageRow } from '../../requests/request.ts'
import { type Fragment, type Html, html } from '../../words/html.ts'
import { secondsInWords } from '../../words/quantities.ts'
import { checkCommand, downloadCommand, restoreLines, streamLines } from './commands.ts'
import { sqlName } from './names.ts'
import type { Page } from './page.ts'

const REFRESH_SECONDS = 5

const inWords: Readonly<Record<RequestState, string>> = {
  draft: 'Draft: waits for its dump and for the word to begin',
  pending: 'Waits for its turn',
  progress: 'Being upgraded',
  done: 'Done',
  failed: 'Failed',
  cancelled: 'Cancelled',
}

export interface StatusFacts {
  request: Request
  files: ReadonlyMap<FileRole, RequestFile>
  stages: readonly StageRow[]
  /** The address of the request, without a slash at its end. */
  url: string
  now: Date
}

/** All that is known of a request, for its customer. */
export function statusPage(facts: StatusFacts): Page {
  const { request } = facts
  const ended = ['done', 'failed', 'cancelled'].includes(request.state)
  return {
    title: `Upgrade request ${request.id}: ${request.state}`,
    ...(ended ? {} : { refresh: REFRESH_SECONDS }),
    form: !ended,
    body: html`<p class="soft">Upgrade request ${request.id}</p>
<h1>${request.filename}</h1>
<p><span class="state ${request.state}">${request.state}</span> ${inWords[request.state]}${
      request.cancelAskedAt && !ended && '; it is being cancelled'
    }</p>
${request.customerMessage && html`<section>${request.customerMessage}</section>`}
${request.failure && html`<section class="failed"><h2>Why it failed</h2>${request.failure.message} <code>${request.failure.code}</code></section>`}
${requestFacts(facts)}
${stageTable(facts)}
${downloads(facts)}
${!ended && !request.cancelAskedAt && cancelForm()}`,
  }
}

function requestFacts({ request, files, now }: StatusFacts): Html {
  const original = files.get('original')
  const seconds = request.processedAt
    ? ((request.finishedAt ?? now).getTime() - request.processedAt.getTime()) / 1000
    : null
  const rows: [string, Fragment][] = [
    ['Target', request.target],
    ['Purpose', request.aim],
    ['Version of the upload', request.databaseVersion],
    ['PostgreSQL of the upload', request.postgresql],
    ['Form of the upload', request.compressions?.join(' › ')],
    ['Size of the upload', original && formatFilesize(original.bytes)],
    ['Database', request.databaseUuid],
    ['E-mail', request.email],
    ['Time zone', request.timezone],
    ['Ticket', `${request.issue} (${request.issueStage})`],
    ['Created', `${formatTime(request.createdAt)} UTC`],
    ['Started', request.processedAt && `${formatTime(request.processedAt)} UTC`],
    ['Took so far', request.finishedAt || seconds === null ? null : formatDuration(seconds)],
    ['Took', request.finishedAt && seconds !== null ? formatDuration(seconds) : null],
    [
      'Estimate',
      request.estimatedSeconds === null
        ? null
        : formatDuration(Math.ceil(request.estimatedSeconds / 60) * 60),
    ],
  ]
  return html`<section><h2>The request</h2><dl>${rows.map(
    ([name, value]) => value !== null && value !== undefined && html`<dt>${name}</dt><dd>${value}</dd>`,
  )}</dl></section>`
}

function stageTable({ stages }: StatusFacts): Html | null {
  if (stages.length === 0) return null
  return html`<section><h2>Stages</h2><table><tr><th>Stage</th><th>State</th><th>Progress</th><th>Time</th></tr>${stages.map(
    (stage) =>
      html`<tr><td>${stage.name}</td><td>${stage.state}</td><td>${progressOf(stage)}</td><td>${stage.seconds !== null && secondsInWords(stage.seconds)}</td></tr>`,
  )}</table></section>`
}

function progressOf({ state, done, total, unit, subject }: StageRow): Html | null {
  if (state !== 'running' || done === null) return null
  const amount = (count: number) => (unit === 'bytes' ? formatFilesize(count) : String(count))
  return html`${total !== null && total > 0 && html`<progress max="${total}" value="${Math.min(done, total)}"></progress> `}${amount(done)}${
    total !== null && html` of ${amount(total)}`
  }${unit !== null && unit !== 'bytes' && html` ${unit}`}${subject !== null && html` <span class="soft">${subject}</span>`}`
}

function downloads({ request, files, url }: StatusFacts): Html | null {
  const upgraded = files.get('upgraded')
  const original = files.get('original')
  if (request.removedAt)
    return html`<section><h2>Downloads</h2>The files were deleted on ${formatTime(request.removedAt)} UTC, when their time was over.</section>`
  if (!upgraded && !original) return null
  return html`<section><h2>Downloads</h2>
${files.has('report') && html`<p><a href="${url}/upgraded/notes">Notes about the upgrade</a></p>`}
${
  upgraded &&
  html`<h2>The upgraded database</h2>${fileFacts(upgraded, `${url}/upgraded`)}
<p>Download and check it:</p>
${commands([downloadCommand(`${url}/upgraded/archive`, upgraded.name), checkCommand(upgraded)])}
<p>Restore it, with a name of yours for NEW_DATABASE:</p>
${commands(restoreLines(request, upgraded))}
<p>Or restore it as it comes, without a file:</p>
${commands(streamLines(`${url}/upgraded/sql`))}`
}
${files.has('modules') && html`<p><a href="${url}/modules/archive">Your custom modules</a></p>`}
${original && html`<h2>The database as you sent it</h2>${fileFacts(original, `${url}/original`)}`}
</section>`
}

function fileFacts(file: RequestFile, url: string): Html {
  return html`<dl><dt>Archive</dt><dd><a href="${url}/archive">${file.name}</a>, ${formatFilesize(file.bytes)} (${file.bytes} bytes)</dd>
${file.sha256 && html`<dt>SHA-256</dt><dd><code>${file.sha256}</code></dd>`}
<dt>SQL</dt><dd><a href="${url}/sql">${sqlName(file.name)}</a>${file.sqlBytes !== null && html`, ${formatFilesize(file.sqlBytes)}`}</dd></dl>`
}

function commands(lines: readonly (string | null)[]): Html {
  return html`<pre>${lines.filter((line) => line !== null).join('\n')}</pre>`
}

function cancelForm(): Html {
  return html`<form method="post" action="cancel"><button>Cancel this request</button></form>`
}
