import type { FastifyRequest } from 'fastify'
import { failure } from '../../api/failures.ts'
import { tooLarge, uploadLimit } from '../../api/uploads/limits.ts'
import { lookAtDump, storeDump } from '../../api/uploads/receive.ts'
import { type Spool, TooManyBytes } from '../../api/uploads/spool.ts'
import type { Calls } from '../../api/v1/call.ts'
import { checkWish } from '../../api/v1/create.ts'
import { isMultipart, type Multipart, readMultipart } from '../../api/v1/multipart.ts'
import { type Parameters, parametersOf, readParameters } from '../../api/v1/parameters.ts'
import type { CreateSchema } from '../../api/v1/schemas.ts'
import { createRequest, type Wish } from '../../requests/create.ts'
import type { Failure, Request } from '../../requests/request.ts'
import type { Language } from '../../words/language.ts'

export interface FormTools {
  calls: Calls
  spool: Spool
  schema: CreateSchema
  onUpload(bytes: number): void
}

/** What became of a form: a request, or what is wrong. */
export type Taken = { request: Request; key: string } | Failure[]

/** Makes a request without its file, which is uploaded then. */
export async function takeWish(
  { calls, schema }: FormTools,
  call: FastifyRequest,
  parameters: Parameters,
  language: Language,
): Promise<Taken> {
  const wish = await checkWish(calls, schema, call, parameters)
  return Array.isArray(wish) ? wish : made(calls, call, wish, language)
}

/**
 * Takes a form with its file: the fields are checked before the file is read, and the request is made when the file came
 * in whole and is a dump.
 * @param given is filled with what was typed
 */
export async function takeForm(
  tools: FormTools,
  call: FastifyRequest,
  language: Language,
  given: Map<string, string>,
): Promise<Taken> {
  const { calls, schema } = tools
  const form = await readForm(call)
  for (const [name, value] of form.parameters) given.set(name, value)
  const filename = form.filename.split(/[/\\]/).at(-1)!
  const wish = await checkWish(
    calls,
    schema,
    call,
    new Map([...given, ['filename', filename]].filter(([, value]) => value !== '') as [string, string][]),
  )
  if (Array.isArray(wish)) {
    form.file?.destroy()
    return wish
  }
  if (form.file === null) return [failure('DUMP:EMPTY', 'The upload is empty')]
  return calls.traffic.track(takeFile(tools, call, wish, form.file, language))
}

type Form = Omit<Multipart, 'fields'> & { parameters: Parameters }

/** Whoever fills in the form without a file sends one without a name. */
async function readForm({ raw }: FastifyRequest): Promise<Form> {
  const contentType = raw.headers['content-type']
  if (!isMultipart(contentType))
    return { parameters: await readParameters(raw, contentType), file: null, filename: '' }
  const { fields, ...file } = await readMultipart(contentType, raw)
  return { ...file, parameters: parametersOf(fields) }
}

async function takeFile(
  { calls, spool, onUpload }: FormTools,
  call: FastifyRequest,
  wish: Wish,
  source: NonNullable<Multipart['file']>,
  language: Language,
): Promise<Taken> {
  const { deps, traffic } = calls
  const limit = await uploadLimit(deps.database, wish.contract, deps.settings.maxUpload)
  try {
    return await spool.with(source, { limit: limit.limit, signal: traffic.signal }, async (file) => {
      onUpload(file.bytes)
      // Nothing comes any more: moving a large dump into the storage may take longer than a client may be silent.
      call.raw.socket.setTimeout(0)
      const look = await lookAtDump(file, traffic.signal)
      if ('reason' in look) return [look]
      const { request, key } = await made(calls, call, wish, language)
      const failures = await storeDump(deps, request, file, look, { log: call.log, signal: traffic.signal })
      return failures.length > 0 ? failures : { request, key }
    })
  } catch (thrown) {
    if (thrown instanceof TooManyBytes) return [tooLarge(limit)]
    throw thrown
  }
}

async function made(
  { deps }: Calls,
  call: FastifyRequest,
  wish: Wish,
  language: Language,
): Promise<{ request: Request; key: string }> {
  const { request, key } = await createRequest(deps.database, { ...wish, language })
  call.upgrade = request.id
  return { request, key }
}
