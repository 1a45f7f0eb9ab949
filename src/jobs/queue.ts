import { PgBoss } from 'pg-boss'
import type { Database, Queryable } from '../database/database.ts'

/** Upgrades, one job a request. */
export const UPGRADES = 'upgrade'
/** Uploads to be looked through, one job an upload. */
export const LOOKS = 'look'
/** What has to be done from time to time. */
export const HOUSEKEEPING = 'housekeeping'

export interface RequestJob {
  request: number
}

/** pg-boss gives a job that ran for so long to somebody else; 24 h is the longest it takes. */
const LONGEST = 24 * 60 * 60

/**
 * The durable queue, in schema "queue" of the service's database. What a job has done is in the rows of its request; the
 * queue only says whose turn it is.
 */
export async function openQueue(database: Database, onError: (error: unknown) => void): Promise<PgBoss> {
  const boss = new PgBoss({
    db: { executeSql: (text, values) => database.pool.query(text, values) },
    schema: 'queue',
    // What the clean-up of the queue itself needs; work is given again by heartbeats and by the sweep.
    superviseIntervalSeconds: 10,
    monitorIntervalSeconds: 10,
    monitorVacuum: false,
  })
  boss.on('error', onError)
  await boss.start()
  await boss.createQueue(UPGRADES, {
    policy: 'exclusive',
    retryLimit: 1_000_000,
    retryDelay: 1,
    expireInSeconds: LONGEST - 1,
    heartbeatSeconds: 60,
    deleteAfterSeconds: 7 * LONGEST,
  })
  await boss.createQueue(LOOKS, {
    policy: 'exclusive',
    retryLimit: 3,
    retryDelay: 5,
    expireInSeconds: LONGEST - 1,
    heartbeatSeconds: 60,
  })
  await boss.createQueue(HOUSEKEEPING, { policy: 'exclusive', retryLimit: 0, expireInSeconds: 3600 })
  await boss.schedule(HOUSEKEEPING, '*/15 * * * *')
  return boss
}

/** Puts a request in the queue, in the transaction of the caller. */
export async function enqueueUpgrade(boss: PgBoss, client: Queryable, request: number): Promise<void> {
  await boss.send(UPGRADES, { request } satisfies RequestJob, {
    singletonKey: String(request),
    db: { executeSql: (text, values) => client.query(text, values) },
  })
}

export async function enqueueLook(boss: PgBoss, request: number): Promise<void> {
  await boss.send(LOOKS, { request } satisfies RequestJob, { singletonKey: String(request) })
}
