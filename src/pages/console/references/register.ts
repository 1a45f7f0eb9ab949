import type { FastifyInstance, FastifyRequest } from 'fastify'
import { TooManyBytes } from '../../../api/uploads/spool.ts'
import { allSeries } from '../../../odoo/series.ts'
import { removeReference } from '../../../reference/add.ts'
import { ReferenceJobs } from '../../../reference/jobs.ts'
import { ReferenceStore, type StoredReference } from '../../../reference/store.ts'
import { html } from '../../../words/html.ts'
import { languageOf } from '../../language.ts'
import { type Console, formOf, goTo, outcome, queryOf, type UploadForm } from '../console.ts'
import { addPart, jobsPart, keptPart, removePart } from './page.ts'
import { referenceWords } from './words.ts'

/** Seconds between two looks while a reference is being made. */
const REFRESH_SECONDS = 3

export function registerReferences(app: FastifyInstance, console: Console): void {
  const { deps, spool, traffic } = console
  const { dataFolder, maxUpload } = deps.settings
  const options = { schema: { hide: true }, exposeHeadRoute: false }
  const jobs = new ReferenceJobs(deps.database, deps.settings)
  const store = new ReferenceStore(dataFolder)

  app.get('/console/references', options, async (call, reply) => {
    const language = languageOf(call)
    const words = referenceWords(language)
    const told = await jobs.list()
    const works = told.some(({ endedAt }) => endedAt === null)
    return console.send(call, reply, 200, {
      part: 'references',
      title: words.title,
      lead: words.lead,
      body: html`${outcome(call, words.outcomes)}
<div id="live"${works && html` data-refresh="${REFRESH_SECONDS}"`}>${jobsPart(language, told)}
${keptPart(language, await store.list())}</div>
${addPart(call, language)}`,
      ...(works ? { refresh: REFRESH_SECONDS } : {}),
    })
  })

  app.post('/console/references/add', { ...options, config: { upload: true } }, async (call, reply) => {
    const form = await console.readUpload(call)
    return goTo(reply, `/console/references?outcome=${await take(call, form)}`)
  })

  /** Answers once the dump is there as a whole; it is read then, and removed at the end. */
  async function take(
    call: FastifyRequest,
    { fields, file, filename }: UploadForm,
  ): Promise<'adding' | 'nofile' | 'version' | 'large'> {
    const series = allSeries.find((known) => known === fields.get('series'))
    if (file === null) return 'nofile'
    if (series === undefined) {
      file.resume()
      return 'version'
    }
    const { promise, resolve, reject } = Promise.withResolvers<'adding' | 'nofile'>()
    const work = spool.with(file, { limit: maxUpload, signal: traffic.signal }, async ({ path, bytes }) => {
      if (bytes === 0) return resolve('nofile')
      const id = await jobs.begin({ name: filename, bytes }, series)
      resolve('adding')
      const job = await jobs.run(id, { path, name: filename }, series, traffic.signal)
      if (job.failure) call.log.warn({ series, ...job.failure }, 'a reference was not taken')
      else call.log.info({ series, modules: job.modules }, 'the operator added a reference')
    })
    traffic.track(work).catch((error: unknown) => {
      reject(error)
      call.log.warn({ err: error }, 'a reference did not come in')
    })
    try {
      return await promise
    } catch (thrown) {
      file.resume()
      if (thrown instanceof TooManyBytes) return 'large'
      throw thrown
    }
  }

  async function find(sha256: string | null): Promise<StoredReference | undefined> {
    return (await store.list()).find((reference) => reference.sha256 === sha256)
  }

  app.get('/console/references/remove', options, async (call, reply) => {
    const reference = await find(queryOf(call).get('sha256'))
    if (reference === undefined) return console.sendNotFound(call, reply)
    const language = languageOf(call)
    return console.send(call, reply, 200, {
      part: 'references',
      title: referenceWords(language).removeTitle(reference.series),
      body: removePart(call, language, reference),
    })
  })

  app.post('/console/references/remove', options, async (call, reply) => {
    const reference = await find(formOf(call).get('sha256'))
    if (reference === undefined) return goTo(reply, '/console/references?outcome=unknown')
    await removeReference(await deps.scratchServer(), dataFolder, reference)
    call.log.info({ series: reference.series }, 'the operator removed a reference')
    return goTo(reply, '/console/references?outcome=removed')
  })
}
