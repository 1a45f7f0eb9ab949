import type { Period } from '../../../operator/history.ts'
import { catalogue } from '../../../words/language.ts'

/** What the page of metrics says. */
export const metricsWords = catalogue<{
  title: string
  lead: string
  uploads: string
  uploaded: string
  sinceStart: string
  stages: string
  stageHint: string
  stage: string
  count: string
  middle: string
  most: string
  total: string
  requests: string
  state: string
  share: string
  calls: string
  callsHint: string
  route: string
  mean: string
  failed: string
  history: string
  period: string
  periods: Readonly<Record<Period, string>>
  historyHint: (step: string) => string
  stepOf: Readonly<Record<Period, string>>
  uploadedBytes: string
  queue: string
  waiting: string
  states: string
  stageSeconds: string
  others: string
  time: string
}>({
  en: {
    title: 'Metrics',
    lead: 'Programs read the present figures at /metrics, in the form of Prometheus.',
    uploads: 'Uploads',
    uploaded: 'Uploaded',
    sinceStart: 'since this server was started',
    stages: 'Time of stages',
    stageHint:
      'Of all finished stages: half of them took less than the middle, nine of ten less than the bar.',
    stage: 'Stage',
    count: 'Finished',
    middle: 'Middle',
    most: 'Nine of ten',
    total: 'In all',
    requests: 'Requests by state',
    state: 'State',
    share: 'Share',
    calls: 'Calls of this server',
    callsHint: 'Since it was started; the most frequent first.',
    route: 'Route',
    mean: 'On average',
    failed: 'Failed',
    history: 'What was going on',
    period: 'Period',
    periods: { hour: 'Last hour', day: 'Last 24 hours', month: 'Last 30 days' },
    historyHint: (step) =>
      `One step is ${step}; times are in UTC. Where nothing was written down the server was not running.`,
    stepOf: { hour: 'a minute', day: 'a quarter of an hour', month: 'eight hours' },
    uploadedBytes: 'Uploads that came in',
    queue: 'Length of the queue',
    waiting: 'Waiting, at most',
    states: 'Requests by state, over time',
    stageSeconds: 'Time of finished stages',
    others: 'All others',
    time: 'From',
  },
  fr: {
    title: 'Mesures',
    lead: 'Les programmes lisent les chiffres actuels à l’adresse /metrics, au format de Prometheus.',
    uploads: 'Envois',
    uploaded: 'Reçu',
    sinceStart: 'depuis le démarrage de ce serveur',
    stages: 'Temps des étapes',
    stageHint:
      'De toutes les étapes terminées : la moitié a pris moins que la médiane, neuf sur dix moins que la barre.',
    stage: 'Étape',
    count: 'Terminées',
    middle: 'Médiane',
    most: 'Neuf sur dix',
    total: 'En tout',
    requests: 'Demandes par état',
    state: 'État',
    share: 'Part',
    calls: 'Appels de ce serveur',
    callsHint: 'Depuis son démarrage ; les plus fréquents d’abord.',
    route: 'Chemin',
    mean: 'En moyenne',
    failed: 'Échoués',
    history: 'Ce qui s’est passé',
    period: 'Période',
    periods: { hour: 'Dernière heure', day: 'Dernières 24 heures', month: '30 derniers jours' },
    historyHint: (step) =>
      `Un pas est ${step} ; les heures sont en UTC. Là où rien n’a été noté, le serveur ne tournait pas.`,
    stepOf: { hour: 'une minute', day: 'un quart d’heure', month: 'huit heures' },
    uploadedBytes: 'Envois reçus',
    queue: 'Longueur de la file d’attente',
    waiting: 'En attente, au plus',
    states: 'Demandes par état, au fil du temps',
    stageSeconds: 'Temps des étapes terminées',
    others: 'Toutes les autres',
    time: 'À partir de',
  },
})
