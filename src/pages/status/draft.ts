import type { ApiDeps } from '../../api/deps.ts'
import { seriesOf } from '../../odoo/series.ts'
import type { Request } from '../../requests/request.ts'
import { type Html, html } from '../../words/html.ts'
import type { Language } from '../../words/language.ts'
import type { StatusFacts } from './facts.ts'
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

/** What can still be decided before the upgrade is started. */
export function draftPart(
  language: Language,
  { request, files }: StatusFacts,
  targets: readonly string[],
  timezones: readonly string[],
): Html {
  const words = statusWords(language)
  if (!files.has('original'))
    return html`<section class="card"><h2>${words.draft.noDump}</h2><p>${words.draft.noDumpHint}</p></section>`
  const choices = targets.includes(request.target) ? targets : [request.target, ...targets]
  const zoned = needsTimezone(request)
  return html`<section class="card good-box"><h2>${words.draft.title}</h2><p>${words.draft.lead}</p>
${
  (choices.length > 1 || zoned) &&
  html`<form method="post" action="amend" class="amend">
<div class="field"><label for="target">${words.amend.target}</label><select id="target" name="target">${choices.map(
    (target) => html`<option${target === request.target && html` selected`}>${target}</option>`,
  )}</select></div>
${
  zoned &&
  html`<div class="field"><label for="timezone">${words.amend.timezone}</label><input id="timezone" name="timezone" list="timezones" value="${request.timezone ?? ''}" autocomplete="off" aria-describedby="timezone-hint"><p class="hint" id="timezone-hint">${words.amend.timezoneHint}</p><datalist id="timezones">${timezones.map((zone) => html`<option value="${zone}"></option>`)}</datalist></div>`
}
<button class="plain">${words.amend.save}</button></form>`
}
<form method="post" action="start"><button>${words.start}</button></form>
<p class="hint">${words.startHint}</p></section>`
}
