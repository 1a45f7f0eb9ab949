import type { FastifyInstance } from 'fastify'
import { z } from 'zod'
import type { ApiDeps } from './deps.ts'
import { Refusal } from './refusal.ts'
import type { Traffic } from './traffic.ts'
import { failuresSchema } from './v1/schemas.ts'

/** Time for the database, the storage and the scratch cluster to answer. */
const READY_MS = 10_000

const tags = ['Operation']

/** `/health`: the process lives. `/ready`: it can do its work. */
export function registerHealth(app: FastifyInstance, deps: ApiDeps, traffic: Traffic): void {
  app.get(
    '/health',
    {
      schema: {
        tags,
        summary: 'Whether the server lives',
        response: { 200: z.object({ status: z.literal('ok') }) },
      },
    },
    async () => ({ status: 'ok' }),
  )
  app.get(
    '/ready',
    {
      schema: {
        tags,
        summary: 'Whether the server can work: database, storage and scratch cluster answer',
        response: { 200: z.object({ status: z.literal('ready') }), 503: failuresSchema },
      },
    },
    async (request) => {
      if (traffic.stopping) throw new Refusal('SERVICE:STOPPING', 'The server is being stopped.')
      try {
        await inTime(deps.ready())
      } catch (thrown) {
        request.log.warn({ err: thrown }, 'not ready')
        throw new Refusal('SERVICE:UNAVAILABLE', 'The service is not ready. Its log says why.', {
          cause: thrown,
        })
      }
      return { status: 'ready' }
    },
  )
}

async function inTime(work: Promise<void>): Promise<void> {
  const { promise, reject } = Promise.withResolvers<void>()
  const timer = setTimeout(() => reject(new Error(`No answer within ${READY_MS} ms.`)), READY_MS)
  try {
    await Promise.race([work, promise])
  } finally {
    clearTimeout(timer)
  }
}
