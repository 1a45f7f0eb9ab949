import { applyRetention, removeDropped, removeOrphans } from '../storage/cleanup.ts'
import type { WorkerDeps } from './deps.ts'

/** What has to be done from time to time: files whose time is over, and what crashes left behind. */
export async function housekeep(
  { database, storage, settings, log }: WorkerDeps,
  signal: AbortSignal,
): Promise<void> {
  const over = await applyRetention(database, settings.retentionDays)
  signal.throwIfAborted()
  const removed = await removeDropped(database, storage)
  signal.throwIfAborted()
  const orphans = await removeOrphans(database, storage)
  log.info({ over, removed, orphans }, 'housekeeping')
}
