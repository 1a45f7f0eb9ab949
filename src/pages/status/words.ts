import { catalogue, type Language } from '../../words/language.ts'
import type { StageState } from './stage-state.ts'

/** All that the status page says. */
export const statusWords = catalogue<{
  heading: (request: number) => string
  draft: {
    title: string
    lead: string
    noDump: string
    noDumpHint: string
    choose: string
    chooseHint: (version: string, target: string) => string
    noWay: string
    noWayHint: (version: string) => string
  }
  contents: string
  request: string
  facts: {
    version: string
    unknownVersion: string
    postgresql: string
    form: string
    size: string
    /** A number of them, exactly. */
    bytes: (count: string) => string
    uuid: string
    target: string
    aim: string
    aims: Readonly<Record<'test' | 'production', string>>
    email: string
    timezone: string
    ticket: string
    created: string
    started: string
    ended: string
    took: string
    elapsed: string
    estimate: string
    about: (time: string) => string
  }
  amend: { target: string; choose: string; timezone: string; timezoneHint: string; save: string }
  start: string
  startHint: string
  cancel: string
  cancelling: string
  stages: string
  stage: string
  state: string
  progress: string
  time: string
  stageStates: Readonly<Record<StageState, string>>
  units: Readonly<Record<string, string>>
  stageNames: Readonly<Record<string, string>>
  hop: (from: string, to: string) => string
  of: (done: string, total: string) => string
  log: string
  logEmpty: string
  why: string
  code: string
  downloads: string
  upgraded: string
  original: string
  notes: string
  notesJson: string
  archive: string
  sql: string
  filestore: string
  modules: string
  report: string
  file: string
  checksum: string
  /** Of what is made while it is downloaded. */
  later: string
  made: string
  restore: string
  restoreHint: string
  streamHint: string
  byApi: string
  byApiHint: string
  deleted: (date: string) => string
  problems: Readonly<Record<'state' | 'dump' | 'limit' | 'version' | 'timezone', string>>
  refused: string
  live: string
  lost: string
}>({
  en: {
    heading: (request) => `Upgrade request ${request}`,
    draft: {
      title: 'Ready to start',
      lead: 'The dump is here. Check what was found in it, then start the upgrade.',
      noDump: 'Waiting for the dump',
      noDumpHint: 'No dump was received for this request yet. Send it by the form or by the API.',
      choose: 'Choose another target',
      chooseHint: (version, target) =>
        `The dump is here, but a database of version ${version} cannot be upgraded to ${target} here.`,
      noWay: 'This database cannot be upgraded here',
      noWayHint: (version) =>
        `The dump is here, but it is of version ${version}, from which none of the offered versions can be reached.`,
    },
    contents: 'What is in the dump',
    request: 'The request',
    facts: {
      version: 'Version',
      unknownVersion: 'not told by the head of the file; it is read when the upgrade starts',
      postgresql: 'PostgreSQL',
      form: 'Form of the file',
      size: 'Size',
      bytes: (count) => `${count} bytes`,
      uuid: 'Database id',
      target: 'Target version',
      aim: 'Purpose',
      aims: { test: 'Test: e-mail and scheduled jobs are switched off', production: 'Production' },
      email: 'E-mail',
      timezone: 'Time zone',
      ticket: 'Ticket',
      created: 'Created',
      started: 'Started',
      ended: 'Ended',
      took: 'Took',
      elapsed: 'Running for',
      estimate: 'Estimate',
      about: (time) => `about ${time}`,
    },
    amend: {
      target: 'Target version',
      choose: 'Choose …',
      timezone: 'Time zone of the server that the dump comes from',
      timezoneHint: 'Versions before 6.1 kept times in the local time of their server.',
      save: 'Save for later',
    },
    start: 'Start the upgrade',
    startHint: 'You can close this page: you get an e-mail where mail is set up, and this address stays.',
    cancel: 'Cancel this request',
    cancelling: 'It is being cancelled.',
    stages: 'Stages',
    stage: 'Stage',
    state: 'State',
    progress: 'Progress',
    time: 'Time',
    stageStates: {
      waiting: 'waiting',
      running: 'running',
      done: 'done',
      failed: 'failed',
      broken: 'broken off',
      never: 'not begun',
    },
    units: { tables: 'tables', rows: 'rows', statements: 'statements' },
    stageNames: {
      received: 'Received',
      inspected: 'Inspected',
      loaded: 'Loaded into a database',
      recorded: 'Counted before',
      aligned: 'Aligned with the new version',
      filled: 'Computed values filled in',
      constrained: 'Indexes and constraints',
      verified: 'Verified',
      neutralised: 'Neutralised for a test',
      written: 'Dump written',
    },
    hop: (from, to) => `Upgraded ${from} → ${to}`,
    of: (done, total) => `${done} of ${total}`,
    log: 'Log',
    logEmpty: 'Nothing was logged yet.',
    why: 'Why it failed',
    code: 'Code',
    downloads: 'Downloads',
    upgraded: 'The upgraded database',
    original: 'The database as you sent it',
    notes: 'Read the notes about the upgrade',
    notesJson: 'The same for programs (JSON)',
    archive: 'Archive',
    sql: 'SQL',
    filestore: 'Filestore (zip)',
    modules: 'Your custom modules (zip)',
    report: 'Report (one HTML file)',
    file: 'File',
    checksum: 'SHA-256',
    later: 'size and SHA-256 are known after the first download',
    made: 'made from the notes whenever it is downloaded',
    restore: 'Download, check and restore',
    restoreHint: 'In a terminal, with a name of yours for NEW_DATABASE:',
    streamHint: 'Or restore it as it comes, without a file:',
    byApi: 'The same by API',
    byApiHint: 'These calls do what this page does.',
    deleted: (date) => `The files were deleted on ${date}, when their time was over.`,
    problems: {
      state: 'This request has already been started or has ended.',
      dump: 'There is no dump yet: upload it first.',
      limit:
        'Your contract has as many upgrades at work as it may have. Start this one when another is done.',
      version: 'This version cannot be upgraded to the chosen target. Choose another target.',
      timezone: 'This time zone is not known. Choose one of the list, such as Europe/Brussels.',
    },
    refused: 'A request is changed from its own status page only.',
    live: 'This page follows the upgrade by itself.',
    lost: 'The connection to the server is lost; trying again.',
  },
  fr: {
    heading: (request) => `Demande de mise à niveau ${request}`,
    draft: {
      title: 'Prête à démarrer',
      lead: 'La sauvegarde est arrivée. Vérifiez ce qui y a été trouvé, puis lancez la mise à niveau.',
      noDump: 'En attente de la sauvegarde',
      noDumpHint: 'Aucune sauvegarde reçue pour cette demande. Envoyez-la par le formulaire ou par l’API.',
      choose: 'Choisissez une autre cible',
      chooseHint: (version, target) =>
        `La sauvegarde est arrivée, mais une base de version ${version} ne peut pas être mise à niveau vers ${target} ici.`,
      noWay: 'Cette base ne peut pas être mise à niveau ici',
      noWayHint: (version) =>
        `La sauvegarde est arrivée, mais elle est de la version ${version}, à partir de laquelle aucune des versions proposées ne peut être atteinte.`,
    },
    contents: 'Contenu de la sauvegarde',
    request: 'La demande',
    facts: {
      version: 'Version',
      unknownVersion: 'non indiquée au début du fichier ; elle sera lue au démarrage',
      postgresql: 'PostgreSQL',
      form: 'Forme du fichier',
      size: 'Taille',
      bytes: (count) => `${count} octets`,
      uuid: 'Identifiant de la base',
      target: 'Version cible',
      aim: 'But',
      aims: { test: 'Test : courriels et tâches planifiées sont désactivés', production: 'Production' },
      email: 'Courriel',
      timezone: 'Fuseau horaire',
      ticket: 'Ticket',
      created: 'Créée',
      started: 'Démarrée',
      ended: 'Terminée',
      took: 'Durée',
      elapsed: 'En cours depuis',
      estimate: 'Estimation',
      about: (time) => `environ ${time}`,
    },
    amend: {
      target: 'Version cible',
      choose: 'Choisir…',
      timezone: 'Fuseau horaire du serveur d’où vient la sauvegarde',
      timezoneHint:
        'Les versions antérieures à 6.1 gardaient les heures dans l’heure locale de leur serveur.',
      save: 'Enregistrer pour plus tard',
    },
    start: 'Lancer la mise à niveau',
    startHint:
      'Vous pouvez fermer cette page : un courriel vous préviendra si l’envoi est configuré, et cette adresse reste valable.',
    cancel: 'Annuler cette demande',
    cancelling: 'L’annulation est en cours.',
    stages: 'Étapes',
    stage: 'Étape',
    state: 'État',
    progress: 'Avancement',
    time: 'Durée',
    stageStates: {
      waiting: 'en attente',
      running: 'en cours',
      done: 'terminée',
      failed: 'échouée',
      broken: 'interrompue',
      never: 'pas commencée',
    },
    units: { tables: 'tables', rows: 'lignes', statements: 'instructions' },
    stageNames: {
      received: 'Reçue',
      inspected: 'Inspectée',
      loaded: 'Chargée dans une base',
      recorded: 'Comptée avant',
      aligned: 'Alignée sur la nouvelle version',
      filled: 'Valeurs calculées remplies',
      constrained: 'Index et contraintes',
      verified: 'Vérifiée',
      neutralised: 'Neutralisée pour un test',
      written: 'Sauvegarde écrite',
    },
    hop: (from, to) => `Mise à niveau ${from} → ${to}`,
    of: (done, total) => `${done} sur ${total}`,
    log: 'Journal',
    logEmpty: 'Rien dans le journal pour l’instant.',
    why: 'Pourquoi elle a échoué',
    code: 'Code',
    downloads: 'Téléchargements',
    upgraded: 'La base mise à niveau',
    original: 'La base telle que vous l’avez envoyée',
    notes: 'Lire les notes de la mise à niveau',
    notesJson: 'Les mêmes pour des programmes (JSON)',
    archive: 'Archive',
    sql: 'SQL',
    filestore: 'Fichiers joints (zip)',
    modules: 'Vos modules spécifiques (zip)',
    report: 'Rapport (un seul fichier HTML)',
    file: 'Fichier',
    checksum: 'SHA-256',
    later: 'taille et SHA-256 connus après le premier téléchargement',
    made: 'fait à partir des notes à chaque téléchargement',
    restore: 'Télécharger, contrôler et restaurer',
    restoreHint: 'Dans un terminal, avec un nom à vous à la place de NEW_DATABASE :',
    streamHint: 'Ou la restaurer au fil de l’eau, sans fichier :',
    byApi: 'La même chose par l’API',
    byApiHint: 'Ces appels font ce que fait cette page.',
    deleted: (date) => `Les fichiers ont été supprimés le ${date}, à la fin de leur délai de conservation.`,
    problems: {
      state: 'Cette demande a déjà été lancée ou est terminée.',
      dump: 'Il n’y a pas encore de sauvegarde : envoyez-la d’abord.',
      limit:
        'Votre contrat a autant de mises à niveau en cours que permis. Lancez celle-ci quand une autre sera terminée.',
      timezone: 'Ce fuseau horaire est inconnu. Choisissez-en un dans la liste, comme Europe/Brussels.',
      version:
        'Cette version ne peut pas être mise à niveau vers la cible choisie. Choisissez une autre cible.',
    },
    refused: 'Une demande ne se modifie que depuis sa propre page.',
    live: 'Cette page suit la mise à niveau d’elle-même.',
    lost: 'La connexion au serveur est perdue ; nouvel essai en cours.',
  },
})

/** "hop 7.0-8.0" and the like in the reader's words. */
export function stageWord(language: Language, name: string): string {
  const words = statusWords(language)
  const [, from, to] = /^hop ([^-]+)-(.+)$/.exec(name) ?? []
  return from && to ? words.hop(from, to) : (words.stageNames[name] ?? name)
}
