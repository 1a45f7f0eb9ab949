import { requestStates } from '../../../requests/request.ts'
import {
  type FoundRequest,
  type RequestFilter,
  type RequestOrder,
  requestOrders,
} from '../../../requests/search.ts'
import { type Html, html } from '../../../words/html.ts'
import type { Language } from '../../../words/language.ts'
import { secondsIn } from '../../../words/local-quantities.ts'
import { nowrapCell, numberCell, numberColumn, table } from '../../table.ts'
import { commonWords } from '../../words.ts'
import { bytesOrNone, field, moment, PAGE_ROWS, pageNumber, pager, select, statePill } from '../parts.ts'
import { consoleWords } from '../words.ts'
import { requestWords } from './words.ts'

/** What the address of the list asks for. */
export interface ListView {
  filter: RequestFilter
  order: RequestOrder
  descending: boolean
  page: number
}

/** Reads the address; whatever is not known there says nothing. */
export function viewOf(query: URLSearchParams): ListView {
  const text = (name: string) => query.get(name)?.trim().replaceAll('\0', '').slice(0, 200) || undefined
  const day = (name: string) => {
    const value = text(name)
    return value && /^\d{4}-\d\d-\d\d$/.test(value) && !Number.isNaN(Date.parse(value)) ? value : undefined
  }
  const state = requestStates.find((known) => known === query.get('state'))
  const [contract, target, words, from, to] = [
    text('contract'),
    text('target'),
    text('text'),
    day('from'),
    day('to'),
  ]
  return {
    filter: {
      ...(state ? { state } : {}),
      ...(contract ? { contract } : {}),
      ...(target ? { target } : {}),
      ...(words ? { text: words } : {}),
      ...(from ? { from } : {}),
      ...(to ? { to } : {}),
    },
    order: requestOrders.find((known) => known === query.get('sort')) ?? 'created',
    descending: query.get('order') !== 'up',
    page: pageNumber(query),
  }
}

export function filterForm(
  language: Language,
  { filter, order, descending }: ListView,
  targets: readonly string[],
): Html {
  const words = requestWords(language)
  const common = consoleWords(language)
  const states = commonWords(language).states
  const any = { value: '', label: words.any }
  const used = Object.keys(filter).length > 0
  return html`<details class="card filter"${used && html` open`}><summary>${words.filter}</summary>
<form method="get" action="/console/requests" role="search" class="columns">
${select('state', words.state, [any, ...requestStates.map((value) => ({ value, label: states[value] }))], filter.state ?? '')}
${select('target', words.target, [any, ...targets.map((value) => ({ value, label: value }))], filter.target ?? '')}
${field('contract', words.contract, filter.contract ?? '')}
${field('text', words.text, filter.text ?? '', { type: 'search', hint: words.textHint })}
${field('from', words.from, filter.from ?? '', { type: 'date' })}
${field('to', words.to, filter.to ?? '', { type: 'date' })}
${select(
  'sort',
  words.sort,
  requestOrders.map((value) => ({ value, label: words.orders[value] })),
  order,
)}
${select(
  'order',
  words.direction,
  [
    { value: 'down', label: common.descending },
    { value: 'up', label: common.ascending },
  ],
  descending ? 'down' : 'up',
)}
<p class="buttons"><button>${common.apply}</button> <a class="button plain" href="/console/requests">${common.reset}</a></p>
</form></details>`
}

export function requestList(
  language: Language,
  query: URLSearchParams,
  view: ListView,
  { found, all }: { found: readonly FoundRequest[]; all: number },
): Html {
  const words = requestWords(language)
  if (found.length === 0) return html`<p class="card">${words.none}</p>`
  return html`<section class="card"><h2>${words.found(all)}</h2>
${requestTable(language, found)}
${pager(language, query, { page: view.page, shown: found.length, all, rows: PAGE_ROWS })}</section>`
}

export function requestTable(language: Language, found: readonly FoundRequest[]): Html {
  const words = requestWords(language)
  return table(
    words.title,
    [
      words.number,
      words.state,
      words.file,
      words.contract,
      words.versions,
      numberColumn(words.size),
      numberColumn(words.duration),
      words.created,
    ],
    found.map((row) => [
      html`<a href="/console/requests/${row.id}">${row.id}</a>`,
      html`${statePill(language, row.state)}${row.failureCode && html`<br><code class="small">${row.failureCode}</code>`}`,
      html`<span class="clip">${row.filename}</span><br><span class="soft small clip">${row.email}</span>`,
      row.contract,
      html`<span class="nowrap">${row.source ?? '?'} → ${row.target}</span>`,
      numberCell(bytesOrNone(language, row.bytes)),
      numberCell(row.seconds !== null && secondsIn(language, row.seconds)),
      nowrapCell(moment(language, row.createdAt)),
    ]),
  )
}
