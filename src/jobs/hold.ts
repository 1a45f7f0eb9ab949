import pg from 'pg'
import type { Database } from '../database/database.ts'

/** First half of the advisory locks that say that a living worker has a request. */
export const HELD = 1_970_041

/**
 * Says, as long as this process lives and is connected, that it works on a request: an advisory lock of a session of its
 * own, which PostgreSQL lets go of at once when the process dies. The signal is aborted when the connection is lost.
 */
export class Hold {
  readonly #client: pg.Client
  readonly #controller = new AbortController()

  private constructor(client: pg.Client) {
    this.#client = client
  }

  static async take({ address }: Database, request: number): Promise<Hold> {
    const client = new pg.Client({ ...address, application_name: `uplift request ${request}` })
    const hold = new Hold(client)
    client.on('error', (error) => hold.#controller.abort(error))
    await client.connect()
    // A former try that still holds it is about to be overtaken; two that hold it are told apart by their numbers.
    await client.query('SELECT pg_advisory_lock_shared($1, $2)', [HELD, request])
    return hold
  }

  get lost(): AbortSignal {
    return this.#controller.signal
  }

  async release(): Promise<void> {
    await this.#client.end().catch(() => {})
  }
}
