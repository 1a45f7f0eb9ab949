import { boundedBody } from '../bounded-body.ts'
import { Fault, FormatError, readAnswer, type Value, writeCall } from './values.ts'

/** Milliseconds in which Odoo has to answer a call. */
const TIMEOUT = 20_000
/** Bytes of an answer that are read. */
const LONGEST_ANSWER = 4 * 1024 * 1024

/** An answer that is none of XML-RPC: the service is not there, or something else is. */
export class HttpError extends Error {
  readonly status: number

  constructor(status: number) {
    super(`Odoo answered with HTTP ${status}.`)
    this.status = status
  }
}

/** Calls a method of one of Odoo's services. @throws Fault, HttpError, FormatError, and what the network throws */
export async function call(
  url: string,
  method: string,
  params: readonly Value[],
  signal: AbortSignal,
): Promise<Value> {
  const response = await fetch(url, {
    method: 'POST',
    body: writeCall(method, params),
    redirect: 'manual',
    headers: { 'content-type': 'text/xml', 'user-agent': 'Uplift' },
    signal: AbortSignal.any([signal, AbortSignal.timeout(TIMEOUT)]),
  })
  if (!response.ok) {
    await response.body?.cancel()
    throw new HttpError(response.status)
  }
  return readAnswer(await boundedBody(response, LONGEST_ANSWER))
}

/** Whether a service answered, but not as one that knows the call would. */
export function isNotKnown(thrown: unknown): boolean {
  return thrown instanceof Fault || thrown instanceof FormatError || thrown instanceof HttpError
}
