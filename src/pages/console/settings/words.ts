import { catalogue } from '../../../words/language.ts'

/** What the page of settings says. */
export const settingsWords = catalogue<{
  title: string
  lead: string
  settings: string
  name: string
  value: string
  set: string
  unset: string
  auto: string
  access: string
  sessions: (count: number) => string
  since: string
  from: string
  password: string
  endAll: string
  endAllHint: string
}>({
  en: {
    title: 'Settings',
    lead: 'They come from the environment and the settings file of the server, and take effect at its next start.',
    settings: 'Settings of this server',
    name: 'Variable',
    value: 'Value',
    set: 'set',
    unset: 'not set',
    auto: 'one a core',
    access: 'Access to the console',
    sessions: (count) => (count === 1 ? 'One session is open: yours.' : `${count} sessions are open.`),
    since: 'Yours since',
    from: 'From the address',
    password: '“uplift console password” on the server changes the password and ends all sessions.',
    endAll: 'End all sessions',
    endAllHint: 'Also this one: everybody has to log in again.',
  },
  fr: {
    title: 'Paramètres',
    lead: 'Ils viennent de l’environnement et du fichier de paramètres du serveur, et prennent effet à son prochain démarrage.',
    settings: 'Paramètres de ce serveur',
    name: 'Variable',
    value: 'Valeur',
    set: 'défini',
    unset: 'non défini',
    auto: 'une par cœur',
    access: 'Accès à la console',
    sessions: (count) =>
      count === 1 ? 'Une session est ouverte : la vôtre.' : `${count} sessions sont ouvertes.`,
    since: 'La vôtre depuis',
    from: 'Depuis l’adresse',
    password:
      '« uplift console password » sur le serveur change le mot de passe et termine toutes les sessions.',
    endAll: 'Terminer toutes les sessions',
    endAllHint: 'Celle-ci aussi : chacun devra se reconnecter.',
  },
})
