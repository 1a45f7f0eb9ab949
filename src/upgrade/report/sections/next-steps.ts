import { type Html, html } from '../../../words/html.ts'
import type { ReportModel } from '../model.ts'
import { section } from '../parts.ts'
import { counted, productName, violationsOf } from '../words.ts'

export function nextSteps(model: ReportModel): Html {
  const { result } = model
  const commands = result
    ? html`<div class="card"><h3>Restore it</h3><p>On the machine of your PostgreSQL ${result.postgresql}, in the folder of <code>${result.file}</code>; choose a name in place of <code>NEW_DATABASE</code>.</p><pre class="commands">${result.restoreCommands.join('\n')}</pre>${result.sha256 && html`<p class="muted">SHA-256 of the file: <code class="long">${result.sha256}</code></p>`}${result.notes.length > 0 && html`<ul>${result.notes.map((note) => html`<li>${note}</li>`)}</ul>`}</div>`
    : html`<p class="empty bad">No result was written.</p>`
  return section('next', 'What to do next', null, [
    commands,
    switchedOff(model),
    html`<div class="card"><h3>Check by hand</h3><ol class="steps">${steps(model).map((step) => html`<li>${step}</li>`)}</ol></div>`,
  ])
}

function switchedOff({ aim, neutralised }: ReportModel): Html {
  if (aim === 'production')
    return html`<div class="card"><h3>Nothing was switched off</h3><p>This upgrade is for production: mail servers, scheduled actions, payment providers and all other connections are as they were, and work as soon as the database is opened.</p></div>`
  const tables = neutralised.map(
    ({ table, rows }, index) => html`${index > 0 && ', '}${counted(rows, 'row')} of <code>${table}</code>`,
  )
  return html`<div class="card"><h3>Switched off for testing</h3><p>So that a test writes to nobody and fetches nothing: ${neutralised.length > 0 ? tables : 'there was nothing to switch off'}. An upgrade for production leaves them as they are.</p></div>`
}

/** Only what this database gives reason for, in the order in which it is done. */
function steps(model: ReportModel): (Html | string)[] {
  const { to, decisions, result } = model
  const of = (kind: string) => decisions.filter((decision) => decision.kind === kind).length
  const list: (Html | string)[] = []
  if (violationsOf(model) > 0)
    list.push(
      html`Settle the ${counted(violationsOf(model), 'violation')} of the <a href="#verification">verification</a>.`,
    )
  list.push(
    `Restore the result beside your present database, never over it, and point a fresh installation of ${productName(to)} at it.`,
  )
  if (result && result.files === 0 && result.format !== 'zip')
    list.push(
      'Give the new installation a copy of your filestore folder, under the name of the new database.',
    )
  if (model.target === 'catalogue')
    list.push(
      html`Start ${productName(to)} once with <code>-u all</code>: the target was the built-in catalogue, which knows names and types; views, menus and texts come with that start.`,
    )
  if (of('custom module') > 0)
    list.push(
      `Port the ${counted(of('custom module'), 'module')} of your own to ${to}, install, and look at what they show.`,
    )
  if (of('missing transform') > 0)
    list.push(
      html`Go through what is <a href="#decisions">not converted yet</a>, with somebody who knows these data.`,
    )
  if (of('view switched off') + of('view replaced') > 0)
    list.push(
      'Open the screens whose views were switched off or replaced, and bring over what you still need.',
    )
  list.push(
    'Log in as a user of each department: print an invoice, confirm an order, receive goods, search for last month’s documents.',
  )
  list.push('Compare the trial balance and the open invoices with the old system, for every company.')
  if (model.aim === 'test')
    list.push(
      'For the real day: stop the old system, make a last dump, upgrade it with --aim production, restore, and open the new one.',
    )
  return list
}
