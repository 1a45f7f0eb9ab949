import { type ErrorCode, errorCodes } from '../errors.ts'
import { type Html, html } from '../words/html.ts'
import { catalogue, type Language } from '../words/language.ts'

const meanings = catalogue<Readonly<Record<ErrorCode, string>>>({
  en: errorCodes,
  fr: {
    'DUMP:MISSING': 'Il n’y a pas de fichier à l’emplacement indiqué.',
    'DUMP:EMPTY': 'Le fichier est vide.',
    'DUMP:TRUNCATED': 'Le fichier se termine avant la sauvegarde : il a été coupé en chemin.',
    'DUMP:CORRUPT': 'Les octets contredisent le format : le fichier a été abîmé.',
    'DUMP:ENCRYPTED': 'L’archive est chiffrée ; elle doit être envoyée sans mot de passe.',
    'DUMP:FOREIGN': 'Le fichier n’est pas une sauvegarde PostgreSQL d’une forme connue.',
    'DUMP:UNSUPPORTED': 'La sauvegarde est d’une forme que cette version ne lit pas.',
    'DUMP:HOSTILE':
      'Le fichier contient quelque chose dont une sauvegarde n’a jamais besoin, comme un chemin qui mène ailleurs.',
    'DUMP:BOMB': 'Le fichier se décompresse en bien plus que sa taille ne peut honnêtement contenir.',
    'DUMP:NOT_ODOO': 'La sauvegarde est celle d’une base qui n’est ni Odoo ni OpenERP.',
    'LOAD:REFUSED': 'Une instruction de la sauvegarde n’est pas permise et le reste ne peut s’en passer.',
    'LOAD:DATA': 'PostgreSQL n’a pas accepté les données d’une table.',
    'VERSION:UNKNOWN': 'La version n’est pas connue.',
    'VERSION:NOT_NEWER': 'La cible n’est pas plus récente que la base.',
    'VERSION:UNSUPPORTED': 'Il manque un passage sur le chemin entre les deux versions.',
    'REFERENCE:UNUSABLE': 'La référence n’est pas une base neuve de la version qu’elle représente.',
    'CATALOGUE:MISSING': 'Il n’y a pas de catalogue de cette version.',
    'UPGRADE:CONSTRAINT':
      'Des lignes de la base mise à niveau violent une contrainte de la cible et aucune règle ne les corrige.',
    'UPGRADE:VERIFY': 'La vérification de la base mise à niveau a trouvé des violations.',
    'CLUSTER:MISSING': 'Les programmes d’un serveur PostgreSQL n’ont pas été trouvés sur cette machine.',
    'CLUSTER:START': 'Le serveur PostgreSQL de travail n’a pas démarré.',
    'CLUSTER:UNREACHABLE': 'Le serveur PostgreSQL nommé par UPLIFT_PG_URL est injoignable.',
    'DISK:FULL': 'Il n’y a plus de place sur le disque.',
    'OUTPUT:EXISTS': 'Le résultat ne peut pas être écrit là où il a été demandé.',
    'OUTPUT:UNSUPPORTED': 'Le résultat ne peut pas être écrit dans la version ou le format demandé.',
    'CONFIG:INVALID': 'Un paramètre du service n’est pas valable.',
    'STORAGE:MISSING': 'Un fichier n’est plus dans le stockage.',
    'STORAGE:UNREACHABLE': 'Le stockage ne peut être ni lu ni écrit.',
    'DATABASE:NEWER': 'La base du service a été faite par une version plus récente du produit.',
    'CONTRACT:INVALID': 'Ce qui a été dit d’un contrat n’est pas valable.',
    'CONTRACT:EXISTS': 'Il y a déjà un contrat avec ce code.',
    'CONTRACT:UNKNOWN': 'Il n’y a pas de contrat avec ce code.',
    'REQUEST:CRASHED': 'Le travail sur une demande s’est arrêté plusieurs fois sans finir une étape.',
    'REQUEST:FAILED': 'La mise à niveau d’une demande a échoué sur la plateforme.',
    'REQUEST:CANCELLED': 'La demande a été annulée.',
    'REMOTE:UNREACHABLE': 'Le serveur d’une plateforme de mise à niveau ne répond pas.',
    'REMOTE:REFUSED': 'La plateforme de mise à niveau a refusé un appel.',
    'REMOTE:ANSWER': 'Ce qui répond n’est pas une plateforme, ou n’a pas ce qui a été demandé.',
    'REMOTE:DAMAGED': 'Ce qui a été téléchargé n’est pas ce que la plateforme a envoyé.',
    'USAGE:INVALID': 'Une option ou un argument de la commande n’est pas valable.',
    INTERRUPTED: 'Le travail a été arrêté de l’extérieur avant d’être fini.',
    INTERNAL: 'Quelque chose a échoué qui ne devrait pas ; c’est un défaut du produit.',
  },
})

/** What a failure's code means; null for one that is not known. */
export function meaningOf(language: Language, code: string): string | null {
  return Object.hasOwn(errorCodes, code) ? meanings(language)[code as ErrorCode] : null
}

/** What the product wrote down in English, marked as such on the pages of other languages. */
export function english(language: Language, text: string): Html {
  return language === 'en' ? html`${text}` : html`<span lang="en">${text}</span>`
}
