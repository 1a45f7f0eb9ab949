import type { FastifyRequest } from 'fastify'
import { describeRequest } from '../../requests/describe.ts'
import { filesOf } from '../../requests/find.ts'
import { type Answer, access, type Calls } from './call.ts'
import type { Parameters } from './parameters.ts'

/** Tells all that is known of a request. */
export async function status(calls: Calls, call: FastifyRequest, parameters: Parameters): Promise<Answer> {
  const { deps } = calls
  const found = await access(calls, call, parameters)
  if (Array.isArray(found)) return { failures: found }
  const files = await filesOf(deps.database, found.request.id)
  const urls = { base: deps.baseUrl(), region: deps.settings.region }
  return { failures: [], request: describeRequest(found.request, files, found.key, urls) }
}
