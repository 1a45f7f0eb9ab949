import type { RequestState } from '../../requests/request.ts'
import { dumpFormIn } from '../../words/dump-form.ts'
import { type Fragment, type Html, html } from '../../words/html.ts'
import type { Language } from '../../words/language.ts'
import { bytesIn, numberIn, secondsIn } from '../../words/local-quantities.ts'
import type { AssetName } from '../assets.ts'
import { formWords, modulesIn } from '../form/words.ts'
import type { Page } from '../page.ts'
import { commonWords } from '../words.ts'
import { customerMessageIn } from './customer-message.ts'
import { commandBox, downloadPart } from './downloads.ts'
import { draftPart, isToldByField } from './draft.ts'
import { hasEnded, type StatusFacts } from './facts.ts'
import { detailPart, livePart, nowPart, tabTitle } from './live.ts'
import { moment } from './moment.ts'
import { statusWords } from './words.ts'

const REFRESH_SECONDS = 5

export interface StatusPlace {
  /** Address of the request, without a slash at its end. */
  url: string
  /** Base of all addresses, and the request's key: for the calls that do the same by the API. */
  base: string
  key: string
  /** What the dump can be upgraded to. */
  targets: readonly string[]
  timezones: readonly string[]
  refused?: Refused
}

/** Why the last thing that was asked for was not done, and what was typed. */
export interface Refused {
  problem: 'state' | 'dump' | 'limit' | 'version' | 'timezone'
  given: URLSearchParams
}

/** All that is known of a request, for its customer. */
export function statusPage(language: Language, facts: StatusFacts, place: StatusPlace): Page {
  const words = statusWords(language)
  const { request } = facts
  const ended = hasEnded(request)
  return {
    title: tabTitle(language, facts),
    kind: 'status',
    path: 'status',
    icon: stateIcon(request.state),
    scripts: ['status.js'],
    links: [{ href: '/', label: commonWords(language).newUpgrade }],
    ...(ended || request.state === 'draft' ? {} : { refresh: REFRESH_SECONDS }),
    body: html`<p class="soft">${words.heading(request.id)}</p>
<h1>${request.filename}</h1>
${place.refused && !isToldByField(facts, place) && html`<p class="card alert" role="alert">${words.problems[place.refused.problem]}</p>`}
${request.customerMessage && request.customerMessage !== request.failure?.message && html`<p class="card">${customerMessageIn(language, request.customerMessage)}</p>`}
<div id="live" data-state="${request.state}"${!ended && request.state !== 'draft' && html` data-events="events"`} data-lost="${words.lost}">
${ended ? nowPart(language, facts) : livePart(language, facts)}
</div>
<p id="announce" class="soft" role="status"></p>
${request.state === 'draft' && draftPart(language, facts, place)}
${request.state === 'draft' && requestFacts(language, facts)}
${downloadPart(language, facts, place.url)}
${ended && detailPart(language, facts)}
${request.state !== 'draft' && requestFacts(language, facts)}
${byApi(language, facts, place)}
${!ended && !request.cancelAskedAt && html`<form method="post" action="cancel"><button class="danger">${words.cancel}</button></form>`}`,
  }
}

/** The scripts change it by the same names. */
function stateIcon(state: RequestState): AssetName {
  return state === 'draft' ? 'icon.svg' : `icon-${state}.svg`
}

function requestFacts(language: Language, { request, files, now }: StatusFacts): Html {
  const words = statusWords(language)
  const { facts } = words
  const original = files.get('original')
  const seconds = request.processedAt
    ? ((request.finishedAt ?? now).getTime() - request.processedAt.getTime()) / 1000
    : null
  const rows: [string, Fragment][] = [
    [facts.version, request.databaseVersion ?? (original && facts.unknownVersion)],
    [facts.target, request.target],
    [facts.aim, facts.aims[request.aim]],
    [
      facts.size,
      original &&
        html`${bytesIn(language, original.bytes)}${original.bytes >= 1000 && html` <span class="soft">(${facts.bytes(numberIn(language, original.bytes))})</span>`}`,
    ],
    [facts.postgresql, request.postgresql],
    [formWords(language).facts.modules, request.modules && modulesIn(language, request.modules)],
    [facts.form, request.compressions && dumpFormIn(language, request.compressions)],
    [facts.uuid, request.databaseUuid],
    [facts.email, request.email],
    [facts.timezone, request.timezone],
    [facts.ticket, String(request.issue)],
    [facts.created, moment(request.createdAt)],
    [facts.started, request.processedAt && moment(request.processedAt)],
    [facts.ended, request.finishedAt && moment(request.finishedAt)],
    [facts.took, request.finishedAt && seconds !== null ? secondsIn(language, seconds) : null],
    [
      facts.estimate,
      request.estimatedSeconds === null || hasEnded(request)
        ? null
        : facts.about(secondsIn(language, Math.ceil(request.estimatedSeconds / 60) * 60)),
    ],
  ]
  return html`<section class="card"><h2>${request.state === 'draft' ? words.contents : words.request}</h2><dl>${rows.map(
    ([name, value]) => value !== null && value !== undefined && html`<dt>${name}</dt><dd>${value}</dd>\n`,
  )}</dl></section>`
}

function byApi(language: Language, { request, files }: StatusFacts, { base, key }: StatusPlace): Html {
  const words = statusWords(language)
  const query = `request=${request.id}&key=${key}`
  const calls = [
    ...(request.state === 'draft' && !files.has('original')
      ? [
          `curl -sS -H 'Content-Type: application/octet-stream' --data-binary @dump.file '${base}/database/v1/upload?${query}'`,
        ]
      : []),
    ...(request.state === 'draft' ? [`curl -sS '${base}/database/v1/process?${query}'`] : []),
    `curl -sS '${base}/database/v1/status?${query}'`,
  ]
  return html`<details class="card"><summary>${words.byApi}</summary><p class="soft">${words.byApiHint}</p>${commandBox(language, 'api', calls)}</details>`
}
