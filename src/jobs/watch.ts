import type { Database } from '../database/database.ts'
import { UpliftError } from '../errors.ts'
import type { Progress } from '../upgrade/events.ts'
import { takenOver } from './fence.ts'
import { tellProgress } from './stage-rows.ts'

/** Time between two looks, in milliseconds: so long a cancel takes to be noticed. */
const PAUSE = 500

/**
 * Watches over one try: writes its progress down, and aborts it when somebody asks for a cancel or another worker has
 * taken over. A service database that does not answer for a moment is left to the work itself.
 */
export class Watch {
  readonly #database: Database
  readonly #request: number
  readonly #attempt: number
  readonly #controller = new AbortController()
  readonly #timer: NodeJS.Timeout
  #progress: { stage: string; progress: Progress } | undefined
  #busy: Promise<void> | undefined

  constructor(database: Database, request: number, attempt: number) {
    this.#database = database
    this.#request = request
    this.#attempt = attempt
    this.#timer = setInterval(() => this.#tick(), PAUSE)
  }

  get signal(): AbortSignal {
    return this.#controller.signal
  }

  tell(stage: string, progress: Progress): void {
    this.#progress = { stage, progress }
  }

  async stop(): Promise<void> {
    clearInterval(this.#timer)
    await this.#busy
  }

  #tick(): void {
    this.#busy ??= this.#look()
      .catch(() => {})
      .finally(() => {
        this.#busy = undefined
      })
  }

  async #look(): Promise<void> {
    const told = this.#progress
    this.#progress = undefined
    if (told) await tellProgress(this.#database, this.#request, this.#attempt, told.stage, told.progress)
    const { rows } = await this.#database.pool.query<{ attempt: number; cancel: boolean }>(
      'SELECT attempt, cancel_asked_at IS NOT NULL AS cancel FROM service.request WHERE id = $1',
      [this.#request],
    )
    if (rows[0]?.attempt !== this.#attempt) this.#controller.abort(takenOver(this.#request, this.#attempt))
    else if (rows[0].cancel)
      this.#controller.abort(new UpliftError('REQUEST:CANCELLED', 'The request was cancelled on demand.'))
  }
}
