import type { FastifyReply, FastifyRequest } from 'fastify'
import { cancelRequest } from '../../requests/queue.ts'
import type { ApiDeps } from '../deps.ts'
import { sendSentence } from './page.ts'

/** The button of the status page: cancels and leads back to it. */
export async function cancel(
  call: FastifyRequest,
  reply: FastifyReply,
  deps: ApiDeps,
  request: number,
): Promise<FastifyReply> {
  if (!comesFromHere(call, deps.baseUrl()))
    return sendSentence(reply, 403, 'Refused', 'A request is cancelled from its own status page only.')
  await cancelRequest(deps.database, request)
  return reply
    .code(303)
    .headers({ location: 'status', 'referrer-policy': 'no-referrer', 'cache-control': 'no-store' })
    .send()
}

/** A form of another site would say so in one of these. Programs that are no browsers send neither. */
function comesFromHere({ headers }: FastifyRequest, base: string): boolean {
  const site = headers['sec-fetch-site']
  if (site !== undefined) return site === 'same-origin' || site === 'none'
  const { origin } = headers
  if (origin === undefined) return true
  if (!URL.canParse(origin)) return false
  const { host, origin: exact } = new URL(origin)
  return exact === new URL(base).origin || host === headers.host
}
