import type { LogLine } from '../../requests/log.ts'
import type { StageRow } from '../../requests/request.ts'
import { type Html, html } from '../../words/html.ts'
import { colonIn, type Language } from '../../words/language.ts'
import { bytesIn, numberIn, secondsIn } from '../../words/local-quantities.ts'
import { english, meaningOf } from '../meanings.ts'
import { headCell, numberCell, numberColumn, table } from '../table.ts'
import { commonWords } from '../words.ts'
import { hasEnded, type StatusFacts } from './facts.ts'
import { happened } from './log.ts'
import { moment } from './moment.ts'
import { type StageState, stageState } from './stage-state.ts'
import { stageWord, statusWords } from './words.ts'

/** Signs for the tab's title. */
const signs = { draft: '✎', pending: '…', progress: '▶', done: '✔', failed: '✖', cancelled: '■' } as const

/** Of what looks as the state of a request does. */
const pills: Readonly<Partial<Record<StageState, string>>> = {
  running: 'progress',
  broken: 'cancelled',
  never: 'waiting',
}

/** "▶ 42 % · db.dump": what the tab says. */
export function tabTitle(language: Language, { request, stages }: StatusFacts): string {
  const share = request.state === 'progress' ? `${Math.floor(shareDone(stages) * 100)} % · ` : ''
  return `${signs[request.state]} ${share}${commonWords(language).states[request.state]} · ${request.filename}`
}

/** The part of the page that changes while one looks at it; the stream of events sends it anew. */
export function livePart(language: Language, facts: StatusFacts): Html {
  return html`${nowPart(language, facts)}
${detailPart(language, facts)}`
}

/** How it stands. */
export function nowPart(language: Language, facts: StatusFacts): Html {
  const words = statusWords(language)
  const { request } = facts
  const common = commonWords(language)
  return html`<div class="now ${request.state}">
<p class="verdict"><span class="pill ${request.state}">${common.states[request.state]}</span> ${
    request.cancelAskedAt && !hasEnded(request) ? words.cancelling : common.statesLong[request.state]
  }</p>
${request.state === 'progress' && overall(language, facts)}
</div>
${
  request.failure &&
  html`<section class="card alert"><h2>${words.why}</h2>${language !== 'en' && html`<p>${meaningOf(language, request.failure.code)}</p>`}<p>${english(language, request.failure.message)}</p><p class="soft">${words.code}${colonIn(language)}<code>${request.failure.code}</code></p></section>`
}`
}

/** Its stages, and what was logged. */
export function detailPart(language: Language, facts: StatusFacts): Html {
  return html`${facts.stages.length > 0 && stageTable(language, facts)}
${facts.request.state !== 'draft' && logPart(language, facts.log)}`
}

function overall(language: Language, { request, stages, now }: StatusFacts): Html {
  const { facts } = statusWords(language)
  const elapsed = request.processedAt ? (now.getTime() - request.processedAt.getTime()) / 1000 : 0
  return html`<progress class="overall" max="100" value="${Math.floor(shareDone(stages) * 100)}" aria-label="${statusWords(language).progress}"></progress>
<p class="soft">${facts.elapsed} <span data-since="${request.processedAt?.toISOString() ?? ''}">${secondsIn(language, elapsed)}</span>${
    request.estimatedSeconds !== null &&
    html` · ${facts.estimate}${colonIn(language)}${facts.about(secondsIn(language, Math.max(60, Math.round(request.estimatedSeconds / 60) * 60)))}`
  }</p>`
}

/** Each stage counts the same: how long one takes is not known before. */
function shareDone(stages: readonly StageRow[]): number {
  if (stages.length === 0) return 0
  const parts = stages.map(({ state, done, total }) =>
    state === 'done' ? 1 : state === 'running' && done !== null && total ? Math.min(1, done / total) : 0,
  )
  return parts.reduce((sum, part) => sum + part, 0) / stages.length
}

function stageTable(language: Language, { request, stages, now }: StatusFacts): Html {
  const words = statusWords(language)
  return html`<section class="card"><h2>${words.stages}</h2>${table(
    words.stages,
    [words.stage, words.state, words.progress, numberColumn(words.time)],
    stages.map((stage) => {
      const state = stageState(request, stage)
      return {
        kind: state,
        cells: [
          headCell(stageWord(language, stage.name)),
          html`<span class="pill ${pills[state] ?? state}">${words.stageStates[state]}</span>`,
          state === 'running' && progressOf(language, stage),
          numberCell(timeOf(language, stage, state === 'running' ? now : null)),
        ],
      }
    }),
    'stages',
  )}</section>`
}

function progressOf(language: Language, { name, done, total, unit, subject }: StageRow): Html | null {
  if (done === null) return null
  const { of, units } = statusWords(language)
  const amount = (count: number) => (unit === 'bytes' ? bytesIn(language, count) : numberIn(language, count))
  const text = total === null ? amount(done) : of(amount(done), amount(total))
  return html`${
    total !== null &&
    total > 0 &&
    html`<progress max="${total}" value="${Math.min(done, total)}" aria-label="${stageWord(language, name)}"></progress> `
  }<span class="soft">${text}${unit !== null && unit !== 'bytes' && ` ${units[unit] ?? unit}`}${subject !== null && html` · ${subject}`}</span>`
}

/** @param now null for what does not run */
function timeOf(
  language: Language,
  { seconds, startedAt }: StageRow,
  now: Date | null,
): Html | string | null {
  if (seconds !== null) return secondsIn(language, seconds)
  if (now === null || startedAt === null) return null
  return html`<span data-since="${startedAt.toISOString()}">${secondsIn(language, Math.max(0, (now.getTime() - startedAt.getTime()) / 1000))}</span>`
}

function logPart(language: Language, log: readonly LogLine[]): Html {
  const words = statusWords(language)
  return html`<section class="card"><h2>${words.log}</h2>${
    log.length === 0
      ? html`<p class="soft">${words.logEmpty}</p>`
      : html`<ol class="log" tabindex="0" aria-label="${words.log}">${log.map(
          (line) => html`<li class="${line.level}">${moment(line.at)} ${happened(language, line)}</li>\n`,
        )}</ol>`
  }</section>`
}
