import { randomBytes } from 'node:crypto'
import type { IncomingMessage } from 'node:http'
import { Server, type ServerOptions } from '@tus/server'
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import type { Failure, Request } from '../../requests/request.ts'
import { refusalOf } from '../answers.ts'
import { Refusal } from '../refusal.ts'
import { access, type Calls } from '../v1/call.ts'
import { parametersOf } from '../v1/parameters.ts'
import { stateFailure } from '../v1/state.ts'
import { checkRoom, tooLarge, uploadLimit } from './limits.ts'
import { isUploadId, type ResumableUploads } from './resumable.ts'
import type { Spool } from './spool.ts'

/** Ends a call of the protocol. */
class Refused extends Error {
  readonly status: number
  readonly failures: readonly Failure[]

  constructor(status: number, failures: readonly Failure[]) {
    super(failures[0]?.reason ?? 'refused')
    this.status = status
    this.failures = failures
  }
}

export interface TusTools {
  uploads: ResumableUploads
  spool: Spool
  path: string
  /** What is wrong, in one sentence in the reader's language. */
  sentence(call: FastifyRequest, failures: readonly Failure[]): string
}

/**
 * Resumable uploads by the protocol tus 1.0.0 (creation, termination) below `path`. An upload is created for a request in
 * state draft, whose id and key stand in its metadata; from then on it is named by its own id. A refusal tells the failures,
 * as all of the API does, and a sentence for people as `problem`.
 */
export function registerTus(
  app: FastifyInstance,
  calls: Calls,
  { uploads, spool, path, sentence }: TusTools,
): void {
  const { deps, expectations } = calls
  const going = new WeakMap<IncomingMessage, FastifyRequest>()
  const callOf = (request: Parameters<NonNullable<ServerOptions['onUploadCreate']>>[0]): FastifyRequest =>
    going.get(request.runtime!.node!.req as IncomingMessage)!
  const server = new Server({
    path,
    datastore: uploads.store,
    relativeLocation: true,
    // Pages of other sites have nothing to upload here.
    allowedOrigins: () => false,
    disableTerminationForFinishedUploads: true,
    namingFunction: () => randomBytes(16).toString('hex'),
    getFileIdFromRequest: (_request, last) => (last !== undefined && isUploadId(last) ? last : undefined),
    onUploadCreate: async (request, upload) => {
      const call = callOf(request)
      const draft = await draftOf(call, upload.metadata ?? {})
      const limit = await uploadLimit(deps.database, draft.contract, deps.settings.maxUpload)
      if (upload.size === undefined)
        throw new Refusal('BODY:INVALID', 'The length of the upload is not told.')
      if (upload.size > limit.limit) throw new Refused(413, [tooLarge(limit)])
      checkRoom(upload.size, await spool.room())
      await uploads.makeWay(draft.id)
      // The key is of no use any more, and nothing that lies on the disk should hold it.
      return { metadata: { request: String(draft.id) } }
    },
    onIncomingRequest: async (request) => {
      if (request.method === 'PATCH') checkRoom(1, await spool.room())
    },
    onUploadFinish: async (_request, upload) => {
      uploads.finish(upload.id)
      return {}
    },
    onResponseError: (request, error) => {
      if (!(error instanceof Error) || 'status_code' in error) return undefined
      const call = callOf(request)
      const refusal = error instanceof Refused ? error : refusalOf(error)
      if (refusal.status >= 500 && error !== (refusal as Error))
        call.log.error({ err: error }, 'an upload failed')
      const { status, failures } = refusal
      return {
        status_code: status,
        body: JSON.stringify({ failures, problem: sentence(call, failures) }),
      }
    },
  })

  /** @throws Refused, Refusal when there is no such draft */
  async function draftOf(call: FastifyRequest, named: Record<string, string | null>): Promise<Request> {
    const found = await access(
      calls,
      call,
      parametersOf(Object.entries(named).map(([name, value]) => [name, value ?? ''])),
    )
    if (Array.isArray(found)) throw new Refused(404, found)
    if (found.request.state !== 'draft') throw new Refused(409, [stateFailure(found.request.state)])
    return found.request
  }

  const handle = async (call: FastifyRequest, reply: FastifyReply) => {
    going.set(call.raw, call)
    expectations.goOn(call.raw)
    reply.hijack()
    reply.raw.setHeader('x-content-type-options', 'nosniff')
    reply.raw.setHeader('cache-control', 'no-store')
    await server.handle(call.raw, reply.raw)
  }
  const schema = { hide: true }
  app.route({ method: ['POST', 'OPTIONS'], url: path, schema, handler: handle })
  app.route({ method: ['HEAD', 'PATCH', 'DELETE'], url: `${path}/:upload`, schema, handler: handle })
}
