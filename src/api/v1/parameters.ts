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

/** An array counts as a parameter that is repeated; 8.0 as a number has lost its ".0". */
function jsonPair([name, value]: [string, unknown]): [string, string][] {
  if (value === null) return []
  if (Array.isArray(value)) return value.flatMap((item: unknown) => jsonPair([name, item]))
  if (name === 'target' && typeof value === 'number' && Number.isInteger(value))
    return [[name, value.toFixed(1)]]
  return [[name, typeof value === 'object' ? JSON.stringify(value) : String(value)]]
}
