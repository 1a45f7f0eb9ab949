import type { FoundModules } from '../../requests/request.ts'
import { catalogue, type Language } from '../../words/language.ts'
import type { Field } from './fields.ts'

/** What the form says where scripts make it better; what stands in braces is put in by them. */
export interface LiveWords {
  first: string
  uploading: string
  /** {done} {total} {speed} {left} */
  going: string
  paused: string
  lost: string
  finishing: string
  done: string
  failed: string
  gone: string
  /** {name} {percent} */
  begun: string
  /** {percent} */
  said: string
  pause: string
  resume: string
  looking: string
  unknownYet: string
  unknown: string
  only: string
  /** Where no version was chosen. */
  chooseTarget: string
  next: string
  nextHint: string
  save: string
  notSaved: string
  none: string
  /** Where the file has arrived, and no version can be reached from it. */
  noWay: string
}

/** All that the form says. */
export const formWords = catalogue<{
  title: string
  heading: string
  lead: string
  you: string
  contract: string
  contractHint: string
  email: string
  emailHint: string
  upgrade: string
  target: string
  targetHint: string
  choose: string
  aim: string
  aims: Readonly<Record<'test' | 'production', { name: string; hint: string }>>
  zone: string
  zoneFor: string
  zoneHint: string
  database: string
  file: string
  fileHint: string
  drop: string
  dropHint: string
  submit: string
  submitHint: string
  another: string
  transfer: string
  contents: string
  facts: { version: string; size: string; postgresql: string; modules: string; form: string }
  /** A version that the tables tell. */
  guessed: (version: string) => string
  modules: (count: number, names: string) => string
  leastModules: (count: number, names: string) => string
  more: (count: number) => string
  steps: { title: string; list: readonly string[] }
  summary: (problems: number) => string
  again: string
  notFromHere: string
  problems: Readonly<Record<string, string>>
  /** The parser's own sentence follows. */
  /** What was found stands in the parser's own words, in English. */
  invalid: (found: string) => string
  tooLarge: (limit: string) => string
  guesses: string
  full: string
  fields: Readonly<Record<Field, string>>
  live: LiveWords
}>({
  en: {
    title: 'Upgrade a database',
    heading: 'Upgrade your OpenERP or Odoo database',
    lead: 'Send a copy of your database. It comes back in the version that you want, with a report on what has changed and what needs your decision. Yours stays as it is.',
    you: 'Who you are',
    contract: 'Contract',
    contractHint: 'As it stands in your subscription, for instance M123456-abcdef.',
    email: 'E-mail address',
    emailHint: 'Who is told when the upgrade is done.',
    upgrade: 'What you want',
    target: 'Version to upgrade to',
    targetHint: 'What your database cannot reach is told as soon as it is known.',
    choose: 'Choose a version',
    aim: 'What it is for',
    aims: {
      test: {
        name: 'A test',
        hint: 'Mail servers and scheduled actions are switched off in the result, so that nobody is written to by mistake.',
      },
      production: {
        name: 'Production',
        hint: 'Nothing is switched off, and an upgrade whose verification finds a violation fails.',
      },
    },
    zone: 'Time zone of your server',
    zoneFor: 'Time zone, only for databases older than 6.1',
    zoneHint:
      'Before 6.1, times were kept in the local time of the server. Type a city, for instance Brussels: Europe/Brussels.',
    database: 'Your database',
    file: 'Dump of the database',
    fileHint:
      'A backup of Odoo (zip), a dump by pg_dump in any format, or SQL; also compressed by gzip, xz, bzip2, zstd or lz4.',
    drop: 'Drop the file here, or choose it',
    dropHint: 'It is uploaded at once. An upload that breaks off goes on where it stopped.',
    submit: 'Upload and look at it',
    submitHint: 'Nothing is upgraded yet: you see what is in the file first, and start the upgrade then.',
    another: 'Take another file',
    transfer: 'Upload',
    contents: 'What is in the file',
    facts: {
      version: 'Version',
      size: 'Size',
      postgresql: 'PostgreSQL',
      modules: 'Modules',
      form: 'Form',
    },
    guessed: (version) => `${version}, by its tables`,
    modules: (count, names) => `${count}: ${names}`,
    leastModules: (count, names) => `at least ${count}, by their tables: ${names}`,
    more: (count) => `and ${count} more`,
    steps: {
      title: 'How it goes',
      list: [
        'You send a copy of your database. The first megabytes already tell what it is.',
        'You see what is in it, and start the upgrade yourself.',
        'Uplift converts your data, compares it with a fresh database of the new version, and checks that nothing was lost.',
        'You get the upgraded database, a report for everybody, and the commands to restore it.',
      ],
    },
    summary: (problems) =>
      problems === 1 ? 'One thing is missing or wrong' : `${problems} things are missing or wrong`,
    again: 'Please choose the file again: browsers do not keep it.',
    notFromHere: 'This form was sent from another site. Open the page here and fill it in again.',
    problems: {
      'CONTRACT:MISSING': 'Enter the code of your contract.',
      'CONTRACT:NOT_FOUND':
        'There is no such contract, or it is over. Check that it was typed as it is written.',
      'EMAIL:MISSING': 'Enter your e-mail address.',
      'EMAIL:INVALID': 'This is no e-mail address. One looks like anna@example.com.',
      'TARGET:MISSING': 'Choose the version to upgrade to.',
      'TARGET:INVALID': 'This version cannot be asked for. Choose one of the list.',
      'AIM:MISSING': 'Choose what the upgraded database is for.',
      'AIM:INVALID': 'Choose what the upgraded database is for.',
      'TIMEZONE:INVALID': 'This is no time zone. Choose one of the list, as Europe/Brussels.',
      'FILENAME:MISSING': 'Choose the file of the dump.',
      'FILENAME:INVALID':
        'The name of this file is too long or has characters that cannot be shown. Rename the file.',
      'DUMP:EMPTY': 'This file is empty. Make the dump again.',
      'REQUEST:STATE': 'This request takes no file any more.',
    },
    invalid: (found) => `This file is no dump that can be read. ${found}`,
    tooLarge: (limit) => `This file is too large: up to ${limit} are taken.`,
    guesses: 'Too many wrong contracts came from your network. Wait some minutes and try again.',
    full: 'The server has no room for a file of this size right now. Try again later.',
    fields: {
      contract: 'Contract',
      email: 'E-mail address',
      target: 'Version to upgrade to',
      aim: 'What it is for',
      timezone: 'Time zone',
      file: 'Dump of the database',
    },
    live: {
      first: 'Fill in contract and e-mail address; then the upload begins by itself.',
      uploading: 'The upload has begun.',
      going: '{done} of {total} · {speed}/s · {left} left',
      paused: 'Paused. Go on whenever you like.',
      lost: 'The connection is lost. The upload goes on by itself as soon as it is back.',
      finishing: 'All is there. The file is being checked.',
      done: 'The file has arrived and was understood.',
      failed: 'The upload failed.',
      gone: 'What was uploaded of this file before is no longer kept. The upload begins anew.',
      begun:
        'An upload of {name} was begun: {percent} % are there. Choose the same file again, and it goes on from there.',
      said: '{percent} % uploaded',
      pause: 'Pause',
      resume: 'Go on',
      looking: 'Looking at the beginning of the file …',
      unknownYet: 'not known yet',
      unknown: 'not known',
      only: 'From version {version}, these can be reached.',
      chooseTarget: 'Choose the version to upgrade to.',
      next: 'Go on to the start',
      nextHint:
        'As soon as the file has arrived. You then see all that is known of the database, and start the upgrade yourself.',
      save: 'Saving …',
      notSaved: 'This could not be saved. Try again on the next page.',
      none: 'No version that is offered here can be reached from version {version}.',
      noWay: 'The file has arrived, but it cannot be upgraded to any version that is offered here.',
    },
  },
  fr: {
    title: 'Mettre à niveau une base',
    heading: 'Mettez à niveau votre base OpenERP ou Odoo',
    lead: 'Envoyez une copie de votre base. Elle vous revient dans la version voulue, avec un rapport sur ce qui a changé et sur ce qui demande votre décision. La vôtre reste telle quelle.',
    you: 'Qui vous êtes',
    contract: 'Contrat',
    contractHint: 'Tel qu’il figure dans votre abonnement, par exemple M123456-abcdef.',
    email: 'Adresse e-mail',
    emailHint: 'La personne à prévenir quand la mise à niveau est terminée.',
    upgrade: 'Ce que vous voulez',
    target: 'Version souhaitée',
    targetHint: 'Les versions que votre base ne peut pas atteindre sont écartées dès qu’elles sont connues.',
    choose: 'Choisissez une version',
    aim: 'Usage prévu',
    aims: {
      test: {
        name: 'Un essai',
        hint: 'Les serveurs de messagerie et les actions planifiées sont désactivés dans le résultat, pour que personne ne reçoive de message par erreur.',
      },
      production: {
        name: 'La production',
        hint: 'Rien n’est désactivé, et une mise à niveau dont la vérification trouve une anomalie échoue.',
      },
    },
    zone: 'Fuseau horaire de votre serveur',
    zoneFor: 'Fuseau horaire, seulement pour les bases antérieures à 6.1',
    zoneHint:
      'Avant 6.1, les heures étaient enregistrées à l’heure locale du serveur. Tapez une ville, par exemple Brussels : Europe/Brussels.',
    database: 'Votre base',
    file: 'Copie de la base',
    fileHint:
      'Une sauvegarde d’Odoo (zip), une copie faite par pg_dump dans tout format, ou du SQL ; aussi comprimés par gzip, xz, bzip2, zstd ou lz4.',
    drop: 'Déposez le fichier ici, ou choisissez-le',
    dropHint: 'Il est envoyé aussitôt. Un envoi interrompu reprend là où il s’est arrêté.',
    submit: 'Envoyer et regarder le contenu',
    submitHint:
      'Rien n’est encore mis à niveau : vous voyez d’abord ce que contient le fichier, puis vous lancez la mise à niveau.',
    another: 'Prendre un autre fichier',
    transfer: 'Envoi',
    contents: 'Contenu du fichier',
    facts: {
      version: 'Version',
      size: 'Taille',
      postgresql: 'PostgreSQL',
      modules: 'Modules',
      form: 'Format',
    },
    guessed: (version) => `${version}, d’après ses tables`,
    modules: (count, names) => `${count} : ${names}`,
    leastModules: (count, names) => `au moins ${count}, d’après leurs tables : ${names}`,
    more: (count) => (count === 1 ? 'et un autre' : `et ${count} autres`),
    steps: {
      title: 'Comment cela se passe',
      list: [
        'Vous envoyez une copie de votre base. Ses premiers mégaoctets disent déjà ce qu’elle est.',
        'Vous voyez ce qu’elle contient, et vous lancez vous-même la mise à niveau.',
        'Uplift convertit vos données, les compare à une base neuve de la nouvelle version et vérifie que rien n’a été perdu.',
        'Vous recevez la base mise à niveau, un rapport pour tous, et les commandes pour la restaurer.',
      ],
    },
    summary: (problems) =>
      problems === 1
        ? 'Un élément manque ou est incorrect'
        : `${problems} éléments manquent ou sont incorrects`,
    again: 'Merci de choisir à nouveau le fichier : les navigateurs ne le gardent pas.',
    notFromHere:
      'Ce formulaire a été envoyé depuis un autre site. Ouvrez la page ici et remplissez-le à nouveau.',
    problems: {
      'CONTRACT:MISSING': 'Saisissez le code de votre contrat.',
      'CONTRACT:NOT_FOUND':
        'Ce contrat n’existe pas, ou il a pris fin. Vérifiez qu’il est saisi tel qu’il est écrit.',
      'EMAIL:MISSING': 'Saisissez votre adresse e-mail.',
      'EMAIL:INVALID': 'Ceci n’est pas une adresse e-mail. Exemple : anna@example.com.',
      'TARGET:MISSING': 'Choisissez la version souhaitée.',
      'TARGET:INVALID': 'Cette version n’est pas proposée. Choisissez-en une dans la liste.',
      'AIM:MISSING': 'Choisissez l’usage prévu.',
      'AIM:INVALID': 'Choisissez l’usage prévu.',
      'TIMEZONE:INVALID':
        'Ceci n’est pas un fuseau horaire. Choisissez-en un dans la liste, comme Europe/Brussels.',
      'FILENAME:MISSING': 'Choisissez le fichier de la copie.',
      'FILENAME:INVALID':
        'Le nom de ce fichier est trop long ou contient des caractères impossibles à afficher. Renommez le fichier.',
      'DUMP:EMPTY': 'Ce fichier est vide. Refaites la copie.',
      'REQUEST:STATE': 'Cette demande n’accepte plus de fichier.',
    },
    invalid: (found) => `Ce fichier n’est pas une copie de base lisible. Détail, en anglais : ${found}`,
    tooLarge: (limit) => `Ce fichier est trop volumineux : ${limit} au plus sont acceptés.`,
    guesses:
      'Trop de contrats erronés sont venus de votre réseau. Attendez quelques minutes avant de réessayer.',
    full: 'Le serveur n’a pas la place pour un fichier de cette taille en ce moment. Réessayez plus tard.',
    fields: {
      contract: 'Contrat',
      email: 'Adresse e-mail',
      target: 'Version souhaitée',
      aim: 'Usage prévu',
      timezone: 'Fuseau horaire',
      file: 'Copie de la base',
    },
    live: {
      first: 'Saisissez le contrat et l’adresse e-mail ; l’envoi commencera alors de lui-même.',
      uploading: 'L’envoi a commencé.',
      going: '{done} sur {total} · {speed}/s · encore {left}',
      paused: 'En pause. Reprenez quand vous voulez.',
      lost: 'La connexion est coupée. L’envoi reprendra de lui-même dès son retour.',
      finishing: 'Tout est arrivé. Le fichier est en cours de contrôle.',
      done: 'Le fichier est arrivé et a été compris.',
      failed: 'L’envoi a échoué.',
      gone: 'Ce qui avait été envoyé de ce fichier n’est plus conservé. L’envoi recommence du début.',
      begun:
        'Un envoi de {name} a été commencé : {percent} % sont arrivés. Choisissez à nouveau le même fichier, et il reprendra là.',
      said: '{percent} % envoyés',
      pause: 'Suspendre',
      resume: 'Reprendre',
      looking: 'Lecture du début du fichier …',
      unknownYet: 'pas encore connu',
      unknown: 'inconnu',
      only: 'Depuis la version {version}, voici celles qui peuvent être atteintes.',
      chooseTarget: 'Choisissez la version souhaitée.',
      next: 'Continuer vers le lancement',
      nextHint:
        'Dès que le fichier est arrivé. Vous verrez alors tout ce que l’on sait de la base, et vous lancerez vous-même la mise à niveau.',
      save: 'Enregistrement …',
      notSaved: 'Ceci n’a pas pu être enregistré. Réessayez sur la page suivante.',
      none: 'Aucune version proposée ici ne peut être atteinte depuis la version {version}.',
      noWay:
        'Le fichier est arrivé, mais aucune version proposée ici ne peut être atteinte depuis la sienne.',
    },
  },
})

/** Names of modules that are shown; the others are counted. */
const SHOWN_MODULES = 12

/** "70 modules: account, account_voucher, … and 58 more". */
export function modulesIn(language: Language, { names, are }: FoundModules): string {
  const words = formWords(language)
  const shown = names.slice(0, SHOWN_MODULES).join(', ')
  const more = names.length - SHOWN_MODULES
  return (are === 'read' ? words.modules : words.leastModules)(
    names.length,
    more > 0 ? `${shown} ${words.more(more)}` : shown,
  )
}
