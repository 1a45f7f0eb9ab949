import { XmlDocument, XmlElement, XmlError, XmlXPath } from 'libxml2-wasm'
import { descendants, type Element } from './arch.ts'

/** A locator that cannot be understood at all: an XPath that is none. */
export class LocatorError extends Error {}

/** Longer expressions, or ones with more searches through the whole tree, could take for ever on purpose. */
const MAX_EXPRESSION = 2000
const MAX_SEARCHES = 12

/**
 * Finds nodes of one view's tree. Simple paths are walked here; others are given to libxml2, on a copy of the tree that
 * is made again only when the tree has changed.
 */
export class Locator {
  #root: Element
  #document: XmlDocument | null = null
  #numbered: Element[] = []

  constructor(root: Element) {
    this.#root = root
  }

  get root(): Element {
    return this.#root
  }

  set root(root: Element) {
    this.#root = root
    this.changed()
  }

  /** Has to be called when the tree was changed. */
  changed(): void {
    this.#document?.dispose()
    this.#document = null
  }

  /**
   * The node that an inheritance instruction is about: by XPath, by a field's name, or else the first element of the same
   * tag that has all attributes of the instruction. Null when there is none. Throws LocatorError.
   */
  find(instruction: Element): Element | null {
    if (instruction.tag === 'xpath') return this.byPath(instruction.attributes.get('expr') ?? '')
    const wanted =
      instruction.tag === 'field'
        ? [['name', instruction.attributes.get('name')] as const]
        : [...instruction.attributes].filter(([name]) => name !== 'position' && name !== 'version')
    for (const element of descendants(this.#root))
      if (
        element.tag === instruction.tag &&
        wanted.every(([name, value]) => element.attributes.get(name) === value)
      )
        return element
    return null
  }

  byPath(expression: string): Element | null {
    const simple = /^\.?\/\/([A-Za-z_][\w-]*)(?:\[@([A-Za-z_][\w-]*)\s*=\s*(?:'([^']*)'|"([^"]*)")\])?$/.exec(
      expression.trim(),
    )
    if (!simple) return this.#evaluate(expression)
    const [, tag, attribute, single, double] = simple
    const value = single ?? double
    // A relative search starts below the root.
    for (const element of descendants(this.#root))
      if (element.tag === tag && (attribute === undefined || element.attributes.get(attribute) === value))
        if (element !== this.#root || !expression.trim().startsWith('.')) return element
    return null
  }

  #evaluate(expression: string): Element | null {
    if (expression.trim() === '') throw new LocatorError('it has no expression')
    if (expression.length > MAX_EXPRESSION || (expression.match(/\/\/|::/g)?.length ?? 0) > MAX_SEARCHES)
      throw new LocatorError('its expression is longer than any that views need')
    this.#document ??= XmlDocument.fromString(this.#serialize())
    let path: XmlXPath | undefined
    try {
      path = XmlXPath.compile(withoutHasclass(expression))
      const node = this.#document.root.find(path).find((found) => found instanceof XmlElement)
      if (!(node instanceof XmlElement)) return null
      return this.#numbered[Number(node.attr(NUMBER)?.value)] ?? null
    } catch (cause) {
      if (!(cause instanceof XmlError)) throw cause
      throw new LocatorError(`its expression is no XPath: ${cause.message.trim()}`, { cause })
    } finally {
      path?.dispose()
    }
  }

  #serialize(): string {
    this.#numbered = []
    const parts: string[] = []
    const write = (element: Element): void => {
      parts.push(`<${element.tag} ${NUMBER}="${this.#numbered.length}"`)
      this.#numbered.push(element)
      for (const [name, value] of element.attributes) parts.push(` ${name}="${quote(value)}"`)
      parts.push('>')
      for (const child of element.children) {
        if (typeof child === 'string') parts.push(quote(child))
        else write(child)
      }
      parts.push(`</${element.tag}>`)
    }
    write(this.#root)
    return parts.join('')
  }
}

/** The attribute that leads from a node of libxml2 to the one of the tree. */
const NUMBER = 'uplift-number'

function quote(text: string): string {
  return text.replace(/[&<>"]/g, (character) => `&#${character.charCodeAt(0)};`)
}

/** Odoo's own XPath function hasclass('a', 'b'), said in XPath 1.0. */
export function withoutHasclass(expression: string): string {
  return expression.replace(/hasclass\(([^()]*)\)/g, (_, names: string) => {
    const classes = [...names.matchAll(/'([^']*)'|"([^"]*)"/g)].map(([, single, double]) => single ?? double!)
    return `(${classes.map((name) => `contains(concat(' ', normalize-space(@class), ' '), ' ${name} ')`).join(' and ')})`
  })
}
