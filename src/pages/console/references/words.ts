import { catalogue } from '../../../words/language.ts'

/** What the page of references says. */
export const referenceWords = catalogue<{
  title: string
  lead: string
  kept: string
  version: string
  modules: string
  modulesOf: (series: string) => string
  size: string
  added: string
  checksum: string
  remove: string
  removeOne: (series: string) => string
  demonstration: string
  demonstrationHint: string
  none: string
  jobs: string
  file: string
  state: string
  states: Readonly<Record<'working' | 'done' | 'failed', string>>
  loaded: (bytes: string) => string
  made: (modules: number) => string
  add: string
  addHint: string
  series: string
  dump: string
  upload: string
  removeTitle: (series: string) => string
  removeLead: string
  removeYes: string
  keep: string
  outcomes: Readonly<Record<'adding' | 'removed' | 'unknown', { good: boolean; sentence: string }>>
  /** Of the form's fields. */
  problems: Readonly<Record<'nofile' | 'version' | 'large', string>>
}>({
  en: {
    title: 'References',
    lead: 'A reference is a dump of a fresh database of a version, without demo data. Upgrades to that version are aligned with it; without one the built-in catalogue serves.',
    kept: 'Kept references',
    version: 'Version',
    modules: 'Modules',
    modulesOf: (series) => `Modules of the reference of ${series}`,
    size: 'Size of the dump',
    added: 'Added',
    checksum: 'SHA-256',
    remove: 'Remove …',
    removeOne: (series) => `Remove the reference of ${series}`,
    demonstration: 'demonstration data',
    demonstrationHint:
      'A reference with demonstration data is not what a fresh database of a customer looks like. Add one of the same version without, and remove this one.',
    none: 'No reference is kept: the built-in catalogue serves.',
    jobs: 'Sent lately',
    file: 'File',
    state: 'State',
    states: { working: 'Is being read', done: 'Kept', failed: 'Not taken' },
    loaded: (bytes) => `${bytes} of rows loaded`,
    made: (modules) => `${modules} modules`,
    add: 'Add a reference',
    addHint:
      'A dump in any form that uploads have. It is read in the background; you may leave the page once it was sent.',
    series: 'Version of the database',
    dump: 'Dump of a fresh database',
    upload: 'Send and add',
    removeTitle: (series) => `Remove the reference of ${series}?`,
    removeLead:
      'Later upgrades to this version are aligned with another reference of it, or with the built-in catalogue. Upgrades at work that use it may have to begin anew.',
    removeYes: 'Remove it',
    keep: 'Keep it',
    outcomes: {
      adding: { good: true, sentence: 'The dump has arrived and is being read.' },
      removed: { good: true, sentence: 'The reference is removed.' },
      unknown: { good: false, sentence: 'There is no such reference any more.' },
    },
    problems: {
      nofile: 'No file was chosen, or it is empty.',
      version: 'Choose the version of the database.',
      large: 'The file is larger than an upload may be.',
    },
  },
  fr: {
    title: 'Références',
    lead: 'Une référence est la sauvegarde d’une base neuve d’une version, sans données de démonstration. Les mises à niveau vers cette version s’alignent sur elle ; sans référence, le catalogue intégré sert.',
    kept: 'Références conservées',
    version: 'Version',
    modules: 'Modules',
    modulesOf: (series) => `Modules de la référence ${series}`,
    size: 'Taille de la sauvegarde',
    added: 'Ajoutée',
    checksum: 'SHA-256',
    remove: 'Retirer…',
    removeOne: (series) => `Retirer la référence ${series}`,
    demonstration: 'données de démonstration',
    demonstrationHint:
      'Une référence avec des données de démonstration ne ressemble pas à la base neuve d’un client. Ajoutez-en une de la même version sans ces données, et retirez celle-ci.',
    none: 'Aucune référence n’est conservée : le catalogue intégré sert.',
    jobs: 'Envoyées dernièrement',
    file: 'Fichier',
    state: 'État',
    states: { working: 'En cours de lecture', done: 'Conservée', failed: 'Refusée' },
    loaded: (bytes) => `${bytes} de lignes chargées`,
    made: (modules) => `${modules} modules`,
    add: 'Ajouter une référence',
    addHint:
      'Une sauvegarde dans n’importe quelle forme admise. Elle est lue en arrière-plan ; vous pouvez quitter la page une fois l’envoi terminé.',
    series: 'Version de la base',
    dump: 'Sauvegarde d’une base neuve',
    upload: 'Envoyer et ajouter',
    removeTitle: (series) => `Retirer la référence ${series} ?`,
    removeLead:
      'Les prochaines mises à niveau vers cette version s’aligneront sur une autre référence, ou sur le catalogue intégré. Celles en cours qui l’utilisent devront peut-être recommencer.',
    removeYes: 'La retirer',
    keep: 'La garder',
    outcomes: {
      adding: { good: true, sentence: 'La sauvegarde est arrivée et est en cours de lecture.' },
      removed: { good: true, sentence: 'La référence est retirée.' },
      unknown: { good: false, sentence: 'Cette référence n’existe plus.' },
    },
    problems: {
      nofile: 'Aucun fichier n’a été choisi, ou il est vide.',
      version: 'Choisissez la version de la base.',
      large: 'Le fichier est plus grand qu’un envoi ne peut l’être.',
    },
  },
})
