import type { Check } from '../../../verify/verification.ts'
import type { Language } from '../../../words/language.ts'

/** What a check is called; in English as it calls itself. */
export function checkTitle({ id, title }: Pick<Check, 'id' | 'title'>, language: Language): string {
  return language === 'fr' ? (french[id] ?? title) : title
}

const french: Readonly<Record<string, string>> = {
  schema: 'Forme de la base : tables, colonnes, contraintes, index, séquences, vues',
  xmlids: 'Données des modules : les enregistrements que les modules apportent',
  views: 'Vues : XML, héritage, champs, actions et modèles de page',
  values: 'Valeurs : sélections que les champs connaissent, champs obligatoires remplis',
  references: 'Références : chaque enregistrement désigné existe',
  records: 'Enregistrements par modèle : aucun n’est perdu',
  'trial-balance': 'Balance générale par compte et société',
  residual: 'Créances et dettes ouvertes par partenaire',
  'stock-on-hand': 'Stock disponible par article et emplacement interne',
  'stock-moves': 'Mouvements de stock faits par article et emplacement interne, entrées moins sorties',
  documents: 'Documents par état',
  active: 'Enregistrements actifs et archivés',
  users: 'Utilisateurs : identifiants, et lesquels sont actifs',
  companies: 'Sociétés et leurs devises',
  attachments: 'Pièces jointes par modèle : nombre et octets',
  'attachment-contents': 'Contenu des pièces jointes : sommes de contrôle',
  communication: 'Messages, abonnés et activités par modèle',
  translations: 'Traductions des enregistrements du client',
  'custom-fields': 'Valeurs des champs ajoutés par des personnes',
}
