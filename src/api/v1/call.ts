import type { FastifyRequest } from 'fastify'
import { findRequest } from '../../requests/find.ts'
import type { Failure, Request } from '../../requests/request.ts'
import type { ApiDeps } from '../deps.ts'
import type { Expectations } from '../expectations.ts'
import { failure } from '../failures.ts'
import type { Guesses } from '../guesses.ts'
import { Refusal } from '../refusal.ts'
import type { Traffic } from '../traffic.ts'
import { checkParameters } from './check.ts'
import type { Parameters } from './parameters.ts'
import { accessSchema } from './schemas.ts'

/** What the methods work with. */
export interface Calls {
  deps: ApiDeps
  /** Wrong pairs of request and key. */
  keys: Guesses
  /** Wrong contracts: apart, so that a client with an old key does not keep others from creating requests. */
  contracts: Guesses
  expectations: Expectations
  traffic: Traffic
}

export interface Answer {
  failures: Failure[]
  request?: object
}

/** The request that a call names, with the key that opened it. */
export interface Access {
  request: Request
  key: string
}

/** No request has it; asked for in place of what cannot be the id of one, so that this takes as long. */
const NO_REQUEST = 0

/**
 * Finds the request that the parameters name. A wrong id, a wrong key and the key of another request are one failure.
 * @throws Refusal GUESSES:TOO_MANY
 */
export async function access(
  { deps, keys }: Calls,
  call: FastifyRequest,
  parameters: Parameters,
): Promise<Access | Failure[]> {
  const { values, failures } = checkParameters(accessSchema, parameters)
  const { request: id, key } = values
  if (id === undefined || key === undefined) return failures
  const request = await findRequest(deps.database, requestId(id), key)
  if (request === null) {
    noteGuess(keys, call)
    return [failure('REQUEST:NOT_FOUND', `Can not find request ${printed(id)} with this key`, { code: id })]
  }
  call.upgrade = request.id
  return { request, key }
}

/** @throws Refusal GUESSES:TOO_MANY */
export function noteGuess(guesses: Guesses, call: FastifyRequest): void {
  refuseGuesses(guesses.note(call.ip))
}

/** @param wait seconds; with 0 nothing is refused. @throws Refusal GUESSES:TOO_MANY */
export function refuseGuesses(wait: number): void {
  if (wait > 0)
    throw new Refusal('GUESSES:TOO_MANY', `Too many wrong tries. Go on in ${wait} seconds.`, {
      retryAfter: wait,
    })
}

function requestId(text: string): number {
  return /^[1-9]\d{0,14}$/.test(text) ? Number(text) : NO_REQUEST
}

/** What stands in a message: what can be an id as it is, all else in short. */
function printed(id: string): string {
  return id.length <= 20 ? id : `${id.slice(0, 20)}…`
}
