import type { FastifyRequest } from 'fastify'
import { allSeries } from '../../../odoo/series.ts'
import type { ReferenceJob } from '../../../reference/jobs.ts'
import type { StoredReference } from '../../../reference/store.ts'
import { type Html, html } from '../../../words/html.ts'
import { colonIn, type Language } from '../../../words/language.ts'
import { bytesIn, numberIn } from '../../../words/local-quantities.ts'
import { english, meaningOf } from '../../meanings.ts'
import { nowrapCell, numberCell, numberColumn, table } from '../../table.ts'
import { csrfField, queryOf } from '../console.ts'
import { invalid, moment, problemOf, select } from '../parts.ts'
import { referenceWords } from './words.ts'

export function keptPart(language: Language, references: readonly StoredReference[]): Html {
  const words = referenceWords(language)
  if (references.length === 0) return html`<p class="card">${words.none}</p>`
  return html`<section class="card"><h2>${words.kept}</h2>${table(
    words.kept,
    [words.version, words.modules, numberColumn(words.size), words.added, words.checksum, words.remove],
    references.map((reference) => [
      html`<strong>${reference.series}</strong>${reference.demonstration && html` <span class="pill warn">${words.demonstration}</span>`}`,
      html`<details><summary aria-label="${words.modulesOf(reference.series)}${colonIn(language)}${reference.modules.length}">${reference.modules.length}</summary><p class="small">${reference.modules.join(', ')}</p></details>`,
      numberCell(bytesIn(language, reference.bytes)),
      nowrapCell(moment(language, new Date(reference.addedAt))),
      html`<code class="small" title="${reference.sha256}">${reference.sha256.slice(0, 12)}</code>`,
      html`<a href="/console/references/remove?sha256=${reference.sha256}" aria-label="${words.removeOne(reference.series)}">${words.remove}</a>`,
    ]),
  )}${references.some(({ demonstration }) => demonstration) && html`<p>${words.demonstrationHint}</p>`}</section>`
}

export function jobsPart(language: Language, jobs: readonly ReferenceJob[]): Html | null {
  const words = referenceWords(language)
  if (jobs.length === 0) return null
  return html`<section class="card"><h2>${words.jobs}</h2>${table(
    words.jobs,
    [words.version, words.file, numberColumn(words.size), words.state, words.added],
    jobs.map((job) => [
      job.series,
      job.name,
      numberCell(bytesIn(language, job.bytes)),
      stateOf(language, job),
      nowrapCell(moment(language, job.startedAt)),
    ]),
  )}</section>`
}

function stateOf(language: Language, job: ReferenceJob): Html {
  const words = referenceWords(language)
  if (job.endedAt === null)
    return html`<span class="pill progress">${words.states.working}</span> <progress aria-label="${words.states.working}"></progress>${job.done !== null && html` <span class="soft small">${words.loaded(bytesIn(language, job.done))}</span>`}`
  if (job.failure)
    return html`<span class="pill bad">${words.states.failed}</span> ${language !== 'en' && html`${meaningOf(language, job.failure.code)}<br>`}${english(language, job.failure.message)} <code class="small">${job.failure.code}</code>`
  return html`<span class="pill good">${words.states.done}</span> <span class="soft small">${words.made(job.modules ?? 0)}, ${numberIn(language, Math.round((job.endedAt.getTime() - job.startedAt.getTime()) / 1000))} s</span>`
}

export function addPart(call: FastifyRequest, language: Language): Html {
  const words = referenceWords(language)
  const told = queryOf(call).get('outcome') ?? ''
  const problems: Readonly<Record<string, string>> = words.problems
  const problem = Object.hasOwn(problems, told) ? problems[told] : undefined
  const [ofSeries, ofDump] = told === 'version' ? [problem, undefined] : [undefined, problem]
  return html`<section class="card"><h2>${words.add}</h2><p class="soft">${words.addHint}</p>
<form method="post" action="/console/references/add" enctype="multipart/form-data" class="columns">${csrfField(call)}
${select(
  'series',
  words.series,
  [{ value: '', label: '' }, ...allSeries.map((value) => ({ value, label: value }))],
  '',
  { required: true, problem: ofSeries },
)}
<div class="field"><label for="dump">${words.dump}</label><input id="dump" name="dump" type="file" required${invalid('dump', ofDump)}>${problemOf('dump', ofDump)}</div>
<p class="buttons"><button>${words.upload}</button></p></form></section>`
}

export function removePart(call: FastifyRequest, language: Language, reference: StoredReference): Html {
  const words = referenceWords(language)
  return html`<section class="card alert"><p>${words.removeLead}</p><div class="buttons">
<form method="post" action="/console/references/remove" class="one">${csrfField(call)}<input type="hidden" name="sha256" value="${reference.sha256}"><button class="danger">${words.removeYes}</button></form>
<a class="button plain" href="/console/references">${words.keep}</a></div></section>`
}
