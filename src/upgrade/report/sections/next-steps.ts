import { type Html, html } from '../../../words/html.ts'
import { catalogue } from '../../../words/language.ts'
import type { ReportModel } from '../model.ts'
import { english, section } from '../parts.ts'
import type { Reader } from '../reader.ts'
import { productName, violationsOf } from '../words.ts'

type Step = Html | string

const texts = catalogue<{
  title: string
  restore: string
  restoreLead: (postgresql: string, file: string) => Html
  sha: string
  noResult: string
  nothingOff: string
  nothingOffLead: string
  off: string
  offLead: (tables: Html | string) => Html
  nothingToSwitch: string
  rows: (rows: string, table: string) => Html
  row: string
  byHand: string
  violation: string
  module: string
  settle: (violations: string) => Step
  beside: (product: string) => Step
  filestore: Step
  updateAll: (product: string) => Step
  port: (modules: string, to: string) => Step
  unconverted: Step
  views: Step
  tryOut: Step
  balance: Step
  realDay: Step
}>({
  en: {
    title: 'What to do next',
    restore: 'Restore it',
    restoreLead: (postgresql, file) =>
      html`On the machine of your PostgreSQL ${postgresql}, in the folder of <code>${file}</code>; choose a name in place of <code>NEW_DATABASE</code>.`,
    sha: 'SHA-256 of the file:',
    noResult: 'No result was written.',
    nothingOff: 'Nothing was switched off',
    nothingOffLead:
      'This upgrade is for production: mail servers, scheduled actions, payment providers and all other connections are as they were, and work as soon as the database is opened.',
    off: 'Switched off for testing',
    offLead: (tables) =>
      html`So that a test writes to nobody and fetches nothing: ${tables}. An upgrade for production leaves them as they are.`,
    nothingToSwitch: 'there was nothing to switch off',
    rows: (rows, table) => html`${rows} of <code>${table}</code>`,
    row: 'row',
    byHand: 'Check by hand',
    violation: 'violation',
    module: 'module',
    settle: (violations) => html`Settle the ${violations} of the <a href="#verification">verification</a>.`,
    beside: (product) =>
      `Restore the result beside your present database, never over it, and point a fresh installation of ${product} at it.`,
    filestore:
      'Give the new installation a copy of your filestore folder, under the name of the new database.',
    updateAll: (product) =>
      html`Start ${product} once with <code>-u all</code>: the target was the built-in catalogue, which knows names and types; views, menus and texts come with that start.`,
    port: (modules, to) => `Port the ${modules} of your own to ${to}, install, and look at what they show.`,
    unconverted: html`Go through what is <a href="#decisions">not converted yet</a>, with somebody who knows these data.`,
    views: 'Open the screens whose views were switched off or replaced, and bring over what you still need.',
    tryOut:
      'Log in as a user of each department: print an invoice, confirm an order, receive goods, search for last month’s documents.',
    balance: 'Compare the trial balance and the open invoices with the old system, for every company.',
    realDay:
      'For the real day: stop the old system, make a last dump, upgrade it with --aim production, restore, and open the new one.',
  },
  fr: {
    title: 'Et maintenant',
    restore: 'Restaurer',
    restoreLead: (postgresql, file) =>
      html`Sur la machine de votre PostgreSQL ${postgresql}, dans le dossier de <code>${file}</code> ; choisissez un nom à la place de <code>NEW_DATABASE</code>.`,
    sha: 'SHA-256 du fichier :',
    noResult: 'Aucun résultat n’a été écrit.',
    nothingOff: 'Rien n’a été désactivé',
    nothingOffLead:
      'Cette mise à niveau est pour la production : serveurs de courriel, actions planifiées, moyens de paiement et toutes les autres connexions sont comme avant, et fonctionnent dès que la base est ouverte.',
    off: 'Désactivé pour le test',
    offLead: (tables) =>
      html`Pour qu’un test n’écrive à personne et ne relève rien : ${tables}. Une mise à niveau pour la production les laisse tels quels.`,
    nothingToSwitch: 'il n’y avait rien à désactiver',
    rows: (rows, table) => html`${rows} de <code>${table}</code>`,
    row: 'ligne',
    byHand: 'À contrôler à la main',
    violation: 'infraction',
    module: 'module',
    settle: (violations) =>
      html`Réglez les infractions (${violations}) de la <a href="#verification">vérification</a>.`,
    beside: (product) =>
      `Restaurez le résultat à côté de votre base actuelle, jamais par-dessus, et branchez-y une installation neuve de ${product}.`,
    filestore:
      'Donnez à la nouvelle installation une copie de votre dossier de fichiers joints (filestore), sous le nom de la nouvelle base.',
    updateAll: (product) =>
      html`Démarrez ${product} une fois avec <code>-u all</code> : la cible était la description intégrée, qui connaît noms et types ; vues, menus et textes viennent avec ce démarrage.`,
    port: (modules, to) =>
      `Portez vos propres modules (${modules}) vers ${to}, installez-les et regardez ce qu’ils montrent.`,
    unconverted: html`Passez en revue ce qui n’est <a href="#decisions">pas encore converti</a>, avec quelqu’un qui connaît ces données.`,
    views:
      'Ouvrez les écrans dont des vues ont été désactivées ou remplacées, et reportez ce dont vous avez encore besoin.',
    tryOut:
      'Connectez-vous comme un utilisateur de chaque service : imprimez une facture, confirmez une commande, recevez des marchandises, cherchez les documents du mois dernier.',
    balance:
      'Comparez la balance générale et les factures ouvertes avec l’ancien système, pour chaque société.',
    realDay:
      'Le grand jour : arrêtez l’ancien système, faites une dernière sauvegarde, mettez-la à niveau avec --aim production, restaurez, et ouvrez le nouveau.',
  },
})

export function nextSteps(model: ReportModel, reader: Reader): Html {
  const t = texts(reader.language)
  const { result } = model
  const commands = result
    ? html`<div class="card"><h3>${t.restore}</h3><p>${t.restoreLead(result.postgresql, result.file)}</p><pre class="commands" tabindex="0">${result.restoreCommands.join('\n')}</pre>${result.sha256 && html`<p class="muted">${t.sha} <code class="long">${result.sha256}</code></p>`}${result.notes.length > 0 && html`<ul>${result.notes.map((note) => html`<li>${english(reader, note)}</li>`)}</ul>`}</div>`
    : html`<p class="empty bad">${t.noResult}</p>`
  return section('next', t.title, null, [
    commands,
    switchedOff(model, reader),
    html`<div class="card"><h3>${t.byHand}</h3><ol class="steps">${steps(model, reader).map((step) => html`<li>${step}</li>`)}</ol></div>`,
  ])
}

function switchedOff({ aim, neutralised }: ReportModel, { language, counted }: Reader): Html {
  const t = texts(language)
  if (aim === 'production')
    return html`<div class="card"><h3>${t.nothingOff}</h3><p>${t.nothingOffLead}</p></div>`
  const tables = neutralised.map(
    ({ table, rows }, index) => html`${index > 0 && ', '}${t.rows(counted(rows, t.row), table)}`,
  )
  return html`<div class="card"><h3>${t.off}</h3><p>${t.offLead(neutralised.length > 0 ? html`${tables}` : t.nothingToSwitch)}</p></div>`
}

/** Only what this database gives reason for, in the order in which it is done. */
function steps(model: ReportModel, { language, counted }: Reader): Step[] {
  const t = texts(language)
  const { to, decisions, result } = model
  const of = (kind: string) => decisions.filter((decision) => decision.kind === kind).length
  const list: Step[] = []
  if (violationsOf(model) > 0) list.push(t.settle(counted(violationsOf(model), t.violation)))
  list.push(t.beside(productName(to)))
  if (result && result.files === 0 && result.format !== 'zip') list.push(t.filestore)
  if (model.target === 'catalogue') list.push(t.updateAll(productName(to)))
  if (of('custom module') > 0) list.push(t.port(counted(of('custom module'), t.module), to))
  if (of('missing transform') > 0) list.push(t.unconverted)
  if (of('view switched off') + of('view replaced') > 0) list.push(t.views)
  list.push(t.tryOut, t.balance)
  if (model.aim === 'test') list.push(t.realDay)
  return list
}
