import { mkdir, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { productVersion } from '../cli/product.ts'
import type { DumpHead } from '../dumps/dump.ts'
import { openDump } from '../dumps/open.ts'
import { asUpliftError } from '../errors.ts'
import { inspect } from '../inspect/inspect.ts'
import { majorOf } from '../postgres/version.ts'
import { planHops } from '../upgrade/make-plan.ts'
import { buildReport } from '../upgrade/report/build.ts'
import { loadedStages, runStages } from '../upgrade/stages.ts'
import { type Attempt, beginAttempt, scratchPrefix } from './attempt.ts'
import type { WorkerDeps } from './deps.ts'
import { fenced } from './fence.ts'
import { formOf, upgradedName } from './format.ts'
import { dropLeftoversOf } from './leftovers.ts'
import { cancelAttempt, failAttempt, finishAttempt } from './outcome.ts'
import { takeWorkplace, type Workplace } from './scratch.ts'
import { plannedStages, stageName } from './stage-names.ts'
import { beginStage, finishStage, planStages, settleStages } from './stage-rows.ts'
import { isTransient } from './transient.ts'
import { Watch } from './watch.ts'

/**
 * One try of a request, from where former ones got to. Returns when the request has ended, well or not; throws when the try
 * broke off for a reason that passes, for the queue to give the job again.
 */
export async function processRequest(deps: WorkerDeps, request: number, stop: AbortSignal): Promise<void> {
  const attempt = await beginAttempt(deps.database, request)
  if (!attempt) return void (await dropLeftoversOf(deps, request))
  const watch = new Watch(deps.database, request, attempt.number)
  const signal = AbortSignal.any([watch.signal, stop])
  const work = new Work(deps, attempt, watch, signal)
  try {
    await work.run()
  } catch (thrown) {
    await watch.stop()
    // Whatever broke because the work was told to stop, being told is the reason.
    const error = asUpliftError(signal.aborted ? signal.reason : thrown)
    if (error.code === 'REQUEST:CANCELLED') await cancelAttempt(deps, attempt)
    else if (signal.aborted || isTransient(error) || (await work.lostItsServer())) throw error
    else await failAttempt(deps, attempt, error)
  } finally {
    await watch.stop()
  }
  await dropLeftoversOf(deps, request)
}

class Work {
  readonly #deps: WorkerDeps
  readonly #attempt: Attempt
  readonly #watch: Watch
  readonly #signal: AbortSignal
  #serverStartedAt: string | undefined

  constructor(deps: WorkerDeps, attempt: Attempt, watch: Watch, signal: AbortSignal) {
    this.#deps = deps
    this.#attempt = attempt
    this.#watch = watch
    this.#signal = signal
  }

  async run(): Promise<void> {
    const { storage, settings } = this.#deps
    const folder = join(settings.dataFolder, 'work')
    await mkdir(folder, { recursive: true, mode: 0o700 })
    await this.#settle()
    await storage.withLocal(
      this.#attempt.original.key,
      folder,
      (path) => this.#upgrade(path, folder),
      this.#signal,
    )
  }

  /** Whether the scratch server went away meanwhile: then what failed says nothing about the data. */
  async lostItsServer(): Promise<boolean> {
    if (this.#serverStartedAt === undefined) return false
    return (await this.#readServerStart().catch(() => 'gone')) !== this.#serverStartedAt
  }

  async #upgrade(path: string, folder: string): Promise<void> {
    const { database } = this.#deps
    const attempt = this.#attempt
    const from = await this.#inspect(path)
    const hops = await planHops(from, attempt.target)
    await fenced(database, attempt.request, attempt.number, (client) =>
      planStages(client, attempt.request, plannedStages(hops, attempt.aim)),
    )
    const prefix = await scratchPrefix(database, attempt.request)
    const [own, attachments] = [
      join(folder, `${prefix}${attempt.number}`),
      join(folder, `${prefix}attachments`),
    ]
    const workplace = await this.#takeWorkplace(prefix, attachments)
    await mkdir(own, { recursive: true })
    await mkdir(attachments, { recursive: true })
    const giveUp = () => void workplace.scratch.terminate().catch(() => {})
    this.#signal.addEventListener('abort', giveUp, { once: true })
    try {
      await this.#run(path, own, attachments, workplace)
    } finally {
      this.#signal.removeEventListener('abort', giveUp)
      await rm(own, { recursive: true, force: true })
    }
  }

  async #takeWorkplace(prefix: string, attachments: string): Promise<Workplace> {
    const { database, settings, scratchServer } = this.#deps
    const { request, number, target } = this.#attempt
    const server = await scratchServer()
    this.#serverStartedAt = await this.#readServerStart()
    const workplace = await takeWorkplace(server, {
      dataFolder: settings.dataFolder,
      attachments,
      prefix,
      attempt: number,
      to: target,
      signal: this.#signal,
    })
    const finished = workplace.resumed ? await workplace.scratch.with(loadedStages) : []
    await fenced(database, request, number, (client) =>
      settleStages(
        client,
        request,
        number,
        finished.flatMap(({ stage, seconds }) => {
          const name = stageName(stage)
          return name ? [{ name, seconds }] : []
        }),
      ),
    )
    if (workplace.resumed)
      this.#deps.log.info({ request, attempt: number, stages: finished.length }, 'going on')
    return workplace
  }

  async #readServerStart(): Promise<string> {
    const server = await this.#deps.scratchServer()
    return server.withAdmin(async (client) => {
      const { rows } = await client.query<{ at: string }>('SELECT pg_postmaster_start_time()::text AS at')
      return rows[0]!.at
    })
  }

  /** Reads the dump from end to end once: what is cut off or damaged is told before anything is done with it. */
  async #inspect(path: string): Promise<string> {
    const { database } = this.#deps
    const { request, number } = this.#attempt
    const { rows } = await database.pool.query<{ version: string }>(
      `SELECT r.database_version AS version FROM service.request r JOIN service.stage s ON s.request = r.id
        WHERE r.id = $1 AND s.name = 'inspected' AND s.state = 'done' AND r.database_version IS NOT NULL`,
      [request],
    )
    if (rows[0]) return rows[0].version
    const started = performance.now()
    await beginStage(database.pool, request, number, 'inspected')
    const { odoo, postgresql } = await inspect(path, {
      signal: this.#signal,
      onProgress: (done) => this.#watch.tell('inspected', { stage: 'inspected', done, unit: 'bytes' }),
    })
    const version = odoo?.series ?? ''
    await fenced(database, request, number, async (client) => {
      await client.query(
        `UPDATE service.request SET database_version = $2, database_uuid = $3, postgresql = coalesce($4, postgresql) WHERE id = $1`,
        [
          request,
          version || null,
          odoo?.databaseUuid ?? null,
          majorOf(postgresql.server ?? postgresql.guess),
        ],
      )
      await finishStage(client, request, number, 'inspected', (performance.now() - started) / 1000)
    })
    return version
  }

  async #run(
    path: string,
    folder: string,
    attachments: string,
    { scratch, target }: Workplace,
  ): Promise<void> {
    const { database, settings } = this.#deps
    const { request, number, aim, timezone, filename, original, processedAt } = this.#attempt
    const form = formOf(await headOf(path))
    const out = join(folder, 'result')
    // In their order; one that cannot be told is settled with the others at the end.
    let told: Promise<void> = Promise.resolve()
    const tell = (work: () => Promise<void>) => {
      told = told
        .then(work)
        .catch((error: unknown) => this.#deps.log.warn({ request, err: error }, 'a stage was not told'))
    }
    const result = await runStages({
      scratch,
      target,
      source: path,
      to: this.#attempt.target,
      out,
      format: form.format,
      aim,
      ...(timezone ? { timezone } : {}),
      attachments,
      ...(settings.jobs ? { jobs: settings.jobs } : {}),
      signal: this.#signal,
      events: {
        onProgress: (progress) => {
          const name = stageName(progress.stage)
          if (name) this.#watch.tell(name, progress)
        },
        onStage: (stage, when, seconds) => {
          const name = stageName(stage)
          if (!name) return
          if (when === 'start') tell(() => beginStage(database.pool, request, number, name))
          // The last one has ended when the storage has the result.
          else if (name !== 'written') tell(() => finishStage(database.pool, request, number, name, seconds))
        },
      },
    })
    await told
    const name = upgradedName(filename, form)
    const { timings, reference, ...parts } = result
    const report = buildReport({
      ...parts,
      product: await productVersion(),
      file: filename,
      fileBytes: original.bytes,
      target: reference ? 'reference' : 'catalogue',
      startedAt: processedAt,
      stages: timings.map(({ stage, seconds }) => ({ name: stage, seconds })),
      delivered: { name, wrapping: form.wrapping },
    })
    await finishAttempt(this.#deps, this.#attempt, {
      result,
      report,
      path: out,
      form,
      name,
      signal: this.#signal,
    })
  }

  /** What was received before the first try is told with it. */
  async #settle(): Promise<void> {
    await this.#deps.database.pool.query(
      `UPDATE service.stage SET state = 'done', finished_at = coalesce(finished_at, now()) WHERE request = $1 AND name = 'received'`,
      [this.#attempt.request],
    )
  }
}

async function headOf(path: string): Promise<DumpHead> {
  const dump = await openDump(path)
  try {
    return dump.head
  } finally {
    await dump.close()
  }
}
