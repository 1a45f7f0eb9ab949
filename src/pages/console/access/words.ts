import { catalogue } from '../../../words/language.ts'

/** What is said before one is in. */
export const accessWords = catalogue<{
  logIn: string
  lead: string
  password: string
  again: string
  wrong: string
  wait: (minutes: number) => string
  notSet: string
  setUp: string
  setUpLead: string
  hint: (shortest: number) => string
  set: string
  short: (shortest: number) => string
  long: (longest: number) => string
  different: string
  noToken: string
  alreadySet: string
  ended: string
  problem: string
}>({
  en: {
    logIn: 'Log in',
    lead: 'The console is for the operator of this installation.',
    password: 'Password',
    again: 'The same password again',
    wrong: 'This is not the password.',
    wait: (minutes) =>
      `Too many tries came from your address. Try again in ${minutes === 1 ? 'a minute' : `${minutes} minutes`}.`,
    notSet:
      'No password was set yet. The address that sets it stands where the server was started; “uplift console password” sets one too.',
    setUp: 'Set the password of the console',
    setUpLead: 'Whoever has it sees every request and manages contracts, references and tickets.',
    hint: (shortest) => `At least ${shortest} characters. A few words that nobody would guess are good.`,
    set: 'Set the password',
    short: (shortest) => `The password has to have at least ${shortest} characters.`,
    long: (longest) => `The password may have ${longest} characters at most.`,
    different: 'The two passwords are not the same.',
    noToken:
      'This address does not set the password any more. The right one stands where the server was started last; “uplift console password” sets the password too.',
    alreadySet: 'The password was set. Log in with it.',
    ended: 'You are logged out.',
    problem: 'Not done',
  },
  fr: {
    logIn: 'Se connecter',
    lead: 'La console est réservée à l’exploitant de cette installation.',
    password: 'Mot de passe',
    again: 'Le même mot de passe encore une fois',
    wrong: 'Ce n’est pas le mot de passe.',
    wait: (minutes) =>
      `Trop d’essais sont venus de votre adresse. Réessayez dans ${minutes === 1 ? 'une minute' : `${minutes} minutes`}.`,
    notSet:
      'Aucun mot de passe n’est encore défini. L’adresse qui le définit s’affiche là où le serveur a été démarré ; « uplift console password » en définit un aussi.',
    setUp: 'Définir le mot de passe de la console',
    setUpLead: 'Qui le possède voit toutes les demandes et gère contrats, références et tickets.',
    hint: (shortest) =>
      `Au moins ${shortest} caractères. Quelques mots que personne ne devinerait conviennent bien.`,
    set: 'Définir le mot de passe',
    short: (shortest) => `Le mot de passe doit avoir au moins ${shortest} caractères.`,
    long: (longest) => `Le mot de passe peut avoir au plus ${longest} caractères.`,
    different: 'Les deux mots de passe ne sont pas identiques.',
    noToken:
      'Cette adresse ne définit plus le mot de passe. La bonne s’affiche là où le serveur a été démarré en dernier ; « uplift console password » le définit aussi.',
    alreadySet: 'Le mot de passe est défini. Connectez-vous avec lui.',
    ended: 'Vous êtes déconnecté.',
    problem: 'Non effectué',
  },
})
