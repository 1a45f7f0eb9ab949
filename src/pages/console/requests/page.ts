import type { FastifyRequest } from 'fastify'
import type { Request, StageRow } from '../../../requests/request.ts'
import { dumpFormIn } from '../../../words/dump-form.ts'
import { type Html, html } from '../../../words/html.ts'
import type { Language } from '../../../words/language.ts'
import { bytesIn, numberIn, secondsIn } from '../../../words/local-quantities.ts'
import { english, meaningOf } from '../../meanings.ts'
import { customerMessageIn } from '../../status/customer-message.ts'
import { happened } from '../../status/log.ts'
import { stageState } from '../../status/stage-state.ts'
import { stageWord } from '../../status/words.ts'
import { nowrapCell, numberCell, numberColumn, prelineCell, table } from '../../table.ts'
import { buttonForm } from '../console.ts'
import { facts, moment, pageNumber, pager, statePill } from '../parts.ts'
import { messageTable } from '../tickets/list.ts'
import { LOG_ROWS, type RequestFacts } from './facts.ts'
import { requestWords } from './words.ts'

/** Characters of a failure's details that are shown. */
const DETAIL = 20_000

/** What changes while one looks at it. */
export function requestParts(
  language: Language,
  query: URLSearchParams,
  { request, stages, log, logLines, files, messages, mails }: RequestFacts,
): Html {
  const words = requestWords(language)
  const took = request.processedAt
    ? ((request.finishedAt ?? new Date()).getTime() - request.processedAt.getTime()) / 1000
    : null
  const time = (at: Date | null) => moment(language, at)
  return html`<section class="card"><h2>${words.facts}</h2>${facts([
    [words.state, statePill(language, request.state)],
    [
      words.contract,
      html`<a href="/console/requests?contract=${encodeURIComponent(request.contract)}">${request.contract}</a>`,
    ],
    [words.email, request.email],
    [words.versions, `${request.databaseVersion ?? '?'} → ${request.target}`],
    [words.aim, words.aims[request.aim]],
    [words.postgresql, request.postgresql],
    [words.form, request.compressions && dumpFormIn(language, request.compressions)],
    [words.uuid, request.databaseUuid],
    [words.timezone, request.timezone],
    [words.created, time(request.createdAt)],
    [words.queued, time(request.queuedAt)],
    [words.started, time(request.processedAt)],
    [words.ended, time(request.finishedAt)],
    [words.duration, took !== null && secondsIn(language, took)],
    [words.estimate, request.estimatedSeconds !== null && secondsIn(language, request.estimatedSeconds)],
    [words.attempts, request.attempt > 0 && String(request.attempt)],
    [words.cancelAsked, time(request.cancelAskedAt)],
    [words.removed, time(request.removedAt)],
    [
      words.size,
      !files.has('original') && request.originalBytes !== null && bytesIn(language, request.originalBytes),
    ],
    [words.message, request.customerMessage && customerMessageIn(language, request.customerMessage)],
  ])}</section>
${request.failure && failurePart(language, request.failure)}
${stages.length > 0 && stagePart(language, request, stages)}
${files.size > 0 && filePart(language, request.id, files)}
<section class="card"><h2>${words.log}</h2>${
    log.length > 0 &&
    table(
      words.log,
      [words.at, words.level, words.what],
      log.map((line) => [
        nowrapCell(time(line.at)),
        html`<span class="${line.level}">${words.levels[line.level]}</span>`,
        prelineCell(happened(language, line)),
      ]),
    )
  }
${pager(language, query, { page: pageNumber(query), shown: log.length, all: logLines, rows: LOG_ROWS })}</section>
${messages.length > 0 && html`<section class="card"><h2>${words.ticket}</h2><p class="soft">${words.ticketNumber(request.issue)}</p>${messageTable(language, messages, { mails })}</section>`}`
}

function failurePart(language: Language, failure: NonNullable<RequestFacts['request']['failure']>): Html {
  const words = requestWords(language)
  const detail = failure.detail === undefined ? '{}' : JSON.stringify(failure.detail, null, 2)
  return html`<section class="card alert"><h2>${words.failure}</h2><p class="preline">${english(language, failure.message)}</p>${facts(
    [
      [words.code, html`<code>${failure.code}</code>`],
      [words.meaning, meaningOf(language, failure.code)],
    ],
  )}
${detail !== '{}' && html`<details><summary>${words.detail}</summary><pre>${detail.slice(0, DETAIL)}${detail.length > DETAIL && ' …'}</pre></details>`}</section>`
}

function stagePart(language: Language, request: Request, stages: readonly StageRow[]): Html {
  const words = requestWords(language)
  return html`<section class="card"><h2>${words.stages}</h2>${table(
    words.stages,
    [words.stage, words.state, words.progress, numberColumn(words.seconds), numberColumn(words.attempt)],
    stages.map((stage) => [
      stageWord(language, stage.name),
      words.stageStates[stageState(request, stage)],
      progressOf(language, stage, stageState(request, stage) === 'running'),
      numberCell(stage.seconds !== null && secondsIn(language, stage.seconds)),
      numberCell(stage.attempt > 0 && stage.attempt),
    ]),
  )}</section>`
}

function progressOf(
  language: Language,
  { name, done, total, unit, subject }: StageRow,
  runs: boolean,
): Html | null {
  if (done === null) return null
  const units: Readonly<Record<string, string>> = requestWords(language).units
  const amount = (count: number) => (unit === 'bytes' ? bytesIn(language, count) : numberIn(language, count))
  return html`${
    runs &&
    total !== null &&
    html`<progress max="100" value="${Math.floor((100 * done) / Math.max(1, total))}" aria-label="${stageWord(language, name)}"></progress> `
  }<span class="soft small">${amount(done)}${total !== null && ` / ${amount(total)}`}${unit !== null && unit !== 'bytes' && ` ${units[unit] ?? unit}`}${subject !== null && ` ${subject}`}</span>`
}

function filePart(language: Language, id: number, files: RequestFacts['files']): Html {
  const words = requestWords(language)
  return html`<section class="card"><h2>${words.files}</h2>${table(
    words.files,
    [words.role, words.name, numberColumn(words.size), words.created, words.checksum],
    [...files.values()].map((file) => [
      nowrapCell(html`<a href="/console/requests/${id}/files/${file.role}">${words.roles[file.role]}</a>`),
      file.name,
      numberCell(bytesIn(language, file.bytes)),
      nowrapCell(moment(language, file.createdAt)),
      file.sha256 && html`<code class="small">${file.sha256}</code>`,
    ]),
  )}</section>`
}

/** What can be done with it in its state. */
export function requestActions(
  call: FastifyRequest,
  language: Language,
  { request, files }: RequestFacts,
): Html {
  const words = requestWords(language)
  const { id, state } = request
  const open = state === 'pending' || state === 'progress'
  const canRetry = (state === 'failed' || state === 'cancelled') && files.has('original')
  return html`<section class="card"><h2>${words.actions}</h2>${canRetry && html`<p class="soft">${words.retryHint}</p>`}<div class="buttons">
${canRetry && buttonForm(call, `/console/requests/${id}/retry`, words.retry)}
${(open || state === 'draft') && !request.cancelAskedAt && buttonForm(call, `/console/requests/${id}/cancel`, words.cancel, { kind: 'danger' })}
${!open && html`<a class="button danger" href="/console/requests/${id}/delete">${words.remove}</a>`}
</div></section>`
}

/** Asks once more before all is gone. */
export function removePage(call: FastifyRequest, language: Language, { request, files }: RequestFacts): Html {
  const words = requestWords(language)
  const bytes = [...files.values()].reduce((sum, file) => sum + file.bytes, 0)
  return html`<section class="card alert"><p>${words.removeLead}</p>
<p><strong>${request.filename}</strong>, ${request.contract}, ${request.email}</p>
${files.size > 0 && html`<p>${words.removeFiles(files.size, bytesIn(language, bytes))}</p>`}
<div class="buttons">${buttonForm(call, `/console/requests/${request.id}/delete`, words.removeYes, { kind: 'danger' })}
<a class="button plain" href="/console/requests/${request.id}">${words.keep}</a></div></section>`
}
