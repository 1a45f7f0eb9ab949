import type { Readable } from 'node:stream'
import type { FastifyRequest } from 'fastify'
import type { Failure } from '../../requests/request.ts'
import { failure } from '../failures.ts'
import { checkRoom, tooLarge, type UploadLimit, uploadLimit } from '../uploads/limits.ts'
import { spoolDump } from '../uploads/receive.ts'
import { type Spool, TooManyBytes } from '../uploads/spool.ts'
import { bodyLength, hasBody } from './body.ts'
import { type Access, type Answer, access, type Calls } from './call.ts'
import { isMultipart, readMultipart } from './multipart.ts'
import { type Parameters, parametersOf, queryPairs } from './parameters.ts'
import { stateFailure } from './state.ts'

/**
 * Takes the body of a call as the dump of a request. Key and state are checked before anything of it is read; the file
 * of a form is taken too, when the names of the request stand before it or in the query string.
 * @throws Refusal DUMP:TOO_LARGE, STORAGE:FULL
 */
export async function upload(
  calls: Calls,
  spool: Spool,
  call: FastifyRequest,
  contentType: string | undefined,
  onBytes: (bytes: number) => void,
): Promise<Answer> {
  const { raw } = call
  const form = isMultipart(contentType) && hasBody(raw) ? contentType : null
  const named = parametersOf(queryPairs(raw))
  if (form === null || (named.has('request') && named.has('key'))) {
    const checked = await check(calls, spool, call, named)
    if ('failures' in checked || call.method === 'HEAD') return answerOf(checked)
    calls.expectations.goOn(raw)
    const source = form === null ? bodyOf(call) : (await readMultipart(form, raw)).file
    return take(calls, spool, call, { ...checked, source, onBytes })
  }
  calls.expectations.goOn(raw)
  const { fields, file } = await readMultipart(form, raw)
  const checked = await check(calls, spool, call, parametersOf([...named, ...fields]))
  return 'failures' in checked ? checked : take(calls, spool, call, { ...checked, source: file, onBytes })
}

type Checked = Access & UploadLimit

function answerOf(checked: Answer | Checked): Answer {
  return 'failures' in checked ? checked : { failures: [] }
}

/** The body as it comes; a call that is answered early leaves the rest to be thrown away. */
function bodyOf({ raw }: FastifyRequest): AsyncIterable<unknown> {
  return raw.iterator({ destroyOnReturn: false })
}

/** All that can be said before the body is read. */
async function check(
  calls: Calls,
  spool: Spool,
  call: FastifyRequest,
  parameters: Parameters,
): Promise<Answer | Checked> {
  const { deps } = calls
  const found = await access(calls, call, parameters)
  if (Array.isArray(found)) return { failures: found }
  if (found.request.state !== 'draft') return { failures: [stateFailure(found.request.state)] }
  const limit = await uploadLimit(deps.database, found.request.contract, deps.settings.maxUpload)
  const checked = { ...found, ...limit }
  const length = bodyLength(call.raw)
  if (length === null) return checked
  // A form has a little more bytes than its file; whether the file is too large is seen when it comes.
  if (length > limit.limit && !isMultipart(call.givenType)) return { failures: [tooLarge(checked)] }
  checkRoom(length, await spool.room())
  return checked
}

async function take(
  { deps, traffic }: Calls,
  spool: Spool,
  call: FastifyRequest,
  upload: Checked & { source: AsyncIterable<unknown> | Readable | null; onBytes: (bytes: number) => void },
): Promise<Answer> {
  const { request, source, limit } = upload
  if (source === null) return { failures: [failure('DUMP:EMPTY', 'The upload is empty')] }
  try {
    const failures: Failure[] = await traffic.track(
      spoolDump(deps, spool, request, source, {
        limit,
        log: call.log,
        signal: traffic.signal,
        onWhole: (bytes) => {
          upload.onBytes(bytes)
          // Nothing comes any more: moving a large dump into the storage may take longer than a client may be silent.
          call.raw.socket.setTimeout(0)
        },
      }),
    )
    return { failures }
  } catch (thrown) {
    if (thrown instanceof TooManyBytes) return { failures: [tooLarge(upload)] }
    throw thrown
  }
}
