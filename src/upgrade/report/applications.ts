import type { Language } from '../../words/language.ts'

/** Prefixes of modules and models, the longer ones first where one begins with another, with the word people know. */
const applications: readonly [prefix: string, name: string][] = [
  ['account', 'Accounting'],
  ['l10n', 'Accounting'],
  ['analytic', 'Accounting'],
  ['payment', 'Accounting'],
  ['sale', 'Sales'],
  ['crm', 'Sales'],
  ['sales_team', 'Sales'],
  ['purchase', 'Purchase'],
  ['stock', 'Inventory'],
  ['delivery', 'Inventory'],
  ['procurement', 'Inventory'],
  ['product', 'Products'],
  ['uom', 'Products'],
  ['decimal', 'Products'],
  ['mrp', 'Manufacturing'],
  ['repair', 'Manufacturing'],
  ['quality', 'Manufacturing'],
  ['maintenance', 'Manufacturing'],
  ['point_of_sale', 'Point of sale'],
  ['pos', 'Point of sale'],
  ['project', 'Projects'],
  ['note', 'Projects'],
  ['hr', 'Human resources'],
  ['resource', 'Human resources'],
  ['fleet', 'Human resources'],
  ['lunch', 'Human resources'],
  ['survey', 'Marketing and events'],
  ['event', 'Marketing and events'],
  ['marketing', 'Marketing and events'],
  ['mass_mailing', 'Marketing and events'],
  ['utm', 'Marketing and events'],
  ['website', 'Website'],
  ['portal', 'Website'],
  ['im_livechat', 'Website'],
  ['mail', 'Messages and calendar'],
  ['calendar', 'Messages and calendar'],
  ['base_calendar', 'Messages and calendar'],
  ['email', 'Messages and calendar'],
  ['fetchmail', 'Messages and calendar'],
  ['sms', 'Messages and calendar'],
  ['bus', 'Messages and calendar'],
  ['contacts', 'Contacts and users'],
  ['res', 'Contacts and users'],
  ['auth', 'Contacts and users'],
  ['base', 'System'],
  ['web', 'System'],
  ['ir', 'System'],
]

export const otherApplication = 'Other'

/** The application that a module ("sale_stock") or a model ("sale.order") belongs to, by the begin of its name. */
export function applicationOf(name: string): string {
  const flat = name.replaceAll('.', '_')
  let best: [string, string] | null = null
  for (const entry of applications)
    if ((flat === entry[0] || flat.startsWith(`${entry[0]}_`)) && entry[0].length > (best?.[0].length ?? 0))
      best = entry
  return best?.[1] ?? otherApplication
}

const french: Readonly<Record<string, string>> = {
  Accounting: 'Comptabilité',
  Sales: 'Ventes',
  Purchase: 'Achats',
  Inventory: 'Stock',
  Products: 'Articles',
  Manufacturing: 'Fabrication',
  'Point of sale': 'Point de vente',
  Projects: 'Projets',
  'Human resources': 'Ressources humaines',
  'Marketing and events': 'Marketing et événements',
  Website: 'Site web',
  'Messages and calendar': 'Messages et agenda',
  'Contacts and users': 'Contacts et utilisateurs',
  System: 'Système',
  Other: 'Autres',
}

/** The name of an application in a reader's language. */
export function applicationIn(language: Language, name: string): string {
  return language === 'fr' ? (french[name] ?? name) : name
}
