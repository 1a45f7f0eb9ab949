import type { Readable } from 'node:stream'
import type { Connections } from './connections.ts'

/** Loads a large object under the number that the source gave it; any role may make one. */
export async function loadLargeObject(connections: Connections, oid: string, data: Readable): Promise<void> {
  await connections.with(async (client) => {
    await client.query('SELECT pg_catalog.lo_create($1::oid)', [oid])
    let at = 0
    for await (const chunk of data as AsyncIterable<Buffer>) {
      await client.query('SELECT pg_catalog.lo_put($1::oid, $2::int8, $3::bytea)', [oid, at, chunk])
      at += chunk.length
    }
  })
}

/** Large objects of a plain SQL dump come in statements: one that makes them, some that write a piece each. */
export class WrittenLargeObjects {
  readonly #connections: Connections
  readonly #lengths = new Map<string, number>()

  constructor(connections: Connections) {
    this.#connections = connections
  }

  get count(): number {
    return this.#lengths.size
  }

  /** `bytes` is a bytea in PostgreSQL's text form; null makes the object. */
  async write(oid: string, bytes: string | null): Promise<void> {
    await this.#connections.with(async (client) => {
      if (bytes === null) {
        await client.query('SELECT pg_catalog.lo_create($1::oid)', [oid])
        this.#lengths.set(oid, 0)
        return
      }
      const at = this.#lengths.get(oid) ?? 0
      const { rows } = await client.query<{ length: number }>(
        `WITH written AS (SELECT pg_catalog.lo_put($1::oid, $2::int8, $3::bytea))
         SELECT pg_catalog.length($3::bytea) AS length FROM written`,
        [oid, at, bytes],
      )
      this.#lengths.set(oid, at + (rows[0]?.length ?? 0))
    })
  }
}
