import type { IncomingMessage } from 'node:http'
import { Readable } from 'node:stream'
import { Refusal } from '../refusal.ts'
import { hasBody, readBody } from './body.ts'
import { formPairs } from './form.ts'
import { isMultipart, readMultipart } from './multipart.ts'

/** Parameters of a call by name, trimmed and never empty. */
export type Parameters = ReadonlyMap<string, string>

/** The last value that is not empty counts. */
export function parametersOf(pairs: Iterable<readonly [name: string, value: string]>): Parameters {
  const parameters = new Map<string, string>()
  for (const [name, value] of pairs) if (value.trim() !== '') parameters.set(name, value.trim())
  return parameters
}

export function queryPairs(request: IncomingMessage): [string, string][] {
  const url = request.url ?? ''
  const at = url.indexOf('?')
  return at === -1 ? [] : formPairs(url.slice(at + 1))
}

/**
 * The parameters of a small call: of its query string, and after them those of its body in whatever form it has.
 * @throws Refusal BODY:INVALID, BODY:TOO_LARGE
 */
export async function readParameters(
  request: IncomingMessage,
  contentType: string | undefined,
): Promise<Parameters> {
  const pairs = hasBody(request) ? await bodyPairs(await readBody(request), contentType) : []
  return parametersOf([...queryPairs(request), ...pairs])
}

async function bodyPairs(body: Buffer, contentType: string | undefined): Promise<[string, string][]> {
  if (isMultipart(contentType)) {
    const { fields, file } = await readMultipart(contentType, Readable.from([body], { objectMode: false }))
    file?.destroy()
    return fields
  }
  const text = new TextDecoder().decode(body).trim()
  const saysJson = /^[^;]*\bjson\b/i.test(contentType ?? '')
  if (text === '') return []
  // Clients that forget the type of their JSON send it as a form.
  if (saysJson || text.startsWith('{')) {
    const object = jsonObject(text)
    if (object !== null) return Object.entries(object).flatMap(jsonPair)
    if (saysJson) throw new Refusal('BODY:INVALID', 'The body is no JSON object.')
  }
  return formPairs(text)
}

function jsonObject(text: string): object | null {
  try {
    const value: unknown = JSON.parse(text)
    return typeof value === 'object' && value !== null && !Array.isArray(value) ? value : null
  } catch {
    return null
  }
}

/** Stands for what is no text: every parameter says of a control character that it is invalid. */
const NO_TEXT = '\u0001'

/** An array counts as a parameter that is repeated. */
function jsonPair([name, value]: [string, unknown]): [string, string][] {
  const items: unknown[] = Array.isArray(value) ? value : [value]
  return items.filter((item) => item !== null).map((item) => [name, textOf(name, item)])
}

/** 8.0 as a number has lost its ".0". What is nested deeper is not looked at. */
function textOf(name: string, value: unknown): string {
  if (typeof value === 'object') return NO_TEXT
  return name === 'target' && typeof value === 'number' && Number.isInteger(value)
    ? value.toFixed(1)
    : String(value)
}
