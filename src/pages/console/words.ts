import { catalogue } from '../../words/language.ts'

/** What all pages of the console say. */
export const consoleWords = catalogue<{
  console: string
  nav: Readonly<Record<ConsolePart, string>>
  logOut: string
  refusedForm: string
  foreignName: (name: string) => string
  refusals: Readonly<
    Record<
      | 'BODY:INVALID'
      | 'BODY:TOO_LARGE'
      | 'STORAGE:FULL'
      | 'SERVICE:UNAVAILABLE'
      | 'SERVICE:STOPPING'
      | 'SERVICE:FAILED',
      string
    >
  >
  pages: string
  previous: string
  next: string
  range: (from: string, to: string, all: string) => string
  apply: string
  reset: string
  ascending: string
  descending: string
  save: string
  back: string
  unlimited: string
  yes: string
  no: string
  figures: (of: string) => string
  empty: string
}>({
  en: {
    console: 'Console',
    nav: {
      overview: 'Overview',
      requests: 'Requests',
      contracts: 'Contracts',
      references: 'References',
      tickets: 'Tickets',
      metrics: 'Metrics',
      settings: 'Settings',
    },
    logOut: 'Log out',
    refusedForm:
      'This form was made in another session, or on another site. Open the page again and try once more.',
    foreignName: (name) =>
      `This server does not know itself as “${name}”. If that is its name, set UPLIFT_PUBLIC_URL to the address that it is reached at, and start it again.`,
    refusals: {
      'BODY:INVALID': 'What the browser sent is not well-formed. Open the page again and try once more.',
      'BODY:TOO_LARGE': 'What was sent has more bytes than this form takes.',
      'STORAGE:FULL': 'The server has no room left.',
      'SERVICE:UNAVAILABLE': 'The database of the service does not answer right now. Try again in a moment.',
      'SERVICE:STOPPING': 'The server is being stopped. Try again when it is back.',
      'SERVICE:FAILED': 'Something failed on the server. Its log says what.',
    },
    pages: 'Pages',
    previous: 'Previous',
    next: 'Next',
    range: (from, to, all) => `${from} to ${to} of ${all}`,
    apply: 'Show',
    reset: 'Show all',
    ascending: 'ascending',
    descending: 'descending',
    save: 'Save',
    back: 'Back',
    unlimited: 'no limit',
    yes: 'yes',
    no: 'no',
    figures: (of) => `The figures: ${of}`,
    empty: 'There are no figures yet.',
  },
  fr: {
    console: 'Console',
    nav: {
      overview: 'Aperçu',
      requests: 'Demandes',
      contracts: 'Contrats',
      references: 'Références',
      tickets: 'Tickets',
      metrics: 'Mesures',
      settings: 'Paramètres',
    },
    logOut: 'Se déconnecter',
    refusedForm:
      'Ce formulaire provient d’une autre session ou d’un autre site. Rouvrez la page et essayez encore une fois.',
    foreignName: (name) =>
      `Ce serveur ne se connaît pas sous le nom « ${name} ». Si c’est bien le sien, définissez UPLIFT_PUBLIC_URL avec l’adresse à laquelle on l’atteint, puis redémarrez-le.`,
    refusals: {
      'BODY:INVALID':
        'Ce que le navigateur a envoyé est mal formé. Rouvrez la page et essayez encore une fois.',
      'BODY:TOO_LARGE': 'Ce qui a été envoyé dépasse ce que ce formulaire accepte.',
      'STORAGE:FULL': 'Le serveur n’a plus de place.',
      'SERVICE:UNAVAILABLE':
        'La base de données du service ne répond pas pour le moment. Réessayez dans un instant.',
      'SERVICE:STOPPING': 'Le serveur est en cours d’arrêt. Réessayez quand il sera de retour.',
      'SERVICE:FAILED': 'Quelque chose a échoué sur le serveur. Son journal dit quoi.',
    },
    pages: 'Pages',
    previous: 'Précédent',
    next: 'Suivant',
    range: (from, to, all) => `${from} à ${to} sur ${all}`,
    apply: 'Afficher',
    reset: 'Tout afficher',
    ascending: 'croissant',
    descending: 'décroissant',
    save: 'Enregistrer',
    back: 'Retour',
    unlimited: 'sans limite',
    yes: 'oui',
    no: 'non',
    figures: (of) => `Les chiffres : ${of}`,
    empty: 'Pas encore de chiffres.',
  },
})

/** The parts of the console in the order of its menu. */
export const consoleParts = [
  'overview',
  'requests',
  'contracts',
  'references',
  'tickets',
  'metrics',
  'settings',
] as const
export type ConsolePart = (typeof consoleParts)[number]
