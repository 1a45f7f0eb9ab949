import type { RequestState } from '../../requests/request.ts'
import { catalogue } from '../../words/language.ts'

/** What is said of a file that is not there or cannot be given. */
export const downloadWords = catalogue<{
  over: (request: number, date: string) => { title: string; sentence: string }
  noDump: { title: string; sentence: string }
  noModules: { title: string; sentence: string }
  database: string
  notes: string
  notYet: (result: string) => string
  states: Readonly<Record<RequestState, (result: string) => string>>
  notAsSql: { title: string; sentence: string }
}>({
  en: {
    over: (request, date) => ({
      title: 'The time of this file is over',
      sentence: `The files of request ${request} were deleted on ${date}, when the time was over for which they are kept.`,
    }),
    noDump: { title: 'No dump yet', sentence: 'No dump was uploaded for this request yet.' },
    noModules: {
      title: 'No custom modules',
      sentence: 'No custom modules were sent with this request, so there are none to download.',
    },
    database: 'upgraded database',
    notes: 'notes about the upgrade',
    notYet: (result) => `No ${result} yet`,
    states: {
      draft: (result) =>
        `The upgrade was not started yet: upload the dump and ask to process it. The ${result} will be here when it is done.`,
      pending: (result) =>
        `The request waits for its turn. The ${result} will be here when the upgrade is done.`,
      progress: (result) => `The upgrade is running. The ${result} will be here when it is done.`,
      failed: (result) => `The upgrade failed, so there will be no ${result}.`,
      cancelled: (result) => `The request was cancelled, so there will be no ${result}.`,
      done: (result) => `The ${result} of this request cannot be found. Ask the operator of this server.`,
    },
    notAsSql: {
      title: 'Not as SQL',
      sentence: 'This dump cannot be given as SQL; the archive can be downloaded as it is.',
    },
  },
  fr: {
    over: (request, date) => ({
      title: 'Ce fichier n’est plus conservé',
      sentence: `Les fichiers de la demande ${request} ont été supprimés le ${date}, à la fin de leur durée de conservation.`,
    }),
    noDump: {
      title: 'Pas encore de sauvegarde',
      sentence: 'Aucune sauvegarde n’a encore été envoyée pour cette demande.',
    },
    noModules: {
      title: 'Pas de modules propres',
      sentence: 'Aucun module propre n’a été envoyé avec cette demande ; il n’y en a donc pas à télécharger.',
    },
    database: 'base mise à niveau',
    notes: 'page de notes',
    notYet: (result) => `Pas encore de ${result}`,
    states: {
      draft: (result) =>
        `La mise à niveau n’a pas encore été lancée : envoyez la sauvegarde et demandez son traitement. La ${result} sera ici quand elle sera terminée.`,
      pending: (result) =>
        `La demande attend son tour. La ${result} sera ici quand la mise à niveau sera terminée.`,
      progress: (result) => `La mise à niveau est en cours. La ${result} sera ici quand elle sera terminée.`,
      failed: (result) => `La mise à niveau a échoué ; il n’y aura donc pas de ${result}.`,
      cancelled: (result) => `La demande a été annulée ; il n’y aura donc pas de ${result}.`,
      done: (result) =>
        `La ${result} de cette demande est introuvable. Adressez-vous à l’opérateur de ce serveur.`,
    },
    notAsSql: {
      title: 'Pas en SQL',
      sentence:
        'Cette sauvegarde ne peut pas être donnée en SQL ; l’archive peut être téléchargée telle quelle.',
    },
  },
})
