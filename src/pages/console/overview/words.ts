import { catalogue, countedIn } from '../../../words/language.ts'

/** What the overview says. */
export const overviewWords = catalogue<{
  title: string
  version: (version: string) => string
  waiting: string
  running: string
  oldest: (time: string) => string
  free: string
  nobodyWaits: string
  queue: string
  idle: string
  workers: string
  noWorker: string
  worker: string
  since: string
  seen: string
  doing: string
  places: (free: number) => string
  silent: string
  disk: string
  stored: string
  storedFiles: (count: number) => string
  spool: string
  spoolHint: string
  work: string
  workHint: string
  scratch: string
  unknown: string
  freeOf: (free: string, size: string) => string
  room: string
  retention: string
  retentionDays: (days: number) => string
  charts: string
  perDay: string
  day: string
  series: Readonly<Record<'done' | 'failed' | 'cancelled', string>>
  duration: string
  durationAxes: string
  bytes: string
  amount: string
  time: string
  versions: string
}>({
  en: {
    title: 'Overview',
    version: (version) => `Uplift ${version}`,
    waiting: 'Waiting',
    running: 'In progress',
    oldest: (time) => `the first one for ${time}`,
    free: 'Free on the disk',
    nobodyWaits: 'nobody waits',
    queue: 'Queue',
    idle: 'Nothing waits and nothing is being upgraded.',
    workers: 'Workers',
    noWorker: 'No worker runs: what waits is not worked on. “uplift worker” starts one.',
    worker: 'Worker',
    since: 'Since',
    seen: 'Last seen',
    doing: 'Works on',
    places: (free) => (free === 1 ? '1 free place' : `${free} free places`),
    silent: 'silent',
    disk: 'Disk',
    stored: 'Files of requests',
    storedFiles: (count) => countedIn('en', count, 'file'),
    spool: 'Arriving uploads',
    spoolHint: 'on this server',
    work: 'Work files',
    workHint: 'on this server',
    scratch: 'Scratch databases and references',
    unknown: 'not known',
    freeOf: (free, size) => `${free} free of ${size}`,
    room: 'Data folder',
    retention: 'Retention',
    retentionDays: (days) => `Dumps are deleted after ${days} days`,
    charts: 'The last 30 days',
    perDay: 'Requests that ended, by day',
    day: 'Day',
    series: { done: 'Done', failed: 'Failed', cancelled: 'Cancelled' },
    duration: 'Duration by size of the dump',
    durationAxes: 'Each point is an upgrade; both scales grow by tens.',
    bytes: 'Stored files, by day',
    amount: 'Size',
    time: 'Time',
    versions: 'Versions',
  },
  fr: {
    title: 'Aperçu',
    version: (version) => `Uplift ${version}`,
    waiting: 'En attente',
    running: 'En cours',
    oldest: (time) => `la première depuis ${time}`,
    free: 'Libre sur le disque',
    nobodyWaits: 'personne n’attend',
    queue: 'File d’attente',
    idle: 'Rien n’attend et rien n’est en cours de mise à niveau.',
    workers: 'Processus de travail',
    noWorker:
      'Aucun processus de travail ne tourne : ce qui attend n’avance pas. « uplift worker » en démarre un.',
    worker: 'Processus',
    since: 'Depuis',
    seen: 'Vu pour la dernière fois',
    doing: 'Travaille sur',
    places: (free) => (free < 2 ? `${free} place libre` : `${free} places libres`),
    silent: 'muet',
    disk: 'Disque',
    stored: 'Fichiers des demandes',
    storedFiles: (count) => countedIn('fr', count, 'fichier'),
    spool: 'Envois en cours d’arrivée',
    spoolHint: 'sur ce serveur',
    work: 'Fichiers de travail',
    workHint: 'sur ce serveur',
    scratch: 'Bases de travail et références',
    unknown: 'inconnu',
    freeOf: (free, size) => `${free} libres sur ${size}`,
    room: 'Dossier des données',
    retention: 'Conservation',
    retentionDays: (days) => `Les sauvegardes sont supprimées après ${days} jours`,
    charts: 'Les 30 derniers jours',
    perDay: 'Demandes terminées, par jour',
    day: 'Jour',
    series: { done: 'Terminées', failed: 'Échouées', cancelled: 'Annulées' },
    duration: 'Durée selon la taille de la sauvegarde',
    durationAxes: 'Chaque point est une mise à niveau ; les deux échelles progressent par dizaines.',
    bytes: 'Fichiers conservés, par jour',
    amount: 'Taille',
    time: 'Temps',
    versions: 'Versions',
  },
})
