import { catalogue } from '../../../words/language.ts'
import type { Delivery, TicketView } from './find.ts'

/** What the messages of tickets say of themselves. */
export const ticketWords = catalogue<{
  title: string
  lead: Readonly<Record<'built-in' | 'webhook' | 'odoo', string>>
  noMail: string
  views: Readonly<Record<TicketView, string>>
  view: string
  at: string
  request: string
  ticket: string
  message: string
  backend: string
  mail: string
  deliveries: Readonly<Record<Delivery, string>>
  tries: (count: number) => string
  next: string
  again: string
  againFor: (message: number) => string
  none: string
  outcomes: Readonly<Record<'again' | 'nothing', { good: boolean; sentence: string }>>
}>({
  en: {
    title: 'Tickets',
    lead: {
      'built-in': 'Tickets are kept here alone: no other system is told.',
      webhook: 'Messages are posted to your webhook.',
      odoo: 'Messages are posted to the tickets in your Odoo.',
    },
    noMail: 'No mail server is set: nobody is told by mail.',
    views: { all: 'All messages', open: 'Still to be sent', failed: 'With an error' },
    view: 'Show',
    at: 'When',
    request: 'Request',
    ticket: 'Ticket',
    message: 'Message',
    backend: 'Ticket system',
    mail: 'Mail',
    deliveries: { sent: 'Sent', open: 'To be sent', failed: 'Given up' },
    tries: (count) => (count === 1 ? '1 try' : `${count} tries`),
    next: 'next',
    again: 'Send again',
    againFor: (message) => `Send message ${message} again`,
    none: 'There are no messages.',
    outcomes: {
      again: { good: true, sentence: 'The message is sent again in a moment.' },
      nothing: { good: false, sentence: 'The message arrived: there is nothing to send again.' },
    },
  },
  fr: {
    title: 'Tickets',
    lead: {
      'built-in': 'Les tickets sont tenus ici seulement : aucun autre système n’est informé.',
      webhook: 'Les messages sont envoyés à votre webhook.',
      odoo: 'Les messages sont publiés sur les tickets de votre Odoo.',
    },
    noMail: 'Aucun serveur de courrier n’est défini : personne n’est informé par e-mail.',
    views: { all: 'Tous les messages', open: 'À envoyer', failed: 'Avec une erreur' },
    view: 'Afficher',
    at: 'Quand',
    request: 'Demande',
    ticket: 'Ticket',
    message: 'Message',
    backend: 'Système de tickets',
    mail: 'E-mail',
    deliveries: { sent: 'Envoyé', open: 'À envoyer', failed: 'Abandonné' },
    tries: (count) => (count < 2 ? `${count} essai` : `${count} essais`),
    next: 'prochain',
    again: 'Renvoyer',
    againFor: (message) => `Renvoyer le message ${message}`,
    none: 'Il n’y a pas de messages.',
    outcomes: {
      again: { good: true, sentence: 'Le message sera renvoyé dans un instant.' },
      nothing: { good: false, sentence: 'Le message est arrivé : il n’y a rien à renvoyer.' },
    },
  },
})
