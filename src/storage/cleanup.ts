import type { Database, Queryable } from '../database/database.ts'
import { type LogEvent, sentenceOf } from '../requests/log.ts'
import type { Storage } from './storage.ts'

const DAY_MS = 24 * 60 * 60 * 1000
/** A file comes into the storage before its row does: one that no row names is left alone for so long. */
const ORPHAN_MS = DAY_MS
/**
 * An orphan is told from a file whose row is about to be written only by waiting: with S3 the age of a file counts from
 * when its upload began, which may be days.
 */
const GRACE_MS = 60 * 60 * 1000
const BATCH = 200
const deleted: LogEvent = { event: 'files deleted', detail: {} }
/** Files in a row that could not be deleted, after which the storage counts as one that does not work. */
const FAILURES = 5

/**
 * Deletes the files that were let go of. A key leaves service.dropped_file only once its file is gone; one that cannot be
 * deleted stays for the next time and does not keep the others from being deleted.
 * @returns how many were deleted
 * @throws UpliftError the first failure, after all that could be deleted was
 */
export async function removeDropped(
  { pool }: Database,
  storage: Storage,
  now: Date = new Date(),
): Promise<number> {
  // What a row names again is no orphan after all.
  await pool.query('DELETE FROM service.dropped_file d USING service.file f WHERE f.key = d.key')
  const failures: unknown[] = []
  let removed = 0
  let inARow = 0
  let last = ''
  while (true) {
    // The database's time is finer than that of `now`.
    const { rows } = await pool.query<{ key: string }>(
      `SELECT key FROM service.dropped_file WHERE key > $1 AND date_trunc('milliseconds', dropped_at) <= $2 ORDER BY key LIMIT $3`,
      [last, now, BATCH],
    )
    if (rows.length === 0) break
    for (const { key } of rows) {
      last = key
      try {
        await storage.remove(key)
        await pool.query('DELETE FROM service.dropped_file WHERE key = $1', [key])
        removed++
        inARow = 0
      } catch (thrown) {
        failures.push(thrown)
        if (++inARow === FAILURES) throw failures[0]
      }
    }
  }
  if (failures.length > 0) throw failures[0]
  return removed
}

/**
 * Lets go of the dumps, and of the archives of modules, of requests that ended, or were made and never processed, more
 * than so many days ago. The request stays, with its notes, its report and its log.
 * @returns how many requests lost files
 */
export function applyRetention(database: Database, days: number, now: Date = new Date()): Promise<number> {
  const before = new Date(now.getTime() - days * DAY_MS)
  return database.transaction(async (client) => {
    const ids = await lockRequestsOver(client, before)
    const { rowCount } = await client.query(
      `WITH gone AS (
         DELETE FROM service.file
          WHERE request = ANY($1::bigint[]) AND role IN ('original', 'upgraded', 'modules') AND created_at < $2
         RETURNING request, key, role, bytes
       ), dropped AS (
         INSERT INTO service.dropped_file (key, dropped_at) SELECT key, $3 FROM gone ON CONFLICT DO NOTHING
       ), logged AS (
         INSERT INTO service.log (request, level, message, event, detail)
         SELECT DISTINCT request, 'info', $4, $5, '{}'::jsonb FROM gone
       )
       UPDATE service.request r
          SET removed_at = $3,
              original_bytes = coalesce(
                (SELECT bytes FROM gone WHERE gone.request = r.id AND role = 'original'), original_bytes)
        WHERE id IN (SELECT request FROM gone)`,
      [ids, before, now, sentenceOf(deleted), deleted.event],
    )
    return rowCount ?? 0
  })
}

/**
 * Locked before their files are looked at: a dump that is uploaded, or a processing that is asked for, at this moment is
 * either seen or waits.
 */
async function lockRequestsOver(client: Queryable, before: Date): Promise<string[]> {
  const { rows } = await client.query<{ id: string }>(
    `SELECT r.id
       FROM service.request r
      WHERE r.state NOT IN ('pending', 'progress')
        AND coalesce(r.finished_at, r.created_at) < $1
        AND EXISTS (
          SELECT FROM service.file f
           WHERE f.request = r.id AND f.role IN ('original', 'upgraded', 'modules') AND f.created_at < $1
        )
        FOR UPDATE OF r SKIP LOCKED`,
    [before],
  )
  return rows.map(({ id }) => id)
}

/**
 * Lets go of files that no row names, as a crash leaves them between the storage and the database, and removes what is half
 * written. Only files below the number of a request that this database knows: those of another database are not ours to delete.
 * @returns how many files were let go of; `removeDropped` deletes them an hour later
 */
export async function removeOrphans(
  { pool }: Database,
  storage: Storage,
  now: Date = new Date(),
): Promise<number> {
  await storage.removeUnfinished(now)
  let orphans = 0
  const letGo = async (keys: readonly string[]) => {
    const { rowCount } = await pool.query(
      `INSERT INTO service.dropped_file (key, dropped_at)
       SELECT k.key, $2
         FROM unnest($1::text[]) AS k (key)
        WHERE EXISTS (SELECT FROM service.request r WHERE r.id::text = split_part(k.key, '/', 1))
          AND NOT EXISTS (SELECT FROM service.file f WHERE f.key = k.key)
           ON CONFLICT DO NOTHING`,
      [keys, new Date(now.getTime() + GRACE_MS)],
    )
    orphans += rowCount ?? 0
  }
  let batch: string[] = []
  for await (const { key, modifiedAt } of storage.list()) {
    if (modifiedAt.getTime() > now.getTime() - ORPHAN_MS || !/^\d{1,18}\//.test(key)) continue
    batch.push(key)
    if (batch.length < BATCH) continue
    await letGo(batch)
    batch = []
  }
  if (batch.length > 0) await letGo(batch)
  return orphans
}
