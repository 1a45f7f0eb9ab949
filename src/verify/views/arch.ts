import { XmlDocument, XmlLibError } from 'libxml2-wasm'

/** An element of a view's architecture; text between elements stands among the children as it is. */
export interface Element {
  tag: string
  attributes: Map<string, string>
  children: (Element | string)[]
  parent: Element | null
}

/** Longer architectures are not views; the largest of Odoo's own has some 200 kB. */
export const MAX_ARCH = 4_000_000

/** The architecture is no XML that can be read; the message says why. */
export class ArchError extends Error {}

/**
 * Reads an architecture. libxml2 decides whether it is well-formed (no document type, so no entities, and nothing is
 * fetched); the tree is built here, because the one of libxml2 cannot move nodes.
 */
export function parseArch(text: string): Element {
  if (text.length > MAX_ARCH) throw new ArchError(`it is longer than ${MAX_ARCH} characters`)
  const xml = text.replace(/^\s*<\?xml[^>]*\?>/, '').trim()
  if (xml === '') throw new ArchError('it is empty')
  if (/<!DOCTYPE/i.test(xml)) throw new ArchError('it has a document type')
  try {
    XmlDocument.fromString(xml).dispose()
  } catch (cause) {
    if (!(cause instanceof XmlLibError)) throw cause
    throw new ArchError(`it is no well-formed XML: ${cause.message.trim().split('\n')[0]}`, { cause })
  }
  return buildTree(xml)
}

const TOKEN =
  /<!--[\s\S]*?-->|<!\[CDATA\[([\s\S]*?)\]\]>|<\?[\s\S]*?\?>|<\/[^>]*>|<([^\s/>]+)((?:\s+[^\s=]+\s*=\s*(?:"[^"]*"|'[^']*'))*)\s*(\/?)>|[^<]+/g
const ATTRIBUTE = /([^\s=]+)\s*=\s*(?:"([^"]*)"|'([^']*)')/g

/** Only for text that libxml2 found well-formed. */
function buildTree(xml: string): Element {
  const document: Element = { tag: '', attributes: new Map(), children: [], parent: null }
  let current = document
  for (const [token, cdata, tag, attributes, empty] of xml.matchAll(TOKEN)) {
    if (tag !== undefined) {
      const element: Element = {
        tag,
        attributes: readAttributes(attributes ?? ''),
        children: [],
        parent: current,
      }
      current.children.push(element)
      if (!empty) current = element
    } else if (token.startsWith('</')) current = current.parent ?? document
    else if (cdata !== undefined) current.children.push(cdata)
    else if (!token.startsWith('<')) current.children.push(unquote(token))
  }
  const root = document.children.find(isElement)
  if (!root) throw new ArchError('it has no element')
  root.parent = null
  return root
}

function readAttributes(text: string): Map<string, string> {
  const attributes = new Map<string, string>()
  for (const [, name, double, single] of text.matchAll(ATTRIBUTE))
    attributes.set(name!, unquote(double ?? single!))
  return attributes
}

const named: Record<string, string> = { lt: '<', gt: '>', amp: '&', quot: '"', apos: "'" }

function unquote(text: string): string {
  if (!text.includes('&')) return text
  return text.replace(/&(?:#x([0-9a-f]+)|#(\d+)|(\w+));/gi, (all, hex, decimal, name) =>
    name ? (named[name] ?? all) : String.fromCodePoint(Number.parseInt(hex ?? decimal, hex ? 16 : 10)),
  )
}

export function isElement(node: Element | string): node is Element {
  return typeof node !== 'string'
}

export function elements(element: Element): Element[] {
  return element.children.filter(isElement)
}

/** The element and all below it, in document order. */
export function* descendants(element: Element): Generator<Element> {
  yield element
  for (const child of element.children) if (typeof child !== 'string') yield* descendants(child)
}

export function copy(element: Element, parent: Element | null = null): Element {
  const twin: Element = { tag: element.tag, attributes: new Map(element.attributes), children: [], parent }
  twin.children = element.children.map((child) => (typeof child === 'string' ? child : copy(child, twin)))
  return twin
}

/** The start tag, for messages: <xpath expr="//field" position="after">. */
export function startTag({ tag, attributes }: Element): string {
  return `<${[tag, ...[...attributes].map(([name, value]) => `${name}="${value}"`)].join(' ')}>`.slice(0, 200)
}
