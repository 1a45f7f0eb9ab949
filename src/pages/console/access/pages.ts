import { SHORTEST_PASSWORD } from '../../../operator/password.ts'
import { html } from '../../../words/html.ts'
import type { Language } from '../../../words/language.ts'
import type { Page } from '../../page.ts'
import { consoleWords } from '../words.ts'
import { accessWords } from './words.ts'

/** What a password manager keeps the password under: there is one operator. */
const username = html`<input name="username" value="operator" autocomplete="username" hidden>`

/** @param next where to go then */
export function loginPage(
  language: Language,
  {
    next,
    problem,
    notice,
    isSet,
  }: { next: string; problem?: string; notice?: string | null; isSet: boolean },
): Page {
  const words = accessWords(language)
  return {
    title: `${words.logIn} · ${consoleWords(language).console}`,
    kind: 'console',
    body: html`<div class="narrow"><h1>${words.logIn}</h1>
<p class="lead">${words.lead}</p>
${notice && html`<p class="card good-box" role="status">${notice}</p>`}
${!isSet && html`<p class="card">${words.notSet}</p>`}
<form method="post" action="/console/login" class="card">
<input type="hidden" name="next" value="${next}">
${username}
<div class="field"><label for="password">${words.password}</label>
<input id="password" name="password" type="password" autocomplete="current-password" required autofocus${problem && html` aria-invalid="true" aria-describedby="problem"`}>
${problem && html`<p class="error" id="problem" role="alert">${problem}</p>`}</div>
<button>${words.logIn}</button>
</form></div>`,
  }
}

export function setupPage(language: Language, { token, problem }: { token: string; problem?: string }): Page {
  const words = accessWords(language)
  return {
    title: `${words.setUp} · ${consoleWords(language).console}`,
    kind: 'console',
    body: html`<div class="narrow"><h1>${words.setUp}</h1>
<p class="lead">${words.setUpLead}</p>
<form method="post" action="/console/setup?token=${token}" class="card">
<input type="hidden" name="token" value="${token}">
${username}
<div class="field"><label for="password">${words.password}</label>
<input id="password" name="password" type="password" autocomplete="new-password" minlength="${SHORTEST_PASSWORD}" required autofocus aria-describedby="hint${problem && html` problem`}"${problem && html` aria-invalid="true"`}>
<p class="hint" id="hint">${words.hint(SHORTEST_PASSWORD)}</p>
${problem && html`<p class="error" id="problem" role="alert">${problem}</p>`}</div>
<div class="field"><label for="again">${words.again}</label>
<input id="again" name="again" type="password" autocomplete="new-password" required></div>
<button>${words.set}</button>
</form></div>`,
  }
}
