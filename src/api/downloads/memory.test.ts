import { execFile } from 'node:child_process'
import { once } from 'node:events'
import { createReadStream } from 'node:fs'
import { connect, type Socket } from 'node:net'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { eventually, startApi, type TestApi } from '../../../test/setup/api.ts'
import { testServer } from '../../../test/setup/databases.ts'
import { findPrograms } from '../../postgres/programs.ts'

const run = promisify(execFile)
const GIGABYTE = 2 ** 30
/** What may come on top while a gigabyte passes: buffers of two streams and garbage that is not yet collected. */
const GROWTH = 200 * 1024 * 1024

let api: TestApi
let base: string
beforeAll(async () => {
  api = await startApi()
  const path = join(api.folder, 'large.dump')
  await dumpLarge(path)
  const { id, key } = await api.draft()
  base = `/database/eu1/${id}/${key}`
  const { storage, database } = api
  await keep('original', await storage.put(`${id}/original/a`, createReadStream(path)), `${id}/original/a`)
  const zeros = Buffer.alloc(2 ** 20)
  async function* gigabyte() {
    for (let i = 0; i < 1024; i++) yield zeros
  }
  await keep('upgraded', await storage.put(`${id}/upgraded/a`, gigabyte()), `${id}/upgraded/a`)

  function keep(role: string, { bytes, sha256 }: { bytes: number; sha256: string }, storageKey: string) {
    return database.pool.query(
      `INSERT INTO service.file (request, role, key, name, content_type, bytes, sha256) VALUES ($1, $2, $3, 'x.dump', 'application/octet-stream', $4, $5)`,
      [id, role, storageKey, bytes, sha256],
    )
  }
})
afterAll(() => api.close())

/** An archive whose text has more than a gigabyte. */
async function dumpLarge(path: string): Promise<void> {
  const scratch = await testServer().createScratch()
  try {
    await scratch.with((client) =>
      client.query(
        `CREATE TABLE t AS SELECT i, repeat(md5(i::text) || md5((-i)::text) || md5('x' || i), 200) AS v FROM generate_series(1, 57000) i`,
      ),
    )
    const { host, port, database } = scratch.address
    const { user } = testServer().admin
    await run(join(findPrograms(), 'pg_dump'), [
      ...['-Fc', '-Z1', '-f', path, '-h', host, '-p', String(port), '-U', user, '-d', database],
    ])
  } finally {
    await scratch.drop()
  }
}

test.each(['upgraded/archive', 'original/sql'])(
  'a gigabyte of %s passes with flat memory',
  async (target) => {
    global.gc?.()
    const before = process.memoryUsage.rss()
    let most = 0
    const watch = setInterval(() => {
      most = Math.max(most, process.memoryUsage.rss())
    }, 50)
    try {
      const socket = ask(target)
      let bytes = 0
      for await (const piece of socket) bytes += (piece as Buffer).length
      expect(bytes).toBeGreaterThan(GIGABYTE)
      console.info(
        `${target}: ${bytes} bytes, memory grew by ${Math.round((most - before) / 2 ** 20)} MB at most`,
      )
      expect(most - before).toBeLessThan(GROWTH)
    } finally {
      clearInterval(watch)
    }
  },
)

test.each(['upgraded/archive', 'original/sql'])(
  'a client that does not read %s on holds the work up',
  async (target) => {
    const connection = once(api.app.server, 'connection')
    const client = ask(target)
    const [serving] = (await connection) as [Socket]
    await once(client, 'readable')
    // Without backpressure it would go up to the whole gigabyte; the system's own buffers take a few megabytes.
    let seen: number[] = []
    await eventually(async () => {
      seen = [...seen.slice(-9), serving.bytesWritten]
      expect(seen).toEqual(Array<number>(10).fill(serving.bytesWritten))
      expect(serving.writableLength).toBeGreaterThan(0)
    }, 60_000)
    expect(serving.bytesWritten).toBeLessThan(64 * 1024 * 1024)
    client.destroy()
    await eventually(() => expect(serving.destroyed).toBe(true))
  },
)

function ask(target: string): Socket {
  const socket = connect(api.port, '127.0.0.1')
  socket.write(`GET ${base}/${target} HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n`)
  return socket
}
