import type pg from 'pg'
import type { Scratch } from '../postgres/server.ts'

/** Longest that one statement of a load may take: a hostile expression ends here, a real table is far below. */
const STATEMENT_TIMEOUT = '10min'

/**
 * Settings of every connection that loads. Nothing of the source's is found by its bare name: an object of the dump
 * that bears the name of one of the server's cannot be met by accident.
 */
const SETTINGS = {
  search_path: 'pg_catalog',
  statement_timeout: STATEMENT_TIMEOUT,
  synchronous_commit: 'off',
  check_function_bodies: 'off',
  client_min_messages: 'error',
  datestyle: 'ISO, YMD',
  intervalstyle: 'postgres',
  xmloption: 'content',
  timezone: 'UTC',
  standard_conforming_strings: 'on',
}

/** Some connections to one scratch database; each serves one work at a time. */
export class Connections {
  readonly #all: pg.Client[]
  readonly #idle: pg.Client[]
  readonly #waiting: ((client: pg.Client) => void)[] = []

  private constructor(clients: pg.Client[]) {
    this.#all = clients
    this.#idle = [...clients]
  }

  static async open(scratch: Scratch, count: number): Promise<Connections> {
    const clients = await Promise.all(
      Array.from({ length: count }, async () => {
        const client = await scratch.connect()
        await client.query(
          Object.entries(SETTINGS)
            .map(([name, value]) => `SET ${name} = '${value}'`)
            .join(';'),
        )
        return client
      }),
    )
    return new Connections(clients)
  }

  get size(): number {
    return this.#all.length
  }

  acquire(): Promise<pg.Client> {
    const client = this.#idle.pop()
    return client ? Promise.resolve(client) : new Promise((take) => this.#waiting.push(take))
  }

  release(client: pg.Client): void {
    const next = this.#waiting.shift()
    if (next) next(client)
    else this.#idle.push(client)
  }

  async with<T>(work: (client: pg.Client) => Promise<T>): Promise<T> {
    const client = await this.acquire()
    try {
      return await work(client)
    } finally {
      this.release(client)
    }
  }

  async close(): Promise<void> {
    await Promise.allSettled(this.#all.map((client) => client.end()))
  }
}
