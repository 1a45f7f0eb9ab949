import type { FastifyRequest } from 'fastify'
import type { LineProblem } from '../../../requests/contract-import.ts'
import type { Contract, ContractUsage } from '../../../requests/contracts.ts'
import { type Html, html } from '../../../words/html.ts'
import type { Language } from '../../../words/language.ts'
import { bytesIn, numberIn } from '../../../words/local-quantities.ts'
import { numberCell, numberColumn, table } from '../../table.ts'
import { csrfField } from '../console.ts'
import { field, pager } from '../parts.ts'
import { consoleWords } from '../words.ts'
import { contractForm } from './form.ts'
import { importProblem } from './import-words.ts'
import { contractWords } from './words.ts'

type Filled = Partial<Pick<Parameters<typeof contractForm>[2], 'given' | 'wrong'>>

export function findForm(language: Language, text: string): Html {
  const words = contractWords(language)
  return html`<form method="get" action="/console/contracts" role="search" class="line">
${field('text', words.find, text, { type: 'search' })}<button>${consoleWords(language).apply}</button></form>`
}

const kinds = { valid: 'good', revoked: 'bad', expired: 'warn' } as const

export function contractList(
  language: Language,
  query: URLSearchParams,
  { shown, all, page }: { shown: readonly ContractUsage[]; all: number; page: number },
): Html {
  const words = contractWords(language)
  if (shown.length === 0) return html`<p class="card">${words.none}</p>`
  return html`<section class="card"><h2>${words.count(all)}</h2>${table(
    words.title,
    [
      words.fields.code,
      words.status,
      words.fields.name,
      words.limits,
      numberColumn(words.requests),
      numberColumn(words.stored),
      numberColumn(words.change),
    ],
    shown.map((contract) => [
      html`<code>${contract.code}</code>`,
      html`<span class="pill ${kinds[contract.status]}">${words.statuses[contract.status]}</span>`,
      html`${contract.name}${contract.email && html`<br><span class="soft small">${contract.email}</span>`}`,
      limits(language, contract),
      numberCell(
        html`<a href="/console/requests?contract=${encodeURIComponent(contract.code)}" aria-label="${words.seeRequests} ${contract.code}">${numberIn(language, total(contract))}</a>${atWork(contract) > 0 && html`<br><span class="soft small">${numberIn(language, atWork(contract))} ${words.atWork}</span>`}`,
      ),
      numberCell(bytesIn(language, contract.bytes)),
      numberCell(
        html`<a href="/console/contracts/edit?code=${encodeURIComponent(contract.code)}" aria-label="${words.changeOne(contract.code)}">${words.change}</a>`,
      ),
    ]),
  )}${pager(language, query, { page, shown: shown.length, all })}</section>`
}

function total({ requests }: ContractUsage): number {
  return Object.values(requests).reduce((sum, count) => sum + count, 0)
}

function atWork({ requests }: ContractUsage): number {
  return requests.pending + requests.progress
}

function limits(language: Language, { expiresOn, maxInProgress, maxBytes }: Contract): string {
  const words = contractWords(language)
  const parts = [
    expiresOn !== null && words.until(expiresOn),
    maxInProgress !== null && words.atOnce(maxInProgress),
    maxBytes !== null && words.upTo(bytesIn(language, maxBytes)),
  ].filter((part) => part !== false)
  return parts.join(', ') || consoleWords(language).unlimited
}

export function addPart(call: FastifyRequest, language: Language, { given = {}, wrong = [] }: Filled): Html {
  const words = contractWords(language)
  return html`<details class="card"${Object.keys(given).length > 0 && html` open`}><summary>${words.add}</summary><p class="soft">${words.addLead}</p>
${contractForm(call, language, { given, wrong, action: '/console/contracts', submit: words.add })}</details>`
}

export function importPart(call: FastifyRequest, language: Language): Html {
  const words = contractWords(language)
  return html`<details class="card"><summary>${words.import}</summary>
<form method="post" action="/console/contracts/import" enctype="multipart/form-data">${csrfField(call)}
<div class="field"><label for="file">${words.importFile}</label><input id="file" name="file" type="file" accept=".csv,text/csv" required aria-describedby="file-hint">
<p class="hint" id="file-hint">${words.importHint}</p></div><button>${words.importDo}</button></form></details>`
}

export function importProblems(
  language: Language,
  lines: readonly Pick<LineProblem, 'line' | 'reason'>[],
  more: number,
): Html {
  const words = contractWords(language)
  return html`<section class="card alert" role="alert"><h2>${words.importFailed}</h2>${table(
    words.importFailed,
    [numberColumn(words.line), words.problem],
    lines.map(({ line, reason }) => [numberCell(line), importProblem(language, reason)]),
  )}${more > 0 && html`<p>${words.more(more)}</p>`}</section>`
}

export function changePart(
  call: FastifyRequest,
  language: Language,
  contract: Contract,
  { given = {}, wrong = [] }: Filled,
): Html {
  const words = contractWords(language)
  const revoked = contract.revokedAt !== null
  return html`<section class="card">${contractForm(call, language, {
    given,
    wrong,
    fixed: true,
    action: '/console/contracts/edit',
    submit: consoleWords(language).save,
  })}</section>
<section class="card"><p class="soft">${revoked ? words.restoreHint : words.revokeHint}</p>
<form method="post" action="/console/contracts/${revoked ? 'restore' : 'revoke'}" class="one">${csrfField(call)}<input type="hidden" name="code" value="${contract.code}">
<button class="${revoked ? 'plain' : 'danger'}">${revoked ? words.restore : words.revokeTitle(contract.code)}</button></form></section>
<p><a href="/console/contracts">${consoleWords(language).back}</a></p>`
}
