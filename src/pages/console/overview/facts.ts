import { readdir, stat, statfs } from 'node:fs/promises'
import { join } from 'node:path'
import type { ApiDeps } from '../../../api/deps.ts'
import type { Database, Queryable } from '../../../database/database.ts'
import { type FoundRequest, searchRequests } from '../../../requests/search.ts'

/** Days of the charts. */
const DAYS = 30
/** Upgrades whose duration is drawn. */
const MEASURES = 300
/** Seconds for which the sizes of folders and databases are not taken again. */
const DISK_SECONDS = 30

export interface WorkerRow {
  instance: string
  host: string
  pid: number
  concurrency: number
  startedAt: Date
  seenAt: Date
  /** Seen so short a time ago that it has to be alive. */
  alive: boolean
  requests: number[]
}

export interface Day {
  /** "2026-11-23", in UTC. */
  day: string
  done: number
  failed: number
  cancelled: number
  /** Bytes of all files that are stored, at its end, of those that are still there. */
  bytes: number
}

export interface Measure {
  bytes: number
  seconds: number
  source: string
  target: string
}

/** Bytes on this machine's disk, and of the scratch databases. */
export interface Disk {
  free: number
  size: number
  spool: number
  work: number
  /** Null when the server of scratch databases cannot be asked. */
  scratch: number | null
}

export interface Overview {
  states: Readonly<Record<string, number>>
  /** How long the request at the head of the queue waits; null when none does. */
  oldestSeconds: number | null
  running: readonly FoundRequest[]
  waiting: readonly FoundRequest[]
  workers: readonly WorkerRow[]
  /** Bytes of the files that the rows of requests name. */
  stored: number
  files: number
  days: readonly Day[]
  measures: readonly Measure[]
}

export async function readOverview({ pool }: Database): Promise<Overview> {
  const list = (state: 'progress' | 'pending') =>
    searchRequests(pool, { state }, { order: 'created', descending: false, limit: 20, offset: 0 })
  const [states, oldest, running, waiting, workers, stored, days, measures] = [
    await pool.query<{ state: string; count: number }>(
      'SELECT state, count(*)::int AS count FROM service.request GROUP BY state',
    ),
    await pool.query<{ seconds: number | null }>(
      `SELECT extract(epoch FROM now() - min(queued_at))::float8 AS seconds FROM service.request WHERE state = 'pending'`,
    ),
    await list('progress'),
    await list('pending'),
    await readWorkers(pool),
    await pool.query<{ bytes: number; files: number }>(
      'SELECT coalesce(sum(bytes), 0)::float8 AS bytes, count(*)::int AS files FROM service.file',
    ),
    await readDays(pool),
    await pool.query<Measure>(
      'SELECT bytes::float8 AS bytes, seconds, source, target FROM service.measure ORDER BY at DESC LIMIT $1',
      [MEASURES],
    ),
  ]
  return {
    states: Object.fromEntries(states.rows.map(({ state, count }) => [state, count])),
    oldestSeconds: oldest.rows[0]!.seconds,
    running: running.found,
    waiting: waiting.found,
    workers,
    stored: stored.rows[0]!.bytes,
    files: stored.rows[0]!.files,
    days,
    measures: measures.rows,
  }
}

async function readWorkers(client: Queryable): Promise<WorkerRow[]> {
  const { rows } = await client.query<WorkerRow>(
    `SELECT instance, host, pid, concurrency, started_at AS "startedAt", seen_at AS "seenAt", seen_at > now() - interval '20 seconds' AS alive,
            requests::int[] AS requests
       FROM service.worker ORDER BY host, started_at LIMIT 100`,
  )
  return rows
}

async function readDays(client: Queryable): Promise<Day[]> {
  const { rows } = await client.query<Day>(
    `WITH days AS (SELECT ((now() AT TIME ZONE 'UTC')::date - n) AS day FROM generate_series(0, $1 - 1) n),
          ended AS (
       SELECT (finished_at AT TIME ZONE 'UTC')::date AS day, count(*) FILTER (WHERE state = 'done') AS done,
              count(*) FILTER (WHERE state = 'failed') AS failed, count(*) FILTER (WHERE state = 'cancelled') AS cancelled
         FROM service.request WHERE finished_at > now() - ($1 + 1) * interval '1 day' GROUP BY 1),
          came AS (SELECT (created_at AT TIME ZONE 'UTC')::date AS day, sum(bytes) AS bytes FROM service.file GROUP BY 1)
     SELECT d.day::text, coalesce(e.done, 0)::int AS done, coalesce(e.failed, 0)::int AS failed, coalesce(e.cancelled, 0)::int AS cancelled,
            (SELECT coalesce(sum(bytes), 0) FROM came WHERE came.day <= d.day)::float8 AS bytes
       FROM days d LEFT JOIN ended e USING (day) ORDER BY d.day`,
    [DAYS],
  )
  return rows
}

/** The sizes on the disk, taken again after some seconds only: folders may have many files. */
export class DiskReader {
  readonly #deps: Pick<ApiDeps, 'settings' | 'scratchServer'>
  #last: { at: number; disk: Promise<Disk> } | undefined

  constructor(deps: Pick<ApiDeps, 'settings' | 'scratchServer'>) {
    this.#deps = deps
  }

  read(): Promise<Disk> {
    if (!this.#last || Date.now() - this.#last.at > DISK_SECONDS * 1000)
      this.#last = { at: Date.now(), disk: this.#take() }
    return this.#last.disk
  }

  async #take(): Promise<Disk> {
    const { dataFolder } = this.#deps.settings
    const [facts, spool, work, scratch] = await Promise.all([
      statfs(dataFolder),
      folderBytes(join(dataFolder, 'spool')),
      folderBytes(join(dataFolder, 'work')),
      this.#scratch().catch(() => null),
    ])
    return { free: facts.bavail * facts.bsize, size: facts.blocks * facts.bsize, spool, work, scratch }
  }

  async #scratch(): Promise<number> {
    const server = await this.#deps.scratchServer()
    return server.withAdmin(async (client) => {
      const { rows } = await client.query<{ bytes: number }>(
        `SELECT coalesce(sum(pg_database_size(oid)), 0)::float8 AS bytes FROM pg_database WHERE starts_with(datname, 'uplift_') AND datname <> 'uplift_service'`,
      )
      return rows[0]!.bytes
    })
  }
}

/** Bytes of all files below a folder; 0 when there is none. What disappears meanwhile does not count. */
async function folderBytes(folder: string): Promise<number> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true }).catch(() => [])
  let bytes = 0
  for (const entry of entries)
    if (entry.isFile())
      bytes += await stat(join(entry.parentPath, entry.name)).then(
        ({ size }) => size,
        () => 0,
      )
  return bytes
}
