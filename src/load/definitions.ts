import type pg from 'pg'
import { UpliftError } from '../errors.ts'
import { ident } from '../postgres/sql.ts'
import type { Connections } from './connections.ts'
import type { RunKind, Verdict } from './judge/verdict.ts'
import type { Skipped } from './report.ts'

type RunVerdict = Extract<Verdict, { act: 'run' }>
type RunText = Extract<Verdict, { act: 'runText' }>

/** Statements that go in one round trip; each batch is one transaction of the server. */
const BATCH = 100

/** Without these the rows have nowhere to go, or their columns would be others than the source's. */
const NEEDED: ReadonlySet<RunKind> = new Set(['schema', 'table', 'sequence', 'column', 'inheritance'])

/**
 * Runs the statements that passed the judge, many in one round trip. One that fails is found by running its batch
 * one by one: what data depends on ends the load, anything else becomes a line of the report.
 */
export class Definitions {
  readonly #connections: Connections
  readonly #skipped: Skipped[]
  #waiting: RunVerdict[] = []
  #sending: Promise<void> = Promise.resolve()
  readonly done: (RunVerdict | RunText)[] = []

  constructor(connections: Connections, skipped: Skipped[]) {
    this.#connections = connections
    this.#skipped = skipped
  }

  /** Takes a statement; while the server works on one batch the next is gathered. */
  async add(verdict: RunVerdict): Promise<void> {
    this.#waiting.push(verdict)
    if (this.#waiting.length < BATCH) return
    await this.#sending
    this.#send()
  }

  /**
   * Runs a text of the dump's own by itself, in the protocol that takes one statement only: were it read in another
   * way than the judge read it, nothing could follow.
   */
  async addText(verdict: RunText): Promise<void> {
    await this.flush()
    await this.#connections.with(async (client) => {
      await client.query('BEGIN')
      try {
        await client.query(`SET LOCAL search_path = ${ident(verdict.schema)}, pg_catalog`)
        const alone: pg.QueryConfig & { queryMode: 'extended' } = { text: verdict.sql, queryMode: 'extended' }
        await client.query(alone)
        await client.query('COMMIT')
        this.done.push(verdict)
      } catch (cause) {
        await client.query('ROLLBACK')
        this.#notMade(verdict, cause)
      }
    })
  }

  /** Returns when all that was taken is done. */
  async flush(): Promise<void> {
    await this.#sending
    this.#send()
    await this.#sending
  }

  #send(): void {
    const batch = this.#waiting
    if (batch.length === 0) return
    this.#waiting = []
    this.#sending = this.#connections.with(async (client) => {
      try {
        await client.query(batch.map(({ sql }) => sql).join(';\n'))
        this.done.push(...batch)
      } catch {
        for (const verdict of batch) await this.#single(client, verdict)
      }
    })
    // A failure is met where it is awaited: at the next batch.
    this.#sending.catch(() => {})
  }

  async #single(client: pg.Client, verdict: RunVerdict): Promise<void> {
    const { schema, name } = verdict.object
    try {
      await client.query(verdict.sql)
      this.done.push(verdict)
    } catch (cause) {
      const message = cause instanceof Error ? cause.message : String(cause)
      if (NEEDED.has(verdict.kind))
        throw new UpliftError(
          'LOAD:REFUSED',
          `The ${verdict.kind} ${schema}.${name} of the dump cannot be made: ${message}.`,
          { cause, detail: { kind: verdict.kind, schema, name, sql: verdict.sql.slice(0, 2000) } },
        )
      this.#notMade(verdict, cause)
    }
  }

  #notMade(verdict: RunVerdict | RunText, cause: unknown): void {
    this.#skipped.push({
      what: verdict.kind,
      name: `${verdict.object.schema}.${verdict.object.name}`,
      reason: `PostgreSQL does not take it: ${cause instanceof Error ? cause.message : String(cause)}`,
      severity: 'severe',
    })
  }
}
