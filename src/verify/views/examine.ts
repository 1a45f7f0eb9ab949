import { descendants, type Element, elements, startTag } from './arch.ts'
import type { Fields } from './fields.ts'

/** What a combined architecture is held against. */
export interface Surroundings {
  series: number
  fields: Fields
  /** Ids of all actions. */
  actions: ReadonlySet<number>
  /** Xmlids and keys that a template can be called by, and ids of views as text. */
  templates: ReadonlySet<string>
  /** Xmlids of actions. */
  actionXmlids: ReadonlySet<string>
}

const viewTags = new Set([
  'form', 'tree', 'list', 'kanban', 'calendar', 'graph', 'pivot', 'gantt', 'activity', 'cohort', 'map', 'hierarchy', 'diagram',
]) // biome-ignore format: a list reads better in few lines

/** What a view names that is not there: fields of the model, actions of buttons; and what the version reads no more. */
export function examineArch(root: Element, model: string, around: Surroundings): string[] {
  const problems = new Set<string>()
  const walk = (element: Element, model: string | null): void => {
    examineAttributes(element, around, problems)
    if (element.tag === 'button' || element.tag === 'action') examineAction(element, around, problems)
    if (element.tag === 'filter' || element.tag === 'field') examineDomains(element, model, around, problems)
    const inner = innerModel(element, model, around, problems)
    for (const child of elements(element)) {
      // Below a field stand views of its relation; anything else there is only looked at in the oldest search views.
      if (element.tag !== 'field' || viewTags.has(child.tag)) walk(child, inner)
      else if (root.tag === 'search') walk(child, model)
    }
  }
  if (!around.fields.hasModel(model)) return [`its model ${model} is not in the registry`]
  if (around.series >= 18 && root.tag === 'tree') problems.add('is a <tree>, which is <list> from 18.0 on')
  examineRoot(root, model, around, problems)
  walk(root, model)
  return [...problems]
}

/** Checks the field that an element names and gives the model for what stands below it. */
function innerModel(
  element: Element,
  model: string | null,
  { fields }: Surroundings,
  problems: Set<string>,
): string | null {
  const name = element.attributes.get('name')
  if ((element.tag === 'node' || element.tag === 'arrow') && element.attributes.has('object'))
    return element.attributes.get('object')!
  if (element.tag !== 'field' && element.tag !== 'groupby') return model
  if (!name || !model || !fields.hasModel(model)) return model && fields.hasModel(model) ? model : null
  if (!fields.has(model, name)) {
    problems.add(`field "${name}" is not on ${model}`)
    return null
  }
  return fields.relation(model, name)
}

const rootFields = [
  'date_start',
  'date_stop',
  'date_delay',
  'date_deadline',
  'all_day',
  'default_group_by',
  'parent_field',
  'child_field',
]

function examineRoot(root: Element, model: string, { fields }: Surroundings, problems: Set<string>): void {
  for (const attribute of rootFields) {
    const name = root.attributes.get(attribute)
    // "create_date:month" groups by a part of the value; a path leads to another model.
    if (name && /^\w+(:\w+)?$/.test(name) && !fields.has(model, name.split(':')[0]!))
      problems.add(`${attribute}="${name}" names no field of ${model}`)
  }
}

function examineAttributes(element: Element, { series }: Surroundings, problems: Set<string>): void {
  if (series < 17) return
  for (const name of ['attrs', 'states'])
    if (element.attributes.has(name))
      problems.add(
        `${startTag({ ...element, attributes: onlyNames(element) })} has ${name}, which is not read from 17.0 on`,
      )
}

function onlyNames({ attributes }: Element): Map<string, string> {
  return new Map([...attributes].filter(([name]) => name === 'name'))
}

function examineAction(
  element: Element,
  { actions, actionXmlids }: Surroundings,
  problems: Set<string>,
): void {
  const name = element.attributes.get('name')?.trim()
  if (!name || (element.tag === 'button' && element.attributes.get('type') !== 'action')) return
  if (element.tag === 'action' && !/^\d+$/.test(name)) return
  if (/^\d+$/.test(name) ? actions.has(Number(name)) : actionXmlids.has(name)) return
  problems.add(`${element.tag} names the action ${name}, which does not exist`)
}

const TERM =
  /[([]\s*(['"])([A-Za-z_]\w*)(?:\.[\w.]+)?\1\s*,\s*(['"])(?:=|!=|<>|<=|>=|<|>|=\?|(?:not )?(?:in|like|ilike)|=i?like|child_of|parent_of|any|not any)\3/g
const GROUP = /['"]group_by['"]\s*:\s*(['"])(\w+)(?::\w+)?\1/g

/** Fields in the domain and the grouping of filters. */
function examineDomains(
  element: Element,
  model: string | null,
  { fields }: Surroundings,
  problems: Set<string>,
): void {
  if (!model || !fields.hasModel(model)) return
  const domain = element.attributes.get(element.tag === 'filter' ? 'domain' : 'filter_domain')
  // A condition on the records that a field leads to has a domain of their model inside.
  const nested = domain !== undefined && /['"](?:not )?any['"]/.test(domain)
  if (!nested)
    for (const [, , name] of domain?.matchAll(TERM) ?? [])
      if (!fields.has(model, name!))
        problems.add(`a filter's domain names "${name}", which is not on ${model}`)
  if (element.tag !== 'filter') return
  for (const [, , name] of element.attributes.get('context')?.matchAll(GROUP) ?? [])
    if (!fields.has(model, name!)) problems.add(`a filter groups by "${name}", which is not on ${model}`)
}

/** Templates that a template calls. */
export function examineTemplate(root: Element, { templates }: Surroundings): string[] {
  const problems = new Set<string>()
  for (const element of descendants(root)) {
    const name = element.attributes.get('t-call')?.trim()
    // Names that are put together when the template runs cannot be known.
    if (name && !/[{}#$]/.test(name) && name !== '0' && !templates.has(name))
      problems.add(`calls the template ${name}, which does not exist`)
  }
  return [...problems]
}
