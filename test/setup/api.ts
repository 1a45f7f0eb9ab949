import { randomBytes } from 'node:crypto'
import { mkdtemp, rm } from 'node:fs/promises'
import { connect, type Socket } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { FastifyInstance } from 'fastify'
import pino from 'pino'
import { buildApi } from '../../src/api/api.ts'
import type { ApiDeps } from '../../src/api/deps.ts'
import { documentTargets } from '../../src/api/v1/targets.ts'
import { loadSettings } from '../../src/config/settings.ts'
import type { Database } from '../../src/database/database.ts'
import type { Failure } from '../../src/requests/request.ts'
import { DiskStorage } from '../../src/storage/disk.ts'
import { testServer } from './databases.ts'
import { serviceDatabase } from './service.ts'

export const CONTRACT = 'M123456-abcdef'

export interface Answered {
  status: number
  headers: Headers
  body: { failures: Failure[]; request?: Record<string, unknown> & { id: number; key: string } }
}

/** An API that listens, on a database and a disk of its own. */
export interface TestApi {
  app: FastifyInstance
  database: Database
  storage: DiskStorage
  folder: string
  port: number
  url: string
  /** All that it answers, as it was registered. */
  routes: readonly { method: string; url: string }[]
  /** All lines of the log so far. */
  log(): string
  /** Requests whose upgrade, or whose look, was queued. */
  queued: number[]
  looks: number[]
  call(path: string, init?: RequestInit): Promise<Answered>
  /** A request in state draft. */
  draft(): Promise<{ id: number; key: string; query: string }>
  /** Sends bytes as they are. */
  socket(): Socket
  close(): Promise<void>
}

export async function startApi(
  env: Record<string, string> = {},
  more: Partial<ApiDeps> & { idleMs?: number } = {},
): Promise<TestApi> {
  const folder = await mkdtemp(join(tmpdir(), 'uplift-api-'))
  const settings = await loadSettings({ UPLIFT_DATA: folder, ...env })
  const { database, remove } = await serviceDatabase()
  await database.pool.query('INSERT INTO service.contract (code) VALUES ($1)', [CONTRACT])
  const storage = new DiskStorage(join(folder, 'storage'))
  const lines: string[] = []
  const queued: number[] = []
  const looks: number[] = []
  let url = ''
  const { idleMs, ...deps } = more
  const app = buildApi(
    {
      settings,
      database,
      storage,
      enqueue: async (_client, id) => void queued.push(id),
      enqueueLook: async (id) => void looks.push(id),
      targets: documentTargets,
      scratchServer: async () => testServer(),
      log: pino({ level: 'trace' }, { write: (line: string) => void lines.push(line) }),
      baseUrl: () => url,
      ready: async () => {},
      ...deps,
    },
    idleMs === undefined ? {} : { idleMs },
  )
  const routes: { method: string; url: string }[] = []
  app.addHook('onRoute', ({ method, url: path }) => {
    for (const each of [method].flat()) routes.push({ method: each, url: path })
  })
  url = await app.listen({ host: '127.0.0.1', port: 0 })
  const port = Number(new URL(url).port)
  const call: TestApi['call'] = async (path, init) => {
    const response = await fetch(`${url}${path}`, init)
    const text = await response.text()
    return {
      status: response.status,
      headers: response.headers,
      // Null where there is none, or a page.
      body: (/^[{[]/.test(text) ? JSON.parse(text) : null) as Answered['body'],
    }
  }
  return {
    app,
    database,
    storage,
    folder,
    port,
    url,
    routes,
    queued,
    looks,
    call,
    log: () => lines.join(''),
    draft: async () => {
      const { body } = await call(`/database/v1/create?${validQuery()}`)
      const { id, key } = body.request!
      return { id, key, query: `key=${key}&request=${id}` }
    },
    socket: () => connect(port, '127.0.0.1'),
    close: async () => {
      await app.close()
      await remove()
      await rm(folder, { recursive: true, force: true })
    },
  }
}

/** The parameters of the document's own sample. */
export function validQuery(changed: Record<string, string> = {}): string {
  return new URLSearchParams({
    contract: CONTRACT,
    aim: 'test',
    target: '8.0',
    email: 'john.doe@example.com',
    filename: 'db_name.dump',
    ...changed,
  }).toString()
}

/** A plain dump of some bytes that no other has. */
export function plainDump(bytes = 4096): Buffer {
  const head = `--\n-- PostgreSQL database dump\n--\n\nSET statement_timeout = 0;\nSET row_security = off;\n-- ${randomBytes(16).toString('hex')}\n`
  return Buffer.from(head + '-- x\n'.repeat(Math.max(0, Math.ceil((bytes - head.length) / 5))))
}

/** All that comes on a socket until the other side closes it. */
export async function received(socket: Socket): Promise<string> {
  const pieces: Buffer[] = []
  for await (const piece of socket) pieces.push(piece as Buffer)
  return Buffer.concat(pieces).toString()
}

/** Tries again until what is asked for holds, or the time is over. */
export async function eventually<T>(ask: () => Promise<T> | T, ms = 10_000): Promise<T> {
  const deadline = Date.now() + ms
  for (;;) {
    try {
      return await ask()
    } catch (thrown) {
      if (Date.now() > deadline) throw thrown
      await new Promise((resolve) => setTimeout(resolve, 20))
    }
  }
}
