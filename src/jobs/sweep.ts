import type { PgBoss } from 'pg-boss'
import type { Database } from '../database/database.ts'
import { HELD } from './hold.ts'
import { enqueueUpgrade, UPGRADES } from './queue.ts'

/** A job that was taken so short a time ago may not have said yet that it is being worked on, in milliseconds. */
const GRACE = 3_000

/**
 * Gives the work of workers that died to others, at once instead of after the heartbeat's time: a request that is open and
 * that no living session holds. One that has no job at all gets one.
 */
export async function sweep(database: Database, boss: PgBoss): Promise<number[]> {
  const { rows } = await database.pool.query<{ id: number }>(
    `SELECT r.id::int FROM service.request r
      WHERE r.state IN ('pending', 'progress') AND r.queued_at < now() - make_interval(secs => $2 / 1000.0)
        AND NOT EXISTS (SELECT FROM pg_locks l WHERE l.locktype = 'advisory' AND l.classid = $1 AND l.objid = r.id
                           AND l.database = (SELECT oid FROM pg_database WHERE datname = current_database()))`,
    [HELD, GRACE],
  )
  const given: number[] = []
  for (const { id } of rows) {
    const jobs = await boss.findJobs(UPGRADES, { key: String(id) })
    const active = jobs.find(({ state }) => state === 'active')
    if (active) {
      if (Date.now() - active.startedOn.getTime() < GRACE) continue
      await boss.fail(UPGRADES, active.id, { message: 'Its worker went away.' })
      given.push(id)
    } else if (!jobs.some(({ state }) => state === 'created' || state === 'retry')) {
      await enqueueUpgrade(boss, database.pool, id)
      given.push(id)
    }
  }
  return given
}
