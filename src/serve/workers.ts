import { type ChildProcess, fork } from 'node:child_process'
import { join } from 'node:path'
import type { Logger } from 'pino'
import type { Settings } from '../config/settings.ts'

/** Pause before a worker that ended by itself is started again, in milliseconds; doubled with every end in a row. */
const PAUSE = { first: 200, longest: 30_000 }
/** A worker that lived so long in milliseconds did not end for a reason of its start. */
const HEALTHY = 60_000

/** The worker processes of a server: started again when they end. */
export class Workers {
  readonly #settings: Settings
  readonly #log: Logger
  readonly #children = new Set<ChildProcess>()
  #stopping = false

  constructor(settings: Settings, log: Logger) {
    this.#settings = settings
    this.#log = log
  }

  start(): void {
    for (let i = 0; i < this.#settings.workers; i++) this.#launch(PAUSE.first)
  }

  /** Process numbers of those that run. */
  get pids(): number[] {
    return [...this.#children].flatMap(({ pid }) => (pid === undefined ? [] : [pid]))
  }

  /** Tells all to stop and waits until they have; what they worked on goes on later. */
  async stop(): Promise<void> {
    this.#stopping = true
    await Promise.all(
      [...this.#children].map(
        (child) =>
          new Promise<void>((done) => {
            child.once('exit', () => done())
            child.kill('SIGTERM')
          }),
      ),
    )
  }

  #launch(pause: number): void {
    const startedAt = Date.now()
    const { dataFolder, publicUrl, env } = this.#settings
    const child = fork(join(import.meta.dirname, '../cli/main.ts'), ['worker', '--data', dataFolder], {
      // What the server listens on is known only to itself; mails of its workers have links to it.
      env: publicUrl ? { ...env, UPLIFT_PUBLIC_URL: publicUrl } : env,
      execArgv: process.execArgv,
      stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
    })
    this.#children.add(child)
    child.on('error', (error) => this.#log.error({ err: error }, 'a worker cannot be started'))
    child.once('exit', (code, signal) => {
      this.#children.delete(child)
      if (this.#stopping) return
      const next = Date.now() - startedAt > HEALTHY ? PAUSE.first : pause
      this.#log.warn({ code, signal, pause: next }, 'a worker ended and is started again')
      setTimeout(() => {
        if (!this.#stopping) this.#launch(Math.min(next * 2, PAUSE.longest))
      }, next)
    })
  }
}
