import type { ApiDeps } from '../../api/deps.ts'
import { seriesOf } from '../../odoo/series.ts'
import type { Request } from '../../requests/request.ts'
import { type Html, html } from '../../words/html.ts'
import type { Language } from '../../words/language.ts'
import type { StatusFacts } from './facts.ts'
import type { StatusPlace } from './page.ts'
import { statusWords } from './words.ts'

/** The versions that the dump's version can be upgraded to; all that are served where it is not known. */
export async function reachableTargets(
  { targets, versionProblem }: Pick<ApiDeps, 'targets' | 'versionProblem'>,
  version: string | null,
): Promise<string[]> {
  if (version === null || versionProblem === undefined) return [...targets]
  const problems = await Promise.all(targets.map((target) => versionProblem(version, target)))
  return targets.filter((_target, place) => problems[place] === null)
}

/** Before 6.1 times were kept in the local time of the server. */
export function needsTimezone({ databaseVersion }: Pick<Request, 'databaseVersion'>): boolean {
  const series = seriesOf(databaseVersion ?? '')
  return series === '5.0' || series === '6.0'
}

/** What can still be decided before the upgrade is started, in the form that starts it. */
export function draftPart(
  language: Language,
  { request, files }: StatusFacts,
  { targets, timezones, refused }: Pick<StatusPlace, 'targets' | 'timezones' | 'refused'>,
): Html {
  const { draft, amend, start, startHint } = statusWords(language)
  if (!files.has('original'))
    return html`<section class="card"><h2>${draft.noDump}</h2><p>${draft.noDumpHint}</p></section>`
  if (targets.length === 0)
    return html`<section class="card alert"><h2>${draft.noWay}</h2><p>${draft.noWayHint(request.databaseVersion ?? '')}</p></section>`
  const fits = targets.includes(request.target)
  const fields = [
    (targets.length > 1 || !fits) && targetField(language, request, targets, refused),
    needsTimezone(request) && timezoneField(language, request, timezones, refused),
  ].filter((field) => field !== false)
  return html`<section class="card${fits && html` good-box`}"><h2>${fits ? draft.title : draft.choose}</h2>
<p>${fits ? draft.lead : draft.chooseHint(request.databaseVersion ?? '', request.target)}</p>
<form method="post" action="start">
${fields.length > 0 && html`<div class="amend">${fields}</div>`}
<div class="buttons"><button>${start}</button>${fields.length > 0 && html` <button class="plain" formaction="amend">${amend.save}</button>`}</div></form>
<p class="hint">${startHint}</p></section>`
}

/** Whether what is wrong stands beside a field of the draft. */
export function isToldByField(
  { request, files }: StatusFacts,
  { targets, refused }: Pick<StatusPlace, 'targets' | 'refused'>,
): boolean {
  if (request.state !== 'draft' || !files.has('original') || targets.length === 0) return false
  if (refused?.problem === 'timezone') return needsTimezone(request)
  return refused?.problem === 'version' && (targets.length > 1 || !targets.includes(request.target))
}

function targetField(
  language: Language,
  request: Request,
  targets: readonly string[],
  refused: StatusPlace['refused'],
): Html {
  const { amend, problems } = statusWords(language)
  const wrong = refused?.problem === 'version'
  const chosen = refused?.given.get('target') ?? request.target
  return html`<div class="field"><label for="target">${amend.target}</label><select id="target" name="target" required${wrong && html` aria-invalid="true" aria-describedby="target-error"`}>${!targets.includes(chosen) && html`<option value="">${amend.choose}</option>`}${targets.map(
    (target) => html`<option${target === chosen && html` selected`}>${target}</option>`,
  )}</select>${wrong && html`<p class="error" id="target-error">${problems.version}</p>`}</div>`
}

function timezoneField(
  language: Language,
  request: Request,
  timezones: readonly string[],
  refused: StatusPlace['refused'],
): Html {
  const { amend, problems } = statusWords(language)
  const wrong = refused?.problem === 'timezone'
  const typed = refused?.given.get('timezone') ?? request.timezone ?? ''
  return html`<div class="field"><label for="timezone">${amend.timezone}</label><input id="timezone" name="timezone" list="timezones" maxlength="64" value="${typed}" autocomplete="off" spellcheck="false"${wrong ? html` aria-invalid="true" autofocus aria-describedby="timezone-error timezone-hint"` : html` aria-describedby="timezone-hint"`}><p class="hint" id="timezone-hint">${amend.timezoneHint}</p>${wrong && html`<p class="error" id="timezone-error">${problems.timezone}</p>`}<datalist id="timezones">${timezones.map((zone) => html`<option value="${zone}"></option>`)}</datalist></div>`
}
