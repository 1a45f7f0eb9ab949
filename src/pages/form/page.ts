import { type Html, html } from '../../words/html.ts'
import type { Language } from '../../words/language.ts'
import type { Page } from '../page.ts'
import { type Field, fields, type Problems } from './fields.ts'
import { transferPart } from './transfer.ts'
import { formWords } from './words.ts'

export interface FormFacts {
  /** What can be asked for, oldest first. */
  targets: readonly string[]
  timezones: readonly string[]
  /** What was typed before. */
  given: ReadonlyMap<string, string>
  problems: Problems
  /** Where the page's script sends the file. */
  uploads: string
}

/** The form that makes a request: one that any browser sends as it is; scripts upload the file beforehand. */
export function formPage(
  language: Language,
  { targets, timezones, given, problems, uploads }: FormFacts,
): Page {
  const words = formWords(language)
  const value = (field: Field) => given.get(field) ?? ''
  const row = (field: Field, label: string, hint: string, control: Html) =>
    html`<div class="field"><label for="${field}">${label}</label>
${control}
<p class="hint" id="${field}-hint">${hint}</p>
${errorOf(field, problems)}</div>`
  return {
    title: words.title,
    kind: 'form',
    scripts: ['form.js'],
    body: html`<div class="intro"><h1>${words.heading}</h1>
<p class="lead">${words.lead}</p></div>
${problems.size > 0 && summary(language, problems)}
<form method="post" action="/" enctype="multipart/form-data" class="order" data-uploads="${uploads}" data-words="${JSON.stringify(words.live)}">
<section class="card" id="you"><h2>${words.you}</h2>
${row('contract', words.contract, words.contractHint, html`<input id="contract" name="contract" required maxlength="200" autocomplete="off" autocapitalize="off" spellcheck="false" value="${value('contract')}"${described('contract', problems)}>`)}
${row('email', words.email, words.emailHint, html`<input id="email" name="email" type="email" required maxlength="254" autocomplete="email" value="${value('email')}"${described('email', problems)}>`)}
</section>
<section class="card" id="wish"><h2>${words.upgrade}</h2>
${row(
  'target',
  words.target,
  words.targetHint,
  html`<select id="target" name="target" required${described('target', problems)}><option value="">${words.choose}</option>${targets
    .toReversed()
    .map(
      (target) => html`<option${target === value('target') && html` selected`}>${target}</option>`,
    )}</select>`,
)}
<fieldset class="field aims" id="aim"${described('aim', problems)}><legend>${words.aim}</legend>
${(['test', 'production'] as const).map(
  (aim) =>
    html`<label class="choice" for="aim-${aim}"><input type="radio" id="aim-${aim}" name="aim" value="${aim}"${(value('aim') || 'test') === aim && html` checked`}><span>${words.aims[aim].name}<small>${words.aims[aim].hint}</small></span></label>`,
)}
<p class="hint" id="aim-hint"></p>${errorOf('aim', problems)}</fieldset>
<details id="zone"${(value('timezone') !== '' || problems.has('timezone')) && html` open`}><summary>${words.zoneFor}</summary>
${row('timezone', words.zone, words.zoneHint, html`<input id="timezone" name="timezone" list="timezones" maxlength="64" autocomplete="off" spellcheck="false" value="${value('timezone')}"${described('timezone', problems)}><datalist id="timezones">${timezones.map((zone) => html`<option value="${zone}"></option>`)}</datalist>`)}
</details>
</section>
<section class="card" id="database"><h2>${words.database}</h2>
<div class="field drop" id="drop"><label for="file"><span class="plain-label">${words.file}</span><span class="drop-label" hidden>${words.drop}</span></label>
<input id="file" name="file" type="file" required${described('file', problems)}>
<p class="hint" id="file-hint">${words.fileHint}<span class="drop-label" hidden> ${words.dropHint}</span></p>
${errorOf('file', problems)}</div>
${transferPart(language)}
</section>
<div class="submit" id="submit"><button>${words.submit}</button><p class="hint">${words.submitHint}</p></div>
</form>
<aside class="steps"><h2>${words.steps.title}</h2><ol>${words.steps.list.map((step) => html`<li>${step}</li>`)}</ol></aside>`,
  }
}

/** Says first what is wrong, with ways to the fields; the reader is brought there. */
function summary(language: Language, problems: Problems): Html {
  const words = formWords(language)
  return html`<div class="card alert" role="alert" tabindex="-1" autofocus id="problems"><h2>${words.summary(problems.size)}</h2>
<ul>${[null, ...fields].map((field) => {
    const sentence = problems.get(field)
    if (sentence === undefined) return null
    return field === null
      ? html`<li>${sentence}</li>`
      : html`<li><a href="#${field}">${words.fields[field]}</a>: ${sentence}</li>`
  })}</ul>
${!problems.has('file') && html`<p>${words.again}</p>`}</div>`
}

function described(field: Field, problems: Problems): Html {
  return problems.has(field)
    ? html` aria-invalid="true" aria-describedby="${field}-error ${field}-hint"`
    : html` aria-describedby="${field}-hint"`
}

function errorOf(field: Field, problems: Problems): Html {
  return html`<p class="error" id="${field}-error"${!problems.has(field) && html` hidden`}>${problems.get(field)}</p>`
}
