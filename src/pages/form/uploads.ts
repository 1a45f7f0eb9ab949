import { join } from 'node:path'
import type { FastifyInstance } from 'fastify'
import { failure } from '../../api/failures.ts'
import { ResumableUploads } from '../../api/uploads/resumable.ts'
import { registerTus } from '../../api/uploads/tus.ts'
import { loadRequest } from '../../requests/find.ts'
import { dumpFormIn } from '../../words/dump-form.ts'
import type { Language } from '../../words/language.ts'
import { bytesIn } from '../../words/local-quantities.ts'
import { languageOf } from '../language.ts'
import { needsTimezone, reachableTargets } from '../status/draft.ts'
import { type Contents, EarlyLooks } from './contents.ts'
import { problemsOf } from './fields.ts'
import type { FormTools } from './take.ts'
import { formWords, modulesIn } from './words.ts'

/** Where the form's script sends the file; the path of an upload tells how it stands. */
export const UPLOADS = '/uploads'

/** Uploads in pieces for the form's script: the protocol, and what is known of each. */
export async function registerUploads(
  app: FastifyInstance,
  { calls, spool, onUpload }: Omit<FormTools, 'schema'>,
): Promise<void> {
  const { deps, traffic } = calls
  const uploads = new ResumableUploads(join(deps.settings.dataFolder, 'uploads'), {
    deps,
    traffic,
    log: app.log,
    onUpload,
  })
  await uploads.open()
  app.addHook('onClose', async () => uploads.close())
  const looks = new EarlyLooks(uploads, deps)
  app.removeAllContentTypeParsers()
  app.addContentTypeParser('*', (_call, _payload, done) => done(null))
  registerTus(app, calls, {
    ...{ uploads, spool, path: UPLOADS },
    sentence: (call, failures) => sentencesOf(languageOf(call), failures),
  })
  app.get<{ Params: { upload: string } }>(
    `${UPLOADS}/:upload`,
    { schema: { hide: true }, exposeHeadRoute: false },
    async (call, reply) => {
      const { upload } = call.params
      const language = languageOf(call)
      reply.headers({ 'cache-control': 'no-store', vary: 'accept-language, cookie' }).type('application/json')
      const state = await uploads.state(upload)
      if (state === null) return reply.code(404).send('{"state":"gone"}')
      call.upgrade = state.request
      if (state.state === 'checking') uploads.finish(upload)
      const { contents: early, refused } = looks.at(upload, state)
      const contents = state.state === 'done' ? await arrived(deps, state.request, early) : early
      const failures =
        state.state === 'failed' ? state.failures : refused === null ? [] : [failure('DUMP:INVALID', refused)]
      return reply.send(
        JSON.stringify({
          state: state.state,
          ...('bytes' in state ? { bytes: state.bytes, size: state.size } : {}),
          ...(failures.length > 0 ? { problem: sentencesOf(language, failures) } : {}),
          ...(contents === null ? {} : { contents: shown(language, contents, state) }),
        }),
      )
    },
  )
}

function sentencesOf(language: Language, failures: Parameters<typeof problemsOf>[1]): string {
  return [...problemsOf(language, failures).values()].join(' ')
}

/** What is known of a file that has arrived: its version was read then, not guessed. */
async function arrived(
  deps: FormTools['calls']['deps'],
  id: number,
  early: Contents | null,
): Promise<Contents | null> {
  const request = await loadRequest(deps.database.pool, id)
  if (request === null) return early
  const version = request.databaseVersion ?? early?.look.version ?? null
  const sure = request.databaseVersion !== null
  return {
    look: {
      layers: request.compressions ?? early?.look.layers ?? [],
      postgresql: request.postgresql ?? early?.look.postgresql ?? null,
      version,
      versionIs: sure ? 'read' : (early?.look.versionIs ?? null),
      modules: request.modules?.names ?? early?.look.modules ?? [],
      modulesAre: request.modules?.are ?? early?.look.modulesAre ?? null,
    },
    targets: await reachableTargets(deps, version),
    timezone: needsTimezone({ databaseVersion: version }),
  }
}

/** The facts as they stand on the page, in the reader's language. */
function shown(
  language: Language,
  { look, targets, timezone }: Contents,
  state: { size?: number } | object,
): object {
  const words = formWords(language)
  return {
    facts: {
      version:
        look.version === null ? null : look.versionIs === 'read' ? look.version : words.guessed(look.version),
      modules:
        look.modulesAre === null ? null : modulesIn(language, { names: look.modules, are: look.modulesAre }),
      postgresql: look.postgresql,
      form: dumpFormIn(language, look.layers),
      size: 'size' in state && state.size !== undefined ? bytesIn(language, state.size) : null,
    },
    version: look.version,
    targets,
    timezone,
  }
}
