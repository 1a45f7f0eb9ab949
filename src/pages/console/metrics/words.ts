import { catalogue } from '../../language.ts'

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
}>({
  en: {
    title: 'Metrics',
    lead: 'Programs read the same at /metrics, in the form of Prometheus.',
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
  },
  fr: {
    title: 'Mesures',
    lead: 'Les programmes lisent la même chose à l’adresse /metrics, au format de Prometheus.',
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
  },
})
