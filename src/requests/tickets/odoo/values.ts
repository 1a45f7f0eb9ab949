import { XmlDocument, XmlElement, XmlLibError } from 'libxml2-wasm'

/** What XML-RPC can say, as far as Odoo says it. Times come as text, binaries as base64. */
export type Value = string | number | boolean | null | Value[] | { [name: string]: Value }

/** What was answered is no XML-RPC. */
export class FormatError extends Error {}

/** The server's own word that a call failed. */
export class Fault extends Error {
  /** A number, or a text in versions before 6.1. */
  readonly faultCode: string | number

  constructor(faultCode: string | number, message: string) {
    super(message)
    this.faultCode = faultCode
  }
}

/** Arrays and structs in each other; nothing that is asked for has more than a few. */
const DEEPEST = 40

/** A call as XML-RPC (http://xmlrpc.com/spec.md) writes it, with <nil/> for null as Odoo takes it. */
export function writeCall(method: string, params: readonly Value[]): string {
  const list = params.map((param) => `<param>${writeValue(param)}</param>`).join('')
  return `<?xml version="1.0" encoding="UTF-8"?>\n<methodCall><methodName>${escaped(method)}</methodName><params>${list}</params></methodCall>`
}

function writeValue(value: Value): string {
  return `<value>${content(value)}</value>`
}

function content(value: Value): string {
  if (value === null) return '<nil/>'
  if (typeof value === 'string') return `<string>${escaped(value)}</string>`
  if (typeof value === 'boolean') return `<boolean>${value ? 1 : 0}</boolean>`
  if (typeof value === 'number') {
    if (!Number.isInteger(value)) return `<double>${value}</double>`
    if (value !== (value | 0)) throw new RangeError(`${value} is no integer of 32 bits.`)
    return `<int>${value}</int>`
  }
  if (Array.isArray(value)) return `<array><data>${value.map(writeValue).join('')}</data></array>`
  const members = Object.entries(value).map(
    ([name, member]) => `<member><name>${escaped(name)}</name>${writeValue(member)}</member>`,
  )
  return `<struct>${members.join('')}</struct>`
}

/** Text in XML; what XML 1.0 cannot say at all is left out. */
function escaped(text: string): string {
  return (
    text
      .toWellFormed()
      // biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what is looked for
      .replace(/[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]/g, '')
      .replace(/&/g, '&amp;')
      .replace(/</g, '&lt;')
      .replace(/>/g, '&gt;')
      .replace(/\r/g, '&#13;')
  )
}

/**
 * The value of an answer. A document type is refused, and with it every entity of one's own.
 * @throws Fault, FormatError
 */
export function readAnswer(text: string): Value {
  // The encoding was settled when the bytes became text; the declaration may name another.
  const xml = text.replace(/^\ufeff?\s*<\?xml[^>]*\?>/, '').trim()
  if (/<!DOCTYPE/i.test(xml)) throw new FormatError('The answer has a document type.')
  let document: XmlDocument
  try {
    document = XmlDocument.fromString(xml)
  } catch (cause) {
    if (!(cause instanceof XmlLibError)) throw cause
    throw new FormatError('The answer is no XML.', { cause })
  }
  try {
    return readResponse(document.root)
  } finally {
    document.dispose()
  }
}

function readResponse(root: XmlElement): Value {
  expect(root, 'methodResponse')
  const [part] = elements(root)
  if (part?.name === 'fault') {
    const fault = readValue(only(part, 'value'), 0)
    const { faultCode, faultString } =
      fault !== null && typeof fault === 'object' ? ({ ...fault } as Record<string, Value>) : {}
    throw new Fault(
      typeof faultCode === 'string' || typeof faultCode === 'number' ? faultCode : 0,
      sentenceOf(faultCode, faultString),
    )
  }
  if (part?.name !== 'params') throw new FormatError('The answer has neither a value nor a fault.')
  return readValue(only(only(part, 'param'), 'value'), 0)
}

/**
 * What a fault says to a person. Odoo puts a traceback into its text, whose last line is the error; the services of 6.1
 * and 7.0 have the sentence in the code.
 */
function sentenceOf(code: Value | undefined, text: Value | undefined): string {
  const lines = (value: Value | undefined) =>
    typeof value === 'string' ? value.split('\n').filter((line) => line.trim() !== '') : []
  return lines(text).at(-1)?.trim() ?? lines(code).join(' ')
}

function readValue(value: XmlElement, depth: number): Value {
  if (depth > DEEPEST) throw new FormatError('The answer is nested too deeply.')
  const [type] = elements(value)
  // Without a type it is text.
  if (!type) return value.content
  switch (type.name) {
    case 'string':
    case 'base64':
    case 'dateTime.iso8601':
      return type.content
    case 'int':
    case 'i4':
    case 'i8':
      return number(type.content, /^\s*[+-]?\d{1,15}\s*$/)
    case 'double':
      return number(type.content, /^\s*[+-]?\d[\d.eE+-]*\s*$/)
    case 'boolean':
      return type.content.trim() === '1'
    case 'nil':
      return null
    case 'array':
      return elements(only(type, 'data')).map((item) => readValue(expect(item, 'value'), depth + 1))
    case 'struct':
      return Object.fromEntries(
        elements(type).map((member) => [
          only(expect(member, 'member'), 'name', 'value').content,
          readValue(only(member, 'value', 'name'), depth + 1),
        ]),
      )
    default:
      throw new FormatError('The answer has a value of a type that is not known.')
  }
}

function number(text: string, form: RegExp): number {
  const value = Number(text)
  if (!form.test(text) || !Number.isFinite(value))
    throw new FormatError('The answer has a number that is none.')
  return value
}

function elements(parent: XmlElement): XmlElement[] {
  const found: XmlElement[] = []
  for (let node = parent.firstChild; node; node = node.next) if (node instanceof XmlElement) found.push(node)
  return found
}

/** The only child, which has this name; there may be one of another name beside it. */
function only(parent: XmlElement, name: string, beside?: string): XmlElement {
  const children = elements(parent).filter((child) => child.name !== beside)
  if (children.length !== 1) throw new FormatError(`The answer has not one <${name}> where one belongs.`)
  return expect(children[0]!, name)
}

function expect(element: XmlElement, name: string): XmlElement {
  if (element.name !== name) throw new FormatError(`The answer has no <${name}> where one belongs.`)
  return element
}
