import type { RequestState } from '../requests/request.ts'
import { catalogue } from '../words/language.ts'

/** What all pages say. */
export const commonWords = catalogue<{
  product: string
  tagline: string
  skip: string
  language: string
  states: Readonly<Record<RequestState, string>>
  statesLong: Readonly<Record<RequestState, string>>
  api: string
  newUpgrade: string
  copy: string
  copied: string
  notFound: { title: string; sentence: string }
  failed: { title: string; now: string; later: string }
  notNow: string
  refused: string
}>({
  en: {
    product: 'Uplift',
    tagline: 'Upgrades of OpenERP and Odoo databases',
    skip: 'Skip to the content',
    language: 'Language',
    states: {
      draft: 'Draft',
      pending: 'Waiting',
      progress: 'In progress',
      done: 'Done',
      failed: 'Failed',
      cancelled: 'Cancelled',
    },
    statesLong: {
      draft: 'Nothing has begun yet',
      pending: 'Waits for its turn',
      progress: 'The upgrade is running',
      done: 'The upgraded database is ready',
      failed: 'The upgrade failed',
      cancelled: 'The upgrade was cancelled',
    },
    api: 'API',
    newUpgrade: 'New upgrade',
    copy: 'Copy',
    copied: 'Copied',
    notFound: {
      title: 'Not found',
      sentence: 'There is nothing at this address. Check that it was copied as a whole.',
    },
    failed: {
      title: 'That did not work',
      now: 'Something failed on the server. Its log says what.',
      later: 'The service is not available right now. Try again later.',
    },
    notNow: 'Not now',
    refused: 'Refused',
  },
  fr: {
    product: 'Uplift',
    tagline: 'Mise à niveau de bases OpenERP et Odoo',
    skip: 'Aller au contenu',
    language: 'Langue',
    states: {
      draft: 'Brouillon',
      pending: 'En attente',
      progress: 'En cours',
      done: 'Terminée',
      failed: 'Échouée',
      cancelled: 'Annulée',
    },
    statesLong: {
      draft: 'Rien n’a encore commencé',
      pending: 'La demande attend son tour',
      progress: 'La mise à niveau est en cours',
      done: 'La base mise à niveau est prête',
      failed: 'La mise à niveau a échoué',
      cancelled: 'La mise à niveau a été annulée',
    },
    api: 'API',
    newUpgrade: 'Nouvelle mise à niveau',
    copy: 'Copier',
    copied: 'Copié',
    notFound: {
      title: 'Page introuvable',
      sentence: 'Il n’y a rien à cette adresse. Vérifiez qu’elle a été copiée en entier.',
    },
    failed: {
      title: 'Cela n’a pas fonctionné',
      now: 'Quelque chose a échoué sur le serveur. Son journal dit quoi.',
      later: 'Le service n’est pas disponible en ce moment. Réessayez plus tard.',
    },
    notNow: 'Pas maintenant',
    refused: 'Refusé',
  },
})
