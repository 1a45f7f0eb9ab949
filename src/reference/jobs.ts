import { fork } from 'node:child_process'
import { join } from 'node:path'
import type { Settings } from '../config/settings.ts'
import type { Database } from '../database/database.ts'
import { storable, storableJson } from '../database/storable.ts'

/** Jobs that are told. */
const TOLD = 20
/** Milliseconds between two words of a job to the database. */
const TELL = 2_000
/** Seconds after which the server of a job that was not heard of is gone. */
const SILENT = 20

/** A reference on its way, or how that ended. */
export interface ReferenceJob {
  id: number
  series: string
  /** Of the file, as its sender called it. */
  name: string
  bytes: number
  startedAt: Date
  endedAt: Date | null
  /** Bytes of rows that were loaded; null before the first word. */
  done: number | null
  /** Modules of the reference once it is made. */
  modules: number | null
  failure: { code: string; message: string } | null
}

/** What is known of a job while it is at work. */
type Work = Pick<ReferenceJob, 'done' | 'modules' | 'failure'>

/**
 * References that are made from dumps that were sent, each in a process of its own: reading a dump takes time and memory.
 * What becomes of them stands in the database, for every server that shares it.
 */
export class ReferenceJobs {
  readonly #database: Database
  readonly #settings: Pick<Settings, 'dataFolder' | 'postgresUrl' | 'env' | 'instance'>

  constructor(
    database: Database,
    settings: Pick<Settings, 'dataFolder' | 'postgresUrl' | 'env' | 'instance'>,
  ) {
    this.#database = database
    this.#settings = settings
  }

  /** Those at work, then the latest. One whose server went away has failed; should it speak again, it has not. */
  async list(): Promise<ReferenceJob[]> {
    const { pool } = this.#database
    await pool.query(
      `UPDATE service.reference_job
          SET ended_at = now(), failure = '{"code": "INTERRUPTED", "message": "The server that read it was stopped."}'
        WHERE ended_at IS NULL AND seen_at < now() - make_interval(secs => $1)`,
      [SILENT],
    )
    const { rows } = await pool.query<ReferenceJob>(
      `SELECT id::int, series, name, bytes::float8 AS bytes, started_at AS "startedAt", ended_at AS "endedAt", done::float8 AS done, modules, failure
         FROM service.reference_job ORDER BY ended_at IS NOT NULL, id DESC LIMIT $1`,
      [TOLD],
    )
    return rows
  }

  /** Notes that a dump has come; its reading begins with `run`. */
  async begin(file: { name: string; bytes: number }, series: string): Promise<number> {
    const { rows } = await this.#database.pool.query<{ id: number }>(
      `WITH forgotten AS (
         DELETE FROM service.reference_job WHERE ended_at IS NOT NULL
            AND id NOT IN (SELECT id FROM service.reference_job ORDER BY id DESC LIMIT $5))
       INSERT INTO service.reference_job (instance, series, name, bytes) VALUES ($1, $2, $3, $4) RETURNING id::int`,
      [this.#settings.instance, series, storable(file.name), file.bytes, TOLD - 1],
    )
    return rows[0]!.id
  }

  /** Makes the reference of a version from a dump, which has to stay until this resolves. @returns how it ended */
  async run(
    id: number,
    file: { path: string; name: string },
    series: string,
    signal: AbortSignal,
  ): Promise<Work> {
    const work: Work = { done: null, modules: null, failure: null }
    let telling: Promise<void> | null = null
    const timer = setInterval(() => {
      // A database that is away for a while only delays what is told.
      telling ??= this.#tell(id, work, false)
        .catch(() => {})
        .finally(() => {
          telling = null
        })
    }, TELL)
    try {
      await this.#make(work, file, series, signal)
    } finally {
      clearInterval(timer)
      await telling
    }
    await this.#tell(id, work, true)
    return work
  }

  async #tell(id: number, { done, modules, failure }: Work, ended: boolean): Promise<void> {
    await this.#database.pool.query(
      `UPDATE service.reference_job
          SET seen_at = now(), done = $2, modules = $3, failure = $4, ended_at = CASE WHEN $5 THEN now() END
        WHERE id = $1`,
      [id, done, modules, failure && storableJson(failure), ended],
    )
  }

  #make(
    work: Work,
    file: { path: string; name: string },
    series: string,
    signal: AbortSignal,
  ): Promise<void> {
    const { dataFolder, postgresUrl, env } = this.#settings
    const child = fork(
      join(import.meta.dirname, '../cli/main.ts'),
      ['--json', '--data', dataFolder, 'reference', 'add', series, file.path],
      {
        env: postgresUrl ? { ...env, UPLIFT_PG_URL: postgresUrl } : env,
        execArgv: process.execArgv,
        stdio: ['ignore', 'pipe', 'ignore', 'ipc'],
      },
    )
    const stop = () => child.kill('SIGTERM')
    signal.addEventListener('abort', stop, { once: true })
    if (signal.aborted) stop()
    let rest = ''
    child.stdout!.setEncoding('utf8').on('data', (text: string) => {
      const lines = (rest + text).split('\n')
      rest = lines.pop() ?? ''
      for (const line of lines) hear(work, line, file)
    })
    return new Promise((done) => {
      const end = (message: string) => {
        signal.removeEventListener('abort', stop)
        if (work.modules === null) work.failure ??= { code: 'INTERNAL', message }
        done()
      }
      child.once('error', (error) => end(error.message))
      child.once('close', (code, name) => end(`The process ended with ${code ?? name}.`))
    })
  }
}

/** Takes a line of the process's own telling; of the file it knows the path alone, which is nobody's to see. */
function hear(work: Work, line: string, { path, name }: { path: string; name: string }): void {
  const said = parse(line)
  switch (said?.event) {
    case 'progress':
      work.done = Number(said.done)
      break
    case 'result':
      work.modules = Array.isArray(said.modules) ? said.modules.length : 0
      break
    case 'error':
      work.failure = { code: String(said.code), message: String(said.message).replaceAll(path, name) }
  }
}

function parse(line: string): Record<string, unknown> | null {
  try {
    const value: unknown = JSON.parse(line)
    return typeof value === 'object' && value !== null ? { ...value } : null
  } catch {
    return null
  }
}
