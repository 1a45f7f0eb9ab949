import { hostname } from 'node:os'
import type { Settings } from '../config/settings.ts'
import type { Database } from '../database/database.ts'

/** Hours after which a worker that was not seen is forgotten. */
const FORGOTTEN = 1

/** What a worker tells of itself: that it lives, and what it works on. Nothing is decided by it; it is for the operator to see. */
export class Presence {
  readonly #database: Database
  readonly #settings: Pick<Settings, 'instance' | 'concurrency'>
  readonly #requests = new Set<number>()

  constructor(database: Database, settings: Pick<Settings, 'instance' | 'concurrency'>) {
    this.#database = database
    this.#settings = settings
  }

  async tell(): Promise<void> {
    const { instance, concurrency } = this.#settings
    await this.#database.pool.query(
      `WITH forgotten AS (DELETE FROM service.worker WHERE seen_at < now() - make_interval(hours => $6) AND instance <> $1)
       INSERT INTO service.worker (instance, host, pid, concurrency, requests) VALUES ($1, $2, $3, $4, $5)
       ON CONFLICT (instance) DO UPDATE SET seen_at = now(), requests = excluded.requests`,
      [instance, hostname(), process.pid, concurrency, [...this.#requests], FORGOTTEN],
    )
  }

  /** Runs work on a request, which is told meanwhile. */
  async during<T>(request: number, work: () => Promise<T>): Promise<T> {
    this.#requests.add(request)
    try {
      return await work()
    } finally {
      this.#requests.delete(request)
    }
  }

  /** The worker ends in good order: it is not missed. */
  async end(): Promise<void> {
    await this.#database.pool
      .query('DELETE FROM service.worker WHERE instance = $1', [this.#settings.instance])
      .catch(() => {})
  }
}
