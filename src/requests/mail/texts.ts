/** What a mail is about. */
export type Occasion = 'pending' | 'done' | 'failed' | 'cancelled'

interface Told {
  request: number
  filename: string
  target: string
  aim: 'test' | 'production'
  duration: string | null
}

/** All that a mail says in one language. */
export interface MailTexts {
  hello: string
  subject: Readonly<Record<Occasion, (told: Told) => string>>
  /** Paragraphs. */
  body: Readonly<Record<Occasion, (told: Told) => string[]>>
  reason: string
  status: string
  notes: string
  download: string
  /** Where no link can be given. */
  noLinks: string
  automatic: (request: number, ticket: number) => string
}

const en: MailTexts = {
  hello: 'Hello,',
  subject: {
    pending: ({ filename, target }) => `Upgrade of ${filename} to ${target}: accepted`,
    done: ({ filename, target }) => `Upgrade of ${filename} to ${target}: done`,
    failed: ({ filename, target }) => `Upgrade of ${filename} to ${target}: failed`,
    cancelled: ({ filename, target }) => `Upgrade of ${filename} to ${target}: cancelled`,
  },
  body: {
    pending: ({ filename, target, aim }) => [
      `The upgrade of ${filename} to version ${target} (${aim}) was accepted and starts as soon as it is its turn.`,
      'You get another message when it has ended.',
    ],
    done: ({ filename, target, duration }) => [
      `The upgrade of ${filename} to version ${target} is done.`,
      ...(duration ? [`It took ${duration}.`] : []),
      'Read the notes before you use the upgraded database.',
    ],
    failed: ({ filename, target, duration }) => [
      `The upgrade of ${filename} to version ${target} failed.`,
      ...(duration ? [`It ended after ${duration}.`] : []),
      'Your own database was not touched.',
    ],
    cancelled: ({ filename, target }) => [
      `The upgrade of ${filename} to version ${target} was cancelled.`,
      'Your own database was not touched.',
    ],
  },
  reason: 'Message',
  status: 'Status',
  notes: 'Notes',
  download: 'Upgraded database',
  noLinks: 'The status and the files are at the addresses that you were given when you made the request.',
  automatic: (request, ticket) =>
    `This message was sent automatically for request ${request}, ticket ${ticket}.`,
}

const fr: MailTexts = {
  hello: 'Bonjour,',
  subject: {
    pending: ({ filename, target }) => `Migration de ${filename} vers ${target} : acceptée`,
    done: ({ filename, target }) => `Migration de ${filename} vers ${target} : terminée`,
    failed: ({ filename, target }) => `Migration de ${filename} vers ${target} : échouée`,
    cancelled: ({ filename, target }) => `Migration de ${filename} vers ${target} : annulée`,
  },
  body: {
    pending: ({ filename, target, aim }) => [
      `La migration de ${filename} vers la version ${target} (${aim === 'test' ? 'test' : 'production'}) a été acceptée et commence dès que son tour est venu.`,
      'Vous recevrez un autre message quand elle sera finie.',
    ],
    done: ({ filename, target, duration }) => [
      `La migration de ${filename} vers la version ${target} est terminée.`,
      ...(duration ? [`Elle a duré ${duration}.`] : []),
      'Lisez les notes avant d’utiliser la base de données migrée.',
    ],
    failed: ({ filename, target, duration }) => [
      `La migration de ${filename} vers la version ${target} a échoué.`,
      ...(duration ? [`Elle s’est arrêtée après ${duration}.`] : []),
      'Votre propre base de données n’a pas été touchée.',
    ],
    cancelled: ({ filename, target }) => [
      `La migration de ${filename} vers la version ${target} a été annulée.`,
      'Votre propre base de données n’a pas été touchée.',
    ],
  },
  reason: 'Message',
  status: 'État',
  notes: 'Notes',
  download: 'Base de données migrée',
  noLinks: 'L’état et les fichiers sont aux adresses qui vous ont été données à la création de la demande.',
  automatic: (request, ticket) =>
    `Ce message a été envoyé automatiquement pour la demande ${request}, ticket ${ticket}.`,
}

const texts: Readonly<Record<string, MailTexts>> = { en, fr }

/** The texts of a language, "fr" or "fr_BE"; English where there are none. */
export function textsOf(language: string): { language: string; texts: MailTexts } {
  const code = language.slice(0, 2).toLowerCase()
  const found = Object.hasOwn(texts, code) ? texts[code] : undefined
  return found ? { language: code, texts: found } : { language: 'en', texts: en }
}

/** 75 → "1 minute", 7500 → "2 hours, 5 minutes"; whole minutes, at least one. */
export function durationInWords(seconds: number, language: string): string {
  const minutes = Math.max(1, Math.round(seconds / 60))
  const unit = (value: number, name: string) =>
    new Intl.NumberFormat(language, { style: 'unit', unit: name, unitDisplay: 'long' }).format(value)
  const parts = [
    ...(minutes >= 60 ? [unit(Math.floor(minutes / 60), 'hour')] : []),
    ...(minutes % 60 > 0 ? [unit(minutes % 60, 'minute')] : []),
  ]
  return new Intl.ListFormat(language, { type: 'unit' }).format(parts)
}
