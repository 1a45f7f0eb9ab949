import { type Period, periods, type Step } from '../../../operator/history.ts'
import { requestStates } from '../../../requests/request.ts'
import { type Html, html } from '../../../words/html.ts'
import type { Language } from '../../../words/language.ts'
import { bytesIn, numberIn, secondsIn } from '../../../words/local-quantities.ts'
import { stageWord } from '../../status/words.ts'
import { commonWords } from '../../words.ts'
import { barChart, figures, lineChart } from '../chart.ts'
import { consoleWords } from '../words.ts'
import { metricsWords } from './words.ts'

/** Stages that have a colour of their own; the others share one. */
const COLOURS = 5

/** What was going on in a period, drawn. */
export function historyPart(language: Language, period: Period, steps: readonly Step[]): Html {
  const words = metricsWords(language)
  return html`<h2 class="apart" id="history">${words.history}</h2>
<nav class="tabs" aria-label="${words.period}">${(Object.keys(periods) as Period[]).map(
    (each) =>
      html`<a href="?period=${each}#history"${each === period && html` aria-current="page"`}>${words.periods[each]}</a>`,
  )}</nav>
<p class="soft small">${words.historyHint(words.stepOf[period])}</p>
<div class="charts wide">${uploadPart(language, period, steps)}${queuePart(language, period, steps)}${statePart(language, period, steps)}${stagePart(language, period, steps)}</div>`
}

function uploadPart(language: Language, period: Period, steps: readonly Step[]): Html {
  const words = metricsWords(language)
  const bytes = (value: number) => bytesIn(language, value)
  const values = steps.map(({ uploadedBytes }) => uploadedBytes)
  return part(language, words.uploadedBytes, {
    chart: barChart(words.uploadedBytes, [{ name: words.uploaded, kind: 'plain', values }], {
      labels: labelsOf(language, period, steps),
      say: bytes,
    }),
    head: [words.time, words.uploads, words.uploaded],
    rows: rowsOf(language, period, steps, ({ uploads, uploadedBytes }) =>
      uploads > 0 ? [numberIn(language, uploads), bytes(uploadedBytes)] : null,
    ),
  })
}

function queuePart(language: Language, period: Period, steps: readonly Step[]): Html {
  const words = metricsWords(language)
  const say = (value: number) => numberIn(language, value)
  const values = steps.map(({ queue }) => queue)
  return part(language, words.queue, {
    chart: lineChart(words.queue, [{ name: words.queue, kind: 'plain', values }], {
      labels: labelsOf(language, period, steps),
      say,
    }),
    head: [words.time, words.waiting],
    rows: rowsOf(language, period, steps, ({ queue }) => (queue === null ? null : [say(queue)])),
  })
}

function statePart(language: Language, period: Period, steps: readonly Step[]): Html {
  const words = metricsWords(language)
  const names = commonWords(language).states
  const say = (value: number) => numberIn(language, value)
  return part(language, words.states, {
    chart: lineChart(
      words.states,
      requestStates.map((state) => ({
        name: names[state],
        kind: state,
        values: steps.map(({ states }) => states && (states[state] ?? 0)),
      })),
      { labels: labelsOf(language, period, steps), say },
    ),
    head: [words.time, ...requestStates.map((state) => names[state])],
    rows: rowsOf(
      language,
      period,
      steps,
      ({ states }) => states && requestStates.map((state) => say(states[state] ?? 0)),
    ),
  })
}

function stagePart(language: Language, period: Period, steps: readonly Step[]): Html {
  const words = metricsWords(language)
  const seconds = (value: number) => secondsIn(language, value)
  const totals = new Map<string, { count: number; seconds: number }>()
  for (const { stages } of steps)
    for (const [name, took] of Object.entries(stages)) {
      const sum = totals.get(name) ?? { count: 0, seconds: 0 }
      totals.set(name, { count: sum.count + took.count, seconds: sum.seconds + took.seconds })
    }
  const names = [...totals].toSorted(([, a], [, b]) => b.seconds - a.seconds).map(([name]) => name)
  const of = (some: readonly string[]) =>
    steps.map(({ stages }) => some.reduce((sum, name) => sum + (stages[name]?.seconds ?? 0), 0))
  const rest = names.slice(COLOURS)
  return part(language, words.stageSeconds, {
    chart: barChart(
      words.stageSeconds,
      [
        ...names
          .slice(0, COLOURS)
          .map((name, i) => ({ name: stageWord(language, name), kind: `c${i + 1}`, values: of([name]) })),
        ...(rest.length > 0 ? [{ name: words.others, kind: 'rest', values: of(rest) }] : []),
      ],
      { labels: labelsOf(language, period, steps), say: seconds },
    ),
    head: [words.stage, words.count, words.total],
    rows: names.map((name) => {
      const { count, seconds: sum } = totals.get(name)!
      return [stageWord(language, name), numberIn(language, count), seconds(sum)]
    }),
  })
}

function part(
  language: Language,
  title: string,
  { chart, head, rows }: { chart: Html; head: readonly string[]; rows: readonly (readonly string[])[] },
): Html {
  const { empty, figures: figuresOf } = consoleWords(language)
  return html`<section class="card"><h3>${title}</h3>${
    rows.length === 0
      ? html`<p class="soft">${empty}</p>`
      : html`${chart}${figures(figuresOf(title), head, rows)}`
  }</section>`
}

/** One row for each step that has figures; of neighbours with the same ones the first alone. */
function rowsOf(
  language: Language,
  period: Period,
  steps: readonly Step[],
  cells: (step: Step) => string[] | null,
): string[][] {
  let before = ''
  return steps.flatMap((step) => {
    const row = cells(step)
    const same = JSON.stringify(row) === before
    before = JSON.stringify(row)
    return row === null || same ? [] : [[timeOf(language, period, step, true), ...row]]
  })
}

function labelsOf(language: Language, period: Period, steps: readonly Step[]): string[] {
  return steps.map((step) => timeOf(language, period, step, false))
}

/** "09:15", or of a month "23 Nov" and in a table "23 Nov, 09:15"; in UTC. */
function timeOf(language: Language, period: Period, { at }: Step, exact: boolean): string {
  return at.toLocaleString(language === 'en' ? 'en-GB' : language, {
    ...(period === 'month' ? { day: 'numeric', month: 'short' } : {}),
    ...(period !== 'month' || exact ? { hour: '2-digit', minute: '2-digit' } : {}),
    timeZone: 'UTC',
  })
}
