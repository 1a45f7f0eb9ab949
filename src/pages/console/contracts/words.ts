import type { ContractField } from '../../../requests/contract-fields.ts'
import { catalogue, countedIn } from '../../../words/language.ts'

/** What the pages of contracts say. */
export const contractWords = catalogue<{
  title: string
  lead: string
  find: string
  fields: Readonly<Record<ContractField, string>>
  hints: Readonly<Record<Exclude<ContractField, 'email' | 'name'>, string>>
  problems: Readonly<Record<ContractField, string>>
  status: string
  statuses: Readonly<Record<'valid' | 'revoked' | 'expired', string>>
  requests: string
  atWork: string
  stored: string
  limits: string
  atOnce: (count: number) => string
  upTo: (bytes: string) => string
  until: (day: string) => string
  change: string
  changeOne: (code: string) => string
  add: string
  addLead: string
  revoke: string
  revokeTitle: (code: string) => string
  revokeHint: string
  restore: string
  restoreHint: string
  import: string
  importHint: string
  importFile: string
  importDo: string
  importFailed: string
  importProblems: {
    empty: string
    code: string
    open: string
    quote: string
    column: (name: string, all: string) => string
    twice: (name: string) => string
    fields: (found: number, columns: number) => string
    field: (name: string, problem: string) => string
    repeated: (code: string, line: number) => string
    long: (most: string) => string
    large: (most: string) => string
  }
  imported: (added: number, updated: number) => string
  line: string
  problem: string
  more: (count: number) => string
  count: (count: number) => string
  none: string
  seeRequests: string
  outcomes: Readonly<
    Record<
      'added' | 'restored' | 'changed' | 'revoked' | 'exists' | 'unknown',
      { good: boolean; sentence: string }
    >
  >
}>({
  en: {
    title: 'Contracts',
    lead: 'Who gives the code of a contract may send requests. What is changed here counts at once.',
    find: 'Find a contract',
    fields: {
      code: 'Code',
      name: 'Name',
      email: 'E-mail',
      expires: 'Last day',
      max_in_progress: 'Requests at the same time',
      max_bytes: 'Size of one upload',
    },
    hints: {
      code: 'As M123456-abcdef: letters, digits and . _ ~ -, best one that nobody guesses.',
      expires: 'In UTC. Empty: it does not end.',
      max_in_progress: 'Waiting or at work. Empty: no limit.',
      max_bytes: 'As 5GB or 500 MiB. Empty: the limit of the installation.',
    },
    problems: {
      code: 'A code has 1 to 64 letters, digits and . _ ~ - and begins with a letter or digit.',
      name: 'The name has to be one line of at most 200 characters.',
      email: 'This is no e-mail address.',
      expires: 'This is no day, as 2027-12-31.',
      max_in_progress: 'This has to be a whole number from 1 on.',
      max_bytes: 'This has to be a size, as 5GB or 500 MiB.',
    },
    status: 'Status',
    statuses: { valid: 'Valid', revoked: 'Revoked', expired: 'Expired' },
    requests: 'Requests',
    atWork: 'at work',
    stored: 'Stored',
    limits: 'Limits',
    atOnce: (count) => `${count} at the same time`,
    upTo: (bytes) => `uploads up to ${bytes}`,
    until: (day) => `until ${day}`,
    change: 'Change',
    changeOne: (code) => `Change contract ${code}`,
    add: 'Add a contract',
    addLead: 'One that was revoked is restored.',
    revoke: 'Revoke',
    revokeTitle: (code) => `Revoke contract ${code}`,
    revokeHint: 'It makes no new requests then. Those that it made stay and can be finished.',
    restore: 'Restore',
    restoreHint: 'This contract was revoked. Restored, it makes new requests again.',
    import: 'Import from a file',
    importHint:
      'CSV in UTF-8; the first line names the columns: code, name, email, expires, max_in_progress, max_bytes. Contracts that exist are updated. When a line is wrong, nothing is imported.',
    importFile: 'CSV file',
    importDo: 'Import',
    importFailed: 'Nothing was imported',
    importProblems: {
      empty: 'The file is empty: its first line has to name the columns.',
      code: 'The column code is missing: the first line names the columns, with commas in between.',
      open: 'A quote is opened and never closed.',
      quote:
        'A quote stands where none may be: put the whole field into quotes, and double those inside. The rest was not read.',
      column: (name, all) => `“${name}” is no column: there are ${all}.`,
      twice: (name) => `The column ${name} stands there twice.`,
      fields: (found, columns) => `Fields: ${found}. Columns: ${columns}.`,
      field: (name, problem) => `${name}: ${problem}`,
      repeated: (code, line) => `The contract ${code} stands in line ${line} already.`,
      long: (most) => `There are more than ${most} characters, or a quote that is not closed.`,
      large: (most) => `The file has more than ${most}.`,
    },
    imported: (added, updated) => `Imported: ${added} added, ${updated} updated.`,
    line: 'Line',
    problem: 'What is wrong',
    more: (count) => `and ${count} more`,
    count: (count) => countedIn('en', count, 'contract'),
    none: 'No contract fits.',
    seeRequests: 'Its requests',
    outcomes: {
      added: { good: true, sentence: 'The contract is added.' },
      restored: { good: true, sentence: 'The contract is restored.' },
      changed: { good: true, sentence: 'The contract is changed.' },
      revoked: { good: true, sentence: 'The contract is revoked; its requests stay.' },
      exists: { good: false, sentence: 'There is a contract of this code already: change that one.' },
      unknown: { good: false, sentence: 'There is no contract of this code any more.' },
    },
  },
  fr: {
    title: 'Contrats',
    lead: 'Qui donne le code d’un contrat peut envoyer des demandes. Ce qui est modifié ici compte aussitôt.',
    find: 'Chercher un contrat',
    fields: {
      code: 'Code',
      name: 'Nom',
      email: 'E-mail',
      expires: 'Dernier jour',
      max_in_progress: 'Demandes en même temps',
      max_bytes: 'Taille d’un envoi',
    },
    hints: {
      code: 'Comme M123456-abcdef : lettres, chiffres et . _ ~ -, de préférence impossible à deviner.',
      expires: 'En UTC. Vide : il ne se termine pas.',
      max_in_progress: 'En attente ou en cours. Vide : sans limite.',
      max_bytes: 'Comme 5GB ou 500 MiB. Vide : la limite de l’installation.',
    },
    problems: {
      code: 'Un code a de 1 à 64 lettres, chiffres et . _ ~ - et commence par une lettre ou un chiffre.',
      name: 'Le nom doit tenir sur une ligne de 200 caractères au plus.',
      email: 'Ce n’est pas une adresse e-mail.',
      expires: 'Ce n’est pas une date, comme 2027-12-31.',
      max_in_progress: 'Il faut un nombre entier à partir de 1.',
      max_bytes: 'Il faut une taille, comme 5GB ou 500 MiB.',
    },
    status: 'Statut',
    statuses: { valid: 'Valable', revoked: 'Révoqué', expired: 'Expiré' },
    requests: 'Demandes',
    atWork: 'en cours',
    stored: 'Conservé',
    limits: 'Limites',
    atOnce: (count) => `${count} en même temps`,
    upTo: (bytes) => `envois jusqu’à ${bytes}`,
    until: (day) => `jusqu’au ${day}`,
    change: 'Modifier',
    changeOne: (code) => `Modifier le contrat ${code}`,
    add: 'Ajouter un contrat',
    addLead: 'Un contrat révoqué est rétabli.',
    revoke: 'Révoquer',
    revokeTitle: (code) => `Révoquer le contrat ${code}`,
    revokeHint:
      'Il ne fait alors plus de nouvelles demandes. Celles qu’il a faites restent et peuvent se terminer.',
    restore: 'Rétablir',
    restoreHint: 'Ce contrat a été révoqué. Rétabli, il pourra de nouveau faire des demandes.',
    import: 'Importer un fichier',
    importHint:
      'CSV en UTF-8 ; la première ligne nomme les colonnes : code, name, email, expires, max_in_progress, max_bytes. Les contrats existants sont mis à jour. Si une ligne est fausse, rien n’est importé.',
    importFile: 'Fichier CSV',
    importDo: 'Importer',
    importFailed: 'Rien n’a été importé',
    importProblems: {
      empty: 'Le fichier est vide : sa première ligne doit nommer les colonnes.',
      code: 'La colonne code manque : la première ligne nomme les colonnes, séparées par des virgules.',
      open: 'Un guillemet est ouvert et jamais fermé.',
      quote:
        'Un guillemet se trouve là où il ne peut pas y en avoir : mettez tout le champ entre guillemets et doublez ceux qu’il contient. Le reste n’a pas été lu.',
      column: (name, all) => `« ${name} » n’est pas une colonne : il y a ${all}.`,
      twice: (name) => `La colonne ${name} apparaît deux fois.`,
      fields: (found, columns) => `Champs : ${found}. Colonnes : ${columns}.`,
      field: (name, problem) => `${name} : ${problem}`,
      repeated: (code, line) => `Le contrat ${code} se trouve déjà à la ligne ${line}.`,
      long: (most) => `Il y a plus de ${most} caractères, ou un guillemet qui n’est pas fermé.`,
      large: (most) => `Le fichier dépasse ${most}.`,
    },
    imported: (added, updated) =>
      `Contrats importés : ${countedIn('fr', added, 'ajouté')}, ${countedIn('fr', updated, 'mis à jour', 'mis à jour')}.`,
    line: 'Ligne',
    problem: 'Ce qui ne va pas',
    more: (count) => `et ${count} de plus`,
    count: (count) => countedIn('fr', count, 'contrat'),
    none: 'Aucun contrat ne correspond.',
    seeRequests: 'Ses demandes',
    outcomes: {
      added: { good: true, sentence: 'Le contrat est ajouté.' },
      restored: { good: true, sentence: 'Le contrat est rétabli.' },
      changed: { good: true, sentence: 'Le contrat est modifié.' },
      revoked: { good: true, sentence: 'Le contrat est révoqué ; ses demandes restent.' },
      exists: { good: false, sentence: 'Il y a déjà un contrat avec ce code : modifiez celui-là.' },
      unknown: { good: false, sentence: 'Il n’y a plus de contrat avec ce code.' },
    },
  },
})
