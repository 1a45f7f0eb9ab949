import type { Settings } from '../../../config/settings.ts'
import { type Html, html } from '../../../words/html.ts'
import { colonIn, type Language } from '../../../words/language.ts'
import { bytesIn, numberIn, secondsIn } from '../../../words/local-quantities.ts'
import { nowrapCell, table } from '../../table.ts'
import { barChart, figures, lineChart, pointChart } from '../chart.ts'
import { facts, moment, statePill } from '../parts.ts'
import { requestTable } from '../requests/list.ts'
import { consoleWords } from '../words.ts'
import type { Disk, Overview, WorkerRow } from './facts.ts'
import { overviewWords } from './words.ts'

/** What is there now, and changes while one looks at it. */
export function overviewNow(
  language: Language,
  overview: Overview,
  disk: Disk,
  { retentionDays, dataFolder }: Pick<Settings, 'retentionDays' | 'dataFolder'>,
): Html {
  const words = overviewWords(language)
  const { states, oldestSeconds, running, waiting, workers } = overview
  const bytes = (amount: number) => bytesIn(language, amount)
  const open = [...running, ...waiting]
  return html`<ul class="tiles">
${tile(numberIn(language, states.pending ?? 0), words.waiting, oldestSeconds === null ? words.nobodyWaits : words.oldest(secondsIn(language, oldestSeconds)))}
${tile(numberIn(language, states.progress ?? 0), words.running, words.places(freePlaces(workers)))}
${tile(bytes(overview.stored), words.stored, words.storedFiles(overview.files))}
${tile(bytes(disk.free), words.free, words.freeOf(bytes(disk.free), bytes(disk.size)))}
</ul>
<p class="states">${Object.keys(states).length > 0 && stateLinks(language, states)}</p>
<section class="card"><h2>${words.queue}</h2>${open.length === 0 ? html`<p class="soft">${words.idle}</p>` : requestTable(language, open)}</section>
<section class="card"><h2>${words.workers}</h2>${workers.length === 0 ? html`<p class="error">${words.noWorker}</p>` : workerTable(language, workers)}</section>
<section class="card"><h2>${words.disk}</h2><p><meter min="0" max="${disk.size}" low="${disk.size * 0.8}" high="${disk.size * 0.92}" optimum="0" value="${disk.size - disk.free}" aria-label="${words.disk}"></meter></p>${facts(
    [
      [words.room, html`<code>${dataFolder}</code>, ${words.freeOf(bytes(disk.free), bytes(disk.size))}`],
      [words.stored, `${bytes(overview.stored)}, ${words.storedFiles(overview.files)}`],
      [words.spool, html`${bytes(disk.spool)} <span class="soft">${words.spoolHint}</span>`],
      [words.work, html`${bytes(disk.work)} <span class="soft">${words.workHint}</span>`],
      [words.scratch, disk.scratch === null ? words.unknown : bytes(disk.scratch)],
      [words.retention, words.retentionDays(retentionDays)],
    ],
  )}</section>`
}

/** What has been lately. */
export function overviewCharts(language: Language, { days, measures }: Overview): Html {
  const words = overviewWords(language)
  const { empty, figures: figuresOf } = consoleWords(language)
  const kinds = ['done', 'failed', 'cancelled'] as const
  const labels = days.map(({ day }) => dayIn(language, day))
  const count = (value: number) => numberIn(language, value)
  const bytes = (value: number) => bytesIn(language, value)
  const ended = days.some(({ done, failed, cancelled }) => done + failed + cancelled > 0)
  const shown = days.filter(({ done, failed, cancelled }) => done + failed + cancelled > 0)
  return html`<h2 class="apart">${words.charts}</h2><div class="charts">
<section class="card"><h3>${words.perDay}</h3>${
    ended
      ? html`${barChart(
          words.perDay,
          kinds.map((kind) => ({ name: words.series[kind], kind, values: days.map((day) => day[kind]) })),
          { labels, say: count },
        )}${figures(
          figuresOf(words.perDay),
          [words.day, ...kinds.map((kind) => words.series[kind])],
          shown.map((day) => [day.day, ...kinds.map((kind) => count(day[kind]))]),
        )}`
      : html`<p class="soft">${empty}</p>`
  }</section>
<section class="card"><h3>${words.bytes}</h3>${lineChart(
    words.bytes,
    [{ name: words.bytes, kind: 'plain', values: days.map((day) => day.bytes) }],
    { labels, say: bytes },
  )}${figures(
    figuresOf(words.bytes),
    [words.day, words.amount],
    days.map((day) => [day.day, bytes(day.bytes)]),
  )}</section>
<section class="card"><h3>${words.duration}</h3>${
    measures.length > 0
      ? html`<p class="soft small">${words.durationAxes}</p>${pointChart(
          words.duration,
          measures.map((one) => ({
            x: one.bytes,
            y: one.seconds,
            label: `${one.source} → ${one.target}${colonIn(language)}${bytes(one.bytes)}, ${secondsIn(language, one.seconds)}`,
          })),
          bytes,
          (seconds) => `${numberIn(language, seconds)} s`,
        )}${figures(
          figuresOf(words.duration),
          [words.versions, words.amount, words.time],
          measures
            .slice(0, 20)
            .map((one) => [
              `${one.source} → ${one.target}`,
              bytes(one.bytes),
              secondsIn(language, one.seconds),
            ]),
        )}`
      : html`<p class="soft">${empty}</p>`
  }</section></div>`
}

function tile(figure: string, label: string, hint: string): Html {
  return html`<li class="card tile"><span class="soft">${label}</span><strong>${figure}</strong><span class="soft small">${hint}</span></li>`
}

function stateLinks(language: Language, states: Overview['states']): Html {
  return html`${(['draft', 'pending', 'progress', 'done', 'failed', 'cancelled'] as const).map(
    (state) =>
      (states[state] ?? 0) > 0 &&
      html`<a href="/console/requests?state=${state}">${statePill(language, state)} ${numberIn(language, states[state]!)}</a> `,
  )}`
}

function workerTable(language: Language, workers: readonly WorkerRow[]): Html {
  const words = overviewWords(language)
  return table(
    words.workers,
    [words.worker, words.since, words.seen, words.doing],
    workers.map((worker) => [
      html`${worker.host} <span class="soft">${worker.pid}</span>${!worker.alive && html` <span class="pill warn">${words.silent}</span>`}`,
      nowrapCell(moment(language, worker.startedAt)),
      nowrapCell(moment(language, worker.seenAt)),
      html`${worker.requests.map((id) => html`<a href="/console/requests/${id}">${id}</a> `)}<span class="soft">${words.places(Math.max(0, worker.concurrency - worker.requests.length))}</span>`,
    ]),
  )
}

function freePlaces(workers: readonly WorkerRow[]): number {
  return workers
    .filter(({ alive }) => alive)
    .reduce((sum, { concurrency, requests }) => sum + Math.max(0, concurrency - requests.length), 0)
}

/** "23 Nov", "23 nov.". */
function dayIn(language: Language, day: string): string {
  return new Date(`${day}T00:00:00Z`).toLocaleDateString(language === 'en' ? 'en-GB' : language, {
    day: 'numeric',
    month: 'short',
    timeZone: 'UTC',
  })
}
