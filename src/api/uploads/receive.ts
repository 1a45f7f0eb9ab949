import { randomUUID } from 'node:crypto'
import type { FastifyBaseLogger } from 'fastify'
import { UpliftError } from '../../errors.ts'
import { earlyLook, NOT_YET } from '../../inspect/early-look.ts'
import { type QuickLook, quickLook } from '../../inspect/quick-look.ts'
import { loadRequest } from '../../requests/find.ts'
import type { Failure, FoundModules, Request } from '../../requests/request.ts'
import { recordUpload } from '../../requests/upload.ts'
import type { ApiDeps } from '../deps.ts'
import { failure } from '../failures.ts'
import { stateFailure } from '../v1/state.ts'
import type { Spool, Spooled } from './spool.ts'

/**
 * Takes over a file that came in whole as the dump of a request: looks at its head, moves it into the storage and names
 * it in the request's row. Until the last step the request is what it was.
 * @returns what is wrong with it; empty when it is taken
 */
export async function receiveDump(
  deps: ApiDeps,
  request: Request,
  file: Spooled,
  { log, signal }: { log: FastifyBaseLogger; signal: AbortSignal },
): Promise<Failure[]> {
  const look = await lookAtDump(file, signal)
  return 'reason' in look ? [look] : storeDump(deps, request, file, look, { log, signal })
}

/** What a file that came in whole tells within seconds. */
export interface Arrived extends QuickLook {
  modules: FoundModules | null
}

/** The head of a file that came in whole. @returns what is wrong with it when it is no dump */
export async function lookAtDump(file: Spooled, signal: AbortSignal): Promise<Arrived | Failure> {
  if (file.bytes === 0) return failure('DUMP:EMPTY', 'The upload is empty')
  try {
    const [look, modules] = await Promise.all([quickLook(file.path, { signal }), modulesOf(file, signal)])
    return { ...look, modules }
  } catch (thrown) {
    if (!(thrown instanceof UpliftError) || !thrown.code.startsWith('DUMP:')) throw thrown
    return thrown.code === 'DUMP:EMPTY'
      ? failure('DUMP:EMPTY', 'The dump in the upload is empty')
      : failure('DUMP:INVALID', thrown.message.replaceAll(file.path, 'of the upload'))
  }
}

/** null where they are not to be seen within seconds: the upgrade reads them anyway. */
async function modulesOf(file: Spooled, signal: AbortSignal): Promise<FoundModules | null> {
  try {
    const look = await earlyLook(file.path, { wholeBytes: file.bytes, signal })
    return look === NOT_YET || look.modulesAre === null ? null : { names: look.modules, are: look.modulesAre }
  } catch (thrown) {
    // What is wrong with the file says the look at its head.
    if (thrown instanceof UpliftError) return null
    throw thrown
  }
}

/** @returns what is wrong with the request; empty when it has the dump */
export async function storeDump(
  deps: ApiDeps,
  request: Request,
  file: Spooled,
  look: Arrived,
  { log, signal }: { log: FastifyBaseLogger; signal: AbortSignal },
): Promise<Failure[]> {
  const key = `${request.id}/original/${randomUUID()}`
  await deps.storage.putFile(key, file.path, { signal, sha256: file.sha256 })
  if (!(await record(deps, request, key, file, look))) {
    const now = await loadRequest(deps.database.pool, request.id)
    return [stateFailure(now?.state ?? request.state)]
  }
  log.info({ request: request.id, bytes: file.bytes, layers: look.head.layers }, 'a dump was uploaded')
  if (look.databaseVersion === null || look.databaseUuid === null)
    await deps.enqueueLook(request.id).catch((error: unknown) => {
      // The upgrade looks at the dump itself; only the status says less until then.
      log.warn({ err: error, request: request.id }, 'the look at a dump was not queued')
    })
  return []
}

/** @returns false when the request takes no dump any more */
async function record(
  { database, storage }: ApiDeps,
  request: Request,
  key: string,
  file: Spooled,
  look: Arrived,
): Promise<boolean> {
  let recorded = false
  try {
    recorded = await recordUpload(database, request.id, {
      key,
      name: fileName(request.filename),
      bytes: file.bytes,
      sha256: file.sha256,
      head: look.head,
      postgresql: look.postgresql,
      databaseVersion: look.databaseVersion,
      databaseUuid: look.databaseUuid,
      modules: look.modules,
    })
  } catch (thrown) {
    // The connection may have broken behind the commit: a file that a row names has to stay.
    const { rowCount } = await database.pool.query('SELECT FROM service.file WHERE key = $1', [key])
    if (!rowCount) await storage.remove(key)
    throw thrown
  }
  if (!recorded) await storage.remove(key)
  return recorded
}

/** The last part of what may be a path. */
function fileName(name: string): string {
  const last = name.split(/[/\\]/).at(-1)!.trim()
  return last === '' || last === '.' || last === '..' ? 'dump' : last
}

/** Streams an upload into the spool and hands it on; the connection may be long gone when this ends. */
export function spoolDump(
  deps: ApiDeps,
  spool: Spool,
  request: Request,
  source: AsyncIterable<unknown>,
  options: { limit: number; log: FastifyBaseLogger; signal: AbortSignal; onWhole: (bytes: number) => void },
): Promise<Failure[]> {
  return spool.with(source, options, (file) => {
    options.onWhole(file.bytes)
    return receiveDump(deps, request, file, options)
  })
}
