import type { RequestOrder } from '../../../requests/search.ts'
import { catalogue, countedIn } from '../../../words/language.ts'
import type { StageState } from '../../status/stage-state.ts'

/** All that the list of requests and the page of one say. */
export const requestWords = catalogue<{
  title: string
  filter: string
  state: string
  any: string
  contract: string
  target: string
  text: string
  textHint: string
  from: string
  to: string
  sort: string
  orders: Readonly<Record<RequestOrder, string>>
  direction: string
  number: string
  file: string
  versions: string
  created: string
  duration: string
  size: string
  found: (count: number) => string
  none: string
  one: (id: number) => string
  facts: string
  email: string
  aim: string
  aims: Readonly<Record<'test' | 'production', string>>
  source: string
  postgresql: string
  form: string
  uuid: string
  timezone: string
  queued: string
  started: string
  ended: string
  attempts: string
  estimate: string
  removed: string
  cancelAsked: string
  message: string
  failure: string
  code: string
  meaning: string
  detail: string
  stages: string
  stage: string
  progress: string
  seconds: string
  attempt: string
  units: Readonly<Record<'tables' | 'rows' | 'statements', string>>
  stageStates: Readonly<Record<StageState, string>>
  log: string
  level: string
  at: string
  what: string
  levels: Readonly<Record<'info' | 'warning' | 'error', string>>
  files: string
  roles: Readonly<Record<'original' | 'upgraded' | 'notes' | 'report' | 'modules' | 'log', string>>
  role: string
  name: string
  checksum: string
  ticket: string
  ticketNumber: (number: number) => string
  actions: string
  retry: string
  retryHint: string
  cancel: string
  remove: string
  removeTitle: (id: number) => string
  removeLead: string
  removeFiles: (count: number, bytes: string) => string
  removeYes: string
  keep: string
  outcomes: Readonly<
    Record<
      'retried' | 'cancelled' | 'cancelling' | 'removed' | 'state' | 'dump' | 'busy',
      { good: boolean; sentence: string }
    >
  >
}>({
  en: {
    title: 'Requests',
    filter: 'Find requests',
    state: 'State',
    any: 'Any',
    contract: 'Contract',
    target: 'Target',
    text: 'Text',
    textHint: 'Number, file name, e-mail or UUID',
    from: 'Made from',
    to: 'Made until',
    sort: 'Sorted by',
    orders: {
      created: 'when it was made',
      finished: 'when it ended',
      seconds: 'duration',
      bytes: 'size',
      contract: 'contract',
    },
    direction: 'Order',
    number: 'Number',
    file: 'File',
    versions: 'Versions',
    created: 'Made',
    duration: 'Duration',
    size: 'Size',
    found: (count) => countedIn('en', count, 'request'),
    none: 'No request fits.',
    one: (id) => `Request ${id}`,
    facts: 'The request',
    email: 'E-mail',
    aim: 'Aim',
    aims: { test: 'Test', production: 'Production' },
    source: 'Version of the dump',
    postgresql: 'PostgreSQL',
    form: 'Form',
    uuid: 'Database UUID',
    timezone: 'Time zone',
    queued: 'Asked for',
    started: 'Started',
    ended: 'Ended',
    attempts: 'Tries',
    estimate: 'Estimate',
    removed: 'Dumps deleted',
    cancelAsked: 'Cancel asked for',
    message: 'Message to the customer',
    failure: 'Why it failed',
    code: 'Code',
    meaning: 'Meaning',
    detail: 'Details for a technician',
    stages: 'Stages',
    stage: 'Stage',
    progress: 'Progress',
    seconds: 'Time',
    attempt: 'Try',
    units: { tables: 'tables', rows: 'rows', statements: 'statements' },
    stageStates: {
      waiting: 'Waiting',
      running: 'Running',
      done: 'Done',
      failed: 'Failed',
      broken: 'Broken off',
      never: 'Not begun',
    },
    log: 'Log',
    level: 'Level',
    at: 'When',
    what: 'What',
    levels: { info: 'Info', warning: 'Warning', error: 'Error' },
    files: 'Files',
    roles: {
      original: 'Uploaded dump',
      upgraded: 'Upgraded dump',
      notes: 'Notes as data',
      report: 'Report',
      modules: 'Modules',
      log: 'Log',
    },
    role: 'What',
    name: 'Name',
    checksum: 'SHA-256',
    ticket: 'Messages of the ticket',
    ticketNumber: (number) => `Ticket ${number}`,
    actions: 'Actions',
    retry: 'Try again',
    retryHint: 'It takes its turn again with the dump that was uploaded. The customer is told.',
    cancel: 'Cancel the upgrade',
    remove: 'Delete …',
    removeTitle: (id) => `Delete request ${id}?`,
    removeLead:
      'Its row, its log, its ticket and all its files are deleted for good. The addresses that the customer has lead nowhere then. This cannot be undone.',
    removeFiles: (count, bytes) => `${countedIn('en', count, 'file')} of ${bytes} will be deleted too.`,
    removeYes: 'Delete it for good',
    keep: 'Keep it',
    outcomes: {
      retried: { good: true, sentence: 'The request waits for its turn again.' },
      cancelled: { good: true, sentence: 'The request is cancelled.' },
      cancelling: { good: true, sentence: 'The worker was told to stop; the request ends in a moment.' },
      removed: { good: true, sentence: 'The request is deleted with its files.' },
      state: { good: false, sentence: 'The request is not in a state any more in which that can be done.' },
      dump: {
        good: false,
        sentence: 'The dump of the request is not there any more: it cannot be tried again.',
      },
      busy: { good: false, sentence: 'The request is waiting or at work: cancel it first, then delete it.' },
    },
  },
  fr: {
    title: 'Demandes',
    filter: 'Chercher des demandes',
    state: 'État',
    any: 'Tous',
    contract: 'Contrat',
    target: 'Cible',
    text: 'Texte',
    textHint: 'Numéro, nom de fichier, e-mail ou UUID',
    from: 'Créées depuis',
    to: 'Créées jusqu’au',
    sort: 'Trier par',
    orders: {
      created: 'date de création',
      finished: 'date de fin',
      seconds: 'durée',
      bytes: 'taille',
      contract: 'contrat',
    },
    direction: 'Ordre',
    number: 'Numéro',
    file: 'Fichier',
    versions: 'Versions',
    created: 'Créée',
    duration: 'Durée',
    size: 'Taille',
    found: (count) => countedIn('fr', count, 'demande'),
    none: 'Aucune demande ne correspond.',
    one: (id) => `Demande ${id}`,
    facts: 'La demande',
    email: 'E-mail',
    aim: 'But',
    aims: { test: 'Test', production: 'Production' },
    source: 'Version de la sauvegarde',
    postgresql: 'PostgreSQL',
    form: 'Format',
    uuid: 'UUID de la base',
    timezone: 'Fuseau horaire',
    queued: 'Lancée',
    started: 'Commencée',
    ended: 'Finie',
    attempts: 'Essais',
    estimate: 'Estimation',
    removed: 'Sauvegardes supprimées',
    cancelAsked: 'Annulation demandée',
    message: 'Message au client',
    failure: 'Pourquoi elle a échoué',
    code: 'Code',
    meaning: 'Signification',
    detail: 'Détails pour un technicien',
    stages: 'Étapes',
    stage: 'Étape',
    progress: 'Avancement',
    seconds: 'Temps',
    attempt: 'Essai',
    units: { tables: 'tables', rows: 'lignes', statements: 'instructions' },
    stageStates: {
      waiting: 'En attente',
      running: 'En cours',
      done: 'Terminée',
      failed: 'Échouée',
      broken: 'Interrompue',
      never: 'Pas commencée',
    },
    log: 'Journal',
    level: 'Niveau',
    at: 'Quand',
    what: 'Quoi',
    levels: { info: 'Info', warning: 'Avertissement', error: 'Erreur' },
    files: 'Fichiers',
    roles: {
      original: 'Sauvegarde reçue',
      upgraded: 'Sauvegarde mise à niveau',
      notes: 'Notes en données',
      report: 'Rapport',
      modules: 'Modules',
      log: 'Journal',
    },
    role: 'Quoi',
    name: 'Nom',
    checksum: 'SHA-256',
    ticket: 'Messages du ticket',
    ticketNumber: (number) => `Ticket ${number}`,
    actions: 'Actions',
    retry: 'Réessayer',
    retryHint: 'Elle reprend son tour avec la sauvegarde reçue. Le client en est informé.',
    cancel: 'Annuler la mise à niveau',
    remove: 'Supprimer…',
    removeTitle: (id) => `Supprimer la demande ${id} ?`,
    removeLead:
      'Sa ligne, son journal, son ticket et tous ses fichiers sont supprimés définitivement. Les adresses que possède le client ne mèneront plus nulle part. Cela ne peut pas être annulé.',
    removeFiles: (count, bytes) =>
      `${countedIn('fr', count, 'fichier')}, soit ${bytes}, ${count < 2 ? 'sera supprimé' : 'seront supprimés'} avec elle.`,
    removeYes: 'La supprimer définitivement',
    keep: 'La garder',
    outcomes: {
      retried: { good: true, sentence: 'La demande attend de nouveau son tour.' },
      cancelled: { good: true, sentence: 'La demande est annulée.' },
      cancelling: {
        good: true,
        sentence: 'Le processus de travail a reçu l’ordre d’arrêter ; la demande se termine dans un instant.',
      },
      removed: { good: true, sentence: 'La demande est supprimée avec ses fichiers.' },
      state: { good: false, sentence: 'La demande n’est plus dans un état qui le permet.' },
      dump: {
        good: false,
        sentence: 'La sauvegarde de la demande n’est plus là : on ne peut pas la réessayer.',
      },
      busy: {
        good: false,
        sentence: 'La demande attend ou est en cours : annulez-la d’abord, supprimez-la ensuite.',
      },
    },
  },
})
