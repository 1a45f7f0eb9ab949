import { copy, descendants, type Element, elements, isElement, startTag } from './arch.ts'
import { type Locator, LocatorError } from './locate.ts'

/**
 * Applies the instructions of an extending view to the tree of `locator`, as Odoo does: the root's instructions one after
 * the other, each where its locator points. Returns what is wrong; an instruction that finds its node nowhere is passed over.
 */
export function applyExtension(locator: Locator, extension: Element): string[] {
  const problems: string[] = []
  const instructions = [extension]
  for (let instruction = instructions.shift(); instruction; instruction = instructions.shift()) {
    if (instruction.tag === 'data' || instruction.tag === 'openerp' || instruction.tag === 'odoo') {
      instructions.push(...elements(instruction))
      continue
    }
    const problem = applyInstruction(locator, instruction)
    if (problem) problems.push(`${startTag(instruction)}: ${problem}`)
    locator.changed()
  }
  return problems
}

function applyInstruction(locator: Locator, instruction: Element): string | null {
  let node: Element | null
  try {
    node = locator.find(instruction)
  } catch (thrown) {
    if (thrown instanceof LocatorError) return thrown.message
    throw thrown
  }
  if (!node) return 'finds no node in the views before it'
  const position = instruction.attributes.get('position') ?? 'inside'
  switch (position) {
    case 'inside':
      insert(node, node.children.length, contents(locator, instruction, node))
      return null
    case 'before':
    case 'after': {
      if (!node.parent) return `cannot put anything ${position} the root`
      const added = contents(locator, instruction, node)
      insert(node.parent, node.parent.children.indexOf(node) + (position === 'after' ? 1 : 0), added)
      return null
    }
    case 'replace':
      return replace(locator, instruction, node)
    case 'attributes':
      for (const attribute of elements(instruction)) changeAttribute(node, attribute)
      return null
    case 'move':
      return 'can only stand inside another instruction'
    default:
      return `has the unknown position "${position}"`
  }
}

function replace(locator: Locator, instruction: Element, node: Element): string | null {
  if (instruction.attributes.get('mode') === 'inner') {
    node.children = []
    insert(node, 0, contents(locator, instruction, node))
    return null
  }
  const original = copy(node)
  const added = contents(locator, instruction, node)
  for (const element of added.filter(isElement).flatMap((top) => [...descendants(top)]))
    if (element.children.length === 1 && element.children[0] === '$0') {
      element.children = [original]
      original.parent = element
    }
  if (node.parent) {
    const { parent } = node
    const at = parent.children.indexOf(node)
    parent.children.splice(at, 1)
    node.parent = null
    insert(parent, at, added)
    return null
  }
  const root = added.find(isElement)
  if (!root) return 'would take the root away and put nothing in its place'
  root.parent = null
  locator.root = root
  return null
}

/** What an instruction brings: copies of its children, and in the place of each "move" the node that is moved. */
function contents(locator: Locator, instruction: Element, target: Element): (Element | string)[] {
  return instruction.children.flatMap((child): (Element | string)[] => {
    if (typeof child === 'string') return [child]
    if (child.attributes.get('position') !== 'move') return [copy(child)]
    const moved = locator.find(child)
    if (!moved?.parent || moved === target) return []
    moved.parent.children.splice(moved.parent.children.indexOf(moved), 1)
    moved.parent = null
    locator.changed()
    return [moved]
  })
}

function insert(parent: Element, at: number, added: (Element | string)[]): void {
  for (const node of added) if (typeof node !== 'string') node.parent = parent
  parent.children.splice(at, 0, ...added)
}

/** <attribute name="class" add="a" remove="b" separator=" "/> or <attribute name="string">text</attribute>. */
function changeAttribute(node: Element, attribute: Element): void {
  const name = attribute.attributes.get('name')
  if (!name) return
  const [add, remove] = [attribute.attributes.get('add'), attribute.attributes.get('remove')]
  const separator = attribute.attributes.get('separator') ?? ','
  if (add !== undefined || remove !== undefined) {
    const gone = new Set((remove ?? '').split(separator).map((part) => part.trim()))
    const kept = (node.attributes.get(name) ?? '')
      .split(separator)
      .map((part) => part.trim())
      .filter((part) => part && !gone.has(part))
    const value = [...kept, ...(add ? [add] : [])].join(separator === ' ' ? ' ' : separator)
    if (value) node.attributes.set(name, value)
    else node.attributes.delete(name)
    return
  }
  const value = attribute.children.map((child) => (typeof child === 'string' ? child : '')).join('')
  if (value) node.attributes.set(name, value)
  else node.attributes.delete(name)
}
