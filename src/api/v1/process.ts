import type { FastifyRequest } from 'fastify'
import { filesOf } from '../../requests/find.ts'
import { queueRequest } from '../../requests/queue.ts'
import type { Failure, Request } from '../../requests/request.ts'
import type { ApiDeps } from '../deps.ts'
import { failure } from '../failures.ts'
import { type Answer, access, type Calls } from './call.ts'
import type { Parameters } from './parameters.ts'
import { stateFailure } from './state.ts'

/** Queues the upgrade of a request that has its dump. */
export async function process(calls: Calls, call: FastifyRequest, parameters: Parameters): Promise<Answer> {
  const found = await access(calls, call, parameters)
  if (Array.isArray(found)) return { failures: found }
  if (call.method === 'HEAD') return { failures: await problems(calls.deps, found.request) }
  return { failures: await startUpgrade(calls.deps, found.request) }
}

/** @returns why it cannot be started; empty when it is queued */
export async function startUpgrade(deps: ApiDeps, request: Request): Promise<Failure[]> {
  const failures = await problems(deps, request)
  if (failures.length > 0) return failures
  const queued = await queueRequest(deps.database, request.id, deps.enqueue)
  if (queued.ok) return []
  switch (queued.problem) {
    case 'state':
      return [stateFailure(queued.state)]
    case 'dump':
      return [noDump()]
    case 'limit':
      return [
        failure(
          'CONTRACT:LIMIT',
          `Contract ${request.contract} has as many requests at work as it may have. Wait until one of them is done.`,
          { code: request.contract },
        ),
      ]
  }
}

async function problems(deps: ApiDeps, request: Request): Promise<Failure[]> {
  if (request.state !== 'draft') return [stateFailure(request.state)]
  const files = await filesOf(deps.database, request.id)
  if (!files.has('original')) return [noDump()]
  if (request.databaseVersion === null || deps.versionProblem === undefined) return []
  const problem = await deps.versionProblem(request.databaseVersion, request.target)
  return problem === null
    ? []
    : [failure('VERSION:UNSUPPORTED', problem.message, { value: request.databaseVersion })]
}

function noDump(): Failure {
  return failure('DUMP:MISSING', 'There is no dump yet: upload it first')
}
