import type { FastifyReply, FastifyRequest } from 'fastify'
import type { ApiDeps } from '../../api/deps.ts'
import type { Action } from '../../api/downloads/place.ts'
import { startUpgrade } from '../../api/v1/process.ts'
import { isTimezone } from '../../api/v1/schemas.ts'
import { amendRequest } from '../../requests/amend.ts'
import { loadRequest } from '../../requests/find.ts'
import { cancelRequest } from '../../requests/queue.ts'
import type { Request } from '../../requests/request.ts'
import type { Refused } from './page.ts'

type Problem = Refused['problem']

/** A form has a few short fields. */
const MOST_BYTES = 16 * 1024

/** Does what a form of the status page asks for. @returns why not; null when it is done */
export async function act(
  deps: ApiDeps,
  call: FastifyRequest,
  request: Request,
  action: Action,
): Promise<Refused | null> {
  if (action === 'cancel') {
    await cancelRequest(deps.database, request.id)
    return null
  }
  const given = await readForm(call)
  const problem =
    (await amend(deps, given, request)) ?? (action === 'start' ? await start(deps, request) : null)
  return problem && { problem, given }
}

async function amend(
  { database, targets }: ApiDeps,
  form: URLSearchParams,
  request: Request,
): Promise<Problem | null> {
  const target = form.get('target') ?? request.target
  const timezone = form.has('timezone') ? form.get('timezone')?.trim() || null : request.timezone
  const asked = form.get('aim')
  const aim = asked === 'test' || asked === 'production' ? asked : request.aim
  if (form.has('target') && !targets.includes(target)) return 'version'
  if (timezone !== null && !isTimezone(timezone)) return 'timezone'
  if (target === request.target && timezone === request.timezone && aim === request.aim)
    return request.state === 'draft' ? null : 'state'
  return (await amendRequest(database, request.id, { target, aim, timezone })) ? null : 'state'
}

async function start(deps: ApiDeps, { id }: Request): Promise<Problem | null> {
  const request = await loadRequest(deps.database.pool, id)
  if (request === null) return 'state'
  const [failure] = await startUpgrade(deps, request)
  return failure === undefined ? null : problemOf(failure.reason)
}

function problemOf(reason: string): Problem {
  if (reason === 'DUMP:MISSING') return 'dump'
  if (reason === 'CONTRACT:LIMIT') return 'limit'
  return reason === 'VERSION:UNSUPPORTED' ? 'version' : 'state'
}

/** The fields of an urlencoded form; what is too long or anything else has none. */
async function readForm({ raw, headers }: FastifyRequest): Promise<URLSearchParams> {
  if (!/^application\/x-www-form-urlencoded\b/i.test(headers['content-type'] ?? ''))
    return new URLSearchParams()
  const pieces: Buffer[] = []
  let bytes = 0
  for await (const piece of raw.iterator({ destroyOnReturn: false })) {
    bytes += (piece as Buffer).length
    if (bytes > MOST_BYTES) return new URLSearchParams()
    pieces.push(piece as Buffer)
  }
  return new URLSearchParams(Buffer.concat(pieces).toString())
}

/** A form of another site would say so in one of these. Programs that are no browsers send neither. */
export function comesFromHere({ headers }: FastifyRequest, base: string): boolean {
  const site = headers['sec-fetch-site']
  if (site !== undefined) return site === 'same-origin' || site === 'none'
  const { origin } = headers
  if (origin === undefined) return true
  if (!URL.canParse(origin)) return false
  const { host, origin: exact } = new URL(origin)
  return exact === new URL(base).origin || host === headers.host
}

/** @returns the answer to a form that was done: back to the status page */
export function sendBack(reply: FastifyReply): FastifyReply {
  return reply
    .code(303)
    .headers({ location: 'status', 'referrer-policy': 'no-referrer', 'cache-control': 'no-store' })
    .send()
}
