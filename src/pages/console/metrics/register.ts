import type { FastifyInstance } from 'fastify'
import type { Counted } from '../../../api/metrics.ts'
import type { Queryable } from '../../../database/database.ts'
import { type Period, periods, readHistory } from '../../../operator/history.ts'
import { requestStates } from '../../../requests/request.ts'
import { type Html, html } from '../../../words/html.ts'
import { colonIn, type Language } from '../../../words/language.ts'
import { bytesIn, numberIn, secondsIn } from '../../../words/local-quantities.ts'
import { languageOf } from '../../language.ts'
import { stageWord } from '../../status/words.ts'
import { nowrapCell, numberCell, numberColumn, table } from '../../table.ts'
import { commonWords } from '../../words.ts'
import { type Console, queryOf } from '../console.ts'
import { statePill } from '../parts.ts'
import { consoleWords } from '../words.ts'
import { historyPart } from './history.ts'
import { metricsWords } from './words.ts'

/** Routes that are listed. */
const ROUTES = 25

interface StageTime {
  name: string
  count: number
  middle: number
  most: number
  total: number
}

export function registerMetricsPage(app: FastifyInstance, console: Console): void {
  const { database } = console.deps
  app.get('/console/metrics', { schema: { hide: true }, exposeHeadRoute: false }, async (call, reply) => {
    const language = languageOf(call)
    const words = metricsWords(language)
    const period = periodOf(queryOf(call).get('period'))
    const [stages, states, counted, history] = [
      await stageTimes(database.pool),
      await database.pool.query<{ state: string; count: number }>(
        'SELECT state, count(*)::int AS count FROM service.request GROUP BY state',
      ),
      await console.metrics.counted(),
      await readHistory(database.pool, period),
    ]
    return console.send(call, reply, 200, {
      part: 'metrics',
      title: words.title,
      lead: words.lead,
      body: html`<ul class="tiles">
<li class="card tile"><span class="soft">${words.uploads}</span><strong>${numberIn(language, counted.uploads)}</strong><span class="soft small">${words.sinceStart}</span></li>
<li class="card tile"><span class="soft">${words.uploaded}</span><strong>${bytesIn(language, counted.bytes)}</strong><span class="soft small">${words.sinceStart}</span></li>
</ul>
${historyPart(language, period, history)}
${statePart(language, new Map(states.rows.map(({ state, count }) => [state, count])))}
${stagePart(language, stages)}
${callPart(language, counted)}`,
    })
  })
}

function periodOf(wanted: string | null): Period {
  return (Object.keys(periods) as Period[]).find((known) => known === wanted) ?? 'day'
}

async function stageTimes(client: Queryable): Promise<StageTime[]> {
  const { rows } = await client.query<StageTime>(
    `SELECT name, count(*)::int AS count, sum(seconds) AS total, percentile_cont(0.5) WITHIN GROUP (ORDER BY seconds) AS middle,
            percentile_cont(0.9) WITHIN GROUP (ORDER BY seconds) AS most
       FROM service.stage WHERE state = 'done' AND seconds IS NOT NULL GROUP BY name ORDER BY min(place), name LIMIT 60`,
  )
  return rows
}

function statePart(language: Language, states: ReadonlyMap<string, number>): Html {
  const words = metricsWords(language)
  const most = Math.max(...states.values(), 1)
  return html`<section class="card"><h2>${words.requests}</h2>${table(
    words.requests,
    [words.state, words.share, numberColumn(consoleWords(language).nav.requests)],
    requestStates.map((state) => [
      statePill(language, state),
      html`<meter class="wide" min="0" max="${most}" value="${states.get(state) ?? 0}" aria-label="${commonWords(language).states[state]}"></meter>`,
      numberCell(numberIn(language, states.get(state) ?? 0)),
    ]),
  )}</section>`
}

function stagePart(language: Language, stages: readonly StageTime[]): Html {
  const words = metricsWords(language)
  const seconds = (value: number) => secondsIn(language, value)
  const longest = Math.max(...stages.map(({ most }) => most), 0.001)
  return html`<section class="card"><h2>${words.stages}</h2>${
    stages.length === 0
      ? html`<p class="soft">${consoleWords(language).empty}</p>`
      : html`<p class="soft">${words.stageHint}</p>${table(
          words.stages,
          [
            words.stage,
            words.most,
            numberColumn(words.most),
            numberColumn(words.middle),
            numberColumn(words.total),
            numberColumn(words.count),
          ],
          stages.map(({ name, count, middle, most, total }) => [
            nowrapCell(stageWord(language, name)),
            html`<meter class="wide" min="0" max="${longest}" value="${most}" aria-label="${stageWord(language, name)}${colonIn(language)}${seconds(most)}"></meter>`,
            numberCell(seconds(most)),
            numberCell(seconds(middle)),
            numberCell(seconds(total)),
            numberCell(numberIn(language, count)),
          ]),
        )}`
  }</section>`
}

function callPart(language: Language, { routes }: Counted): Html {
  const words = metricsWords(language)
  return html`<section class="card"><h2>${words.calls}</h2><p class="soft">${words.callsHint}</p>${table(
    words.calls,
    [words.route, numberColumn(words.calls), numberColumn(words.mean), numberColumn(words.failed)],
    routes
      .slice(0, ROUTES)
      .map(({ method, route, calls, seconds, failed }) => [
        html`<code class="small">${method} ${route}</code>`,
        numberCell(numberIn(language, calls)),
        numberCell(`${numberIn(language, (1000 * seconds) / Math.max(1, calls))} ms`),
        numberCell(numberIn(language, failed)),
      ]),
  )}</section>`
}
