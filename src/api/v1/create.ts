import type { FastifyRequest } from 'fastify'
import { findContract } from '../../requests/contracts.ts'
import { createRequest, type Wish } from '../../requests/create.ts'
import { describeRequest } from '../../requests/describe.ts'
import type { Failure } from '../../requests/request.ts'
import { failure, shown } from '../failures.ts'
import { type Answer, type Calls, noteGuess, refuseGuesses } from './call.ts'
import { checkParameters } from './check.ts'
import type { Parameters } from './parameters.ts'
import type { CreateSchema } from './schemas.ts'
import { expectedTargets } from './targets.ts'

/** Creates a request, unless anything is wrong with what was asked. */
export async function create(
  calls: Calls,
  schema: CreateSchema,
  call: FastifyRequest,
  parameters: Parameters,
): Promise<Answer> {
  const { deps } = calls
  const wish = await checkWish(calls, schema, call, parameters)
  if (Array.isArray(wish)) return { failures: wish }
  if (call.method === 'HEAD') return { failures: [] }
  const { request, key } = await createRequest(deps.database, { ...wish, ...languageOf(call) })
  call.upgrade = request.id
  const urls = { base: deps.baseUrl(), region: deps.settings.region }
  return { failures: [], request: describeRequest(request, new Map(), key, urls) }
}

/**
 * Holds what somebody asks for against the schema, and the contract against those there are.
 * @returns all that is wrong with it, or the request that can be created
 * @throws Refusal GUESSES:TOO_MANY
 */
export async function checkWish(
  calls: Calls,
  schema: CreateSchema,
  call: FastifyRequest,
  parameters: Parameters,
): Promise<Wish | Failure[]> {
  const { deps } = calls
  const { values, failures } = checkParameters(schema, parameters)
  for (const problem of failures)
    if (problem.reason === 'TARGET:INVALID')
      problem.expected = [...expectedTargets(parameters.get('target') ?? '', deps.targets)]
  if (values.contract !== undefined) failures.push(...(await checkContract(calls, call, values.contract)))
  if (failures.length > 0) return failures
  return {
    contract: values.contract!,
    email: values.email!,
    target: values.target!,
    aim: values.aim!,
    filename: values.filename!,
    timezone: values.timezone ?? null,
    backend: deps.settings.tickets.kind,
    ...(deps.seal ? { seal: deps.seal } : {}),
  }
}

/** Beyond the limit of wrong tries no contract is looked up any more, not even one that is right. */
async function checkContract(calls: Calls, call: FastifyRequest, code: string): Promise<Failure[]> {
  refuseGuesses(calls.contracts.wait(call.ip))
  if (canBeContract(code) && (await findContract(calls.deps.database, code)) !== null) return []
  noteGuess(calls.contracts, call)
  return [failure('CONTRACT:NOT_FOUND', `Can not find contract ${shown(code)}`, { code })]
}

/** Whether the database can be asked for it. */
function canBeContract(code: string): boolean {
  return code.length <= 200 && !/\p{Cc}|\p{Cs}/u.test(code)
}

/** What the client would rather read: the first of its Accept-Language; curl and old scripts say nothing. */
function languageOf({ headers }: FastifyRequest): { language?: string } {
  const first = /^\s*([a-z]{2}(?:-[A-Za-z]{2})?)\s*(?:[,;]|$)/.exec(headers['accept-language'] ?? '')?.[1]
  return first ? { language: first } : {}
}
