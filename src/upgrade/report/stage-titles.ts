import { catalogue, type Language } from '../../words/language.ts'

const texts = catalogue<{
  stages: Readonly<Record<string, string>>
  hop: (from: string, to: string) => string
  topics: Readonly<Record<string, string>>
}>({
  en: {
    stages: {
      reference: 'Reading the reference',
      load: 'Loading',
      version: 'Finding the version',
      snapshot: 'Counting before',
      hop: 'Upgrade',
      align: 'Aligning with the target',
      fill: 'Filling in values',
      constrain: 'Indexes and constraints',
      own: 'Your own views and filters',
      verify: 'Verification',
      neutralise: 'Neutralising for a test',
      write: 'Writing the dump',
    },
    hop: (from, to) => `Upgrade ${from} → ${to}`,
    topics: {
      model: 'models',
      module: 'modules',
      'module data': 'data of modules',
      'outgoing mail': 'outgoing mail',
      'outside connection': 'connections to the outside',
    },
  },
  fr: {
    stages: {
      reference: 'Lecture de la référence',
      load: 'Chargement',
      version: 'Recherche de la version',
      snapshot: 'Comptage avant',
      hop: 'Mise à niveau',
      align: 'Alignement sur la cible',
      fill: 'Valeurs complétées',
      constrain: 'Index et contraintes',
      own: 'Vos propres vues et filtres',
      verify: 'Vérification',
      neutralise: 'Neutralisation pour un test',
      write: 'Écriture de la sauvegarde',
    },
    hop: (from, to) => `Mise à niveau ${from} → ${to}`,
    topics: {
      model: 'modèles',
      module: 'modules',
      'module data': 'données des modules',
      'outgoing mail': 'courriels sortants',
      'outside connection': 'connexions vers l’extérieur',
    },
  },
})

/** "hop 7.0-8.0" → "Upgrade 7.0 → 8.0"; a stage that is not known keeps its name. */
export function stageTitle(name: string, language: Language): string {
  const { stages, hop } = texts(language)
  const [, from, to] = /^hop ([^-]+)-(.+)$/.exec(name) ?? []
  if (from && to) return hop(from, to)
  return Object.hasOwn(stages, name) ? stages[name]! : name
}

/** What notes are about. */
export function topicTitle(topic: string, language: Language): string {
  const { topics } = texts(language)
  return Object.hasOwn(topics, topic) ? topics[topic]! : topic
}
