import { fork } from 'node:child_process'
import { join } from 'node:path'
import type { Settings } from '../config/settings.ts'
import type { Progress } from '../upgrade/events.ts'

/** Jobs that ended and are still told. */
const TOLD = 20

/** A reference on its way: the process that makes it, and how that ended. */
export interface ReferenceJob {
  series: string
  /** Of the file, as its sender called it. */
  name: string
  bytes: number
  startedAt: Date
  endedAt: Date | null
  /** How far it is; null before the first word. */
  progress: Pick<Progress, 'done' | 'unit'> | null
  /** Modules of the reference once it is made. */
  modules: number | null
  failure: { code: string; message: string } | null
}

/** References that this server has made, each in a process of its own: reading a dump takes time and memory. */
export class ReferenceJobs {
  readonly #settings: Pick<Settings, 'dataFolder' | 'postgresUrl' | 'env'>
  readonly #jobs: ReferenceJob[] = []

  constructor(settings: Pick<Settings, 'dataFolder' | 'postgresUrl' | 'env'>) {
    this.#settings = settings
  }

  /** The latest first. */
  get list(): readonly ReferenceJob[] {
    return this.#jobs
  }

  /** Makes the reference of a version from a dump, which has to stay until this resolves. How it ended stands in the job. */
  async add(
    file: { path: string; name: string; bytes: number },
    series: string,
    signal: AbortSignal,
  ): Promise<ReferenceJob> {
    const job: ReferenceJob = {
      series,
      name: file.name,
      bytes: file.bytes,
      startedAt: new Date(),
      endedAt: null,
      progress: null,
      modules: null,
      failure: null,
    }
    this.#jobs.unshift(job)
    this.#jobs.splice(TOLD)
    await this.#run(job, file.path, signal)
    job.endedAt = new Date()
    return job
  }

  #run(job: ReferenceJob, path: string, signal: AbortSignal): Promise<void> {
    const { dataFolder, postgresUrl, env } = this.#settings
    const child = fork(
      join(import.meta.dirname, '../cli/main.ts'),
      ['--json', '--data', dataFolder, 'reference', 'add', job.series, path],
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
      for (const line of lines) hear(job, line, path)
    })
    return new Promise((done) => {
      const end = (message: string) => {
        signal.removeEventListener('abort', stop)
        if (job.modules === null) job.failure ??= { code: 'INTERNAL', message }
        done()
      }
      child.once('error', (error) => end(error.message))
      child.once('close', (code, name) => end(`The process ended with ${code ?? name}.`))
    })
  }
}

/** Takes a line of the process's own telling; of the file it knows the path alone, which is nobody's to see. */
function hear(job: ReferenceJob, line: string, path: string): void {
  const said = parse(line)
  switch (said?.event) {
    case 'progress':
      job.progress = { done: Number(said.done), unit: said.unit as Progress['unit'] }
      break
    case 'result':
      job.modules = Array.isArray(said.modules) ? said.modules.length : 0
      break
    case 'error':
      job.failure = {
        code: String(said.code),
        message: String(said.message).replaceAll(path, job.name),
      }
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
